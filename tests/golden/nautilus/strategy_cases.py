"""Runs of the real strategy that NautilusTrader has made as well: data, options, digests.

The data can be had everywhere: a generated week, and the recorded window that is committed.
"""

import hashlib
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from audit_raw import ONE, Market, iso_ms  # noqa: E402
from audit_scripts import script  # noqa: E402

WINDOW = HERE.parents[1] / "data" / "window"
SCRIPTS = HERE.parent / "scripts"
GOLDEN = {
    "nautilus_1_221": HERE / "strategy_runs.json",
    "nautilus_1_231": HERE / "strategy_runs_1_231.json",
}
TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")
SEEDS = (1, 2, 3)
WEEK = {"from": "2024-01-01", "days": 7, "klines-only-days": 40, "intensity": 0.004, "seed": 12}


@dataclass(frozen=True)
class Case:
    data: str  # week, window
    preset: str
    set: dict[str, object] = field(default_factory=dict)
    from_: str | None = None
    to: str | None = None
    orders: str | None = None  # of tests/golden/scripts, or a seed of audit_scripts.py


def _cases() -> dict[str, Case]:
    cases = {f"week-{preset}": Case("week", preset) for preset in ("A", "B", "C", "short")}
    resting = {"entry.order": "post_only", "exit.tp_order": "limit"}
    cases["week-resting"] = Case("week", "A", resting, "2024-01-02", "2024-01-05")
    cases["week-no-latency"] = Case("week", "short", {"exchange.order_latency": "0ms"})
    window = {"from_": "2023-04-04", "to": "2023-04-06"}
    for orders in ("resting.csv", "taking.csv", "refused.csv", *(f"seed-{n}" for n in SEEDS)):
        for executes in (False, True):
            cases[f"window-{orders.removesuffix('.csv')}-{'trades' if executes else 'quotes'}"] = (
                Case(
                    "window",
                    "short",
                    {"exchange.trade_execution": executes},
                    orders=orders,
                    **window,
                )
            )
    return cases


CASES = _cases()


def prepare(folder: Path, command) -> None:
    """Catalogs of both kinds of data, and the scripts. `command(*arguments)` runs toxvol."""
    options = [f"--{key}={value}" for key, value in WEEK.items()]
    command("synth", "--out", folder / "week-raw", "--symbol", "BTCUSDT", *options)
    command("ingest", folder / "week-raw", "--catalog", folder / "week")
    raw = folder / "window-raw"
    shutil.copytree(WINDOW, raw)
    funding = raw / "futures/monthly/fundingRate/BTCUSDT-fundingRate-2023-04.csv"
    funding.parent.mkdir(parents=True)
    funding.write_text(
        "calc_time,funding_interval_hours,last_funding_rate\n1680652800000,8,0.00002760\n"
    )
    command("ingest", raw, "--catalog", folder / "window")
    times = [iso_ms(time) for time in ("2023-04-04T23:59:00Z", "2023-04-05T00:06:00Z")]
    market = Market(raw, "BTCUSDT", {"bookTicker", "aggTrades", "klines_1m"}, *times)
    for seed in SEEDS:
        lines = script(
            market, seed, 300, ONE // 10, ONE // 1000, 20 * ONE, begin=times[0], end=times[1]
        )
        (folder / f"seed-{seed}").write_text("\n".join(lines) + "\n")


def script_of(case: Case, folder: Path) -> Path | None:
    if case.orders is None:
        return None
    return SCRIPTS / case.orders if case.orders.endswith(".csv") else folder / case.orders


# What a run decided. The factors behind it have tests of their own, so that a new one does not
# need NautilusTrader to be run again; nor do columns that say why an order has its size.
DECIDED = ("ts", "close", "decides", "alpha", "direction", "position", "reason")
EXPLAINED = ("cap", "qty_uncapped")


def digests(run: Path) -> dict[str, dict[str, object]]:
    """Of each table of a run folder: rows, and a hash over what NautilusTrader can know of it."""
    found = {}
    for name in TABLES:
        table = pq.read_table(run / f"{name}.parquet")
        text = hashlib.sha256()
        columns = DECIDED if name == "decisions" else table.column_names
        for column in (c for c in columns if c not in EXPLAINED):
            text.update(column.encode())
            text.update(repr(table[column].to_pylist()).encode())
        found[name] = {"rows": table.num_rows, "sha256": text.hexdigest()}
    return found
