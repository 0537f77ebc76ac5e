#!/usr/bin/env bash
# The whole way three times, from files to a report: on a generated market in which there is
# something to find, on the same market without it, and on the recorded windows where they are there
# (TOXVOL_DATA). Ends with what was found, in sentences (demo_answer.py). Leaves everything in demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
toxvol=build/release/toxvol
bold() { printf '\n\033[1m%s\033[0m\n' "$*"; }
say() { bold "\$ $*"; "$@"; }

# generated FOLDER PLANT…: a market, its check, its catalog, a run, a page.
generated() {
  local folder=$1
  shift
  say $toxvol synth --out "$folder/raw" --symbol BTCUSDT --from 2024-01-10 --days 21 --seed 1 \
    --intensity 0.005 "$@"
  say $toxvol check "$folder/raw"
  say $toxvol ingest "$folder/raw" --catalog "$folder/catalog"
  say $toxvol backtest --catalog "$folder/catalog" --config presets/truth.toml \
    --from 2024-01-10 --to 2024-01-31 --out "$folder/run"
  say $toxvol report "$folder/run"
  say $toxvol verify "$folder/run"
}

rm -rf demo
mkdir -p demo
bold "1. A generated market in which there is something to find"
generated demo/planted --plant momentum --edge-bp 60
bold "2. The same market without it"
generated demo/nothing
answer=("1. Generated, with an edge" demo/planted/run "2. Generated, without one" demo/nothing/run)

if [ -d "${TOXVOL_DATA:-}" ]; then
  bold "3. The recorded windows"
  say $toxvol ingest "$TOXVOL_DATA" --catalog demo/real/catalog
  say $toxvol backtest --catalog demo/real/catalog --symbol NEARUSDT --preset A \
    --from 2023-08-10 --to 2023-11-01 --out demo/real/near
  say $toxvol report demo/real/near
  say $toxvol backtest --catalog demo/real/catalog --symbol BTCUSDT --preset short \
    --from 2023-04-04 --to 2023-04-06 --out demo/real/btc
  say $toxvol report demo/real/btc
  answer+=("3. Recorded, three months of klines" demo/real/near
    "4. Recorded, minutes with quotes" demo/real/btc)
else
  echo "demo: TOXVOL_DATA names no folder: the recorded windows are left out"
fi
python3 scripts/demo_answer.py "${answer[@]}"
