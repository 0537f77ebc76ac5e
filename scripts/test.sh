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

step lint
scripts/lint.sh

step "g++ Debug"
build dev
ctest --preset dev --output-on-failure -j2 --no-tests=error | tail -n 25

if [ "$mode" = quick ]; then
  exit 0
fi

step "g++ and clang Release"
build release
build clang

step "clang header sets and unit tests"
cmake --build --preset clang --target all_verify_interface_header_sets -- --quiet
ctest --preset clang -j2 --no-tests=error | tail -n 15

step "ASan + UBSan"
build asan
ctest --preset asan -j2 --no-tests=error | tail -n 15

step "fuzz the parsers"
scripts/fuzz.sh 10

step "end to end"
.venv/bin/python -m pytest -q tests/e2e
