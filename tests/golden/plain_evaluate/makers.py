"""What resting orders were worth (R53)."""

import math

import numpy as np
import pyarrow.parquet as pq

from .resampling import mean_interval


def resting(run):
    """(side, accepted, filled or None, price or None) of resting entries, in order."""
    orders = pq.read_table(run.folder / "orders.parquet").to_pylist()
    fills = pq.read_table(run.folder / "fills.parquet").to_pylist()
    order_times = pq.read_table(run.folder / "orders.parquet", columns=["ts_accepted", "ts_done"])
    accepted, done = (c.cast("int64").to_pylist() for c in order_times.columns)
    filled = pq.read_table(run.folder / "fills.parquet", columns=["ts"])
    filled = filled.column(0).cast("int64").to_pylist()
    result = []
    for i, order in enumerate(orders):
        if order["role"] != "entry" or order["type"] != "limit" or accepted[i] is None:
            continue
        side = 1 if order["side"] == "buy" else -1
        own = [(j, fill) for j, fill in enumerate(fills) if fill["order_id"] == order["order_id"]]
        for j, fill in own:
            if fill["liquidity"] == "maker":
                result.append((side, accepted[i], filled[j], float(fill["price"])))
        if not own and done[i] is not None:
            result.append((side, accepted[i], None, None))
    return sorted(result, key=lambda entry: (entry[1], -1 if entry[2] is None else entry[2]))


def markout(entries, fate, ref, tau, quotes, end, seed, resamples):
    def mid(at):
        if at >= end:
            return None
        found = np.searchsorted(quotes[0], at, side="right")
        if found == 0 or at - quotes[0][found - 1] > 60 * 10**9:
            return None
        return quotes[1][found - 1]

    drifts = []
    for side, accepted, filled, price in entries:
        if fate != "both" and (fate == "filled") != (filled is not None):
            continue
        begin = accepted if ref == "accepted" else filled
        base = price if ref == "price" else mid(begin)
        later = mid(begin + tau * 10**9)
        if base is not None and later is not None:
            drifts.append((begin, 1e4 * side * (later - base) / base))
    drifts = [drift for _, drift in sorted(drifts, key=lambda one: one[0])]
    mean, lo, hi = mean_interval(drifts, 1, seed, 9, resamples)
    line = {"n": len(drifts), "mean": mean, "lo": lo, "hi": hi}
    if drifts:
        line["median"] = sorted(drifts)[math.ceil(len(drifts) / 2) - 1]
        line["negative"] = sum(x < 0 for x in drifts) / len(drifts)
    return line
