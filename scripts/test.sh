#!/usr/bin/env bash
# quick: lint, then unit and golden tests of the g++ Debug build.
# full:  also the clang build (warnings as errors), the same tests under ASan + UBSan, a fuzz of the
#        parsers, and the end-to-end tests on both Release programs.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-full}

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

build() {  # preset, targets…
  local preset=$1
  shift
  cmake --preset "$preset" >"/tmp/toxvol-configure-$preset.log" 2>&1 || {
    cat "/tmp/toxvol-configure-$preset.log"
    exit 1
  }
  cmake --build --preset "$preset" "$@" -- --quiet
}

run_tests() {  # preset: only failures and the closing lines
  local log=build/$1/ctest.log
  ctest --preset "$1" -j2 >"$log" 2>&1 || {
    grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed|^ +Start ' "$log" | tail -n 200
    exit 1
  }
  tail -n 8 "$log"
}

step lint
scripts/lint.sh

step "g++ Debug"
build dev
run_tests dev

if [ "$mode" = quick ]; then
  exit 0
fi

step "g++ and clang Release"
build release
build clang

step "clang header sets and unit tests"
cmake --build --preset clang --target all_verify_interface_header_sets -- --quiet
run_tests clang

step "ASan + UBSan"
build asan
run_tests asan

step "fuzz the parsers"
scripts/fuzz.sh 10

step "end to end, and against independent implementations"
.venv/bin/python -m pytest -q tests/e2e tests/golden
