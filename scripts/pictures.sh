#!/usr/bin/env bash
# Makes the pictures of README.md and docs/report.md anew: the run that README shows, from the
# recorded files of TOXVOL_DATA, and runs and studies of a small synthetic market, in a fresh folder.
# By hand, when the report looks different. Needs the release program, Chromium and Node; Pillow,
# which takes each picture down to 64 colours, gets an environment in that folder.
set -euo pipefail
cd "$(dirname "$0")/.."
toxvol=${TOXVOL:-$PWD/build/release/toxvol}
data=${TOXVOL_DATA:-$(realpath ../shared/data/raw)}
pillow=pillow==13.0.0
work=/tmp/toxvol-pictures
rm -rf "$work"
mkdir -p "$work/shots"
python3 -m venv "$work/env"
"$work/env/bin/pip" install -q --disable-pip-version-check "$pillow"
ln -s "$data" "$work/binance"
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

quietly "$toxvol" try "$work/binance"
quietly "$toxvol" synth --out "$work/raw" --symbol BTCUSDT --from 2024-01-01 --days 5 --seed 3 \
  --intensity 0.01 --plant momentum
quietly "$toxvol" ingest "$work/raw" --catalog "$work/catalog"
cat >"$work/design.toml" <<'TOML'
base = "A"
[[axis]]
key = "alpha_a.compression"
values = [0.6, 0.7, 0.8]
[[axis]]
key = "exit.k_stop"
values = [1.5, 2, 3]
TOML
printf '[walkforward]\ntrain = "48h"\ntest = "24h"\nmin_positions = 1\n' >"$work/walk.toml"
on="--catalog $work/catalog"
runs=$work/runs
# shellcheck disable=SC2086  # two words
{
  quietly "$toxvol" backtest $on --preset A --out "$runs/takes"
  quietly "$toxvol" backtest $on --preset A --set entry.order=post_only --out "$runs/waits"
  quietly "$toxvol" sweep "$work/design.toml" $on --out "$runs/sweep"
  quietly "$toxvol" walkforward "$work/walk.toml" $on --preset A --resamples 199 --out "$runs/walk"
  quietly "$toxvol" ablation $on --preset A --groups exit --resamples 199 --out "$runs/ablation"
  quietly "$toxvol" band $on --preset A --set entry.order=post_only --out "$runs/band"
}
quietly "$toxvol" evaluate "$runs/waits" --resamples 199 --out "$runs/evaluate"
quietly "$toxvol" compare "$runs/takes" "$runs/waits" --resamples 199 --out "$runs/compare"
for one in waits sweep walk ablation band evaluate compare; do
  quietly "$toxvol" report "$runs/$one"
done
quietly "$toxvol" report --index "$runs"

scripts/web.sh setup
node web/tests/pictures.mjs "$work/shots" "$work/binance-runs/BTCUSDT-short/report.html" "$runs"
"$work/env/bin/python" - "$work/shots" docs/images <<'PYTHON'
import pathlib
import sys

from PIL import Image

shots, out = map(pathlib.Path, sys.argv[1:])
for shot in sorted(shots.glob("*.png")):
    picture = Image.open(shot).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(out / shot.name, optimize=True)
    print(f"{out / shot.name}: {(out / shot.name).stat().st_size // 1000} kB")
PYTHON
