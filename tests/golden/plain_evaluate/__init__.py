"""`toxvol evaluate` a second time, with NumPy alone, from its rules (R47-R56 of docs/evaluate.md) and
not from the C++. Run tables are read as they are, the market from Binance's own CSV files. Errors,
blocks and tests of forecasts are those of python/tests/plain_stats.py, which is as independent."""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[3] / "python" / "tests"))
import plain_stats as plain

from .compression import compression
from .costs import break_even_minutes, capacity, needed
from .decay import decay_line, outcomes
from .forecasts import forecast_table
from .makers import markout, resting
from .market import DAY, MINUTE, Klines, Run, minutes_of, quote_mids, read_csv
from .regression import correlation, ols, ranks
from .resampling import mean_interval

__all__ = [
    "DAY",
    "Klines",
    "MINUTE",
    "Run",
    "break_even_minutes",
    "capacity",
    "compression",
    "correlation",
    "decay_line",
    "forecast_table",
    "markout",
    "mean_interval",
    "minutes_of",
    "needed",
    "ols",
    "outcomes",
    "plain",
    "quote_mids",
    "ranks",
    "read_csv",
    "resting",
]
