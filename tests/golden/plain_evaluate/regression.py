"""Least squares, ranks and correlation."""

import math

import numpy as np
import plain_stats as plain


def ols(y, x, lags, at):
    """Coefficient, error, t, p and R² of the column `at`."""
    x = x[:, np.any(x != 0, axis=0)]
    theta = np.linalg.lstsq(x, y, rcond=None)[0]
    e = y - x @ theta
    u = x * e[:, None]
    s = u.T @ u
    for k in range(1, min(lags, len(y) - 1) + 1):
        g = u[k:].T @ u[:-k]
        s += (1 - k / (lags + 1)) * (g + g.T)
    bread = np.linalg.inv(x.T @ x)
    v = bread @ s @ bread
    b, se = theta[at], math.sqrt(v[at, at])
    r2 = 1 - (e**2).sum() / ((y - y.mean()) ** 2).sum()
    return b, se, b / se, 2 * plain.NORMAL.cdf(-abs(b / se)), r2


def ranks(x):
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def correlation(x, y):
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])
