#!/usr/bin/env python3
"""The engine beside hftbacktest, from memory, one core: the same rows, strategy, latencies, queue
model and fees. Two post-only orders always working, replaced each second, and one MARKET a second.

Each side is a process of its own, pinned to one core; they run in turn. A process loads the rows,
plays once without being measured (Python compiles then), then once measured by itself. Ratios are
of CPU time and of wall time: median (least to greatest).

Both must have seen the same: the number of trades and, at each decision, the best prices and sizes
(a digest over all of them). Orders are then compared one by one.
"""

import argparse
import array
import collections
import json
import pathlib
import subprocess
import sys

import peers

HERE = pathlib.Path(__file__).parent


class Market:
    """Rows in a folder, and how a side is asked to play them."""

    def __init__(self, args, raw, tiles, folder):
        self.folder, self.lots = folder, args.lots
        self.latencies = [args.order_latency, args.data_latency]
        command = [args.python, HERE / "hft_rows.py", raw, folder, "--tiles", tiles]
        command += ["--rows", args.rows, "--data-latency", args.data_latency]
        found = json.loads(
            subprocess.run(
                list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True
            ).stdout
        )
        self.__dict__.update(found)
        self.rows = self.quotes + self.trades

    def arguments(self, low_high):
        base = [self.folder, self.first, self.decisions, *self.latencies, self.lots]
        return base + ([self.low, self.high, self.trades] if low_high else [])


def sides(args, market):
    ours = [args.bench, *market.arguments(False)]
    python = [args.python, HERE / "hft_python.py", *market.arguments(True)]
    found = {"toxvol": ours, "hftbacktest, Python": python}
    if args.crate:
        found["hftbacktest, crate"] = [args.crate, *market.arguments(True)]
    return found


def check(name, found, market, digest):
    """Ends the program unless a side has seen every row that the others have."""
    if found["trades"] != market.trades or found.get("quotes", market.quotes) != market.quotes:
        sys.exit(f"{name}: has not seen all rows")
    if found["taker"] != market.decisions or found["digest"] != digest:
        sys.exit(f"{name}: has not seen the same prices")


def fates(path):
    """By order: (lots filled, ms of the first fill, price in ticks)."""
    numbers = array.array("q")
    numbers.frombytes(path.read_bytes())
    return list(zip(*[iter(numbers)] * 3))


def compare(args, market):
    """Order by order, what toxvol and hftbacktest made of it."""
    ours, theirs = market.folder / "ours.i64", market.folder / "theirs.i64"
    both = sides(args, market)
    peers.measure([*both["toxvol"], ours], peers.CORES[-1:])
    for events, what in (
        ("events.npy", "as measured"),
        ("levels.npy", "hftbacktest keeps a level that a better one has overtaken"),
    ):
        command = [*both["hftbacktest, Python"], "--events", events, "--detail", theirs]
        peers.measure(command, peers.CORES[-1:])
        print(f"  order by order, {what}:")
        for same, number in sorted(alike(fates(ours), fates(theirs)).items()):
            print(f"    {same}: {number:,}")


def alike(ours, theirs):
    count = collections.Counter()
    for order, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        if order % 3 == 0:
            if order > 0:
                same = mine[2] == other[2] and mine[0] == other[0]
                count["MARKET, same price" if same else "MARKET, another price"] += 1
        elif mine[0] and other[0]:
            part = "" if mine[0] == other[0] else ", by toxvol in part"
            when = "same" if mine[1] == other[1] else "another"
            count[f"filled by both{part}, {when} ms"] += 1
        elif mine[0]:
            count["filled by toxvol alone"] += 1
        elif other[0]:
            count["filled by hftbacktest alone"] += 1
        else:
            count["filled by neither"] += 1
    return count


def play(args, market):
    print(
        f"{market.name}: {market.quotes:,} quotes and {market.trades:,} trades "
        f"({market.events:,} events of hftbacktest), {market.decisions:,} decisions of "
        f"{market.lots} lots; order latency {market.latencies[0]} ms, data latency "
        f"{market.latencies[1]} ms; {peers.load()}"
    )
    ratios = collections.defaultdict(list)
    rates = collections.defaultdict(list)
    for _ in range(args.runs):
        turn = {}
        for name, command in sides(args, market).items():
            sample = peers.measure(command, peers.CORES[-1:])
            found = turn[name] = json.loads(sample.output)
            check(name, found, market, turn["toxvol"]["digest"])
            rates[name].append(market.rows / found["cpu"] / 1e6)
            print(
                f"  {name:20} {rates[name][-1]:5.2f} M rows/s by CPU time, "
                f"{market.rows / found['seconds'] / 1e6:5.2f} by wall time; {sample.peak / 1e6:,.0f} "
                f"MB; orders filled: maker {found['maker']:,}, taker {found['taker']:,}"
                + (f", {found['partial']:,} of them in part" if "partial" in found else ""),
                flush=True,
            )
            ratios[name].append([found[kind] / turn["toxvol"][kind] for kind in ("cpu", "seconds")])
    for name, found in ratios.items():
        cpu, wall = zip(*found)
        line = f"  {name}: {peers.spread(rates[name])} M rows/s"
        if name != "toxvol":
            line += f"; ratio of CPU time {peers.spread(cpu, '.2f')}, aim 3"
            line += f"; of wall time {peers.spread(wall, '.2f')}"
        print(line)
    compare(args, market)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--bench", required=True, help="toxvol_hft_bench")
    parser.add_argument("--python", required=True, help="an interpreter with hftbacktest")
    parser.add_argument("--crate", help="the program of bench/hft_crate; not measured without")
    parser.add_argument("--raw", type=pathlib.Path, help="recorded files, beside the synthetic")
    parser.add_argument("--tiles", type=int, default=68, help="so many times the recorded ones")
    parser.add_argument("--rows", type=int, default=4_000_000, help="of each kind, at most")
    parser.add_argument("--intensity", default="1", help="of the synthetic market; 0: none")
    parser.add_argument("--lots", type=int, default=10, help="of each order")
    parser.add_argument("--order-latency", type=int, default=1, help="ms")
    parser.add_argument("--data-latency", type=int, default=1, help="ms")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with peers.scratch() as folder:
        if args.raw:
            play(args, Market(args, args.raw, args.tiles, folder / "recorded"))
        if float(args.intensity) > 0:
            peers.keep(
                peers.synth(args.toxvol, folder / "raw", 1, args.intensity),
                ["bookTicker", "aggTrades"],
            )
            play(args, Market(args, folder / "raw", 1, folder / "synthetic"))


if __name__ == "__main__":
    main()
