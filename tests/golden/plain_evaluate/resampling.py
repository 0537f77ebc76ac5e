"""Random numbers and intervals (R11-R13), many at once."""

import numpy as np
import plain_stats as plain

STEP = np.uint64(0x9E3779B97F4A7C15)


def mix(x):
    with np.errstate(over="ignore"):
        x = x + STEP
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def words(seed, stream, b, k):
    """u(b, k) of an array k."""
    start = mix(mix(mix(np.uint64(seed)) ^ np.uint64(stream)) ^ np.uint64(b))
    with np.errstate(over="ignore"):
        return mix(start + k.astype(np.uint64) * STEP)


def below(u, n):
    """⌊u·n/2⁶⁴⌋ for n < 2³²."""
    high, low = u >> np.uint64(32), u & np.uint64(0xFFFFFFFF)
    n = np.uint64(n)
    return ((high * n + (low * n >> np.uint64(32))) >> np.uint64(32)).astype(np.int64)


def resample(n, length, b, seed, stream):
    k = np.arange(n)
    begins = below(words(seed, stream, b, 2 * k), length) == 0
    begins[0] = True
    place = below(words(seed, stream, b, 2 * k + 1), n)
    block = np.maximum.accumulate(np.where(begins, k, 0))
    return (place[block] + k - block) % n


def mean_interval(series, least, seed, stream, resamples):
    """Mean and interval; nothing where it does not exist."""
    x = np.asarray(series, float)
    if len(x) == 0:
        return None, None, None
    if len(x) < 30 or np.ptp(x) == 0:
        return x.mean(), None, None
    length = max(plain.block_length(x)["length"], least)
    means = [x[resample(len(x), length, b, seed, stream)].mean() for b in range(resamples)]
    lo, hi = plain.percentiles(means)
    return x.mean(), lo, hi
