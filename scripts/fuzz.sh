#!/usr/bin/env bash
# Replays the corpus and fuzzes each parser for some seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
cmake --preset asan >/dev/null
cmake --build --preset asan --target toxvol_fuzzers -- --quiet
found=0
for target in build/asan/fuzz/toxvol_fuzz_*; do
  [ -x "$target" ] || continue
  name=${target##*/toxvol_fuzz_}
  scratch=$(mktemp -d)
  "$target" "$scratch" "fuzz/corpus/$name" -max_total_time="$seconds" >"$scratch.log" 2>&1 || {
    cat "$scratch.log"
    exit 1
  }
  rm -f "$scratch.log"
  rm -rf "$scratch"
  found=$((found + 1))
done
[ "$found" -gt 0 ] || { echo "fuzz: no target was built"; exit 1; }
echo "fuzz: $found targets, $seconds s each, no finding"
