#!/usr/bin/env bash
# Speed: kernels by Google Benchmark, then whole commands against peers, each pair in one run.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset bench >/dev/null
cmake --build --preset bench -- --quiet
for bench in build/bench/bench/*_bench; do
  "$bench" --benchmark_min_time=0.5
done
if ! cmp -s bench/requirements.txt .bench-venv/.requirements 2>/dev/null; then
  python3 -m venv .bench-venv
  .bench-venv/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt
  cp bench/requirements.txt .bench-venv/.requirements
fi
python3 bench/ingest_bench.py --toxvol build/bench/toxvol --python .bench-venv/bin/python
