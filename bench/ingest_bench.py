#!/usr/bin/env python3
"""CSV to Parquet: `toxvol ingest` against a peer, in turn on the same files. Ratios of paired runs:
median (least to most).

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
rows = f"SELECT * FROM read_csv('{sys.argv[1]}', header = true)"
c.execute(f"COPY ({rows}) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""

# Every column of NautilusTrader's catalog, every row, but ts_init: its wranglers know one delay for
# all rows, ours is unique (docs/data.md).
COMPARE = """
import pathlib, sys
import pyarrow.parquet as pq

def read(root, kind):
    files = sorted(pathlib.Path(root, "data", kind).rglob("*.parquet"))
    return pq.ParquetDataset(files).read().replace_schema_metadata()

for kind in ("quote_tick", "trade_tick", "bar"):
    ours, theirs = (read(root, kind) for root in sys.argv[1:])
    theirs = theirs.drop_columns("ts_init")
    if not ours.select(theirs.column_names).cast(theirs.schema).equals(theirs):
        sys.exit(f"{kind}: the catalogs differ ({ours.num_rows} and {theirs.num_rows} rows)")
"""


def nautilus(args, folder):
    raw, ours, theirs = folder / "raw", folder / "ours", folder / "theirs"
    kinds = ["bookTicker", "aggTrades", "1m"]
    files = peers.keep(peers.synth(args.toxvol, raw, 2, args.catalog_intensity), kinds)
    rows = sum(map(peers.lines, files))
    size = sum(path.stat().st_size for path in files)
    print(
        f"bookTicker, aggTrades and klines to a catalog: {rows:,} rows, {size / 1e6:.0f} MB, "
        f"two days; {peers.load()}"
    )
    # On one core the classic way takes both days, on two a process each takes one.
    days = [[path for path in files if path.stem.endswith(day)] for day in ("08", "09")]
    sides = {"one core": (peers.CORES[:1], [files])}
    if len(peers.CORES) > 1:
        sides["two cores"] = (peers.CORES[:2], days)
    ratios = {name: [] for name in sides}
    for turn in range(args.runs):
        for name, (cores, shares) in sides.items():
            slow = peers.together(
                [[args.python, HERE / "classic_ingest.py", theirs, *share] for share in shares],
                [[core] for core in cores],
            )
            fast = peers.measure(
                [args.toxvol, "--quiet", "ingest", raw, "--catalog", ours, "--jobs", len(cores)],
                cores,
            )
            if turn == 0:
                peers.measure([args.python, "-c", COMPARE, ours, theirs])
            shutil.rmtree(ours)
            shutil.rmtree(theirs)
            inner = max(map(float, slow.output.split()))
            ratios[name].append((slow.wall / fast.wall, inner / fast.wall, slow.cpu / fast.cpu))
            print(
                f"  {name:9}  toxvol {rows / fast.wall / 1e6:5.2f} M rows/s "
                f"({fast.peak / 1e6:.0f} MB)   "
                f"NautilusTrader {rows / slow.wall / 1e6:5.3f} M rows/s "
                f"({slow.peak / 1e6:,.0f} MB)   ratio {slow.wall / fast.wall:.1f}"
            )
    print("  the catalogs hold the same rows")
    for name, found in ratios.items():
        wall, inner, cpu = zip(*found)
        print(
            f"  {name}: ratio {peers.spread(wall)}, aim 50; without its imports "
            f"{peers.spread(inner)}; of CPU time {peers.spread(cpu)}"
        )


def duckdb(args, folder):
    raw = folder / "quotes"
    files = peers.keep(peers.synth(args.toxvol, raw, 2, args.intensity), ["bookTicker"])
    rows = sum(map(peers.lines, files))
    size = sum(path.stat().st_size for path in files)
    print(
        f"bookTicker to Parquet: {rows:,} rows, {size / 1e6:.0f} MB, {len(files)} files, "
        f"two cores; {peers.load()}"
    )
    ratios = []
    for _ in range(args.runs):
        ours = peers.measure(
            [args.toxvol, "--quiet", "ingest", raw, "--catalog", folder / "catalog"]
        )
        theirs = peers.measure(
            [args.python, "-c", DUCKDB, raw / "**/*.csv", folder / "out.parquet"]
        )
        ratios.append((theirs.wall / ours.wall, theirs.cpu / ours.cpu))
        print(
            f"  toxvol {rows / ours.wall / 1e6:5.2f} M rows/s ({ours.peak / 1e6:.0f} MB)   "
            f"DuckDB {rows / theirs.wall / 1e6:5.2f} M rows/s ({theirs.peak / 1e6:.0f} MB)   "
            f"ratio {ratios[-1][0]:.2f}"
        )
        shutil.rmtree(folder / "catalog")
    wall, cpu = zip(*ratios)
    print(f"  ratio {peers.spread(wall, '.2f')}, aim 1.5; of CPU time {peers.spread(cpu, '.2f')}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--python", required=True, help="an interpreter with the peer")
    parser.add_argument("--intensity", default="0.2", help="of the ticks for DuckDB")
    parser.add_argument(
        "--catalog-intensity", default="0.03", help="of the ticks for NautilusTrader"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("peer", choices=["nautilus", "duckdb"])
    args = parser.parse_args()
    if not pathlib.Path(args.toxvol).is_file():
        sys.exit(f"{args.toxvol}: no such program; scripts/bench.sh builds it")
    with peers.scratch() as folder:
        {"nautilus": nautilus, "duckdb": duckdb}[args.peer](args, folder)


if __name__ == "__main__":
    main()
