"""A walk-forward a second time, from its rules alone (R36-R44 of docs/statistics.md).

Nothing of it is shared with the program but single backtests, which others check: every training
run here is a `toxvol backtest` of its own, every fit and choice is made in plain Python.
"""

import json
import math
import statistics
import tomllib

import pyarrow.parquet as pq

HOUR = 3_600_000_000_000
UNIT = {"1m": HOUR // 60, "1h": HOUR}


def folds(begin, end, train, test, gap, anchored):
    """R39, in nanoseconds: (train_from, train_to, test_from, test_to)."""
    result = []
    test_from = begin + train + gap
    while test_from < end:
        test_to = min(test_from + test, end)
        if 2 * (test_to - test_from) < test:
            break
        train_to = test_from - gap
        result.append((begin if anchored else train_to - train, train_to, test_from, test_to))
        test_from += test
    return result


def columns(run, table, names):
    return pq.read_table(run / f"{table}.parquet", columns=names).to_pydict()


def nanoseconds(value):
    return value.value if hasattr(value, "value") else int(value)


def times(run, table, name):
    column = pq.read_table(run / f"{table}.parquet", columns=[name]).column(0)
    return column.cast("int64").to_pylist()


def quantile(values, level):
    """Q1; nothing below thirty values."""
    if len(values) < 30:
        return None
    rank = min(max(math.ceil(level * len(values) - 1e-9), 1), len(values))
    return sorted(values)[rank - 1]


def fit(run, config):
    """R41's quantiles over the decision rows of a run: the four numbers, `none` where too few."""
    rows = columns(run, "decisions", ["decides", "f1", "p", "t"])
    kept = {"f1": [], "p": [], "t": []}
    for decides, f1, p, t in zip(rows["decides"], rows["f1"], rows["p"], rows["t"]):
        if not decides:
            continue
        for name, value in (("f1", f1), ("p", p), ("t", t)):
            if value is not None:
                kept[name].append(abs(value) if name == "p" else value)
    return {
        "f1": quantile(kept["f1"], config["alpha_a"]["compression"]),
        "p": quantile(kept["p"], config["alpha_a"]["pressure"]),
        "p_b": quantile(kept["p"], config["alpha_b"]["pressure"]),
        "t": quantile(kept["t"], config["toxicity"]["tau"]),
    }


def unit_returns(run, unit):
    """R2: net, over whole units."""
    table = pq.read_table(run / "equity.parquet", columns=["ts", "cause", "equity"])
    ts = table.column("ts").cast("int64").to_pylist()
    samples = [
        (at, equity)
        for at, cause, equity in zip(
            ts, table.column("cause").to_pylist(), table.column("equity").to_pylist()
        )
        if cause in ("start", "minute", "end")
    ]
    boundary = -(-samples[0][0] // unit) * unit
    known, place, equity = [], 0, None
    while boundary <= samples[-1][0]:
        while place < len(samples) and samples[place][0] <= boundary:
            equity = samples[place][1]
            place += 1
        known.append(equity)
        boundary += unit
    return [float(b - a) / float(a) for a, b in zip(known, known[1:])]


def score(run, unit, min_positions):
    """R42 for `sharpe`: (eligible, objective)."""
    returns = unit_returns(run, unit)
    closed = [row for row in columns(run, "positions", ["ts_close"])["ts_close"] if row is not None]
    sd = statistics.stdev(returns) if len(returns) > 1 else 0.0
    ratio = statistics.fmean(returns) / sd if sd > 0 else None
    return len(returns) >= 240 and ratio is not None and len(closed) >= min_positions, ratio


def select(scores):
    """The best eligible; of ties the first."""
    best = None
    for i, (eligible, objective) in enumerate(scores):
        if eligible and (
            best is None
            or objective - scores[best][1] > 1e-12 * max(abs(objective), abs(scores[best][1]))
        ):
            best = i
    return best


def assignments(point):
    return [part for key, text in point.items() for part in ("--set", f"{key}={text}")]


def resolved(toxvol, sets):
    shown = toxvol.run("config", "show", "short", *sets).stdout
    return tomllib.loads(shown)


def training_run(backtest, toxvol, point, window, out):
    """A candidate on a training window: fitted on it, then run on it. (thresholds, run folder)"""
    sets = assignments(point)
    first = backtest(out.with_name(out.name + "-rows"), window, sets)
    found = fit(first, resolved(toxvol, sets))
    fitted = ["--set", "thresholds.fit=walkforward"]
    for name, value in found.items():
        if value is not None:
            fitted += ["--set", f"thresholds.{name}={value!r}"]
    return found, backtest(out, window, sets + fitted)


def fingerprint(run):
    return json.loads((run / "run.json").read_text())["fingerprint"]
