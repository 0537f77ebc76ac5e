#!/usr/bin/env bash
# Speed: kernels by Google Benchmark, then whole commands against peers, each pair in one run.
#   bench.sh [PART…]     kernels, duckdb, file, wranglers, node, hft, day; default: all, in that order
# A peer that cannot be had skips its part and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=("$@")
((${#parts[@]})) || parts=(kernels duckdb file wranglers node hft day)
nautilus=build/nautilus-1.221.0/bin
export CC=cc CXX=c++  # as in scripts/wheels.sh

cmake --preset bench >/dev/null
cmake --build --preset bench -- --quiet

for part in "${parts[@]}"; do
  printf '\n== %s (%ss)\n' "$part" "$SECONDS"
  case $part in
    kernels)
      for bench in build/bench/bench/*_bench; do
        [[ $bench != */toxvol_hft_bench ]] || continue  # a side of the part hft
        "$bench" --benchmark_min_time=0.5
      done
      ;;
    duckdb | file)
      if ! cmp -s bench/requirements.txt .bench-venv/.requirements 2>/dev/null; then
        python3 -m venv --clear .bench-venv
        .bench-venv/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt ||
          { echo "skipped: DuckDB and Polars cannot be installed" && continue; }
        cp bench/requirements.txt .bench-venv/.requirements
      fi
      python3 bench/ingest_bench.py "$part" --toxvol build/bench/toxvol --python .bench-venv/bin/python
      ;;
    wranglers)
      scripts/nautilus_env.sh "$(command -v python3.11 || command -v python3)" || { echo "skipped: pandas and NautilusTrader's wranglers" && continue; }
      python3 bench/ingest_bench.py nautilus --toxvol build/bench/toxvol --python $nautilus/python
      ;;
    node)
      pythons=()
      while read -r release python; do
        pythons+=(--python "build/nautilus-$release/bin/python")
        case $release in 2.*) continue ;; esac
        # A wheel from Python 3.12 on serves all; 3.11 has one of its own.
        "build/nautilus-$release/bin/pip" install -q --disable-pip-version-check --no-deps \
          -C "build-dir=build/bench-wheel-$release" .
      done < <(scripts/nautilus_env.sh --list; scripts/nautilus_env.sh --pre)
      ((${#pythons[@]})) || { echo "skipped: BacktestNode" && continue; }
      python3 bench/node_bench.py --toxvol build/bench/toxvol "${pythons[@]}"
      ;;
    hft)
      hft=build/bench-hft/bin/python
      if ! cmp -s bench/requirements-hft.txt build/bench-hft/.requirements 2>/dev/null; then
        {
          "$(command -v python3.11 || command -v python3)" -m venv --clear build/bench-hft &&
            $hft -m pip install -q --disable-pip-version-check -r bench/requirements-hft.txt
        } >build/bench-hft.log 2>&1 ||
          { echo "SKIPPED: hftbacktest cannot be installed (build/bench-hft.log)" && continue; }
        cp bench/requirements-hft.txt build/bench-hft/.requirements
      fi
      crate=()
      if ! command -v cargo >/dev/null; then
        echo "SKIPPED: hftbacktest's crate: no cargo here"
      elif cargo build --quiet --release --locked --manifest-path bench/hft_crate/Cargo.toml \
        --target-dir build/bench-crate 2>build/bench-crate.log; then
        crate=(--crate build/bench-crate/release/hft_peer)
      else
        echo "SKIPPED: hftbacktest's crate cannot be built (build/bench-crate.log)"
      fi
      raw=()
      [ -z "${TOXVOL_DATA:-}" ] || raw=(--raw "$TOXVOL_DATA")
      python3 bench/hft_bench.py --toxvol build/bench/toxvol --python $hft \
        --bench build/bench/bench/toxvol_hft_bench "${crate[@]}" "${raw[@]}"
      ;;
    day)
      python3 bench/day_bench.py --toxvol build/bench/toxvol
      ;;
    *)
      echo "bench: $part: kernels, duckdb, file, wranglers, node, hft or day" >&2
      exit 2
      ;;
  esac
done
printf '\n== done (%ss)\n' "$SECONDS"
