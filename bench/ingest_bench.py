#!/usr/bin/env python3
"""bookTicker CSV to Parquet: `toxvol ingest` against DuckDB's COPY, in turn on the same files.

Prints rows/s of both, the ratio and the peak memory. toxvol checks, orders, deduplicates and hashes
the rows as well; DuckDB only converts them.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

DUCKDB = """
import duckdb, sys
c = duckdb.connect()
c.execute("SET threads = 2")
c.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', header = true)) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""


def timed(command):
    """Wall seconds and peak bytes of one process."""
    begin = time.perf_counter()
    done = subprocess.run(["/usr/bin/env", "python3", "-c",
                           "import resource,subprocess,sys;"
                           "code=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode;"
                           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss*1024);sys.exit(code)",
                           *map(str, command)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr}")
    return time.perf_counter() - begin, int(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--python", required=True, help="an interpreter with duckdb")
    parser.add_argument("--intensity", default="0.2")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        subprocess.run([args.toxvol, "--quiet", "synth", "--out", folder / "all", "--symbol", "BTCUSDT", "--from",
                        "2024-01-08", "--days", "2", "--seed", "1", "--intensity", args.intensity], check=True,
                       stdout=subprocess.DEVNULL)
        raw = folder / "raw"
        raw.mkdir()
        for path in (folder / "all").rglob("*bookTicker*.csv"):
            shutil.move(path, raw)
        shutil.rmtree(folder / "all")
        files = sorted(raw.glob("*.csv"))
        rows = sum(path.read_bytes().count(b"\n") - 1 for path in files)
        size = sum(path.stat().st_size for path in files)
        print(f"bookTicker, {rows:,} rows, {size / 1e6:.0f} MB, {len(files)} files, two cores")
        ratios = []
        for _ in range(args.runs):
            ours, our_peak = timed([args.toxvol, "--quiet", "ingest", raw, "--catalog", folder / "catalog"])
            theirs, their_peak = timed([args.python, "-c", DUCKDB, raw / "*.csv", folder / "out.parquet"])
            ratios.append(theirs / ours)
            print(f"  toxvol {rows / ours / 1e6:5.2f} M rows/s ({our_peak / 1e6:.0f} MB)   "
                  f"DuckDB {rows / theirs / 1e6:5.2f} M rows/s ({their_peak / 1e6:.0f} MB)   "
                  f"ratio {ratios[-1]:.2f}")
            shutil.rmtree(folder / "catalog")
        print(f"  median ratio {sorted(ratios)[len(ratios) // 2]:.2f} (aim 1.5)")


if __name__ == "__main__":
    main()
