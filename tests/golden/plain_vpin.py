"""VPIN against volume and volatility a second time (R52), from its rule and not from the C++."""

import math

import numpy as np
from plain_evaluate import DAY, MINUTE, minutes_of, ols, outcomes, plain, read_csv


def trades(files, begin, end):
    """(ts, qty in 1e-8, sign, price) in order of time and id."""
    made = []
    for trade, price, qty, time, maker in read_csv(files, (0, 1, 2, 5, 6)):
        ts = int(time) * 1_000_000
        if begin <= ts < end:
            side = -1 if maker.strip().lower() == "true" else 1
            made.append((ts, int(trade), round(float(qty) * 1e8), side, float(price)))
    return [(ts, qty, side, price) for ts, _, qty, side, price in sorted(made)]


def bucket_size(run, klines, day):
    """V* of the rules base:x and median_1m, in 1e-8."""
    rule = run.config["toxicity"]["vpin_bucket"]
    if rule.startswith("base:"):
        return round(float(rule[5:]) * 1e8)
    pooled = []
    for back in range(1, 8):
        inside = (klines.ts > (day - back) * DAY) & (klines.ts <= (day - back + 1) * DAY)
        if inside.sum() >= 1368:
            pooled += [round(v * 1e8) for v in klines.volume[inside]]
    if not pooled:
        return 0
    pooled.sort()
    half = len(pooled) // 2
    return pooled[half] if len(pooled) % 2 else (pooled[half - 1] + pooled[half]) // 2


class Window:
    """(time, |imbalance|) of completed buckets; VPIN as of a time."""

    def __init__(self, n):
        self.n, self.done = n, []

    def add(self, ts, value):
        self.done.append((ts, value))

    def at(self, t):
        """Of the last n, unless a UTC day before that of the row completed none (T4)."""
        day, kept = (t - MINUTE) // DAY, []
        for ts, value in self.done:
            if ts >= t:
                break
            if kept and ts // DAY > kept[-1][0] // DAY + 1:
                kept = []
            kept.append((ts, value))
        if not kept or kept[-1][0] // DAY < day - 1 or len(kept) < self.n:
            return math.nan
        return float(np.mean([value for _, value in kept[-self.n :]]))


def buckets(run, klines, rows, n, skip=0, permutation=None, seed=1):
    """VPIN's window, the first `skip` tenths of V* of each day left out, or signs permuted."""
    window, day, pieces = Window(n), None, []
    filled = left_out = drawn = size = 0
    for ts, qty, side, _ in rows:
        if ts // DAY != day:
            day, pieces, filled, drawn = ts // DAY, [], 0, 0
            size = bucket_size(run, klines, day)
            left_out = size * skip // 10
        if size == 0:
            continue
        skipped = min(left_out, qty)
        left_out, qty = left_out - skipped, qty - skipped
        while qty > 0:
            taken = min(qty, size - filled)
            pieces.append((taken, side))
            filled, qty = filled + taken, qty - taken
            if filled < size:
                break
            signs = [s for _, s in pieces]
            if permutation is not None:
                for i in range(len(signs) - 1, 0, -1):
                    u = plain.draw(seed, 7, 1000 * day + permutation, drawn)
                    j = u * (i + 1) // plain.WORD
                    signs[i], signs[j] = signs[j], signs[i]
                    drawn += 1
            window.add(ts, abs(sum(s * q for s, (q, _) in zip(signs, pieces))) / size)
            pieces, filled = [], 0
    return window


def bulk_seconds(run, klines, rows, n):
    """The same of one-second bars, bulk classified (T5)."""
    half_life = 60 * minutes_of(run.config["volatility"]["half_life_long"])
    alpha = 1 - 2 ** (-1 / half_life)
    window, seconds = Window(n), {}
    for ts, qty, _, price in rows:
        seconds.setdefault(ts // 10**9, [0, price])
        seconds[ts // 10**9][0] += qty
        seconds[ts // 10**9][1] = price
    total = weight = count = 0
    last = day = None
    filled = signed = size = 0
    for second, (volume, price) in sorted(seconds.items()):
        ts = second * 10**9
        if ts // DAY != day:
            day, filled, signed = ts // DAY, 0, 0.0
            size = bucket_size(run, klines, day)
        before, last = last, price
        if before is None:
            continue
        r = math.log(price / before)
        variance = total / weight if count >= 30 else None
        total, weight = (1 - alpha) * total + alpha * r * r, (1 - alpha) * weight + alpha
        count += 1
        if variance is None or size == 0:
            continue
        share = plain.NORMAL.cdf(r / math.sqrt(variance)) if variance > 0 else 0.5
        while volume > 0:
            taken = min(volume, size - filled)
            filled, volume = filled + taken, volume - taken
            signed += (2 * share - 1) * taken
            if filled < size:
                break
            window.add(ts, abs(signed) / size)
            filled, signed = 0, 0.0
    return window


def hours(run, klines):
    """(places of rows, targets, controls) of the rows at whole hours; NaN where unknown."""
    at = [i for i, ts in enumerate(run.ts) if ts % (60 * MINUTE) == 0]

    def log(x):
        return math.log(x) if x > 0 else math.nan

    def flow(values, end, minutes):
        inside = values[klines.span(end, minutes)]
        whole = len(inside) == minutes if minutes <= 60 else 100 * len(inside) >= 95 * minutes
        return inside.mean() * minutes if whole else math.nan

    moved = outcomes(run, None, 3600, 0)
    targets = {
        "ln_variance": [log(klines.variance(run.ts[i] + 60 * MINUTE, 60)) for i in at],
        "abs_return": [abs(moved[i]) for i in at],
    }
    controls = []
    for i in at:
        end = run.ts[i]
        row = [log(klines.variance(end, 60 * h) / h) for h in (1, 24, 168)]
        row += [log(flow(klines.volume, end, 60 * h) / h) for h in (1, 24)]
        controls.append([*row, log(flow(klines.count, end, 60))])
    return at, {k: np.array(v) for k, v in targets.items()}, np.array(controls)


def vpin_line(y, controls, vpin, spec):
    keep = ~np.isnan(y) & ~np.isnan(vpin) & ~np.isnan(controls).any(1)
    y, vpin, controls = y[keep], vpin[keep], controls[keep]
    line = {"n": len(y)}
    if len(y) < 30:
        return line
    columns = [np.ones(len(y))]
    if spec != 1:
        columns += list(controls.T)
    if spec != 2:
        columns.append(vpin)
    fit = ols(y, np.column_stack(columns), plain.lags(len(y)), -1)
    line["r2"] = fit[4]
    if spec != 2:
        sd = vpin.std(ddof=1)
        line |= {"coef": fit[0] * sd, "se": fit[1] * sd, "t": fit[2], "p": fit[3]}
    return line
