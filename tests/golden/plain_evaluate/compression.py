"""Compression (R50)."""

import math

import numpy as np
import plain_stats as plain

from .forecasts import forecasts, scaled
from .market import MINUTE, least_prior, minutes_of
from .regression import ols
from .resampling import mean_interval


def compression(run, klines, forecast, horizon, seed, resamples):
    """(deciles, plain regression, hourly regression), each a dict or tuple."""
    window = run.config["volatility"]["z_window"]
    least, span = least_prior(run, window), minutes_of(window) * MINUTE
    decile, seen = {}, []
    for i, ts in enumerate(run.ts):
        x = run.rows["f1"][i]
        if not run.rows["decides"][i] or math.isnan(x):
            continue
        while seen and seen[0][0] < ts - span:
            seen.pop(0)
        prior = np.array([v for _, v in seen])
        if len(prior) >= least:
            u = ((prior < x).sum() + 0.5 * (prior == x).sum()) / len(prior)
            decile[int(ts)] = min(10, 1 + math.floor(10 * u))
        seen.append((ts, x))
    ts, y, f = forecasts(run, klines, horizon)
    f = scaled(y, f[forecast])
    keep = [i for i in range(len(ts)) if int(ts[i]) in decile and y[i] > 0 and f[i] > 0]
    d = np.array([decile[int(ts[i])] for i in keep])
    ratio = np.log(y[keep] / f[keep])
    deciles = {}
    for k in range(1, 11):
        own = np.flatnonzero(d == k)
        mean, lo, hi = mean_interval(ratio[own], 1, seed, 1, resamples)
        share = y[keep][own].sum() / f[keep][own].sum() if len(own) else None
        deciles[k] = {"n": len(own), "ratio": share, "log_ratio": mean, "lo": lo, "hi": hi}
    if len(keep) < 30 or not (d == 10).any():
        return deciles, None, None
    tenth = (d == 10).astype(float)
    hour = (ts[keep] // (60 * MINUTE)) % 24
    dummies = np.column_stack([(hour == k).astype(float) for k in range(24)] + [tenth])
    lags = plain.lags(len(keep))
    return (
        deciles,
        ols(ratio, np.column_stack([np.ones(len(keep)), tenth]), lags, -1)[:4],
        ols(ratio, dummies, lags, -1)[:4],
    )
