"""Runs of the real strategy that NautilusTrader 1.221.0 has made as well: data, options, digests.

The data can be had everywhere: a generated week, and the recorded window that is committed.
"""

import hashlib
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
WINDOW = HERE.parents[1] / "data" / "window"
SCRIPTS = HERE.parent / "scripts"
GOLDEN = HERE / "strategy_runs.json"
TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")
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
    for orders in ("resting.csv", "taking.csv", "refused.csv", "seed-1", "seed-2", "seed-3"):
        for executes in (False, True):
            cases[f"window-{orders.removesuffix('.csv')}-{'trades' if executes else 'quotes'}"] = (
                Case("window", "short", {"exchange.trade_execution": executes}, orders=orders, **window)
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
    sys.path.insert(0, str(HERE.parent))
    import audit_scripts

    for seed in range(1, 4):
        audit_scripts.write(
            raw, "BTCUSDT", "2023-04-04T23:59:00Z", "2023-04-05T00:06:00Z", seed, 300,
            folder / f"seed-{seed}",
        )  # fmt: skip


def script_of(case: Case, folder: Path) -> Path | None:
    if case.orders is None:
        return None
    return SCRIPTS / case.orders if case.orders.endswith(".csv") else folder / case.orders


def digests(run: Path) -> dict[str, dict[str, object]]:
    """Of each table of a run folder: rows, and a hash over its values as text."""
    found = {}
    for name in TABLES:
        table = pq.read_table(run / f"{name}.parquet")
        text = hashlib.sha256()
        for column in table.column_names:
            text.update(column.encode())
            text.update(repr(table[column].to_pylist()).encode())
        found[name] = {"rows": table.num_rows, "sha256": text.hexdigest()}
    return found
