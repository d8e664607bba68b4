#!/usr/bin/env bash
# The action's two scripts, run with the variables that GitHub sets, against a server that plays GitHub's part.
# shellcheck disable=SC2016 # backquotes are those of messages
set -euo pipefail
source "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

story "$WORK/origin"
git -C "$WORK/origin" checkout --quiet main
git -C "$WORK/origin" update-ref refs/pull/7/head feature
git -C "$WORK/origin" checkout --quiet --detach main
git -C "$WORK/origin" merge --quiet --no-ff -m 'Merge' feature
git -C "$WORK/origin" update-ref refs/pull/7/merge HEAD
git -C "$WORK/origin" checkout --quiet main
head=$(git -C "$WORK/origin" rev-parse feature)

# checkout FOLDER DEPTH: what actions/checkout leaves on `pull_request`.
checkout() {
  git init --quiet "$1"
  git -C "$1" remote add origin "file://$WORK/origin"
  if [ "$2" = 0 ]; then git -C "$1" fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*' '+refs/pull/7/merge:refs/remotes/pull/7/merge'
  else git -C "$1" fetch --quiet --no-tags --depth="$2" origin '+refs/pull/7/merge:refs/remotes/pull/7/merge'; fi
  git -C "$1" checkout --quiet refs/remotes/pull/7/merge
}
jq -n --arg head "$head" --arg base "$(git -C "$WORK/origin" rev-parse main)" \
  '{pull_request: {number: 7, head: {sha: $head, ref: "feature"}, base: {sha: $base, ref: "main"}}}' > "$WORK/event.json"

# act FOLDER NAME=VALUE...: the step as the action runs it.
act() {
  local folder=$1
  shift
  : > "$WORK/output"
  : > "$WORK/summary"
  env -i PATH="$PATH" HOME="$WORK" RUNNER_TEMP="$WORK" GITHUB_ACTIONS=true GITHUB_WORKSPACE="$folder" GITHUB_REPOSITORY=owner/name \
    GITHUB_EVENT_NAME=pull_request GITHUB_EVENT_PATH="$WORK/event.json" GITHUB_BASE_REF=main GITHUB_HEAD_REF=feature \
    GITHUB_REF=refs/pull/7/merge GITHUB_SERVER_URL=https://github.invalid GITHUB_API_URL="$SERVER" GITHUB_OUTPUT="$WORK/output" \
    GITHUB_STEP_SUMMARY="$WORK/summary" GITHUB_ACTION_PATH="$root" DRIFTLINE="$DRIFTLINE" GITHUB_TOKEN=writer \
    INPUT_BASE= INPUT_HEAD= INPUT_CONFIG= INPUT_FAIL_ON= INPUT_COMMENT=off INPUT_SARIF= INPUT_ARGS= \
    "$@" "$root/integrations/github/run.sh"
}
requests() { grep -c "\"method\": \"$1\"" "$PROVIDER/requests.jsonl" || true; }
server github "$WORK/origin"

# A whole clone, and no comment: annotations, step summary, outputs; nothing is asked of the server.
checkout "$WORK/whole" 0
ends 1 act "$WORK/whole"
says "$WORK/out" '::error file=db/migrations/002_drop_nick.up.sql,line=1'
silent "$WORK/out" 'audit'
says "$WORK/summary" 'users.nick'
says "$WORK/output" 'verdict=findings'
says "$(sed -n 's/^html=//p' "$WORK/output")" 'users.nick'
errors=$(sed -n 's/^errors=//p' "$WORK/output")
[ "$errors" -ge 2 ] || wrong "errors=$errors"
report=$(sed -n 's/^report=//p' "$WORK/output")
same 'the report that is named' "$errors" "$(jq .counts.error "$report")"
same 'what was checked' "$head" "$(jq -r .comparison.head.commit "$report")"
[ ! -e "$PROVIDER/requests.jsonl" ] || wrong 'the server was asked something'

# The step of one's own that the page shows.
python3 - "$root/docs/github-action.md" > "$WORK/step.sh" << 'END'
import re, sys
from pathlib import Path
from ruamel.yaml import YAML

*_, last = re.findall(r"^```yaml\n(.*?)^```$", Path(sys.argv[1]).read_text(), re.M | re.S)
print(YAML(typ="safe").load(last)["jobs"]["driftline"]["steps"][-1]["run"])
END
ends 0 env ERRORS="$errors" REPORT="$report" bash -e "$WORK/step.sh"
says "$WORK/out" "$errors errors:"
says "$WORK/out" 'Column `users.nick` (text) is dropped'

# A clone of the last commit only: the history is fetched, and the answer is the same.
checkout "$WORK/shallow" 1
ends 1 act "$WORK/shallow"
says "$WORK/out" 'The clone is shallow'
same 'errors of a shallow clone' "$errors" "$(sed -n 's/^errors=//p' "$WORK/output")"
same 'merge base' "$(git -C "$WORK/origin" merge-base main feature)" "$(jq -r .comparison.merge_base "$(sed -n 's/^report=//p' "$WORK/output")")"

# In a job with a container the checkout belongs to somebody else.
if [ "$(id -u)" = 0 ]; then
  checkout "$WORK/foreign" 1
  chown -R 1234:1234 "$WORK/foreign"
  ends 128 env -i PATH="$PATH" HOME="$WORK" git -C "$WORK/foreign" status
  ends 1 act "$WORK/foreign"
  same 'errors in a foreign clone' "$errors" "$(sed -n 's/^errors=//p' "$WORK/output")"
  [ ! -e "$WORK/.gitconfig" ] || wrong 'the settings of the user were changed'
fi

# A clone that has the target branch only, as `pull_request_target` checks out: the head is fetched, not checked out.
git clone --quiet --single-branch --branch main "file://$WORK/origin" "$WORK/target"
ends 1 act "$WORK/target" GITHUB_EVENT_NAME=pull_request_target GITHUB_REF=refs/heads/main
same 'errors seen from the target branch' "$errors" "$(sed -n 's/^errors=//p' "$WORK/output")"
same 'what is checked out' '' "$(git -C "$WORK/target" status --porcelain)"
[ ! -e "$WORK/target/db/migrations/002_drop_nick.up.sql" ] || wrong 'the head was checked out'

# Where the history cannot be had: no verdict, and the remedy.
checkout "$WORK/cut" 1
git -C "$WORK/cut" remote set-url origin "file://$WORK/nowhere"
ends 2 act "$WORK/cut"
says "$WORK/output" 'verdict=none'
says "$WORK/out" '::error title=driftline::No verdict.'
says "$WORK/summary" 'no verdict'

# Inputs arrive as they are.
ends 0 act "$WORK/whole" INPUT_FAIL_ON=off INPUT_ARGS="--contract 'api/*.yaml'  --sql db/migrations" INPUT_SARIF=out.sarif
jq -e '.version == "2.1.0"' "$WORK/whole/out.sarif" > /dev/null || wrong 'no SARIF'
says "$WORK/output" 'sarif=out.sarif'
# shellcheck disable=SC2016 # nothing of it may run
ends 2 act "$WORK/whole" INPUT_BASE='$(touch ran)' INPUT_ARGS='$(touch ran) `touch ran`; touch ran'
[ ! -e "$WORK/whole/ran" ] || wrong 'an input was run'
ends 2 act "$WORK/whole" INPUT_BASE=--upload-pack=x
ends 2 act "$WORK/whole" INPUT_COMMENT=loud
ends 2 act "$WORK/whole" INPUT_ARGS="'open"
ends 0 act "$WORK/whole" INPUT_BASE="$head"
ends 2 act "$WORK/whole" INPUT_ARGS=--no-such-option
says "$WORK/output" 'verdict=none'
# The remote's HEAD is not the one that is meant.
git -C "$WORK/target" checkout --quiet --detach "$head"
ends 1 act "$WORK/target" INPUT_BASE=HEAD~1 INPUT_HEAD=HEAD
same 'base' "$(git -C "$WORK/origin" rev-parse feature~1)" "$(jq -r .comparison.base.commit "$(sed -n 's/^report=//p' "$WORK/output")")"

# One comment, which is kept up to date and left alone when nothing changed.
ends 1 act "$WORK/whole" INPUT_COMMENT=summary
same 'comments' 1 "$(held '.comments | length')"
held '.comments[0].body' > "$WORK/comment"
says "$WORK/comment" 'users.nick'
says "$WORK/out" '::error file='
ends 1 act "$WORK/whole" INPUT_COMMENT=summary
same 'comments after the second run' 1 "$(held '.comments | length')"
same 'changes of the comment' 0 "$(requests PATCH)"
# All is well now: the comment says so. Where there is none, none is opened.
ends 0 act "$WORK/whole" INPUT_COMMENT=summary INPUT_BASE="$head"
same 'changes of the comment' 1 "$(requests PATCH)"
held '.comments[0].body' > "$WORK/comment"
silent "$WORK/comment" '1 error'
kill "$SERVER_PID"; server github "$WORK/origin"
ends 0 act "$WORK/whole" INPUT_COMMENT=summary INPUT_BASE="$head"
same 'comments on a clean change' 0 "$(held '.comments | length')"

# A review at the lines; what is there already is not said again, and no annotation repeats it.
ends 1 act "$WORK/whole" INPUT_COMMENT=review
same 'reviews' 1 "$(held '.reviews | length')"
comments=$(held '.review_comments | length')
[ "$comments" -ge 2 ] || wrong "$comments comments"
silent "$WORK/out" '::error file='
ends 1 act "$WORK/whole" INPUT_COMMENT=review
same 'comments after the second run' "$comments" "$(held '.review_comments | length')"

# What is gone is said to be, and said anew when it is back.
ends 0 act "$WORK/whole" INPUT_COMMENT=review INPUT_BASE="$head"
same 'comments that say so' "$comments" "$(held '[.review_comments[] | select(.body | startswith("**No longer found.**"))] | length')"
held '.review_comments[].body' > "$WORK/bodies"
silent "$WORK/bodies" 'v1:'
same 'reviews' 1 "$(held '.reviews | length')"
ends 1 act "$WORK/whole" INPUT_COMMENT=review
same 'comments when it is back' $((2 * comments)) "$(held '.review_comments | length')"

# Markers that somebody else wrote keep nothing from being posted, and their comment stays as it is.
theirs=$(jq -n --arg body "$(held '.review_comments[].body')" --arg top "$(held '.comments[0].body')" \
  '{user: {login: "mallory", type: "User"}} as $by
  | {comments: [$by + {id: 1, body: ($top + "mine")}], review_comments: [$by + {id: 1, body: $body}]}')
kill "$SERVER_PID"; server github "$WORK/origin" "$theirs"
ends 1 act "$WORK/whole" INPUT_COMMENT=review
same 'comments at lines beside theirs' $((comments + 1)) "$(held '.review_comments | length')"
same 'comments beside theirs' 2 "$(held '.comments | length')"
held '.comments[0].body' > "$WORK/comment"
says "$WORK/comment" 'mine'

# A token that may only read, as a fork's pull request has: annotations and summary have it all, the verdict is the same.
kill "$SERVER_PID"; server github "$WORK/origin"
ends 1 act "$WORK/whole" INPUT_COMMENT=review GITHUB_TOKEN=reader
says "$WORK/out" '::notice title=driftline::The token may not write here'
says "$WORK/out" '::error file=db/migrations/002_drop_nick.up.sql,line=1'
says "$WORK/summary" 'users.nick'
same 'reviews' 0 "$(held '.reviews | length')"

# A server that does not answer costs the comments, not the verdict.
ends 1 act "$WORK/whole" INPUT_COMMENT=review GITHUB_API_URL=http://127.0.0.1:9
says "$WORK/out" 'no review, lest'
says "$WORK/out" '::error file=db/migrations/002_drop_nick.up.sql,line=1'

# A push: what the commits before it promised.
jq -n --arg before "$(git -C "$WORK/origin" rev-parse feature^)" '{before: $before, repository: {default_branch: "main"}}' > "$WORK/push.json"
git -C "$WORK/whole" checkout --quiet "$head"
ends 1 act "$WORK/whole" GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH="$WORK/push.json" GITHUB_BASE_REF= GITHUB_HEAD_REF= GITHUB_REF=refs/heads/feature INPUT_COMMENT=summary
same 'errors of the push' "$errors" "$(sed -n 's/^errors=//p' "$WORK/output")"
says "$WORK/out" 'Not a pull request'
jq '.before = "0000000000000000000000000000000000000000"' "$WORK/push.json" > "$WORK/first.json"
ends 1 act "$WORK/whole" GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH="$WORK/first.json" GITHUB_BASE_REF= GITHUB_HEAD_REF= GITHUB_REF=refs/heads/feature

# A change with findings of all kinds, at lines, at files and at neither: the provider takes all of it, and nothing twice.
TMPDIR=$WORK "$DRIFTLINE" demo > /dev/null
demo=$WORK/driftline-demo-1
git -C "$demo" branch --quiet feature refunds
jq -n --arg head "$(git -C "$demo" rev-parse feature)" '{pull_request: {number: 7, head: {sha: $head}, base: {ref: "main"}}}' > "$WORK/demo.json"
kill "$SERVER_PID"; server github "$demo"
for _ in 1 2; do
  ends 1 act "$demo" INPUT_COMMENT=review GITHUB_EVENT_PATH="$WORK/demo.json"
  silent "$WORK/out" 'refused'
  same 'reviews of the demo' 1 "$(held '.reviews | length')"
done
# Every finding is told once, by its marker in a comment or in the text of the review; notes are for the summary.
jq -r '.findings[] | select(.status == "introduced" and .severity != "note") | .fingerprint' "$(sed -n 's/^report=//p' "$WORK/output")" | sort > "$WORK/found"
held '(.reviews + .review_comments)[].body | scan("driftline:finding:(v1:[0-9a-f]{32})")[0]' | sort > "$WORK/told"
diff "$WORK/found" "$WORK/told" || wrong 'findings and what was told of them differ'

# Installing: what is on the path, a release with its checksum, and one whose checksum is wrong.
install() { # NAME=VALUE...
  : > "$WORK/output"
  env -i PATH="$PATH" HOME="$WORK" RUNNER_OS=Linux RUNNER_ARCH=X64 GITHUB_OUTPUT="$WORK/output" GITHUB_ACTION_PATH="$root" \
    GITHUB_SERVER_URL=https://github.invalid ACTION_REPOSITORY=owner/name INSTALL_ROOT="$WORK/installed" INPUT_VERSION= \
    DOWNLOAD_URL="$SERVER/releases/download" "$@" "$root/integrations/github/install.sh"
}
ends 0 install INPUT_VERSION=installed PATH="$(dirname "$DRIFTLINE"):$PATH"
says "$WORK/output" "program=$DRIFTLINE"
version=$("$DRIFTLINE" --version | cut -d' ' -f2)
files=$PROVIDER/releases/download/v$version
mkdir -p "$files"
archive=$root/$(cd "$root" && .ci/archive "v$version" x86_64-unknown-linux-musl)
mv "$archive" "$archive.sha256" "$files/"
archive=$files/$(basename "$archive")
tar -tzf "$archive" > "$WORK/listing"
for file in driftline driftline.1 completions/driftline.bash LICENSE-MIT; do says "$WORK/listing" "/$file"; done
ends 0 install INPUT_VERSION="v$version"
same 'what was downloaded' "driftline $version" "$("$(sed -n 's/^program=//p' "$WORK/output")" --version)"
echo >> "$archive"
ends 2 install INPUT_VERSION="$version"
says "$WORK/out" 'does not have its checksum'
ends 2 install INPUT_VERSION=9.9.9
says "$WORK/out" 'is there such a release?'
ends 2 install INPUT_VERSION=../../evil
ends 2 install RUNNER_OS=Plan9 INPUT_VERSION=1.2.3
ends 0 install INSTALL_ROOT="$WORK/installed" INPUT_VERSION=
says "$WORK/output" "program=$WORK/installed/bin/driftline"
echo "github: ok"
