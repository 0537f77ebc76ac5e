"""One run: `toxvol.factors`, `toxvol.backtest`, `toxvol.poison`, `toxvol.try_folder`."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from toxvol import _toxvol
from toxvol._data import read_table
from toxvol._options import (
    Moment,
    Path,
    Paths,
    Progress,
    Signal,
    market_and_config,
    path_text,
    signal_argument,
    text,
)
from toxvol._run import Run
from toxvol._tables import Orders, order_script
from toxvol._toxvol import Table


def factors(
    *,
    catalog: Path | None = None,
    raw: Paths = (),
    preset: str | None = None,
    config: Path | None = None,
    set: Mapping[str, Any] | None = None,
    symbol: str | None = None,
    from_: Moment | None = None,
    to: Moment | None = None,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = None,
) -> Table:
    """One row of factors for each closed minute (docs/signal.md).

    Written to the Parquet file `out`, which `force` replaces; without it no file is left.
    """
    if out is None:
        asked = dict(locals())
        with tempfile.TemporaryDirectory(prefix="toxvol-") as folder:
            return factors(**{**asked, "out": os.path.join(folder, "factors.parquet")})
    _toxvol.factors(
        **market_and_config(**locals()),
        out=path_text(out),
        force=force,
        progress=progress,
    )
    return read_table(out)


def backtest(
    *,
    catalog: Path | None = None,
    raw: Paths = (),
    preset: str | None = None,
    config: Path | None = None,
    set: Mapping[str, Any] | None = None,
    symbol: str | None = None,
    from_: Moment | None = None,
    to: Moment | None = None,
    orders: Orders = None,
    signal: Signal = None,
    trials: Path | None = None,
    out: Path | None = None,
    force: bool = False,
    minutes: str = "auto",
    interval: str = "percentile",
    progress: Progress = None,
) -> Run:
    """Runs the strategy, or an order script, on the native engine; the run folder.

    `orders` is an order script in the strategy's place: a CSV file, or a table with its columns, of
    which `ts` may be times (docs/order_scripts.md).

    `signal` is an idea of your own in place of the strategy's: a Parquet file or a table with
    `ts_init`, `direction` and, where it is wanted, `size`; or a function that is called with the
    row of factors at each decision and gives None, a direction, or (direction, size). Guards,
    exits, engine and report stay the same (docs/own_signals.md).

    The run is counted in the catalog's trial log, or in the file `trials` (docs/trials.md).

    Where ticks are dense it keeps its minute rows in the catalog, and another run on the same
    stretch reads ticks only where an order needs them, with the same result. `minutes` is "auto",
    "keep" (also where ticks are few) or "none" (docs/engine.md#known-minutes).

    `interval` says how `Run.inference` makes the intervals of net and px: "percentile", or
    "fixed_b", which is longer where costs last for days (docs/truth.md).
    """
    with order_script(orders) as script:
        folder = _toxvol.backtest(
            **market_and_config(**locals()),
            trials=path_text(trials),
            orders=script,
            signal=signal_argument(signal),
            out=path_text(out),
            force=force,
            minutes=minutes,
            interval=interval,
            argv=list(sys.argv),
            progress=progress,
        )
    return Run(folder)


def poison(
    *,
    catalog: Path | None = None,
    raw: Paths = (),
    preset: str | None = None,
    config: Path | None = None,
    set: Mapping[str, Any] | None = None,
    symbol: str | None = None,
    from_: Moment | None = None,
    to: Moment | None = None,
    signal: Signal = None,
    trials: int = 8,
    seed: int = 1,
    progress: Progress = None,
) -> dict[str, Any]:
    """Whether a backtest knows the future: what `toxvol poison --json` prints (docs/poison.md).

    Runs once on the data as they are, then `trials` times with other values from a moment on that
    `seed` draws. What was said before a moment must stay the same: `verdict` is "unchanged" then,
    and `difference` of a trial, where there is one, is the first row that moved. Nothing is written,
    and no trial is logged.
    """
    return json.loads(
        _toxvol.poison(
            **market_and_config(**locals()),
            signal=signal_argument(signal),
            trials=trials,
            seed=seed,
            progress=progress,
        )
    )


def try_folder(
    folder: Path,
    *,
    symbol: str | None = None,
    catalog: Path | None = None,
    out: Path | None = None,
    progress: Progress = None,
) -> Run:
    """`toxvol try`: any folder of Binance's files to a first run, its report in the run's folder.

    Takes the richest window that there is and a preset that can decide in it; `Run.info` says
    which. The catalog goes beside the folder.
    """
    return Run(
        _toxvol.try_folder(
            folder=path_text(folder),
            symbol=text(symbol),
            catalog=path_text(catalog),
            out=path_text(out),
            progress=progress,
        )
    )
