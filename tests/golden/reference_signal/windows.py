"""Windows, z-scores, quantiles (G6, V2, Z1–Z6, Q1, Q2)."""

import bisect
import math

import numpy as np

from .files import UNIT


def ratio(a, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return a / b


def log_ratio(a, b):
    """ln(a/b) of two neighbouring prices, without losing digits."""
    return np.log1p(np.rint((a - b) * UNIT) / UNIT / b)


def lag(x, n=1):
    return np.concatenate([np.full(n, np.nan), x[:-n]])[: len(x)]


def running(x):
    """Cumulative sum and count of what is there, with a leading zero, in extended precision."""
    there = ~np.isnan(x)
    total = np.concatenate([[0], np.cumsum(np.where(there, x, 0).astype(np.longdouble))])
    count = np.concatenate([[0], np.cumsum(there)])
    return total, count


def last_n(x, n):
    """Sum and count over the n minutes that end with each minute."""
    total, count = running(x)
    end = np.arange(1, len(x) + 1)
    begin = np.maximum(end - n, 0)
    return (total[end] - total[begin]), (count[end] - count[begin])


def enough(count, n):
    """G6: a short window whole, a long one to 95 %."""
    return count == n if n <= 60 else 100 * count >= 95 * n


def window_sum(x, n):
    """G6, scaled to n."""
    total, count = last_n(x, n)
    scaled = total if n <= 60 else ratio(total * n, count)
    return np.where(enough(count, n), scaled, np.nan).astype(float)


def spread_of(total, square, count):
    """Mean and sd (n − 1)."""
    mean = ratio(total, count)
    var = np.maximum(ratio(square - total * mean, count - 1), 0)
    return mean, np.sqrt(var)


def prior_window(x, time, width):
    """Z1: mean, sd and count of observations with t − W ≤ s < t; `time` and `width` in one unit."""
    centre = np.nanmean(x) if (~np.isnan(x)).any() else 0.0
    y = x - centre
    total, count = running(y)
    square, _ = running(y.astype(np.longdouble) ** 2)
    end = np.searchsorted(time, time, "left")
    begin = np.searchsorted(time, time - width, "left")
    n = count[end] - count[begin]
    mean, sd = spread_of(total[end] - total[begin], square[end] - square[begin], n)
    return (mean + centre), sd, n


def z_score(x, time, width, min_count, floor, clip):
    """Z1–Z5."""
    mean, sd, n = prior_window(x, time, width)
    with np.errstate(invalid="ignore"):
        z = np.clip((x - mean) / np.maximum(sd, floor), -clip, clip)
    return np.where((n >= max(min_count, 2)) & ~np.isnan(x), z, np.nan).astype(float)


def sum_of_z(parts, weights, scale, some=False):
    """Z6, M1. `some`: of the parts that exist; else all are needed."""
    used = [(np.asarray(p, float), w) for p, w in zip(parts, weights) if w != 0]
    top = sum(np.where(np.isnan(p), 0, p) * w for p, w in used)
    bottom = sum(np.where(np.isnan(p), 0, 1) * w * w for p, w in used)
    there = sum((~np.isnan(p)).astype(int) for p, w in used)
    ok = there > 0 if some else there == len(used)
    return np.where(ok, top if scale == "plain" else ratio(top, np.sqrt(bottom)), np.nan)


def unexplained(y, regressors, usable, width, min_count):
    """T11: y less what the line of the earlier rows in the window says of the row; window by window."""
    result = np.full(len(y), np.nan)
    x = np.column_stack(regressors)
    for i in np.flatnonzero(usable):
        window = np.arange(max(i - width, 0), i)
        window = window[usable[window]]
        if not len(window) or len(window) < min_count:
            continue
        past = x[window]
        off = past - past.mean(axis=0)
        square, own = (past**2).sum(axis=0), (off**2).sum(axis=0)
        if (own <= 1e-9 * square).any():
            continue
        unit = off / np.sqrt(own)
        shares = []
        for k in range(1, unit.shape[1]):
            by, *_ = np.linalg.lstsq(unit[:, :k], unit[:, k], rcond=None)
            shares.append(((unit[:, k] - unit[:, :k] @ by) ** 2).sum())
        if min(shares) <= 1e-9:
            continue
        middle = y[window].mean()
        slope, *_ = np.linalg.lstsq(unit, y[window] - middle, rcond=None)
        here = (x[i] - past.mean(axis=0)) / np.sqrt(own)
        result[i] = y[i] - middle - here @ slope
    return result


def kth(values, p):
    """Q1 on a sorted list."""
    n = len(values)
    return values[min(max(math.ceil(p * n - 1e-9), 1), n) - 1]


def trailing_quantiles(x, decides, width, levels, min_count, with_rank=False):
    """Q2: per minute the quantiles of prior decision rows in the window; T9's rank of x among them."""
    held, queue, head = [], [], 0
    result = [np.full(len(x), np.nan) for _ in levels]
    rank = np.full(len(x), np.nan)
    for i in range(len(x)):
        while head < len(queue) and queue[head][0] < i - width:
            del held[bisect.bisect_left(held, queue[head][1])]
            head += 1
        n = len(held)
        if n >= min_count:
            for out, level in zip(result, levels):
                out[i] = kth(held, level)
            if with_rank and not math.isnan(x[i]):
                below, upto = bisect.bisect_left(held, x[i]), bisect.bisect_right(held, x[i])
                rank[i] = (below + 0.5 * (upto - below)) / n
        if decides[i] and not math.isnan(x[i]):
            bisect.insort(held, x[i])
            queue.append((i, x[i]))
    return result, rank


def ewma(x, half_life, fed, least=None):
    """V2: value after each minute and, second, the value before it; null until `least` fed bars."""
    alpha = 1 - 2 ** (-1 / half_life)
    least = half_life if least is None else least
    top = weight = 0.0
    n = 0
    after, before = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for i in range(len(x)):
        if n >= least:
            before[i] = top / weight
        if fed[i] and not math.isnan(x[i]):
            top = (1 - alpha) * top + alpha * x[i]
            weight = (1 - alpha) * weight + alpha
            n += 1
        if n >= least:
            after[i] = top / weight
    return after, before
