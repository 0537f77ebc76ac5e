#!/usr/bin/env bash
# Speed: kernels by Google Benchmark, then whole commands against peers, each pair in one run.
#   bench.sh [PART…]     kernels, ingest-nautilus, ingest-duckdb; default: all
# PYTHON: the interpreter for the peers (default python3; NautilusTrader 1.221 needs 3.11)
set -euo pipefail
cd "$(dirname "$0")/.."
parts=("$@")
((${#parts[@]})) || parts=(kernels ingest-nautilus ingest-duckdb)

cmake --preset bench >/dev/null
cmake --build --preset bench -- --quiet

peers() {  # the peers' environment; a peer that cannot be installed skips its part alone
  cmp -s bench/requirements.txt .bench-venv/.requirements && return
  rm -rf .bench-venv
  "${PYTHON:-python3}" -m venv .bench-venv
  .bench-venv/bin/pip install -q --disable-pip-version-check pyarrow==26.0.1
  grep -v '^#' bench/requirements.txt | while read -r requirement; do
    .bench-venv/bin/pip install -q --disable-pip-version-check "$requirement" ||
      echo "bench: no $requirement"
  done
  cp bench/requirements.txt .bench-venv/.requirements
}

for part in "${parts[@]}"; do
  printf '\n== %s (%ss)\n' "$part" "$SECONDS"
  case $part in
    kernels)
      for bench in build/bench/bench/*_bench; do
        "$bench" --benchmark_min_time=0.5
      done
      ;;
    ingest-*)
      peers
      python3 bench/ingest_bench.py --toxvol build/bench/toxvol --python .bench-venv/bin/python "${part#*-}"
      ;;
    *)
      echo "bench: $part: kernels, ingest-nautilus or ingest-duckdb" >&2
      exit 2
      ;;
  esac
done
printf '\n== done (%ss)\n' "$SECONDS"
