#!/usr/bin/env bash
# The report in a real browser: makes a small market, two runs, six studies and their pages, and lets
# web/tests/page.mjs use them. Screenshots and the print stay in build/page. Needs the release
# program; without Chromium it says SKIPPED and why.
set -euo pipefail
cd "$(dirname "$0")/.."
toxvol=${TOXVOL:-$PWD/build/release/toxvol}
export CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
if [ -z "$CHROMIUM" ]; then
  echo "SKIPPED: the page in a browser: there is no chromium (scripts/debian-packages.txt)"
  exit 0
fi
[ -x "$toxvol" ] || { echo "page_test: no program at $toxvol; run 'make build'" >&2; exit 1; }
work=build/page
rm -rf "$work"
mkdir -p "$work"
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

quietly "$toxvol" synth --out "$work/raw" --symbol BTCUSDT --from 2024-01-01 --days 5 --seed 3 \
  --intensity 0.01 --plant momentum
quietly "$toxvol" ingest "$work/raw" --catalog "$work/catalog"
quietly "$toxvol" backtest --catalog "$work/catalog" --preset A --out "$work/runs/a"
cat >"$work/design.toml" <<'TOML'
base = "A"
[[axis]]
key = "alpha_a.compression"
values = [0.6, 0.8]
[[axis]]
key = "exit.k_stop"
values = [2, 3]
TOML
quietly "$toxvol" sweep "$work/design.toml" --catalog "$work/catalog" --out "$work/runs/sweep"
quietly "$toxvol" band --catalog "$work/catalog" --preset A --out "$work/runs/band"
printf '[walkforward]\ntrain = "48h"\ntest = "24h"\nmin_positions = 1\n' >"$work/walk.toml"
quietly "$toxvol" walkforward "$work/walk.toml" --catalog "$work/catalog" --preset A \
  --resamples 199 --out "$work/runs/walk"
quietly "$toxvol" ablation --catalog "$work/catalog" --preset A --groups exit --resamples 199 \
  --out "$work/runs/ablation"
quietly "$toxvol" backtest --catalog "$work/catalog" --preset A --set entry.order=post_only \
  --out "$work/runs/b"
quietly "$toxvol" evaluate "$work/runs/b" --resamples 199 --out "$work/runs/evaluate"
quietly "$toxvol" compare "$work/runs/a" "$work/runs/b" --resamples 199 --out "$work/runs/compare"
for folder in a sweep band walk ablation evaluate compare; do
  quietly "$toxvol" report "$work/runs/$folder"
done
quietly "$toxvol" report --index "$work/runs"
scripts/web.sh setup
TOXVOL_CLOSE_UPS=1 node web/tests/page.mjs "$work/shots" "run=$work/runs/a/report.html" \
  "sweep=$work/runs/sweep/report.html" "study=$work/runs/band/report.html" \
  "study=$work/runs/walk/report.html" "study=$work/runs/ablation/report.html" \
  "evaluate=$work/runs/evaluate/report.html" "compare=$work/runs/compare/report.html" \
  "index=$work/runs/index.html"
