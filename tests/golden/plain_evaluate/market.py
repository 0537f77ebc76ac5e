"""The run and its market, as they lie on the disk."""

import math
import pathlib

import numpy as np
import pyarrow.parquet as pq

MINUTE = 60_000_000_000
DAY = 1440 * MINUTE


def minutes_of(text):
    return int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]]


def column(table, name):
    """Floats with NaN for null; times and booleans as they are."""
    values = table.column(name)
    kind = str(values.type)
    if kind.startswith("timestamp"):
        return np.array(values.cast("int64").to_pylist(), dtype=object)
    if kind in ("string", "bool"):
        return np.array(values.to_pylist(), dtype=object)
    return np.array([math.nan if x is None else float(x) for x in values.to_pylist()])


class Run:
    def __init__(self, folder, config, inputs):
        table = pq.read_table(pathlib.Path(folder) / "decisions.parquet")
        self.folder = pathlib.Path(folder)
        self.rows = {name: column(table, name) for name in table.schema.names}
        self.ts = np.array(self.rows["ts"], dtype=np.int64)
        self.place = {int(ts): i for i, ts in enumerate(self.ts)}
        self.config, self.inputs = config, inputs
        r = self.rows
        self.has_quotes = "bookTicker" in inputs
        self.mid = (r["bid"] + r["ask"]) / 2 if self.has_quotes else r["close"]


def read_csv(files, names):
    """Columns of Binance's files by their place, as floats, integers where exact."""
    rows = []
    for path in files:
        for line in path.read_text().splitlines():
            cells = line.split(",")
            if cells[0][:1].isdigit():
                rows.append([cells[i] for i in names])
    return rows


class Klines:
    """Minutes from (from - warm-up) to the end of the run."""

    def __init__(self, files, begin, end):
        rows = read_csv(files, (0, 1, 2, 3, 4, 5, 7, 8))
        rows = sorted((int(row[0]) * 1_000_000, row) for row in rows)
        rows = [(ts, row) for ts, row in rows if begin <= ts < end]
        self.ts = np.array([ts + MINUTE for ts, _ in rows])
        o, h, lo, c, v, quote, count = (
            np.array([float(row[i]) for _, row in rows]) for i in range(1, 8)
        )
        self.close, self.volume, self.quote, self.count = c, v, quote, count
        self.square = np.full(len(c), math.nan)
        follows = np.flatnonzero(np.diff(self.ts) == MINUTE) + 1
        self.square[follows] = np.log(c[follows] / c[follows - 1]) ** 2
        self.var = {
            "pk": np.log(h / lo) ** 2 / (4 * math.log(2)),
            "gk": 0.5 * np.log(h / lo) ** 2 - (2 * math.log(2) - 1) * np.log(c / o) ** 2,
            "rs": np.log(h / c) * np.log(h / o) + np.log(lo / c) * np.log(lo / o),
        }

    def span(self, end, minutes):
        """Places of the minutes in (end - minutes, end]."""
        first = np.searchsorted(self.ts, end - minutes * MINUTE, side="right")
        return slice(first, np.searchsorted(self.ts, end, side="right"))

    def variance(self, end, minutes):
        squares = self.square[self.span(end, minutes)]
        squares = squares[~np.isnan(squares)]
        if 100 * len(squares) < 95 * minutes:
            return math.nan
        return squares.mean() * minutes


def quote_mids(files, begin, end):
    """Times and mids of the usable quotes, in order."""
    rows = read_csv(files, (5, 0, 1, 3, 2, 4))
    made = []
    for time, update, bid, ask, bid_qty, ask_qty in rows:
        ts = int(time) * 1_000_000
        if (
            begin <= ts < end
            and float(ask) > float(bid)
            and min(float(bid_qty), float(ask_qty)) > 0
        ):
            made.append((ts, int(update), (float(bid) + float(ask)) / 2))
    made.sort()
    return np.array([q[0] for q in made]), np.array([q[2] for q in made])


def least_prior(run, window):
    said = run.config["thresholds"]["quantile_min_count"]
    if said != "auto":
        return said
    rows = minutes_of(window) // minutes_of(run.config["run"]["cadence"])
    return max(30, math.ceil(rows / 7))
