#!/usr/bin/env bash
# Puts driftline where the action's next step finds it, and says where: the output `program`.
#   INPUT_VERSION   empty: built from the action's own checkout with cargo (the cache's copy is taken when there is one);
#                   `installed`: the one on the PATH; a number: the archive of that release, checked against its checksum
#   INSTALL_ROOT    the folder to install into
# With the argument `key` it only says by what the cache knows a build of this source: the output `key`.
# shellcheck disable=SC2016 # backticks in messages are Markdown
set -euo pipefail

fail() { printf '::error title=driftline::%s\n' "$1"; exit 2; }
program() { printf 'program=%s\n' "$1" >> "$GITHUB_OUTPUT"; }

if [ "${1:-}" = key ]; then
  # The action's files lie outside of the workspace, where the workflow's own hashFiles does not look. A branch such as
  # `main` moves, so the name by which the action was called is no key.
  cd "$GITHUB_ACTION_PATH"
  key=$(find Cargo.toml Cargo.lock src docs/rules testdata/demo -type f | LC_ALL=C sort |
    git hash-object --no-filters --stdin-paths | git hash-object --stdin)
  printf 'key=%s-%s\n' "${ImageOS:-}" "$key" >> "$GITHUB_OUTPUT"
  exit 0
fi

case $RUNNER_OS in Windows) name=driftline.exe ;; *) name=driftline ;; esac
root=$INSTALL_ROOT

if [ "$INPUT_VERSION" = installed ]; then
  found=$(command -v driftline) || fail '`version: installed`, but there is no driftline on the PATH'
  program "$found"
  exit 0
fi

if [ -z "$INPUT_VERSION" ]; then
  if [ ! -x "$root/bin/$name" ]; then
    command -v cargo > /dev/null || fail 'cargo is missing: install Rust before this step, or give the input `version`'
    cargo install --locked --path "$GITHUB_ACTION_PATH" --root "$root"
  fi
  program "$root/bin/$name"
  exit 0
fi

version=${INPUT_VERSION#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "\`version: $INPUT_VERSION\` is no version such as 1.2.3"
ending=tar.gz
case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ending=zip ;;
  *) fail "there is no archive for $RUNNER_OS on $RUNNER_ARCH: leave \`version\` out to build from source" ;;
esac
# The names that .github/workflows/release.yml gives and `cargo binstall` looks for (Cargo.toml).
folder=driftline-v$version-$target
archive=$folder.$ending
from=${DOWNLOAD_URL:-}
if [ -z "$from" ]; then
  [ -n "$ACTION_REPOSITORY" ] || fail 'the releases are those of a repository; this action was called from a folder: leave `version` out'
  from=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download
fi

mkdir -p "$root/bin"
cd "$root"
for file in "$archive" "$archive.sha256"; do
  curl --silent --show-error --fail --location --retry 3 --output "$file" "$from/v$version/$file" ||
    fail "$from/v$version/$file cannot be downloaded: is there such a release?"
done
# Of the checksum file only the sum: what file it is for is not for it to say.
read -r sum _ < "$archive.sha256"
check=(sha256sum)
command -v sha256sum > /dev/null || check=(shasum -a 256)
printf '%s  %s\n' "$sum" "$archive" | "${check[@]}" -c - || fail "$archive does not have its checksum"
case $ending in zip) unzip -q -o "$archive" ;; *) tar -xzf "$archive" ;; esac
cp "$folder/$name" "$root/bin/$name"
program "$root/bin/$name"
