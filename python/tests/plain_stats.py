"""A second implementation of toxvol.stats, in plain NumPy and the shortest way that comes to mind:
loops, no shared sums. Written from docs/statistics.md, not from the C++."""

import itertools
import math
from statistics import NormalDist

import numpy as np

WORD = 2**64
NORMAL = NormalDist()


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) % WORD
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % WORD
    return x ^ (x >> 31)


def draw(seed, stream, b, k):
    row = mix(mix(mix(seed) ^ stream) ^ b)
    return mix((row + k * 0x9E3779B97F4A7C15) % WORD)


def uniform(u):
    return ((u >> 11) + 0.5) * 2.0**-53


def noise(seed, b, n):
    return np.array([uniform(draw(seed, 100, b, t)) - 0.5 for t in range(n)])


def series(seed, b, n, ma=0.0, mean=0.0, flat=0.0, scale=0.01):
    e = noise(seed, b, n)
    r = scale * (e + ma * np.r_[0.0, e[:-1]]) + mean
    gate = np.array([uniform(draw(seed, 100, b, n + t)) for t in range(n)])
    return np.where(gate < flat, 0.0, r)


def matrix(seed, n, m, common, drift):
    c = noise(seed, 0, n)
    columns = [
        0.01 * (common * c + noise(seed, 1 + j, n)) + drift * (j - m // 2) / m for j in range(m)
    ]
    return np.column_stack(columns)


def resample(n, length, b, seed, stream):
    rows = [draw(seed, stream, b, 1) * n // WORD]
    for k in range(1, n):
        if draw(seed, stream, b, 2 * k) * length // WORD == 0:
            rows.append(draw(seed, stream, b, 2 * k + 1) * n // WORD)
        else:
            rows.append((rows[-1] + 1) % n)
    return rows


def moments(r):
    m, s = r.mean(), r.std()
    return {
        "m": m,
        "s": s,
        "sd": r.std(ddof=1),
        "skewness": ((r - m) ** 3).mean() / s**3,
        "kurtosis": ((r - m) ** 4).mean() / s**4,
        "n": len(r),
    }


def ratio(r, axis=0):
    return r.mean(axis) / r.std(axis, ddof=1)


def gamma(x, k):
    x = x - x.mean()
    return (x[k:] * x[: len(x) - k]).sum() / len(x)


def lags(n):
    return math.floor(4 * (n / 100) ** (2 / 9))


def long_run(x, k_max):
    return gamma(x, 0) + 2 * sum((1 - k / (k_max + 1)) * gamma(x, k) for k in range(1, k_max + 1))


def shape(r):
    v = moments(r)
    sr = ratio(r)
    return 1 - v["skewness"] * sr + (v["kurtosis"] - 1) / 4 * sr**2


def psr(r, benchmark=0.0):
    return NORMAL.cdf((ratio(r) - benchmark) * math.sqrt(len(r) - 1) / math.sqrt(shape(r)))


def sharpe(r):
    n, v, sr, k = len(r), moments(r), ratio(r), lags(len(r))
    z = (r - v["m"]) / v["s"]
    psi = z - 0.5 * v["m"] / v["s"] * (z**2 - 1)
    se_nw = math.sqrt(long_run(psi, k) / n)
    need = 1 + shape(r) * (NORMAL.inv_cdf(0.95) / sr) ** 2 if sr > 0 else None
    return {
        "sharpe": sr,
        "se_iid": math.sqrt(shape(r) / (n - 1)),
        "lags": k,
        "se_nw": se_nw,
        "mean_se": math.sqrt(long_run(r, k) / n),
        "psr": psr(r),
        "psr_nw": NORMAL.cdf(sr / se_nw),
        "min_trl": need,
    }


def block_length(r):
    n = len(r)
    run = max(5, len(str(n)) - 1)
    m_max = math.ceil(math.sqrt(n)) + run
    g = [gamma(r, k) for k in range(m_max + 1)]
    bound = 2 * math.sqrt(math.log10(n) / n)
    m = next(
        (
            min(2 * m, m_max)
            for m in range(1, m_max - run + 1)
            if all(abs(g[j] / g[0]) < bound for j in range(m, m + run))
        ),
        m_max,
    )
    weight = [1.0 if 2 * k <= m else 2 * (1 - k / m) for k in range(m + 1)]
    slope = 2 * sum(weight[k] * k * g[k] for k in range(1, m + 1))
    spectrum = g[0] + 2 * sum(weight[k] * g[k] for k in range(1, m + 1))
    cap = math.ceil(min(3 * math.sqrt(n), n / 3))
    b = min(abs(slope / spectrum) ** (2 / 3) * n ** (1 / 3), cap)
    return {"b": b, "length": max(1, math.ceil(b - 1e-9))}


def percentiles(values):
    k = math.floor((len(values) + 1) * 0.025 + 1e-9)
    ordered = np.sort(values)
    return ordered[k - 1], ordered[-k]


def rows(n, length, seed, stream, resamples):
    return [resample(n, length, b, seed, stream) for b in range(resamples)]


def interval(r, what, seed, stream, resamples):
    length = block_length(r)["length"]
    statistic = np.mean if what == "mean" else ratio
    values = [statistic(r[i]) for i in rows(len(r), length, seed, stream, resamples)]
    lo, hi = percentiles(values)
    return {"lo": lo, "hi": hi, "length": length}


def fixed_b_interval(r, what):
    n = len(r)
    length = math.ceil(1.3 * math.sqrt(n) - 1e-9)
    b = length / n
    critical = 1.96 + 2.9694 * b + 0.416 * b**2 - 0.5324 * b**3
    value, x = r.mean(), r
    if what == "sharpe":
        value, z = ratio(r), (r - r.mean()) / r.std()
        x = z - 0.5 * r.mean() / r.std() * (z**2 - 1)
    half = critical * math.sqrt(long_run(x, length - 1) / n)
    return {"lo": value - half, "hi": value + half, "length": length}


def omega(x, length):
    n, stay = len(x), 1 - 1 / length
    total = gamma(x, 0)
    for i in range(1, n):
        total += 2 * ((1 - i / n) * stay**i + i / n * stay ** (n - i)) * gamma(x, i)
    return math.sqrt(total)


def family(d, seed, resamples, stream=3):
    n, m = d.shape
    lengths = sorted(block_length(d[:, j])["length"] for j in range(m))
    length = lengths[(m + 1) // 2 - 1]
    w = np.array([omega(d[:, j], length) for j in range(m)])
    mean = d.mean(0)
    t = math.sqrt(n) * mean / w
    star = np.array([d[i].mean(0) for i in rows(n, length, seed, stream, resamples)])
    largest = max(0.0, t.max())

    def hansen(g):
        tops = np.maximum(0.0, (math.sqrt(n) * (star - g) / w).max(1))
        return (1 + (tops >= largest).sum()) / (resamples + 1)

    def stepdown(observed, resampled):
        order = sorted(range(m), key=lambda j: (-observed[j], j))
        p, least = [0.0] * m, 0.0
        for k, j in enumerate(order):
            count = (resampled[:, order[k:]].max(1) >= observed[j]).sum()
            least = max(least, (1 + count) / (resamples + 1))
            p[j] = least
        return p

    z = math.sqrt(n) * (star - mean) / w
    bound = -math.sqrt(2 * math.log(math.log(n)))
    return {
        "length": length,
        "omega": list(w),
        "t": list(t),
        "T": largest,
        "p_lower": hansen(np.maximum(mean, 0)),
        "p_consistent": hansen(np.where(t >= bound, mean, 0)),
        "p_upper": hansen(mean),
        "p_one_sided": stepdown(t, z),
        "p_two_sided": stepdown(abs(t), abs(z)),
        "c95": np.sort(abs(z).max(1))[math.ceil(0.95 * (resamples + 1) - 1e-9) - 1],
    }


def pair(a, b, seed, resamples):
    d = b - a
    tested = family(d[:, None], seed, resamples, stream=2)
    picked = rows(len(d), tested["length"], seed, 2, resamples)
    lo, hi = percentiles([d[i].mean() for i in picked])
    sharpe_lo, sharpe_hi = percentiles([ratio(b[i]) - ratio(a[i]) for i in picked])
    return {
        "d": d.mean(),
        "length": tested["length"],
        "t": tested["t"][0],
        "p": tested["p_two_sided"][0],
        "lo": lo,
        "hi": hi,
        "d_sharpe": ratio(b) - ratio(a),
        "d_sharpe_lo": sharpe_lo,
        "d_sharpe_hi": sharpe_hi,
    }


def largest_of(n):
    if n == 1:
        return 0.0
    euler = 0.57721566490153286
    first, second = NORMAL.inv_cdf(1 - 1 / n), NORMAL.inv_cdf(1 - 1 / (n * math.e))
    return (1 - euler) * first + euler * second


def dsr(x, column=None):
    n, m = x.shape
    sr = ratio(x)
    column = int(np.argmax(sr)) if column is None else column
    correlation = np.corrcoef(x.T)
    rho = float(np.clip((correlation.sum() - m) / (m * (m - 1)), 0, 1))
    n_hat = rho + (1 - rho) * m
    var_z, phi = (sr * math.sqrt(n - 1)).var(ddof=1), (n_hat - 1) / (m - 1)
    v = max(var_z, phi) / (n - 1)
    sr0 = math.sqrt(v) * largest_of(m)
    implied = math.sqrt(v) * largest_of(math.ceil(n_hat - 1e-9))
    null = math.sqrt(phi / (n - 1)) * largest_of(m)
    r = x[:, column]
    return {
        "M": m,
        "rho": rho,
        "n_hat": n_hat,
        "column": column,
        "var_z": var_z,
        "phi": phi,
        "V": v,
        "sr0": sr0,
        "dsr": psr(r, sr0),
        "sr0_implied": implied,
        "dsr_implied": psr(r, implied),
        "sr0_null": null,
        "dsr_null": psr(r, null),
    }


def pbo(x, blocks):
    n, m = x.shape
    while n / blocks < 10:
        blocks -= 2
    parts = np.split(x[n % blocks :], blocks)
    ins, outs, lambdas, worse = [], [], [], 0
    for half in itertools.combinations(range(blocks), blocks // 2):
        inside = ratio(np.concatenate([parts[i] for i in half]))
        outside = ratio(np.concatenate([parts[i] for i in range(blocks) if i not in half]))
        best = int(np.argmax(inside))
        rank = 1 + (outside < outside[best]).sum() + ((outside == outside[best]).sum() - 1) / 2
        ins.append(inside[best])
        outs.append(outside[best])
        lambdas.append(math.log(rank / (m + 1 - rank)))
        worse += 2 * rank <= m + 1
    count = len(lambdas)
    return {
        "splits": count,
        "pbo": worse / count,
        "lambdas": lambdas,
        "median_lambda": sorted(lambdas)[(count + 1) // 2 - 1],
        "p_loss": sum(o < 0 for o in outs) / count,
        "slope": np.polyfit(ins, outs, 1)[0],
        "mean_in": np.mean(ins),
        "mean_out": np.mean(outs),
    }


def student(t, degrees):
    """P(|T| ≥ |t|) by Simpson's rule on the density, t = √ν·tan."""
    end = math.atan(abs(t) / math.sqrt(degrees))
    x = np.linspace(end, math.pi / 2, 20001)
    y = np.cos(x) ** (degrees - 1)
    whole = math.sqrt(math.pi) * math.exp(math.lgamma(degrees / 2) - math.lgamma((degrees + 1) / 2))
    step = (math.pi / 2 - end) / 20000
    return 2 * step / 3 * (y[0] + y[-1] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum()) / whole


def diebold_mariano(l1, l2, h):
    d = l1 - l2
    n = len(d)
    v = gamma(d, 0) + 2 * sum(gamma(d, k) for k in range(1, h))
    if v <= 0:
        v = long_run(d, h - 1)
    dm = d.mean() / math.sqrt(v / n)
    hln = dm * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    t = d.mean() / math.sqrt(long_run(d, lags(n)) / n)
    return {
        "dm": dm,
        "hln": hln,
        "p": student(hln, n - 1),
        "t_nw": t,
        "p_nw": 2 * NORMAL.cdf(-abs(t)),
    }


def mincer_zarnowitz(y, f, divided):
    left = y / f if divided else y
    x = np.column_stack([1 / f, np.ones_like(f)] if divided else [np.ones_like(f), f])
    theta = np.linalg.lstsq(x, left, rcond=None)[0]
    e = left - x @ theta
    u, n = x * e[:, None], len(y)
    s = u.T @ u
    for k in range(1, lags(n) + 1):
        g = u[k:].T @ u[:-k]
        s += (1 - k / (lags(n) + 1)) * (g + g.T)
    bread = np.linalg.inv(x.T @ x)
    v = bread @ s @ bread
    off = theta - [0, 1]
    w = off @ np.linalg.solve(v, off)
    return {
        "a": theta[0],
        "b": theta[1],
        "se_a": math.sqrt(v[0, 0]),
        "se_b": math.sqrt(v[1, 1]),
        "r2": 1 - (e**2).sum() / ((left - left.mean()) ** 2).sum(),
        "w": w,
        "p": math.exp(-w / 2),
    }


def ratio_interval(num, den, seed, resamples):
    length = block_length(num)["length"]
    picked = rows(len(num), length, seed, 4, resamples)
    lo, hi = percentiles([num[i].sum() / den[i].sum() for i in picked])
    return {"ratio": num.sum() / den.sum(), "length": length, "lo": lo, "hi": hi}
