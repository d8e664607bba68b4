#!/usr/bin/env bash
# Fuzzes one target, seeded with the examples of the rule pages and the test data.
#   fuzz/run.sh split|replay|contract [seconds] [further arguments of libFuzzer]
# Needs a nightly toolchain and `cargo install cargo-fuzz`; docs/fuzzing.md says what the targets hold.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?which target: split, replay or contract}
seconds=${2:-3600}
shift $(($# < 2 ? $# : 2))

seeds=corpus/seeds-$target
mkdir -p "$seeds" "corpus/$target"
# Code fences of all pages, one file each: sql-N and yaml-N.
fences() {
  awk -v out="$1" -v wanted="$2" '
    FNR == 1 { open = 0 }
    /^```/ && open { open = 0; close(file); next }
    /^```/ { kind = substr($1, 4); open = 1; file = kind == wanted ? out "/" kind "-" ++n : "/dev/null"; next }
    open { print > file }' ../docs/rules/*.md ../testdata/lines/*.md
}
plain=$(mktemp -d)
trap 'rm -rf "$plain"' EXIT
case $target in
  contract)
    fences "$plain" yaml
    find ../testdata -name '*.yaml' -o -name '*.json' | while read -r file; do cp "$file" "$plain/$(basename "$file")"; done
    prefixes=(0 1) ;;
  *)
    fences "$plain" sql
    find ../testdata -name '*.sql' | while read -r file; do cp "$file" "$plain/$(basename "$file")"; done
    if [ "$target" = replay ]; then prefixes=(00 10 20); else prefixes=(0 1 2); fi ;;
esac
for file in "$plain"/*; do
  for prefix in "${prefixes[@]}"; do
    { printf '%s' "$prefix"; cat "$file"; } > "$seeds/$prefix-$(basename "$file")"
  done
done

dictionary=()
[ "$target" = contract ] || dictionary=(-dict=sql.dict)
exec cargo +nightly fuzz run -s none "$target" "corpus/$target" "$seeds" -- \
  "${dictionary[@]}" -max_len=8192 -timeout=10 -rss_limit_mb=3000 -max_total_time="$seconds" -print_final_stats=1 "$@"
