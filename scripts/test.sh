#!/usr/bin/env bash
# quick: lint, then unit and golden tests of the g++ Debug build.
# full:  lint; the tests of the clang Release build and of g++ under ASan + UBSan, warnings as errors
#        on both; every header alone; a fuzz of the parsers; end-to-end and golden tests on the
#        Release programs of both compilers; thousands of random markets and orders in
#        NautilusTrader itself and in the native engine; the Python package in two fresh
#        environments.
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

run_tests() {  # preset, options of ctest…: only failures and the closing lines
  local log=build/$1/ctest.log
  ctest --preset "$@" -j2 >"$log" 2>&1 || {
    grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed|^ +Start ' "$log" | tail -n 200
    exit 1
  }
  tail -n 8 "$log"
}

step lint
scripts/lint.sh

if [ "$mode" = quick ]; then
  step "g++ Debug"
  build dev --target toxvol_all_tests
  run_tests dev -LE slow
  exit 0
fi

step "g++ and clang Release"
build release
build clang
cmake --build --preset clang --target all_verify_interface_header_sets -- --quiet

step "tests, clang Release"
run_tests clang

step "tests, g++ with ASan + UBSan"
build asan --target toxvol_all_tests
run_tests asan -LE slow

step "fuzz the parsers"
scripts/fuzz.sh 5

step "end to end, and against independent implementations"
# One core each; what the first one says is shown when both are done.
.venv/bin/python -m pytest -q tests/golden --ignore=tests/golden/nautilus/test_parity.py \
  >build/golden.log 2>&1 &
golden=$!
.venv/bin/python -m pytest -q tests/e2e
wait "$golden" || { cat build/golden.log; exit 1; }
tail -n 3 build/golden.log

parity() {  # first seed: both engines take one core
  TOXVOL_PARITY_REPLAY=$PWD/build/clang/tests/engine/toxvol_parity_replay \
    TOXVOL_PARITY_FIRST=$1 TOXVOL_PARITY_SEEDS=2000 \
    build/nautilus-venv/bin/python -m pytest -q -s -p no:cacheprovider \
    tests/golden/nautilus/test_parity.py
}

step "NautilusTrader against the native engine, raw for raw"
if scripts/nautilus_env.sh; then
  parity 1000 &
  parity 1001000
  wait $!
else
  echo "SKIPPED: thousands of random cases in NautilusTrader itself; its golden logs were replayed above"
fi

step "the Python package"
scripts/python_test.sh

step done
