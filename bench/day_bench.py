#!/usr/bin/env python3
"""Days at the real rate of rows (`synth --intensity 1`: 12 million quotes and 1 GB of CSV a day) the
whole way: generated, ingested, folded into factors, replayed, reported. What each step takes, its
peak memory, and what its result takes on the disk; each once.
"""

import argparse
import json

import peers


def size_of(path):
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files)


def step(name, command, result, rows):
    sample = peers.measure([command[0], "--quiet", *command[1:]])
    rate = f"{rows / sample.wall / 1e6:6.1f} M rows/s" if rows else ""
    print(
        f"{name:9} {sample.wall:7.1f} s   CPU {sample.cpu:7.1f} s   {sample.peak / 1e6:5.0f} MB   "
        f"{size_of(result) / 1e6:8.1f} MB left   {rate}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--intensity", type=float, default=1.0)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--preset", default="short", help="A needs a day of ticks before it trades")
    args = parser.parse_args()
    with peers.scratch() as folder:
        raw, catalog, run = folder / "raw", folder / "catalog", folder / "run"
        factors, page = folder / "factors.parquet", run / "report.html"
        print(
            f"{args.days} days at intensity {args.intensity:g}, preset {args.preset}; {peers.load()}"
        )
        market = ["--days", args.days, "--klines-only-days", 7, "--from", "2024-01-10"]
        synth = [args.toxvol, "synth", "--out", raw, *market, "--intensity", args.intensity]
        step("synth", synth, raw, None)
        ticks = [*raw.rglob("*bookTicker*.csv"), *raw.rglob("*aggTrades*.csv")]
        quotes = sum(peers.lines(path) for path in ticks if "bookTicker" in path.name)
        rows = sum(map(peers.lines, ticks))
        print(f"{rows:,} ticks, {quotes:,} of them quotes")
        stored = ["--catalog", catalog]
        window = ["--preset", args.preset]
        step("ingest", [args.toxvol, "ingest", raw, *stored], catalog, rows)
        step("factors", [args.toxvol, "factors", *stored, *window, "--out", factors], factors, rows)
        backtest = [args.toxvol, "backtest", *stored, *window, "--out", run]
        step("backtest", backtest, run, rows)
        step("report", [args.toxvol, "report", run], page, None)
        kept = size_of(catalog / "data" / "quote_tick") / quotes
        fills = json.loads((run / "run.json").read_text())["rows"]["fills"]
        print(f"{kept:.2f} bytes a quote in the catalog; {fills} fills")


if __name__ == "__main__":
    main()
