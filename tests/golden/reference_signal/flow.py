"""F2 from trades and klines: signed volume, VPIN and Kyle's lambda (G5, P2, N3, T1–T5, T10)."""

import math

import numpy as np
import pandas as pd

from .files import DAY, MINUTE, UNIT, minutes, units
from .windows import ewma, ratio, window_sum


def bucket_volume(rule, bars, m0, size):
    """T1, T2: V* in 1e-8 for each UTC day of the grid; 0: none."""
    first, last = m0 // DAY, (m0 + size - 1) // DAY
    word, _, amount = rule.partition(":")
    minute = m0 + np.arange(size)
    bar = ~np.isnan(bars["close"])
    result = {}
    for day in range(first, last + 1):
        if word == "base":
            result[day] = round(float(amount) * UNIT)
            continue
        if word == "notional":
            yesterday = np.flatnonzero(bar & (minute // DAY == day - 1))
            close = int(bars["close_u"][yesterday[-1]]) if len(yesterday) else 0
            result[day] = round(float(amount)) * UNIT * UNIT // close if close else 0
            continue
        pool = []
        for d in range(max(day - 7, first), day):
            here = np.flatnonzero(bar & (minute // DAY == d))
            if len(here) < 1368:
                continue
            if word == "median_1m":
                pool.extend(int(v) for v in bars["volume_u"][here])
            else:
                group = (
                    pd.Series(bars["volume_u"][here])
                    .groupby(minute[here] // 5)
                    .agg(["sum", "count"])
                )
                pool.extend(int(v) for v in group["sum"][group["count"] == 5])
        pool.sort()
        n = len(pool)
        result[day] = 0 if not n else (pool[(n - 1) // 2] + pool[n // 2]) // 2
    return result


def vpin(day_flows, buckets, n, m0, size):
    """T3, T4. day_flows: day → (minute of the grid, volume in units, signed share −1 … 1) in order."""
    first, last = m0 // DAY, (m0 + size - 1) // DAY
    values, at, start = [], [], 0
    result = np.full(size, np.nan)
    completed_yesterday = True
    for day in range(first, last + 1):
        if not completed_yesterday:
            start = len(values)
        before = len(values)
        flow, v = day_flows.get(day), buckets[day]
        if flow is not None and v > 0 and len(flow[0]):
            minute, volume, share = flow
            cum = np.cumsum(volume)
            if np.issubdtype(share.dtype, np.integer):
                signed = np.cumsum(volume * share)
            else:
                signed = np.cumsum(volume.astype(np.longdouble) * share)
            edges = np.arange(1, int(cum[-1]) // v + 1) * v
            filler = np.searchsorted(cum, edges, "left")
            at_edge = signed[filler] - (cum[filler] - edges) * share[filler]
            step = np.abs(np.diff(np.concatenate([[0], at_edge])))
            values.extend((step.astype(np.longdouble) / v).astype(float))
            at.extend(minute[filler])
        completed_yesterday = len(values) > before
        begin = max(day * DAY - m0, 0)
        end = min((day + 1) * DAY - m0, size)
        done = np.searchsorted(np.array(at[before:]), np.arange(begin, end), "right") + before
        cum = np.concatenate([[0], np.cumsum(np.array(values, np.longdouble))])
        ok = done - start >= n
        result[begin:end] = np.where(ok, (cum[done] - cum[np.maximum(done - n, 0)]) / n, np.nan)
    return result


def kyle_lambda(signed, r, there, n):
    """T10: least squares of the return in bp on 1 and the signed volume in base units, window by window."""
    result = np.full(len(r), np.nan)
    for i in range(len(r)):
        window = np.arange(max(i - n + 1, 0), i + 1)
        window = window[there[window]]
        if 2 * len(window) < n or not len(window):
            continue
        x, y = signed[window] / UNIT, 1e4 * r[window]
        off = x - x.mean()
        if np.mean(off * off) > 1e-9 * np.mean(x * x):
            result[i] = np.sum(off * (y - y.mean())) / np.sum(off * off)
    return result


def flow_columns(out, bars, trades, r, fed, m0, cfg, vol_cfg, svi_window, has_trades, late):
    size = len(r)
    bar = ~np.isnan(bars["close"])
    buckets = bucket_volume(cfg["vpin_bucket"], bars, m0, size)
    count = cfg["vpin_buckets"]
    if has_trades:  # P2
        minute = (trades.transact_time.to_numpy() // MINUTE - m0).astype(int)
        quantity = units(trades.quantity)
        maker = trades.is_buyer_maker.astype(str).str.lower().to_numpy() == "true"
        sign = np.where(maker, -1, 1)
        signed, total = np.zeros(size, np.int64), np.zeros(size, np.int64)
        np.add.at(signed, minute, sign * quantity)
        np.add.at(total, minute, quantity)
        known = bar & ~np.isnan(r) & ~late & ((total > 0) | (bars["volume_u"] == 0))
        out["kyle_lambda"] = kyle_lambda(signed, r, known, minutes(cfg["kyle_window"]))
        silent = bar & (total == 0) & (bars["volume_u"] > 0)  # N3
        signed = np.where(silent, 2 * bars["taker_u"] - bars["volume_u"], signed)
        total = np.where(silent, bars["volume_u"], total)
        flows = {
            d: (minute[w], quantity[w], sign[w])
            for d in np.unique((minute + m0) // DAY)
            for w in [np.flatnonzero((minute + m0) // DAY == d)]
        }
        out["vpin"] = vpin(flows, buckets, count, m0, size)
    else:  # G5
        signed, total = 2 * bars["taker_u"] - bars["volume_u"], bars["volume_u"]
        out["vpin"] = out["kyle_lambda"] = np.full(size, np.nan)
    top = window_sum(np.where(bar, signed, np.nan), svi_window)
    bottom = window_sum(np.where(bar, total, np.nan), svi_window)
    out["svi"] = np.where(np.isnan(bottom), np.nan, np.where(bottom == 0, 0, ratio(top, bottom)))

    # T5
    _, var = ewma(r * r, minutes(vol_cfg["half_life_long"]), fed, least=30)
    flows = {}
    for day in range(m0 // DAY, (m0 + size - 1) // DAY + 1):
        begin, end = max(day * DAY - m0, 0), min((day + 1) * DAY - m0, size)
        rows = [
            i
            for i in range(begin, end)
            if fed[i] and not math.isnan(var[i]) and not math.isnan(r[i])
        ]
        share = [0.0 if var[i] == 0 else math.erf(r[i] / math.sqrt(2 * var[i])) for i in rows]
        flows[day] = (
            np.array(rows, int),
            bars["volume_u"][rows].astype(np.int64),
            np.array(share, float),
        )
    out["vpin_bvc"] = vpin(flows, buckets, count, m0, size)
