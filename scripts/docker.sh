#!/usr/bin/env bash
# Builds the image of the Dockerfile and runs in it the command and an example. Where no Docker engine
# answers it says so and ends well.
#   docker.sh [TAG]     default: toxvol
set -euo pipefail
cd "$(dirname "$0")/.."
tag=${1:-toxvol}

if ! docker info >/dev/null 2>&1; then
  echo "SKIPPED: the Dockerfile is not built, no Docker engine answers here"
  exit 0
fi
docker build -q -t "$tag" .
docker run --rm "$tag" --version
docker run --rm --entrypoint sh "$tag" -c '
  set -e
  toxvol synth --out raw --from 2024-01-01 --days 1 --klines-only-days 1 --intensity 0.004 --quiet
  toxvol backtest --raw raw --preset short --out run --quiet
  toxvol verify run
  toxvol report run
  python3 /opt/toxvol/examples/python_backtest.py example'
