#!/usr/bin/env bash
# The image by hand: its files in a folder of their own, entered as its user, with a repository that belongs to somebody
# else (needs root). Where a Docker engine runs and can have the base image, the real one is built and run as well.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

# Whatever the program is built from is copied into the image, and is part of the key of the action's cache. cargo notes it.
if [ -f "$DRIFTLINE.d" ]; then
  copied=$(sed -n 's/^COPY \([^-].*\) [^ ]*$/\1/p' "$root/Dockerfile")
  key=$(sed -n 's/^ *key=$(find \(.*\) -type f .*/\1/p' "$root/integrations/github/install.sh")
  [ -n "$key" ] || wrong 'the list of files of the key is not found'
  sed 's/^[^:]*: //; s/ /\n/g' "$DRIFTLINE.d" | sed -n "s|^$root/||p" | while IFS= read -r file; do
    for list in "$copied" "$key"; do
      found=no
      for source in $list; do case $file in "$source" | "$source"/*) found=yes ;; esac; done
      [ "$found" = yes ] || wrong "the program is built from $file, which is not among: $list"
    done
  done
fi

# What the Dockerfile copies is there, and not left out of what an engine is sent.
sed -n 's/^COPY \([^-].*\) [^ ]*$/\1/p' "$root/Dockerfile" | tr ' ' '\n' | while IFS= read -r source; do
  [ -e "$root/$source" ] || wrong "the Dockerfile copies $source, which is not there"
  git -C "$root" -c core.excludesFile="$root/.dockerignore" check-ignore --quiet --no-index "$source" &&
    wrong "the Dockerfile copies $source, which .dockerignore leaves out" || true
done

if docker info > /dev/null 2>&1 && docker pull --quiet "$(sed -n 's/^FROM \(rust:[^ ]*\) .*/\1/p' "$root/Dockerfile")" > /dev/null 2>&1; then
  docker build --quiet --tag driftline-test "$root" > /dev/null
  story "$WORK/mounted"
  git -C "$WORK/mounted" checkout --quiet feature
  chmod -R a+rX "$WORK"
  ends 1 docker run --rm --volume "$WORK/mounted:/repo:ro" driftline-test main
  says "$WORK/out" 'column-dropped'
  docker build --quiet --tag driftline-ci-test --target ci "$root" > /dev/null
  ends 1 docker run --rm --volume "$WORK/mounted:/repo:ro" driftline-ci-test sh -c 'git log -1 && jq --version && curl --version && driftline main'
  docker image rm driftline-test driftline-ci-test > /dev/null
else
  echo "docker: no engine with the base image, so the image is tried by hand"
fi

if [ "$(id -u)" != 0 ] || ! command -v chroot > /dev/null; then
  echo "docker: skipped, only root can enter a folder as a file system"
  exit 0
fi
image=$WORK/image
mkdir -p "$image/etc" "$image/repo"
cp "$DRIFTLINE" "$image/driftline"
# The image has a program that needs none of these; the one that is tested here may.
{ ldd "$DRIFTLINE" 2> /dev/null | grep -o '/[^ ]*' || true; } | while IFS= read -r library; do
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
