#!/usr/bin/env bash
# The Python package: `pip install .` into two fresh virtual environments at different paths, then
# python/tests in both. NautilusTrader goes into the first, where it can be installed.
#   python_test.sh [PYTHON]     default: python3.11, or python3
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-$(command -v python3.11 || command -v python3)}
export TOXVOL_DATA=${TOXVOL_DATA:-$(realpath -q ../shared/data/raw || true)}
[ -d "$TOXVOL_DATA" ] || unset TOXVOL_DATA
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

install() {  # environment, extras
  "$python" -m venv "$1"
  # Both build in one folder, so that the second compiles little.
  "$1/bin/pip" install -q --disable-pip-version-check -C build-dir=build/wheel ".[$2]"
}

try() {  # environment
  (cd "$work" && PATH="$1/bin:$PATH" "$1/bin/python" -m pytest -q -rs -p no:cacheprovider \
    -c "$OLDPWD/pyproject.toml" --rootdir "$OLDPWD" "$OLDPWD/python/tests")
}

if scripts/nautilus_env.sh "$python"; then
  extras=test,nautilus
else
  extras=test
  echo "SKIPPED: the tests that need NautilusTrader in python/tests"
fi

step "first environment ($extras)"
install "$work/first" "$extras"
step "its tests"
try "$work/first"
step "second environment, another path"
install "$work/elsewhere/deeper/second" test
step "its tests"
try "$work/elsewhere/deeper/second"
step done
