#!/usr/bin/env bash
# The cheap checks: format of all three languages, ruff, types of the report's page, lengths, layers,
# links, labels and widths of the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.hpp' '*.cpp' | xargs clang-format-19 --dry-run -Werror
.venv/bin/ruff format --quiet --check . || { echo "lint: not in the house format; run 'make format'"; exit 1; }
.venv/bin/ruff check --quiet .
scripts/web.sh check
python3 scripts/check_length.py
python3 scripts/check_layers.py
python3 scripts/check_links.py
python3 scripts/check_labels.py
python3 scripts/check_width.py
.venv/bin/python -m pytest -q -p no:cacheprovider tests/scripts >/tmp/toxvol-lint-$$.log || {
  cat /tmp/toxvol-lint-$$.log
  exit 1
}
rm -f /tmp/toxvol-lint-$$.log
echo "lint: ok"
