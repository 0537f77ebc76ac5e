#!/usr/bin/env python3
"""The same strategy in NautilusTrader's BacktestNode and in the native engine, on one catalog, with
identical fills (compared), beside handlers that do nothing; every release named, in one run.

Ratios of paired runs: median (least to most). Two cores: two runs of each side by side, of the last
release that the strategy runs in. NautilusTrader 2.0 runs empty handlers alone.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import peers

HERE = Path(__file__).parent
PRESET = "short"
# How many times as long as the native engine the whole process is to take, at least.
AIMS = {"1.221": 150, "1.231": 180, "2.0": 45}
TICKS_AND_BARS = ("aggTrades", "bookTicker", "1m")  # as in the names of the files

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
RELEASE = "from importlib.metadata import version as v; print(v('nautilus_trader'))"
MIGRATE = """
import sys
from nautilus_trader.persistence import ParquetDataCatalog
ParquetDataCatalog(sys.argv[2]).migrate_from_legacy_parquet_path(sys.argv[1])
"""


class Market:
    """One synthetic day of ticks in a catalog, and in a second one of NautilusTrader 2.0's format."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.folder, self.catalog = args, folder, folder / "catalog"
        files = peers.synth(args.toxvol, folder / "raw", 1, args.intensity)
        rows = {path.name.split("-")[1]: peers.lines(path) for path in files}
        self.ticks_and_bars = sum(rows[kind] for kind in TICKS_AND_BARS)
        # A kline is a bar and a KlineFlowData.
        self.events = sum(rows.values()) + rows["1m"]
        self._toxvol("ingest", folder / "raw", "--catalog", self.catalog)
        shutil.rmtree(folder / "raw")

    def migrate(self, python: str) -> None:
        plain, self.two = self.folder / "plain", self.folder / "two"
        self._toxvol("catalog", "view", "--catalog", self.catalog, "--out", plain, "--plain")
        self.two.mkdir()
        peers.measure([python, "-c", MIGRATE, plain, self.two])
        shutil.rmtree(plain)

    def _toxvol(self, *words: object) -> None:
        peers.measure([self.args.toxvol, "--quiet", *words])


@dataclass
class Host:
    """A NautilusTrader in an environment of its own."""

    python: str
    release: str
    market: Market

    @property
    def runs_toxvol(self) -> bool:
        return self.release.startswith("1.")

    @property
    def profile(self) -> str:
        return "nautilus_" + "_".join(self.release.split(".")[:2])

    def native(self, name: str) -> list[object]:
        command = [self.market.args.toxvol, "--quiet", "backtest", "--preset", PRESET, "--force"]
        command += ["--catalog", self.market.catalog, "--set", f"exchange.profile={self.profile}"]
        return [*command, "--out", self.market.folder / name]

    def node(self, what: str, name: str = "") -> list[object]:
        script, catalog = "node_run.py", self.market.catalog
        if not self.runs_toxvol:
            script, catalog = "node_run_2.py", self.market.two
        out = [self.market.folder / name] if name else []
        return [self.python, HERE / script, what, catalog, self.market.args.chunk_size, *out]


class Sides:
    """Paired runs on the same cores of the native engine, BacktestNode with ToxVolStrategy and, on
    one core, with empty handlers, in each of `hosts`.
    """

    def __init__(self, market: Market, title: str, cores: list[int], hosts: list[Host]) -> None:
        self.market, self.title, self.cores, self.hosts = market, title, cores, hosts
        # Wall and CPU time of the first over that of the second, a pair for each turn.
        self.ratios: dict[str, list[tuple[float, float]]] = {}

    def _commands(self) -> dict[tuple[str, str], Callable[[int], list[object]]]:
        """By release and side: the command that leaves a run folder of that number."""
        found: dict[tuple[str, str], Callable[[int], list[object]]] = {}
        for host in self.hosts:
            at = host.release
            if host.runs_toxvol:
                found[at, "native"] = lambda i, h=host: h.native(folder("native", h.release, i))
                found[at, "ToxVolStrategy"] = lambda i, h=host: h.node(
                    "toxvol", folder("node", h.release, i)
                )
            if len(self.cores) == 1:
                found[at, "empty"] = lambda i, h=host: h.node("empty")
                if host.runs_toxvol:
                    found[at, "own node"] = lambda i, h=host: h.node("own")
        return found

    def run(self, turn: int) -> None:
        sides = self._commands()
        # In turn from either end, so that a machine that gets slower favours nobody.
        order = list(sides) if turn % 2 == 0 else list(sides)[::-1]
        found = {}
        for side in order:
            commands = [sides[side](at) for at in range(len(self.cores))]
            found[side] = peers.together(commands, [[core] for core in self.cores])
        for (release, name), sample in sorted(found.items()):
            self._say(release, name, sample)
        for host in self.hosts:
            self._compare(host, {name: found[at, name] for at, name in found if at == host.release})
        last = self.hosts[-1]
        if not last.runs_toxvol and len(self.cores) == 1:
            base = _steps(found[last.release, "empty"])["events"]
            for host in self.hosts[:-1]:
                native = _whole(found[host.release, "native"])
                name = f"{last.release}, empty handlers over native {host.profile}, {_aim(last)}"
                self._add(
                    f"{name}: all of the process", _whole(found[last.release, "empty"]), native
                )
                steps = _steps(found[host.release, "empty"])["events"]
                self._add(f"{host.release} over {last.release}, empty handlers", steps, base)

    def _say(self, release: str, name: str, sample: peers.Sample) -> None:
        every = name not in ("own node",) and release.startswith("1.")
        rows = self.market.events if every else self.market.ticks_and_bars
        seen = {one["rows"] for one in _found(sample)} - {None}
        if name != "native" and seen - {rows}:
            sys.exit(f"NautilusTrader {release}, {name}: {seen} rows seen, {rows:,} in the files")
        rows *= len(self.cores)
        print(
            f"  {self.title:9}  {release:8}  {name:14}  {rows / sample.wall / 1e6:6.3f} M events/s,"
            f" {rows / sample.cpu / 1e6:6.3f} a CPU second ({sample.peak / 1e6:,.0f} MB)",
            flush=True,
        )

    def _compare(self, host: Host, found: dict[str, peers.Sample]) -> None:
        if not host.runs_toxvol:
            return
        native, node = _whole(found["native"]), _whole(found["ToxVolStrategy"])
        steps = _steps(found["ToxVolStrategy"])["events"]
        name = f"{host.release}, ToxVolStrategy over "
        self._add(f"{name}native, {_aim(host)}: all of the process", node, native)
        self._add(f"{name}native, without NautilusTrader's imports and loading", steps, native)
        if "empty" in found:
            base = _steps(found["empty"])["events"]
            self._add(f"{name}empty handlers, aim at most 1.15: events", steps, base)
            own = _steps(found["own node"])["events"]
            self._add(f"{name}empty handlers in NautilusTrader's own node: events", steps, own)

    def _add(self, name: str, first: tuple[float, float], second: tuple[float, float]) -> None:
        pair = (first[0] / second[0], first[1] / second[1])
        self.ratios.setdefault(name, []).append(pair)

    def tell(self) -> None:
        for name, pairs in self.ratios.items():
            wall, cpu = zip(*pairs)
            form = ".1f" if "native" in name else ".2f"
            print(
                f"  {self.title}, {name}: {peers.spread(wall, form)}, "
                f"of CPU time {peers.spread(cpu, form)}"
            )


def folder(side: str, release: str, at: int) -> str:
    return f"{side}-{release}-{at}"


def _aim(host: Host) -> str:
    return f"aim {AIMS['.'.join(host.release.split('.')[:2])]}"


def _whole(sample: peers.Sample) -> tuple[float, float]:
    return sample.wall, sample.cpu


def _found(sample: peers.Sample) -> list[dict]:
    return [json.loads(line) for line in sample.output.splitlines() if line.startswith("{")]


def _steps(sample: peers.Sample) -> dict[str, tuple[float, float]]:
    """Seconds of each step: the slower process's wall time, the sum of CPU time."""
    found = _found(sample)
    return {
        step: (max(one[step][0] for one in found), sum(one[step][1] for one in found))
        for step in ("imports", "loading", "events")
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toxvol", required=True)
    parser.add_argument(
        "--python",
        required=True,
        action="append",
        help="an interpreter with toxvol and NautilusTrader 1.x, or with 2.0 (again for others)",
    )
    parser.add_argument("--intensity", default="0.2", help="of the ticks; 0.2 is 3.5 M events")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--chunk-size", type=int, default=100_000, help="rows; 0: all in memory")
    args = parser.parse_args()
    with peers.scratch() as place:
        market = Market(args, place)
        hosts = []
        for python in args.python:
            release = subprocess.check_output([python, "-c", RELEASE], text=True).strip()
            hosts.append(Host(python, release, market))
        hosts.sort(key=lambda host: [int(part) for part in host.release.split(".")[:2]])
        ours = [host for host in hosts if host.runs_toxvol]
        for host in hosts:
            if not host.runs_toxvol:
                market.migrate(host.python)
        in_chunks = f"in chunks of {args.chunk_size:,}" if args.chunk_size else "all in memory"
        print(
            f"BacktestNode of {', '.join(host.release for host in hosts)} and the native engine, "
            f"preset {PRESET}, a day of ticks, {market.events:,} events a run, {in_chunks}; "
            f"{peers.load()}"
        )
        sides = [Sides(market, "one core", peers.CORES[:1], hosts)]
        if len(peers.CORES) > 1 and ours:
            sides.append(Sides(market, "two cores", peers.CORES[:2], ours[-1:]))
        for turn in range(args.runs):
            for side in sides:
                side.run(turn)
        for side in sides:
            side.tell()
        for host in ours:
            runs = [place / folder(side, host.release, 0) for side in ("native", "node")]
            same = peers.measure([host.python, "-c", COMPARE, *runs])
            print(
                f"  {host.release}: the same decisions, commands, orders, fills, positions and "
                f"equity; {same.output.strip()} fills"
            )


if __name__ == "__main__":
    sys.exit(main())
