#!/usr/bin/env python3
"""CSV to Parquet: `toxvol ingest` against a peer, in turn on the same files. Ratios of paired runs:
median (least to most).

    nautilus   pandas, NautilusTrader's wranglers and its ParquetDataCatalog.write_data, which give
               the same catalog but for ts_init (compared)
    duckdb     DuckDB's COPY of bookTicker
    file       one day of bookTicker at the real rate, as CSV and as ZIP: DuckDB's COPY and Polars'
               sink_parquet, of a ZIP what `unzip -p` pipes to them

toxvol checks, orders, deduplicates and hashes the rows as well, the others only convert them.
"""

import argparse
import pathlib
import shlex
import shutil
import statistics
import sys
import zipfile

import peers

HERE = pathlib.Path(__file__).parent

DUCKDB = """
import duckdb, sys
c = duckdb.connect()
c.execute("SET threads = 2")
rows = f"SELECT * FROM read_csv('{sys.argv[1]}', header = true)"
c.execute(f"COPY ({rows}) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""

# Of a file, or of standard input.
FILE_PEERS = {
    "DuckDB": """
import duckdb, sys
c = duckdb.connect()
c.execute("SET threads = 2")
source = "/dev/stdin" if sys.argv[1] == "-" else sys.argv[1]
rows = f"SELECT * FROM read_csv('{source}', header = true)"
c.execute(f"COPY ({rows}) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
""",
    "Polars": """
import os, sys
os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl
source = sys.stdin.buffer if sys.argv[1] == "-" else sys.argv[1]
pl.scan_csv(source).sink_parquet(sys.argv[2], compression="zstd")
""",
}

# The rows of a peer's file and of the catalog: their number, ids, times and sent times.
SAME_ROWS = """
import duckdb, sys
sums = "count(*), sum(update_id::hugeint), sum({}::hugeint), sum({}::hugeint)"
def of(path, *times):
    return duckdb.sql(f"SELECT {sums.format(*times)} FROM read_parquet('{path}')").fetchall()
theirs = of(sys.argv[1], "transaction_time * 1000000", "event_time * 1000000")
ours = of(sys.argv[2] + "/data/quote_tick/*/*.parquet", "ts_event", "ts_sent")
if ours != theirs:
    sys.exit(f"the rows differ: {ours} and {theirs}")
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


def one_file(args, folder):
    raw = folder / "csv"
    (csv,) = peers.keep(peers.synth(args.toxvol, raw, 1, args.file_intensity), ["bookTicker"])
    rows = peers.lines(csv)
    archive = folder / "zip" / csv.with_suffix(".zip").name
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(csv, csv.name)
    size = csv.stat().st_size
    print(
        f"one file of bookTicker: {rows:,} rows, {size / 1e6:.0f} MB, {archive.stat().st_size / 1e6:.0f} MB "
        f"as ZIP, two cores; {peers.load()}"
    )
    sources = {"CSV": raw, "ZIP": archive.parent}
    if shutil.which("unzip") is None:
        print("  SKIPPED: ZIP: there is no unzip here")
        del sources["ZIP"]
    catalog, theirs = folder / "catalog", folder / "out.parquet"
    for name, source in sources.items():
        times = {peer: [] for peer in ("toxvol", *FILE_PEERS)}
        for turn in range(args.runs):
            ours = peers.measure([args.toxvol, "--quiet", "ingest", source, "--catalog", catalog])
            times["toxvol"].append(ours)
            for peer, code in FILE_PEERS.items():
                program = [args.python, "-c", code]
                if name == "CSV":
                    command = [*program, csv, theirs]
                else:
                    piped = shlex.join(map(str, [*program, "-", theirs]))
                    unzip = shlex.join(["unzip", "-p", str(archive)])
                    command = ["bash", "-o", "pipefail", "-c", f"{unzip} | {piped}"]
                times[peer].append(peers.measure(command))
                if turn == 0:
                    peers.measure([args.python, "-c", SAME_ROWS, theirs, catalog])
                    print(f"  {name}: {peer} writes {theirs.stat().st_size / 1e6:.0f} MB")
            if turn == 0:
                written = sum(path.stat().st_size for path in catalog.rglob("*.parquet"))
                print(f"  {name}: toxvol writes {written / 1e6:.0f} MB")
            shutil.rmtree(catalog)
        for side, samples in times.items():
            wall = [theirs.wall / ours.wall for theirs, ours in zip(samples, times["toxvol"])]
            cpu = [theirs.cpu / ours.cpu for theirs, ours in zip(samples, times["toxvol"])]
            print(
                f"  {name}: {side:6}  {statistics.median(one.wall for one in samples):5.2f} s, "
                f"{statistics.median(one.cpu for one in samples):5.2f} CPU s, "
                f"{max(one.peak for one in samples) / 1e6:5.0f} MB   "
                f"ratio {peers.spread(wall, '.2f')}, of CPU time {peers.spread(cpu, '.2f')}"
            )
    print("  aims: CSV, 4 times DuckDB and 3 times Polars; ZIP, 3 times the better of them")


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
    parser.add_argument("--file-intensity", default="1", help="of the ticks of one file")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("peer", choices=["nautilus", "duckdb", "file"])
    args = parser.parse_args()
    if not pathlib.Path(args.toxvol).is_file():
        sys.exit(f"{args.toxvol}: no such program; scripts/bench.sh builds it")
    with peers.scratch() as folder:
        {"nautilus": nautilus, "duckdb": duckdb, "file": one_file}[args.peer](args, folder)


if __name__ == "__main__":
    main()
