"""toxvol: from raw Binance USD-M futures files to an honest backtest.

The verbs of the `toxvol` command as functions; keywords are its long options (`--from` is `from_`,
because `from` is Python's). Options that repeat take a list. `set` is a dict, with dotted keys or of
tables, `{"exit": {"k_stop": 2}}`. Days and times are text of ISO 8601, `date`, `datetime` or
`pandas.Timestamp`, UTC unless they have a zone. `progress` is
None (silent), True (the command's bar on stderr) or `f(stage, done, total, rows)`. A job that
cannot go on raises `Error` with the command's one line; a wrong argument its subclass `UsageError`,
which is a ValueError too. Ctrl-C leaves nothing half-written. docs/python.md

`ray` is the address of a Ray cluster that runs the points of a study: "local", "auto", "host:port"
or "ray://host:port" (docs/scale.md).
"""

import importlib as _importlib
from typing import Any as _Any

from toxvol import _toxvol
from toxvol._backtest import backtest, factors, poison, try_folder
from toxvol._config import config_check, config_explain, config_show, presets
from toxvol._data import catalog_upgrade, catalog_view, check, ingest, read_table, synth
from toxvol._errors import Error, UsageError
from toxvol._results import compare, diff, evaluate, explain, report, trials, verify
from toxvol._run import TABLES, Run
from toxvol._studies import ablation, band, sweep, walkforward
from toxvol._toxvol import Table

__version__: str = _toxvol.__version__
__all__ = [
    "Error",
    "Run",
    "TABLES",
    "Table",
    "UsageError",
    "ablation",
    "backtest",
    "band",
    "catalog_upgrade",
    "catalog_view",
    "check",
    "compare",
    "config_check",
    "config_explain",
    "config_show",
    "diff",
    "evaluate",
    "explain",
    "factors",
    "ingest",
    "poison",
    "presets",
    "read_table",
    "report",
    "stats",
    "sweep",
    "synth",
    "try_folder",
    "trials",
    "verify",
    "walkforward",
]


def __getattr__(name: str) -> _Any:
    """`toxvol.stats`, and NumPy with it, when it is first asked for."""
    if name == "stats":
        return _importlib.import_module("toxvol.stats")
    raise AttributeError(f"module 'toxvol' has no attribute {name!r}")
