# shellcheck shell=bash disable=SC2034 # variables are for the scripts that source this
# What the scripts of this folder share; each is sourced with DRIFTLINE (the program) and WORK (a folder of its own) set.

export GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=Test GIT_COMMITTER_EMAIL=test@example.com
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null

wrong() { printf 'WRONG: %s\n' "$*" >&2; exit 1; }

# same WHAT WANT GOT
same() { [ "$2" = "$3" ] || wrong "$1: wanted \`$2\`, got \`$3\`"; }

# says FILE WORDS
says() { grep -qF -- "$2" "$1" || { cat "$1" >&2; wrong "\`$2\` is not in $1"; }; }
silent() { ! grep -qF -- "$2" "$1" || { cat "$1" >&2; wrong "\`$2\` is in $1"; }; }

# ends WANT COMMAND...: the exit code; what it printed is in $WORK/out.
ends() {
  local want=$1 got=0
  shift
  "$@" > "$WORK/out" 2>&1 || got=$?
  [ "$got" = "$want" ] || { cat "$WORK/out" >&2; wrong "\`$*\` ended with $got, not $want"; }
}

# server github|gitlab REPOSITORY [STATE]: starts the provider; SERVER is where it listens, STATE what it holds.
server() {
  PROVIDER=$(mktemp -d "$WORK/server.XXXXXX")
  STATE=$PROVIDER/state.json
  [ -z "${3:-}" ] || printf '%s' "$3" > "$STATE"
  python3 "$(dirname "${BASH_SOURCE[0]}")/server.py" "$PROVIDER" "$2" "$1" > "$PROVIDER/log" 2>&1 &
  SERVER_PID=$!
  trap 'kill "$SERVER_PID" 2> /dev/null || true' EXIT
  for _ in $(seq 100); do [ -s "$PROVIDER/port" ] && break; sleep 0.05; done
  SERVER=http://127.0.0.1:$(cat "$PROVIDER/port")
}
held() { jq -r "$1" "$STATE"; }

# story FOLDER: a repository whose branch `feature` breaks what `main` promises, twice: once at a line that the change
# touches, once far from it; `main` has gone on meanwhile.
story() {
  git init --quiet -b main "$1"
  mkdir -p "$1/api" "$1/db/migrations"
  cat > "$1/api/openapi.yaml" << 'END'
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /users:
    get:
      responses:
        "200":
          description: The users
          content:
            application/json:
              schema: {$ref: "#/components/schemas/User"}
components:
  schemas:
    User:
      type: object
      required: [id, email]
      properties:
        id: {type: integer, format: int64}
        email: {type: string, maxLength: 200}
        nick: {type: string}
END
  echo 'CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200) NOT NULL, nick text);' > "$1/db/migrations/001_users.up.sql"
  echo 'A shop.' > "$1/README.md"
  keep "$1" 'Users'
  git -C "$1" checkout --quiet -b feature
  echo 'ALTER TABLE users DROP COLUMN nick;' > "$1/db/migrations/002_drop_nick.up.sql"
  grep -v 'nick:' "$1/api/openapi.yaml" > "$1/new" && mv "$1/new" "$1/api/openapi.yaml"
  keep "$1" 'Nicknames go'
  git -C "$1" checkout --quiet main
  echo 'CREATE TABLE audit (id bigint PRIMARY KEY);' > "$1/db/migrations/003_audit.up.sql"
  keep "$1" 'An audit'
}
keep() { git -C "$1" add --all && git -C "$1" commit --quiet -m "$2"; }
