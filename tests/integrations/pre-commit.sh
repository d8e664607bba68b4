#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml, run by pre-commit (on the PATH) in a repository of their own.
#   RUST=1   also the hook that builds driftline from this source, as on the machine of a user (minutes)
set -euo pipefail
source "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
PATH=$(dirname "$DRIFTLINE"):$PATH
export PATH PRE_COMMIT_HOME=$WORK/pre-commit PRE_COMMIT_COLOR=never
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} HOME=$WORK
unset GIT_CONFIG_GLOBAL # pre-commit refuses to install where the hooks' folder is said

# Hooks are taken from a repository; for the installed binary the file alone is enough of one.
git init --quiet "$WORK/hooks"
cp "$root/.pre-commit-hooks.yaml" "$WORK/hooks/"
keep "$WORK/hooks" hooks
configure() { # REPOSITORY URL SUFFIX
  cat > "$1/.pre-commit-config.yaml" << END
repos:
  - repo: $2
    rev: $(git -C "$2" rev-parse HEAD)
    hooks:
      - id: driftline$3
      - id: driftline-push$3
        args: [--fail-on=warning]
END
}

story "$WORK/shop"
cd "$WORK/shop"
git init --quiet --bare "$WORK/server.git"
git remote add origin "$WORK/server.git"
git push --quiet origin main
configure . "$WORK/hooks" -system
keep . 'Hooks'
ends 0 pre-commit install --hook-type pre-commit --hook-type pre-push

# Staged and breaking: refused. Only staged: what the working tree alone has does not count.
echo 'ALTER TABLE users DROP COLUMN nick;' > db/migrations/004_drop.up.sql
git add --all
ends 1 git commit -m 'Drop'
says "$WORK/out" 'column-dropped'
says "$WORK/out" 'hook id: driftline-system'
git rm --quiet --cached db/migrations/004_drop.up.sql
echo 'ALTER TABLE users ADD COLUMN age int;' > db/migrations/005_age.up.sql
git add db/migrations/005_age.up.sql
ends 0 git commit -m 'Age'
says "$WORK/out" 'driftline (staged)'
says "$WORK/out" 'Passed'
rm db/migrations/004_drop.up.sql

# `git commit FILE` has an index of its own.
echo 'ALTER TABLE users DROP COLUMN age;' > db/migrations/005_age.up.sql
ends 1 git commit -m 'Only this' db/migrations/005_age.up.sql
git checkout --quiet HEAD -- db/migrations/005_age.up.sql

# Neither YAML nor JSON nor SQL: nothing runs.
echo more >> README.md
git add --all
ends 0 git commit -m 'Words'
says "$WORK/out" 'no files to check'
ends 0 git push origin main
says "$WORK/out" 'driftline (push)'
says "$WORK/out" 'Passed'

# A push is held against what the server has; its own arguments arrive.
echo 'ALTER TABLE users DROP COLUMN nick;' > db/migrations/006_drop.up.sql
git add --all
git commit --quiet --no-verify -m 'Drop, unseen'
ends 1 git push origin main
says "$WORK/out" 'column-dropped'
says "$WORK/out" 'hook id: driftline-push-system'
same 'what the server has' "$(git rev-parse HEAD^)" "$(git -C "$WORK/server.git" rev-parse main)"
git reset --quiet --hard HEAD^
# A new branch is held against what the server knows of its history.
git checkout --quiet -b more
git checkout --quiet feature -- db/migrations/002_drop_nick.up.sql
git commit --quiet --no-verify -m 'Old drop'
ends 1 git push origin more
says "$WORK/out" 'users.nick'

# What the page says to paste.
git checkout --quiet main
awk '/^```yaml$/ { on = 1; next } /^```$/ { if (on) exit } on' "$root/docs/pre-commit.md" > .pre-commit-config.yaml
git add --all
ends 0 git commit -m 'As on the page'
echo 'ALTER TABLE users DROP COLUMN nick;' > db/migrations/006_drop.up.sql
git add --all
ends 1 git commit -m 'Drop'
says "$WORK/out" 'column-dropped'
git reset --quiet --hard

# The first commit and the first push of a repository pass: there is nothing before them.
git init --quiet -b main "$WORK/new"
cd "$WORK/new"
git init --quiet --bare "$WORK/new.git"
git remote add origin "$WORK/new.git"
configure . "$WORK/hooks" -system
echo 'CREATE TABLE a (id int);' > schema.sql
ends 0 pre-commit install --hook-type pre-commit --hook-type pre-push
git add --all
ends 0 git commit -m 'First'
ends 0 git push origin main

if [ "${RUST:-}" = 1 ]; then
  cd "$WORK/shop"
  configure . "$root" ''
  git add --all
  git commit --quiet --no-verify -m 'Built from source'
  echo 'ALTER TABLE users DROP COLUMN email;' > db/migrations/007_drop.up.sql
  git add --all
  # Not the driftline on the path: the one that pre-commit builds.
  PATH=$(printf '%s' "$PATH" | cut -d: -f2-) ends 1 git commit -m 'Drop'
  says "$WORK/out" 'column-dropped'
  says "$WORK/out" 'hook id: driftline'
fi
echo "pre-commit: ok"
