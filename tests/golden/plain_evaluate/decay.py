"""How signals decay (R51)."""

import math

import numpy as np
import plain_stats as plain

from .market import DAY, MINUTE, least_prior, minutes_of
from .regression import correlation, ols, ranks
from .resampling import mean_interval, words


def strong(run, values):
    """Where |s| reaches its trailing .8 quantile."""
    window = run.config["pressure"]["z_window"]
    least, span = least_prior(run, window), minutes_of(window) * MINUTE
    result, seen = np.zeros(len(values), bool), []
    for i, ts in enumerate(run.ts):
        if not run.rows["decides"][i] or math.isnan(values[i]):
            continue
        while seen and seen[0][0] < ts - span:
            seen.pop(0)
        n = len(seen)
        if n >= least:
            k = min(max(math.ceil(0.8 * n - 1e-9), 1), n)
            result[i] = abs(values[i]) >= np.partition([s for _, s in seen], k - 1)[k - 1]
        seen.append((ts, abs(values[i])))
    return result


def outcomes(run, quotes, seconds, end):
    """1e4·ln(m_{t+h}/m_t) of every row."""
    result = np.full(len(run.ts), math.nan)
    for i, ts in enumerate(run.ts):
        if seconds >= 60:
            later = run.place.get(int(ts) + seconds * 10**9)
            if later is not None:
                result[i] = 1e4 * math.log(run.mid[later] / run.mid[i])
        else:
            then = int(run.rows["ts_init"][i]) + seconds * 10**9
            if then > end:
                continue
            found = np.searchsorted(quotes[0], then, side="left")
            mid = quotes[1][found - 1] if found else run.mid[i]
            result[i] = 1e4 * math.log(mid / run.mid[i])
    return result


def subset(run, name):
    if name == "all":
        return np.ones(len(run.ts), bool)
    if name == "not_toxic":
        return np.array([toxic is False for toxic in run.rows["toxic"]])
    regime = run.rows["regime"]
    if name == "neutral":
        return np.array([r == "neutral" for r in regime])
    return np.array([r in ("crowded_long", "crowded_short") for r in regime])


def decay_line(run, signal, seconds, part, placebo, quotes, end, seed, resamples):
    values = run.rows[signal]
    decides = np.array([bool(x) for x in run.rows["decides"]])
    outcome = outcomes(run, quotes, seconds, end)
    if placebo == "shift":
        week = [run.place.get(int(ts) + 7 * DAY) for ts in run.ts]
        outcome = np.array([math.nan if i is None else outcome[i] for i in week])
    s = values.copy()
    if placebo == "signs":
        number = np.cumsum(decides) - 1
        turned = words(seed, 8, 0, np.maximum(number, 0)) >> np.uint64(63) != 0
        s = np.where(turned, -s, s)
    keep = decides & ~np.isnan(s) & ~np.isnan(outcome) & subset(run, part)
    is_strong = strong(run, values)[keep]
    s, outcome = s[keep], outcome[keep]
    overlap = math.ceil(seconds / 60 / minutes_of(run.config["run"]["cadence"]))
    line = {"n": len(s), "ic": correlation(s, outcome), "edge_n": int(is_strong.sum())}
    line["ic_rank"] = correlation(ranks(s), ranks(outcome)) if line["ic"] is not None else None
    if len(s) >= 30 and line["ic"] is not None:
        lags = max(plain.lags(len(s)), overlap - 1)
        fit = ols(outcome, np.column_stack([np.ones(len(s)), s]), lags, -1)
        line |= dict(zip(("slope", "se", "t", "p", "r2"), fit))
    told = (s != 0) & (outcome != 0)
    if told.any():
        line["hit"] = float((np.sign(s[told]) == np.sign(outcome[told])).mean())
    earned = np.sign(s[is_strong]) * outcome[is_strong]
    line["edge_bp"], line["lo"], line["hi"] = mean_interval(earned, overlap, seed, 1, resamples)
    return line
