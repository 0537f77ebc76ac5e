#!/usr/bin/env bash
# build/nautilus-venv: NautilusTrader 1.221 in an environment of its own. Does nothing where that
# stands; says why in one line, and fails, where it cannot be made (no network, another Python).
#   nautilus_env.sh [PYTHON]     default: python3.11, or python3
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-$(command -v python3.11 || command -v python3)}
environment=build/nautilus-venv
stamp=$environment/.requirements

wanted=$("$python" -c 'import sys; print(sys.version)'; cat tests/golden/nautilus/requirements.txt)
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0

cannot() {
  echo "NautilusTrader 1.221 cannot be installed: $1"
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
  || cannot "it needs Python 3.11, and this is $("$python" --version)"

mkdir -p build
log=build/nautilus-venv.log
echo "making $environment"
{
  rm -rf "$environment"
  "$python" -m venv "$environment" &&
    "$environment/bin/pip" install -q --disable-pip-version-check --retries 2 \
      -r tests/golden/nautilus/requirements.txt &&
    "$environment/bin/python" -c 'import nautilus_trader'
} >"$log" 2>&1 || cannot "$(grep -v '^$' "$log" | tail -n 1) ($log)"
echo "$wanted" >"$stamp"
