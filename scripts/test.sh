#!/usr/bin/env bash
# quick: lint, then unit and golden tests of the g++ Debug build.
# full:  every step of docs/testing.md but the last table.
# trust: what is slow and seldom finds anything: that last table.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-full}

step() { printf '\n== %s (%ss, CPU %ss)\n' "$1" "$SECONDS" "$(cpu)"; }

cpu() {  # seconds of what has ended so far, user and system
  awk -v hertz="$(getconf CLK_TCK)" '{ print int(($16 + $17) / hertz) }' "/proc/$$/stat"
}

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
  grep -h '^\[  SKIPPED \]' "build/$1/Testing/Temporary/LastTest.log" || true
}

step lint
scripts/lint.sh

if [ "$mode" = quick ]; then
  step "g++ Debug"
  build quick --target toxvol_all_tests
  run_tests quick -LE slow
  exit 0
fi

if [ "$mode" = trust ]; then
  step "clang Release, every test"
  build clang --target toxvol toxvol_all_tests
  TOXVOL_THOROUGH=1 run_tests clang
  step "studies killed at any moment"
  build release
  TOXVOL_THOROUGH=1 .venv/bin/python -m pytest -q tests/e2e/test_killed.py
  step "random cases in NautilusTrader itself"
  build asan --target toxvol_parity_replay
  scripts/parity.sh 4000
  step "the Python package, more random orders on recorded windows"
  pythons=$(scripts/nautilus_env.sh --list | cut -d' ' -f2)
  for python in ${pythons:-python3}; do
    TOXVOL_THOROUGH=1 scripts/python_test.sh "$python" first
  done
  step "fuzz the parsers"
  scripts/fuzz.sh 120
  step "markets whose truth is known"
  rm -rf build/truth
  .venv/bin/python scripts/truth.py intervals --seeds 50 --check
  .venv/bin/python scripts/truth.py intervals --seeds 50 --plant momentum --check
  step done
  exit 0
fi

step "clang-tidy over what changed"
scripts/tidy.sh

step "g++ Release"
build release
step "instructions, against the baseline"
scripts/instructions.sh
step "clang, ASan + UBSan"
build asan --target toxvol toxvol_all_tests toxvol_parity_replay toxvol_fuzzers
step "headers alone"
build asan --target all_verify_interface_header_sets
step "tests, ASan + UBSan"
run_tests asan
step "fuzz the parsers"
scripts/fuzz.sh 5

step "clang, TSan"
build tsan --target toxvol_threads_tests
step "tests of threads, TSan"
run_tests tsan -L threads

step "end to end, and against independent implementations"
# One core each; what the first one says is shown when both are done.
.venv/bin/python -m pytest -q tests/golden --ignore=tests/golden/nautilus/test_parity.py \
  >build/golden.log 2>&1 &
golden=$!
.venv/bin/python -m pytest -q tests/e2e
wait "$golden" || { cat build/golden.log; exit 1; }
tail -n 3 build/golden.log

step "markets whose truth is known"
rm -rf build/truth
.venv/bin/python scripts/truth.py intervals --seeds 50 --check

step "NautilusTrader against the native engine, raw for raw"
scripts/parity.sh 400

step "the report in a real browser"
scripts/page_test.sh

step "the docs site"
scripts/site.sh --test

step "the Python package"
pythons=$(scripts/nautilus_env.sh --list | cut -d' ' -f2)
# One core each: both environments for the first Python, one for the others. Where there are others,
# what needs no NautilusTrader is tested with the newest pyarrow there, and here with the oldest alone.
tests=()
which=both
[ "$(wc -w <<<"$pythons")" -lt 2 ] || which=split
for python in ${pythons:-python3}; do
  scripts/python_test.sh "$python" $which >"build/python-${#tests[@]}.log" 2>&1 &
  tests+=($!)
  which=first
done
for i in "${!tests[@]}"; do
  wait "${tests[$i]}" || { cat "build/python-$i.log"; exit 1; }
  grep -E '^SKIPPED|passed|failed' "build/python-$i.log"
done

step "the Docker image"
scripts/docker.sh

step done
