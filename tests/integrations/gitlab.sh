#!/usr/bin/env bash
# The scripts of the GitLab template, run as a runner runs them, against a server that plays GitLab's part. Needs a
# python3 with ruamel.yaml to take them out of the template.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

story "$WORK/origin"
git -C "$WORK/origin" update-ref refs/merge-requests/7/head feature
head=$(git -C "$WORK/origin" rev-parse feature)
base=$(git -C "$WORK/origin" merge-base main feature)

# The script of the job, and its variables as the template sets them.
python3 - "$root/integrations/gitlab/driftline.gitlab-ci.yml" "$WORK" << 'END'
import shlex, sys
from pathlib import Path
from ruamel.yaml import YAML

job = YAML(typ="safe").load(Path(sys.argv[1]).read_text())["driftline"]
variables = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in job["variables"].items())
Path(sys.argv[2], "variables.sh").write_text(variables)
Path(sys.argv[2], "job.sh").write_text("".join(f"{part}\n" for part in job["before_script"] + job["script"]))
END
! command -v shellcheck > /dev/null || shellcheck --shell=sh "$WORK/job.sh"

# job NAME=VALUE...: in a clone as the runner makes it with GIT_DEPTH 0.
job() {
  rm -rf "$WORK/clone"
  git init --quiet "$WORK/clone"
  git -C "$WORK/clone" fetch --quiet "file://$WORK/origin" '+refs/heads/*:refs/remotes/origin/*' '+refs/merge-requests/7/head:refs/pipelines/1'
  git -C "$WORK/clone" checkout --quiet --detach "$head"
  [ -z "${CACHE:-}" ] || cp -r "$CACHE" "$WORK/clone/.driftline"
  # shellcheck disable=SC2016 # for the inner shell
  env -i PATH="$(dirname "$DRIFTLINE"):$PATH" HOME="$WORK" CI=true GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event \
    CI_API_V4_URL="$SERVER" CI_PROJECT_ID=1 CI_MERGE_REQUEST_IID=7 CI_COMMIT_SHA="$head" CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" \
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_MERGE_REQUEST_SOURCE_BRANCH_SHA= TMPDIR="$WORK" \
    sh -c 'set -e; cd "$1"; . "$2/variables.sh"; shift 2; for pair; do export "$pair"; done; . "$0"' "$WORK/job.sh" "$WORK/clone" "$WORK" "$@"
}
server gitlab "$WORK/origin"

# Reports alone.
ends 1 job
jq -e 'length >= 2 and all(.[]; .fingerprint and .location.path)' "$WORK/clone/gl-code-quality.json" > /dev/null || wrong 'code quality'
says "$WORK/clone/driftline-junit.xml" '<testsuites'
for file in driftline.md driftline.html; do says "$WORK/clone/$file" 'users.nick'; done
same 'what was checked' "$head" "$(jq -r .comparison.head.commit "$WORK/clone/driftline.json")"
same 'merge base' "$base" "$(jq -r .comparison.merge_base "$WORK/clone/driftline.json")"
[ ! -e "$PROVIDER/requests.jsonl" ] || wrong 'the server was asked something'
ends 0 job DRIFTLINE_FAIL_ON=off DRIFTLINE_ARGS='--sql db/migrations --contract api/*.yaml'
ends 1 job DRIFTLINE_COMMENT=review
says "$WORK/out" 'DRIFTLINE_TOKEN is not set'
# A pipeline for merged results.
ends 1 job CI_COMMIT_SHA=0000000000000000000000000000000000000000 CI_MERGE_REQUEST_SOURCE_BRANCH_SHA="$head"

# Where the image has no driftline, cargo builds it, once.
mkdir -p "$WORK/tools"
for tool in sh git jq curl mktemp cat printf mkdir cp rm; do ln -sf "$(command -v "$tool")" "$WORK/tools/$tool"; done
ends 2 job PATH="$WORK/tools"
says "$WORK/out" 'Set DRIFTLINE_IMAGE'
cat > "$WORK/tools/cargo" << END
#!/bin/sh
echo "\$*" >> "$WORK/built"
mkdir -p .driftline/bin && cp "$DRIFTLINE" .driftline/bin/driftline
END
chmod +x "$WORK/tools/cargo"
ends 1 job PATH="$WORK/tools" DRIFTLINE_SOURCE=https://gitlab.invalid/driftline.git DRIFTLINE_REV=abc
same 'what was built' 'install --locked --force --git https://gitlab.invalid/driftline.git --rev abc --root .driftline driftline' "$(cat "$WORK/built")"
cp -r "$WORK/clone/.driftline" "$WORK/cache"
CACHE=$WORK/cache ends 1 job PATH="$WORK/tools" DRIFTLINE_SOURCE=https://gitlab.invalid/driftline.git DRIFTLINE_REV=abc
same 'builds with the cache' 1 "$(wc -l < "$WORK/built")"
CACHE=$WORK/cache ends 1 job PATH="$WORK/tools" DRIFTLINE_SOURCE=https://gitlab.invalid/driftline.git DRIFTLINE_REV=def
same 'builds of another commit' 2 "$(wc -l < "$WORK/built")"

# One note, kept up to date and left alone.
ends 1 job DRIFTLINE_COMMENT=summary DRIFTLINE_TOKEN=writer
ends 1 job DRIFTLINE_COMMENT=summary DRIFTLINE_TOKEN=writer
same 'notes' 1 "$(held '.notes | length')"
same 'discussions' 0 "$(held '.discussions | length')"
grep -q '"PUT"' "$PROVIDER/requests.jsonl" && wrong 'the note was written again'

# Discussions at the lines, once.
ends 1 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=writer
discussions=$(held '.discussions | length')
[ "$discussions" -ge 2 ] || wrong "$discussions discussions"
silent "$WORK/out" 'was refused'
ends 1 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=writer
same 'discussions after the second run' "$discussions" "$(held '.discussions | length')"

# Markers that somebody else wrote keep nothing from being posted, and their note stays as it is.
theirs=$(jq '{notes: [.notes[0] + {author: {id: 6}}], discussions: [.discussions[] | .notes[0].author.id = 6]}' "$STATE")
kept=$PROVIDER
kill "$SERVER_PID"; server gitlab "$WORK/origin" "$theirs"
ends 1 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=writer
same 'discussions beside theirs' $((2 * discussions)) "$(held '.discussions | length')"
same 'notes beside theirs' 2 "$(held '.notes | length')"
kill "$SERVER_PID"; server gitlab "$WORK/origin" "$(cat "$kept/state.json")"

# Put right: the discussions are resolved and the note says so.
git -C "$WORK/origin" checkout --quiet feature
git -C "$WORK/origin" revert --no-edit HEAD > /dev/null
head=$(git -C "$WORK/origin" rev-parse feature)
git -C "$WORK/origin" update-ref refs/merge-requests/7/head feature
ends 0 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=writer
same 'resolved discussions' "$discussions" "$(held '[.discussions[] | select(.notes[0].resolved)] | length')"
held '.notes[0].body' > "$WORK/note"
silent "$WORK/note" 'users.nick'

# A change with findings of all kinds, at lines, at files and at neither: the provider takes all of it, and nothing twice.
TMPDIR=$WORK "$DRIFTLINE" demo > /dev/null
mv "$WORK/origin" "$WORK/shop" && mv "$WORK/driftline-demo-1" "$WORK/origin"
git -C "$WORK/origin" branch --quiet feature refunds
git -C "$WORK/origin" update-ref refs/merge-requests/7/head feature
head=$(git -C "$WORK/origin" rev-parse feature)
base=$(git -C "$WORK/origin" merge-base main feature)
kill "$SERVER_PID"; server gitlab "$WORK/origin"
for _ in 1 2; do
  ends 1 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=writer
  silent "$WORK/out" 'was refused'
done
jq -r '.findings[] | select(.status == "introduced" and .severity != "note") | .fingerprint' "$WORK/clone/driftline.json" | sort > "$WORK/found"
held '.discussions[].notes[].body | scan("driftline:finding:(v1:[0-9a-f]{32})")[0]' | sort > "$WORK/told"
diff "$WORK/found" "$WORK/told" || wrong 'findings and what was told of them differ'

# A token that may only read: the verdict stays, and what was refused is said.
ends 1 job DRIFTLINE_COMMENT=review DRIFTLINE_TOKEN=reader
echo "gitlab: ok"
