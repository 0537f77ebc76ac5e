#!/usr/bin/env bash
# The Python package: the wheel is built once and installed into two fresh virtual environments at
# different paths, the second with the oldest pyarrow; then python/tests in both. NautilusTrader goes
# into the first, where it can be installed.
#   python_test.sh [PYTHON [both|first|split]]     default: python3.11, or python3; both environments
#     first   the first environment alone, without Ray
#     split   the first takes what needs NautilusTrader or Ray, the second what does not
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-$(command -v python3.11 || command -v python3)}
which=${2:-both}
export TOXVOL_DATA=${TOXVOL_DATA:-$(realpath -q ../shared/data/raw || true)}
[ -d "$TOXVOL_DATA" ] || unset TOXVOL_DATA
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

install() {  # environment, extras, more for pip…
  [ -d "$1" ] || "$python" -m venv "$1"
  # Byte code comes with the first import; for all that is never imported it took half of the time.
  "$1/bin/pip" install -q --no-compile --disable-pip-version-check \
    "$(echo "$work"/wheel/toxvol-*.whl)[$2]" "${@:3}"
}

try() {  # environment, options of pytest…
  (cd "$work" && PATH="$1/bin:$PATH" "$1/bin/python" -m pytest -q -rs -p no:cacheprovider \
    -c "$OLDPWD/pyproject.toml" --rootdir "$OLDPWD" "${@:2}" "$OLDPWD/python/tests")
}

if scripts/nautilus_env.sh "$python"; then
  extras=test,nautilus
else
  extras=test
  echo "SKIPPED: the tests that need NautilusTrader in python/tests"
fi

# Several Ray nodes on one machine: once is enough.
[ "$which" = first ] || extras=$extras,ray

step "wheel"
scripts/wheels.sh "$work/wheel" "$python"
step "first environment ($extras)"
install "$work/first" "$extras"
step "its tests"
if [ "$which" = split ] && [[ $extras == *nautilus* ]]; then
  try "$work/first" -k "nautilus or ray or package or keywords"
else
  try "$work/first"
fi
[ "$which" != first ] || exit 0
# As pyproject.toml says; the first one that there is for the Python.
oldest=$("$python" -c 'import sys; print("16.1.0" if sys.version_info < (3, 13) else "18.0.0")')
step "second environment, another path, pyarrow $oldest"
install "$work/elsewhere/deeper/second" test "pyarrow==$oldest"
step "its tests"
try "$work/elsewhere/deeper/second"
step done
