#!/usr/bin/env python3
"""CSV to Parquet: `toxvol ingest` against its peers, in turn on the same files.

    nautilus   pandas, NautilusTrader's wranglers and its ParquetDataCatalog.write_data, which give
               the same catalog but for ts_init (compared)
    duckdb     DuckDB's COPY of bookTicker

toxvol checks, orders, deduplicates and hashes the rows as well, the others only convert them.
"""

import argparse
import pathlib
import shutil
import sys

import peers

HERE = pathlib.Path(__file__).parent

DUCKDB = """
import duckdb, sys
c = duckdb.connect()
c.execute("SET threads = 2")
c.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', header = true)) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""

# Every column of NautilusTrader's catalog, every row, but ts_init: its wranglers know one delay for all
# rows, ours is unique (docs/data.md).
COMPARE = """
import pathlib, sys
import pyarrow.parquet as pq
for kind in ("quote_tick", "trade_tick", "bar"):
    ours, theirs = (pq.ParquetDataset(sorted(pathlib.Path(root, "data", kind).rglob("*.parquet"))).read()
                    .replace_schema_metadata() for root in sys.argv[1:])
    theirs = theirs.drop_columns("ts_init")
    if theirs.num_rows == 0 or not ours.select(theirs.column_names).cast(theirs.schema).equals(theirs):
        sys.exit(f"{kind}: the catalogs differ ({ours.num_rows} and {theirs.num_rows} rows)")
"""


def nautilus(args, folder):
    if not peers.has(args.python, "nautilus_trader"):
        print("CSV to catalog, NautilusTrader: skipped: no nautilus_trader here (Python 3.11 alone)")
        return
    raw = folder / "raw"
    files = peers.synth(args.toxvol, raw, 2, args.catalog_intensity, ["bookTicker", "aggTrades", "1m"])
    days = [[path for path in files if path.stem.endswith(day)] for day in ("08", "09")]
    rows = sum(map(peers.lines, files))
    size = sum(path.stat().st_size for path in files)
    print(f"CSV to catalog: bookTicker, aggTrades and klines, {rows:,} rows, {size / 1e6:.0f} MB, two days; "
          f"{peers.load()}")
    classic = [args.python, HERE / "classic_ingest.py"]
    ours = [args.toxvol, "--quiet", "ingest", raw, "--catalog", folder / "ours"]
    one, two = peers.CORES[:1], peers.CORES[:2]
    ratios = {"one core": [], "two cores": []}
    for turn in range(args.runs):
        theirs = folder / "theirs"
        sides = [("one core", lambda: peers.measure([*classic, theirs, *files], one), one)]
        if len(two) == 2:
            sides.append(("two cores", lambda: peers.together(
                [[*classic, theirs, *day] for day in days], [[core] for core in two]), two))
        for name, run, cores in sides:
            shutil.rmtree(theirs, ignore_errors=True)
            slow = run()
            # Two processes side by side: the slower one's own time without imports.
            inner = max(map(float, slow.output.split()))
            fast = peers.measure([*ours, "--jobs", len(cores)], cores)
            if turn == 0 and name == "one core":
                peers.measure([args.python, "-c", COMPARE, folder / "ours", theirs])
            shutil.rmtree(folder / "ours")
            ratios[name].append((slow.wall / fast.wall, inner / fast.wall, slow.cpu / fast.cpu))
            print(f"  {name:9}  toxvol {rows / fast.wall / 1e6:5.2f} M rows/s ({fast.peak / 1e6:.0f} MB)   "
                  f"NautilusTrader {rows / slow.wall / 1e6:5.3f} M rows/s ({slow.peak / 1e6:,.0f} MB)   "
                  f"ratio {slow.wall / fast.wall:.1f}")
    for name, found in ratios.items():
        if found:
            wall, inner, cpu = zip(*found)
            print(f"  {name}: ratio {peers.spread(wall)} (aim 50); without its imports {peers.spread(inner)}; "
                  f"of CPU time {peers.spread(cpu)}")
    print("  both catalogs hold the same rows")


def duckdb(args, folder):
    if not peers.has(args.python, "duckdb"):
        print("bookTicker to Parquet, DuckDB: skipped: no duckdb here")
        return
    raw = folder / "quotes"
    files = peers.synth(args.toxvol, raw, 2, args.intensity, ["bookTicker"])
    rows = sum(map(peers.lines, files))
    size = sum(path.stat().st_size for path in files)
    print(f"bookTicker to Parquet: {rows:,} rows, {size / 1e6:.0f} MB, {len(files)} files, two cores; {peers.load()}")
    ratios = []
    for _ in range(args.runs):
        ours = peers.measure([args.toxvol, "--quiet", "ingest", raw, "--catalog", folder / "catalog"])
        theirs = peers.measure([args.python, "-c", DUCKDB, raw / "**/*.csv", folder / "out.parquet"])
        ratios.append((theirs.wall / ours.wall, theirs.cpu / ours.cpu))
        print(f"  toxvol {rows / ours.wall / 1e6:5.2f} M rows/s ({ours.peak / 1e6:.0f} MB)   "
              f"DuckDB {rows / theirs.wall / 1e6:5.2f} M rows/s ({theirs.peak / 1e6:.0f} MB)   "
              f"ratio {ratios[-1][0]:.2f}")
        shutil.rmtree(folder / "catalog")
    wall, cpu = zip(*ratios)
    print(f"  ratio {peers.spread(wall, '.2f')} (aim 1.5); of CPU time {peers.spread(cpu, '.2f')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--python", required=True, help="an interpreter with duckdb and nautilus_trader")
    parser.add_argument("--intensity", default="0.2", help="of the ticks for DuckDB")
    parser.add_argument("--catalog-intensity", default="0.03", help="of the ticks for NautilusTrader")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("peer", nargs="*", choices=["nautilus", "duckdb"], default=["nautilus", "duckdb"])
    args = parser.parse_args()
    if not pathlib.Path(args.toxvol).is_file():
        sys.exit(f"{args.toxvol}: no such program; scripts/bench.sh builds it")
    for name in args.peer:
        with peers.scratch() as folder:
            {"nautilus": nautilus, "duckdb": duckdb}[name](args, folder)


if __name__ == "__main__":
    main()
