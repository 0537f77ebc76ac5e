#!/usr/bin/env bash
# Instructions of the release build's commands and kernels, against bench/instructions.json
# (docs/testing.md#instructions). Skipped, and said so, where they cannot be compared.
#   instructions.sh            fails for a count above its margin
#   instructions.sh --keep     takes a new baseline
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 bench/instructions.py "$@"
