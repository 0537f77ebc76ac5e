#!/usr/bin/env bash
# Random markets and orders in NautilusTrader itself and in the native engine, raw for raw, in every
# release that can be installed here: twice CASES, each with a fifth of bars and a tenth that is
# throttled, and the fixed cases. Needs the sanitizer build.
#   parity.sh CASES
set -euo pipefail
cd "$(dirname "$0")/.."
cases=${1:?usage: parity.sh CASES}

half() {  # release, first seed: both engines take one core
  TOXVOL_PARITY_REPLAY=$PWD/build/asan/tests/engine/toxvol_parity_replay \
    TOXVOL_PARITY_FIRST=$2 TOXVOL_PARITY_SEEDS=$cases \
    "build/nautilus-$1/bin/python" -m pytest -q -s -p no:cacheprovider \
    -W 'ignore::DeprecationWarning' tests/golden/nautilus/test_parity.py
}

found=$(scripts/nautilus_env.sh --list)
if [ -z "$found" ]; then
  echo "SKIPPED: random cases in NautilusTrader itself; the C++ tests replay its golden logs"
  exit 0
fi
while read -r release python; do
  echo "NautilusTrader $release, $("$python" --version):"
  half "$release" 1000 >build/parity.log 2>&1 &
  other=$!
  half "$release" 1001000 </dev/null
  wait "$other" || { cat build/parity.log; exit 1; }
  tail -n 5 build/parity.log
done <<<"$found"
