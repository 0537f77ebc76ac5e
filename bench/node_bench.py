#!/usr/bin/env python3
"""The same strategy in NautilusTrader's BacktestNode and in the native engine, on one catalog, with
identical fills (compared); and BacktestNode with handlers that do nothing.

Ratios of paired runs: median (least to most). Two cores: two runs of each side by side.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import peers

HERE = Path(__file__).parent
PRESET = "short"
PROFILE = "exchange.profile=nautilus_1_221"

# Every table of the native run folder and of BacktestNode's; prints the number of fills.
COMPARE = """
import sys
import pyarrow.parquet as pq
for table in ("decisions", "commands", "orders", "fills", "positions", "equity"):
    ours, theirs = (pq.read_table(f"{run}/{table}.parquet") for run in sys.argv[1:])
    if ours.num_rows == 0 or not ours.equals(theirs):
        sys.exit(f"{table} differ or are none; `toxvol diff` shows where")
    if table == "fills":
        print(ours.num_rows)
"""


class Market:
    """One synthetic day of ticks in a catalog."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.folder, self.catalog = args, folder, folder / "catalog"
        files = peers.synth(args.toxvol, folder / "raw", 1, args.intensity)
        self.events = sum(map(peers.lines, files))
        peers.measure([args.toxvol, "--quiet", "ingest", folder / "raw", "--catalog", self.catalog])
        shutil.rmtree(folder / "raw")

    def native(self, name: str) -> list[object]:
        return [
            self.args.toxvol,
            "--quiet",
            "backtest",
            "--catalog",
            self.catalog,
            "--preset",
            PRESET,
            "--set",
            PROFILE,
            "--force",
            "--out",
            self.folder / name,
        ]

    def node(self, what: str, name: str) -> list[object]:
        out = [self.folder / name] if name else []
        return [self.args.python, HERE / "node_run.py", what, self.catalog, *out]


class Sides:
    """Paired runs on the same cores: the native engine, BacktestNode with ToxVolStrategy and, on
    one core, with empty handlers.
    """

    def __init__(self, market: Market, title: str, cores: list[int]) -> None:
        self.market, self.title, self.cores = market, title, cores
        # Wall and CPU time of the first over that of the second, a pair for each turn.
        self.ratios: dict[str, list[tuple[float, float]]] = {}

    def run(self, turn: int) -> None:
        market = self.market
        sides = {
            "native": lambda at: market.native(f"native{at}"),
            "ToxVolStrategy": lambda at: market.node("toxvol", f"node{at}"),
        }
        if len(self.cores) == 1:
            sides["empty handlers"] = lambda at: market.node("empty", "")
        # In turn from either end, so that a machine that gets slower favours nobody.
        order = list(sides) if turn % 2 == 0 else list(sides)[::-1]
        found = {}
        for name in order:
            commands = [sides[name](at) for at in range(len(self.cores))]
            found[name] = peers.together(commands, [[core] for core in self.cores])
        events = market.events * len(self.cores)
        for name, sample in found.items():
            print(
                f"  {self.title:9}  {name:14}  {events / sample.wall / 1e6:6.3f} M events/s, "
                f"{events / sample.cpu / 1e6:6.3f} a CPU second ({sample.peak / 1e6:,.0f} MB)"
            )
        native, node = _whole(found["native"]), _whole(found["ToxVolStrategy"])
        steps = _steps(found["ToxVolStrategy"])
        self._add("ToxVolStrategy over native, aim 100: all of the process", node, native)
        self._add(
            "ToxVolStrategy over native, without NautilusTrader's imports and loading",
            steps["events"],
            native,
        )
        if "empty handlers" in found:
            base = _steps(found["empty handlers"])
            name = "ToxVolStrategy over empty handlers"
            self._add(
                f"{name}, aim at most 1.3: loading and events",
                _sum(steps["loading"], steps["events"]),
                _sum(base["loading"], base["events"]),
            )
            self._add(f"{name}: events alone", steps["events"], base["events"])

    def _add(self, name: str, first: tuple[float, float], second: tuple[float, float]) -> None:
        pair = (first[0] / second[0], first[1] / second[1])
        self.ratios.setdefault(name, []).append(pair)

    def tell(self) -> None:
        for name, pairs in self.ratios.items():
            wall, cpu = zip(*pairs)
            form = ".2f" if "empty" in name else ".1f"
            print(
                f"  {self.title}, {name}: {peers.spread(wall, form)}, "
                f"of CPU time {peers.spread(cpu, form)}"
            )


def _whole(sample: peers.Sample) -> tuple[float, float]:
    return sample.wall, sample.cpu


def _sum(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    return first[0] + second[0], first[1] + second[1]


def _steps(sample: peers.Sample) -> dict[str, tuple[float, float]]:
    """Seconds of each step: the slower process's wall time, the sum of CPU time."""
    found = [json.loads(line) for line in sample.output.splitlines() if line.startswith("{")]
    return {
        step: (max(one[step][0] for one in found), sum(one[step][1] for one in found))
        for step in found[0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toxvol", required=True)
    parser.add_argument("--python", required=True, help="an interpreter with toxvol[nautilus]")
    parser.add_argument("--intensity", default="0.2", help="of the ticks; 0.2 is 3.5 M events")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with peers.scratch() as folder:
        market = Market(args, folder)
        print(
            f"BacktestNode and the native engine, preset {PRESET}, a day of ticks, "
            f"{market.events:,} events a run; {peers.load()}"
        )
        sides = [Sides(market, "one core", peers.CORES[:1])]
        if len(peers.CORES) > 1:
            sides.append(Sides(market, "two cores", peers.CORES[:2]))
        for turn in range(args.runs):
            for side in sides:
                side.run(turn)
        for side in sides:
            side.tell()
        for at in range(len(sides)):
            runs = [folder / f"native{at}", folder / f"node{at}"]
            same = peers.measure([args.python, "-c", COMPARE, *runs])
        print(
            "  the same decisions, commands, orders, fills, positions and equity; "
            f"{same.output.strip()} fills"
        )


if __name__ == "__main__":
    sys.exit(main())
