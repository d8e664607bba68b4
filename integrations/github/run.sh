#!/usr/bin/env bash
# The action's work: finds out what to compare, fetches what is missing, checks, and says it where the inputs want it.
# Takes the inputs as INPUT_*, DRIFTLINE (the program), GITHUB_TOKEN, and what GitHub sets (GITHUB_*). Nothing of the
# checked repository is run. Ends with driftline's exit code: 0 clean, 1 findings, 2 no verdict.
# Also for the bash 3.2 of macOS: hence `${list[@]+"${list[@]}"}` for lists that may be empty.
# shellcheck disable=SC2016 # backticks in messages are Markdown
set -euo pipefail

work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/driftline.XXXXXX")
trap 'rm -f "$work/header"' EXIT # it holds the token; the rest is what the outputs name
cd "$GITHUB_WORKSPACE"

# One workflow command; the text can be anything.
command_line() {
  local text=$2
  text=${text//'%'/%25} text=${text//$'\r'/%0D} text=${text//$'\n'/%0A}
  printf '::%s title=driftline::%s\n' "$1" "$text"
}
fail() { command_line error "$1"; exit 2; }

for tool in git jq curl; do command -v "$tool" > /dev/null || fail "\`$tool\` is missing on this runner"; done
case ${INPUT_COMMENT:-off} in off | summary | review) ;; *) fail "\`comment: $INPUT_COMMENT\`: use off, summary or review" ;; esac

# In a job with a container the checkout belongs to another user. It is this workflow's own, so it is trusted, for these
# commands only: the user's own settings stay as they are.
mkdir "$work/home"
[ ! -f "$HOME/.gitconfig" ] || git config --file "$work/home/.gitconfig" include.path "$HOME/.gitconfig"
git config --file "$work/home/.gitconfig" safe.directory "$GITHUB_WORKSPACE"
export HOME=$work/home

# --- What to compare --------------------------------------------------------------------------------------------------

of_event() { if [ -f "${GITHUB_EVENT_PATH:-}" ]; then jq -r "$1 // empty" "$GITHUB_EVENT_PATH"; fi; }
number=$(of_event .pull_request.number)
before=$(of_event .before)
base=${INPUT_BASE:-} head=${INPUT_HEAD:-}
refspecs=()
if [ -n "$number" ]; then
  # The head of the pull request, not the merge commit that is checked out: comments are for its lines.
  if [ -z "$head" ]; then head=$(of_event .pull_request.head.sha) refspecs+=("+refs/pull/$number/head:refs/remotes/pull/$number/head"); fi
  base=${base:-$(of_event .pull_request.base.ref)}
elif [ -n "$(of_event .merge_group.head_sha)" ]; then
  base=${base:-$(of_event .merge_group.base_sha)} head=${head:-$(of_event .merge_group.head_sha)}
elif [ "${GITHUB_EVENT_NAME:-}" = push ]; then
  # The first push of a branch has no commit before it.
  case $before in *[1-9a-f]*) ;; *) before=$(of_event .repository.default_branch) ;; esac
  base=${base:-$before}
fi
head=${head:-HEAD}
for word in "$base" "$head"; do case $word in -*) fail "\`$word\` is no revision" ;; esac; done

# --- What is missing for it -------------------------------------------------------------------------------------------

# `persist-credentials: false` leaves git without a way to ask for more; twice the same header is an error.
if [ -n "${GITHUB_TOKEN:-}" ] && ! git config --get-urlmatch http.extraheader "$GITHUB_SERVER_URL/" > /dev/null; then
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
  GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 | tr -d '\n')"
  export GIT_CONFIG_VALUE_0
fi
exists() { git rev-parse --quiet --verify "$1^{commit}" > /dev/null; }
fetch() { git fetch --quiet --no-tags "$@" 2>> "$work/git.txt"; }

if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  case $base in '') ;; *[!0-9a-f]*) refspecs+=("+refs/heads/$base:refs/remotes/origin/$base") ;; *) refspecs+=("$base") ;; esac
  [ -n "$number" ] || refspecs+=("$(git rev-parse "HEAD")")
  echo "The clone is shallow: fetching the history (\`fetch-depth: 0\` for actions/checkout does it at once)."
  # A tag or a short hash is no branch: then everything is fetched.
  fetch --unshallow origin ${refspecs[@]+"${refspecs[@]}"} || fetch --unshallow --tags origin || cat "$work/git.txt"
fi

# Prints the name by which the clone knows a revision. A branch is known as the remote's.
known() {
  local name
  case $1 in HEAD*) printf '%s' "$1"; return ;; esac # the remote has one, too, which is not meant
  for name in "refs/remotes/origin/$1" "$1"; do
    if exists "$name"; then printf '%s' "${name#refs/remotes/}"; return; fi
  done
  fetch origin "+refs/heads/$1:refs/remotes/origin/$1" && { printf 'origin/%s' "$1"; return; }
  fetch origin "+refs/tags/$1:refs/tags/$1" || fetch origin "$1" || true
  printf '%s' "$1"
}
if [ -n "$base" ]; then base=$(known "$base"); fi
if [ -n "$number" ] && ! exists "$head" && [ -z "${INPUT_HEAD:-}" ]; then fetch origin "${refspecs[0]}" || true; fi
if [ "$head" != HEAD ] && ! exists "$head"; then head=$(known "$head"); fi

# --- The check --------------------------------------------------------------------------------------------------------

# api METHOD PATH [FILE]: prints the status; the answer is in $work/answer.json.
api() {
  local body=() retry=()
  [ -z "${3:-}" ] || body=(--data-binary "@$3")
  [ "$1" != GET ] || retry=(--retry 2)
  printf 'Authorization: Bearer %s\n' "$GITHUB_TOKEN" > "$work/header"
  curl --silent --show-error --max-time 60 ${retry[@]+"${retry[@]}"} --request "$1" ${body[@]+"${body[@]}"} --output "$work/answer.json" \
    --write-out '%{http_code}' --header "@$work/header" --header 'Accept: application/vnd.github+json' \
    --header 'Content-Type: application/json' --header 'X-GitHub-Api-Version: 2022-11-28' "$GITHUB_API_URL/$2" || printf 000
}

# all PATH: every comment of a list that is our own, one a line, in $work/all.jsonl. Anybody can write our markers into
# a comment, and must neither keep a finding from being posted nor have us write into what is theirs.
all() {
  local page=1
  : > "$work/all.jsonl"
  while [ "$(api GET "$1?per_page=100&page=$page")" = 200 ]; do
    jq -c --arg me "$me" '.[] | select(if $me == "" then .user.type == "Bot" else .user.login == $me end)' "$work/answer.json" \
      >> "$work/all.jsonl"
    [ "$(jq length "$work/answer.json")" = 100 ] || return 0
    page=$((page + 1))
  done
  return 1
}

comment=off
if [ "${INPUT_COMMENT:-off}" != off ]; then
  if [ -z "$number" ]; then command_line notice 'Not a pull request: no comment.'
  elif [ -z "${GITHUB_TOKEN:-}" ]; then command_line warning 'No token: no comment.'
  else comment=$INPUT_COMMENT; fi
fi

me=
# The token of a workflow or an app belongs to nobody that could be asked for; what they write is a bot's.
if [ "$comment" != off ] && [ "$(api GET user)" = 200 ]; then me=$(jq -r .login "$work/answer.json"); fi

options=(--head "$head")
[ -z "$base" ] || options+=(--base "$base")
[ -z "${INPUT_CONFIG:-}" ] || options+=(--config "$INPUT_CONFIG")
[ -z "${INPUT_FAIL_ON:-}" ] || options+=(--fail-on "$INPUT_FAIL_ON")
[ -z "${INPUT_SARIF:-}" ] || options+=(--output "sarif=$INPUT_SARIF")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || options+=(--summary)
words=${INPUT_ARGS:-}
if [ -n "${words//[[:space:]]/}" ]; then
  # Words and quotes as a shell has them, without anything a shell would run.
  printf '%s' "$words" | xargs -n 1 printf '%s\0' > "$work/words" || fail 'a quote in `args` is not closed'
  while IFS= read -r -d '' word; do options+=("$word"); done < "$work/words"
fi
if [ "$comment" = review ]; then
  if all "repos/$GITHUB_REPOSITORY/pulls/$number/comments"; then
    mv "$work/all.jsonl" "$work/posted.jsonl"
    # What has no line of its own stands in the text of a review.
    all "repos/$GITHUB_REPOSITORY/pulls/$number/reviews" || true
    jq -r '.body // empty' "$work/posted.jsonl" "$work/all.jsonl" > "$work/posted.txt"
    options+=(--posted "$work/posted.txt")
  else
    command_line warning 'The comments that are there already could not be read: no review, lest they are posted again.'
    comment=summary
  fi
fi
[ "$comment" = off ] || options+=(--output "github-review=$work/envelope.json")

# Text from contracts must not be taken for a command of the workflow.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::group::driftline\n::stop-commands::%s\n' "$token"
code=0
"$DRIFTLINE" --color always --github-output "${options[@]}" --output "json=$work/report.json" --output "html=$work/report.html" \
  --output "markdown=$work/comment.md" --output "github=$work/annotations.txt" 2> "$work/messages.txt" || code=$?
cat "$work/messages.txt"
printf '\n::%s::\n::endgroup::\n' "$token"

output() { printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"; }
if [ ! -s "$work/report.json" ]; then
  command_line error "No verdict. $(cat "$work/messages.txt")"
  grep -q '^verdict=' "$GITHUB_OUTPUT" || output verdict none
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    { printf '**driftline: no verdict**\n\n'; sed 's/^/    /' "$work/messages.txt"; } >> "$GITHUB_STEP_SUMMARY"
  fi
  exit 2
fi
output report "$work/report.json"
output markdown "$work/comment.md"
output html "$work/report.html"
[ -z "${INPUT_SARIF:-}" ] || output sarif "$INPUT_SARIF"

# --- Comments ---------------------------------------------------------------------------------------------------------

refused() {
  local said
  said=$(jq -r '.message // empty' "$work/answer.json" 2> /dev/null || true)
  case $2 in
    401 | 403 | 404) command_line notice "The token may not write here (a fork's pull request, or \`permissions: pull-requests: write\` is missing): $1 is left out, annotations and step summary have it." ;;
    *) command_line warning "$1 was refused with status $2: $said" ;;
  esac
}

# One comment that is brought up to date, and not opened to say that all is well.
sticky() {
  local marker id status
  jq .summary "$work/envelope.json" > "$work/summary.json"
  [ "$(jq -r type "$work/summary.json")" = object ] || return 0
  marker=$(jq -r .marker "$work/summary.json")
  jq '{body}' "$work/summary.json" > "$work/body.json"
  all "repos/$GITHUB_REPOSITORY/issues/$number/comments" || { refused 'the comment' 403; return 0; }
  jq -s --arg marker "$marker" 'map(select(.body | startswith($marker))) | first // empty' "$work/all.jsonl" > "$work/old.json"
  if [ -s "$work/old.json" ]; then
    if jq -e --slurpfile new "$work/body.json" '(.body | gsub("\r"; "") | rtrimstr("\n")) == ($new[0].body | rtrimstr("\n"))' "$work/old.json" > /dev/null; then return 0; fi
    id=$(jq -r .id "$work/old.json")
    status=$(api PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" "$work/body.json")
  elif [ "$(jq '.counts | .error + .warning + .note' "$work/report.json")" = 0 ] && [ "$code" = 0 ]; then
    return 0
  else
    status=$(api POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" "$work/body.json")
  fi
  case $status in 2??) ;; *) refused 'the comment' "$status" ;; esac
}

reviewed=no
review() {
  local status
  jq .review "$work/envelope.json" > "$work/review.json"
  if [ "$(jq -r type "$work/review.json")" = object ]; then
    status=$(api POST "repos/$GITHUB_REPOSITORY/pulls/$number/reviews" "$work/review.json")
    case $status in 2??) reviewed=yes ;; *) refused 'the review' "$status"; return 0 ;; esac
  else
    reviewed=yes
  fi
  jq -c '.files[]?' "$work/envelope.json" > "$work/files.jsonl"
  while IFS= read -r file; do
    printf '%s' "$file" > "$work/file.json"
    status=$(api POST "repos/$GITHUB_REPOSITORY/pulls/$number/comments" "$work/file.json")
    case $status in 2??) ;; *) refused 'a comment on a file' "$status" ;; esac
  done < "$work/files.jsonl"
  # A comment of which nothing is so any more says that. Resolving its thread would ask for more permissions. It loses its
  # markers, so that a finding that comes back is posted again.
  jq -c --slurpfile envelope "$work/envelope.json" '
    $envelope[0].resolved as $gone
    | ([.body | scan("driftline:finding:(v1:[0-9a-f]{32})") | .[0]]) as $said
    | select(($said | length) > 0 and ($said - $gone | length) == 0)
    | (.body | gsub("<!-- driftline:finding:v1:[0-9a-f]{32} -->"; "") | gsub("v1:(?<hash>[0-9a-f]{32})"; .hash)) as $body
    | {id, body: "**No longer found.**\n\n<details><summary>What was said here</summary>\n\n\($body)\n\n</details>"}
  ' "$work/posted.jsonl" > "$work/gone.jsonl"
  while IFS= read -r gone; do
    jq '{body}' <<< "$gone" > "$work/gone.json"
    status=$(api PATCH "repos/$GITHUB_REPOSITORY/pulls/comments/$(jq .id <<< "$gone")" "$work/gone.json")
    case $status in 2??) ;; *) refused 'that a finding is gone' "$status" ;; esac
  done < "$work/gone.jsonl"
}

if [ -s "$work/envelope.json" ]; then
  [ "$comment" != review ] || review
  [ "$comment" = off ] || sticky
fi
# The lines of a posted review have their comments; the same as annotations would be there twice.
[ "$reviewed" = yes ] || cat "$work/annotations.txt"
exit "$code"
