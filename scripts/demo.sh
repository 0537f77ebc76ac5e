#!/usr/bin/env bash
# The whole way on generated data, all five kinds, then on the recorded windows where they are there
# (TOXVOL_DATA). Leaves everything in demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
toxvol=build/release/toxvol
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; "$@"; }

rm -rf demo
mkdir -p demo
say $toxvol synth --out demo/raw --symbol BTCUSDT --from 2024-01-08 --days 10 --seed 1 \
  --intensity 0.01 --plant momentum --edge-bp 10
say $toxvol check demo/raw
say $toxvol ingest demo/raw --catalog demo/catalog
say $toxvol check demo/catalog
say $toxvol backtest --catalog demo/catalog --preset A --from 2024-01-08 --to 2024-01-18 \
  --out demo/run
say $toxvol report demo/run
say $toxvol verify demo/run
reports="demo/run/report.html"

if [ -d "${TOXVOL_DATA:-}" ]; then
  say $toxvol ingest "$TOXVOL_DATA" --catalog demo/real-catalog --symbol BTCUSDT
  say $toxvol backtest --catalog demo/real-catalog --preset short \
    --from 2023-04-04 --to 2023-04-06 --out demo/real-run
  say $toxvol report demo/real-run
  reports="$reports demo/real-run/report.html"
else
  echo "demo: TOXVOL_DATA names no folder: the recorded windows are left out"
fi
printf '\nOpen:'
for report in $reports; do printf ' %s' "$(realpath "$report")"; done
echo
