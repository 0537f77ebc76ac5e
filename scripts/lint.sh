#!/usr/bin/env bash
# The cheap checks: format, layers, links of the documentation.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.hpp' '*.cpp' | xargs clang-format-19 --dry-run -Werror
python3 scripts/check_layers.py
python3 scripts/check_links.py
echo "lint: ok"
