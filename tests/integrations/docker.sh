#!/usr/bin/env bash
# The image by hand, since no engine runs here: its files in a folder of their own, entered as its user, with a repository
# that belongs to somebody else. Needs root.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

# What the Dockerfile copies is there, and not left out of what an engine is sent.
sed -n 's/^COPY \([^-].*\) [^ ]*$/\1/p' "$root/Dockerfile" | tr ' ' '\n' | while IFS= read -r source; do
  [ -e "$root/$source" ] || wrong "the Dockerfile copies $source, which is not there"
  git -C "$root" -c core.excludesFile="$root/.dockerignore" check-ignore --quiet --no-index "$source" &&
    wrong "the Dockerfile copies $source, which .dockerignore leaves out" || true
done

if [ "$(id -u)" != 0 ] || ! command -v chroot > /dev/null; then
  echo "docker: skipped, only root can enter a folder as a file system"
  exit 0
fi
image=$WORK/image
mkdir -p "$image/etc" "$image/repo"
cp "$DRIFTLINE" "$image/driftline"
# The image has a program that needs none of these; the one that is tested here may.
{ ldd "$DRIFTLINE" 2> /dev/null || true; } | grep -o '/[^ ]*' | while IFS= read -r library; do
  mkdir -p "$image$(dirname "$library")"
  cp -L "$library" "$image$library"
done
story "$image/repo"
git -C "$image/repo" checkout --quiet feature
chown -R 1234:1234 "$image/repo"
enter() { env -i "$(command -v chroot)" --userspec=65532:65532 "$image" /driftline -C /repo "$@"; }

# Without the image's configuration: no verdict, and what to do.
ends 2 enter main
says "$WORK/out" 'belongs to another user'
says "$WORK/out" 'safe.directory /repo'
cp "$root/integrations/docker/gitconfig" "$image/etc/gitconfig"
ends 1 enter main
says "$WORK/out" 'column-dropped'
ends 1 enter main --output json
same 'the report' findings "$(jq -r .verdict "$WORK/out")"
ends 2 enter main --output report.json
says "$WORK/out" 'cannot write'
echo "docker: ok"
