#!/usr/bin/env bash
# The cheap checks: format of all three languages, ruff, types of the report's page, lengths, layers,
# links, labels and widths of the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

scripts/web.sh check >"$logs/web" 2>&1 &  # half of the time, beside all others
web=$!
git ls-files '*.hpp' '*.cpp' | xargs clang-format-19 --dry-run -Werror
.venv/bin/ruff format --quiet --check . || { echo "lint: not in the house format; run 'make format'"; exit 1; }
.venv/bin/ruff check --quiet .
python3 scripts/check_length.py
python3 scripts/check_layers.py
python3 scripts/check_links.py
python3 scripts/check_labels.py
python3 scripts/check_width.py
.venv/bin/python -m pytest -q -p no:cacheprovider tests/scripts >"$logs/scripts" || {
  cat "$logs/scripts"
  exit 1
}
wait "$web" || { cat "$logs/web"; exit 1; }
echo "lint: ok"
