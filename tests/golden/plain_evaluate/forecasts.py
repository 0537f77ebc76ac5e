"""Forecasts of volatility (R47-R49)."""

import math

import numpy as np
import plain_stats as plain

from .market import DAY, MINUTE, minutes_of
from .resampling import resample


def har_ols(klines, t, volatility):
    """Variance of the day after `t`, fitted on the days before it."""
    horizons = volatility["har_horizons"]

    def har(at):
        return [klines.variance(at, days * 1440) / days for days in horizons]

    now = har(t)
    y, x = [], []
    for back in range(volatility["har_fit_days"], 0, -1):
        start = t - back * DAY
        realised, before = klines.variance(start + DAY, 1440), har(start)
        if not any(map(math.isnan, [realised, *before])):
            y.append(realised)
            x.append([1.0, *before])
    if len(y) < volatility["har_min_days"] or any(map(math.isnan, now)):
        return math.nan
    theta = np.linalg.lstsq(np.array(x), np.array(y), rcond=None)[0]
    return max(float(theta @ [1.0, *now]), min(y))


def forecasts(run, klines, horizon):
    """Times, outcomes, and each model's forecast there."""
    volatility = run.config["volatility"]
    short = minutes_of(volatility["half_life_short"])
    long = minutes_of(volatility["half_life_long"])
    r = run.rows
    at = [i for i, ts in enumerate(run.ts) if ts % (horizon * MINUTE) == 0]
    ts = run.ts[at]
    fed = np.flatnonzero(klines.volume > 0)
    f = {"last": np.array([klines.variance(t, horizon) for t in ts])}
    f["rv"] = r["rv"][at] * horizon / short
    for name, var in klines.var.items():
        values = []
        for t in ts:
            done = np.searchsorted(klines.ts[fed], t, side="right")
            values.append(var[fed[done - short : done]].mean() if done >= short else math.nan)
        f[name] = np.array(values) * horizon
    f["yz"] = r["vol_yz"][at] ** 2 * horizon
    f["ewma_gk_short"] = r["gk_short"][at] ** 2 * horizon
    f["ewma_gk_long"] = r["gk_long"][at] ** 2 * horizon
    f["ewma_r2"] = np.array(ewma(klines, long, ts)) * horizon
    f["sigma"] = r["sigma"][at] ** 2 * horizon
    f["har"] = r["har"][at] * horizon / 1440
    f["har_log"] = r["har_log"][at] * horizon / 1440
    if horizon == 1440:
        f["har_ols"] = np.array([har_ols(klines, t, volatility) for t in ts])
    y = np.array([klines.variance(t + horizon * MINUTE, horizon) for t in ts])
    return ts, y, f


def ewma(klines, half_life, ts):
    alpha = 1 - 2 ** (-1 / half_life)
    values, total, weight, count, i = [], 0.0, 0.0, 0, 0
    for t in ts:
        while i < len(klines.ts) and klines.ts[i] <= t:
            if klines.volume[i] > 0 and not math.isnan(klines.square[i]):
                total = (1 - alpha) * total + alpha * klines.square[i]
                weight = (1 - alpha) * weight + alpha
                count += 1
            i += 1
        values.append(total / weight if count >= half_life else math.nan)
    return values


def scaled(y, f):
    both = (y > 0) & (f > 0)
    before = np.concatenate([[0], np.cumsum(both)[:-1]])
    sums = [np.concatenate([[0.0], np.cumsum(np.where(both, x, 0.0))[:-1]]) for x in (y, f)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before >= 30, f * sums[0] / sums[1], math.nan)


def losses(y, f):
    return y / f - np.log(y / f) - 1, (y - f) ** 2


def forecast_table(run, klines, horizon, seed, resamples):
    _, y, f = forecasts(run, klines, horizon)
    plain_names = [name for name in f if name not in ("har_log", "har_ols")]
    fitted = [name for name in ("har_log", "har_ols") if name in f]
    table = {}
    for names, told in ((plain_names, plain_names), (["har", *fitted], fitted)):
        made = {(name, False): f[name] for name in names}
        made |= {(name, True): scaled(y, f[name]) for name in told}
        keep = (y > 0) & np.all([x > 0 for x in made.values()], axis=0)
        n = int(keep.sum())
        base = losses(y[keep], f["har"][keep])
        spa = None
        if n >= 30:
            d = [base[0] - losses(y[keep], x[keep])[0] for x in made.values()]
            d = np.column_stack([x for x in d if np.ptp(x) > 0])
            spa = fast_family(d, seed, resamples)
        for key, x in made.items():
            if key[0] not in told:
                continue
            line = {"n": n, "dropped": len(y) - n, "spa_p": spa}
            if n:
                own = losses(y[keep], x[keep])
                line |= {"qlike": own[0].mean(), "mse": own[1].mean()}
                line["bias"] = x[keep].sum() / y[keep].sum()
            if n >= 30:
                if key != ("har", False):
                    dm = plain.diebold_mariano(own[0], base[0], 1)
                    line |= {"dm_qlike": dm["hln"], "t_nw_qlike": dm["t_nw"]}
                    line["dm_mse"] = plain.diebold_mariano(own[1], base[1], 1)["hln"]
                mz = plain.mincer_zarnowitz(y[keep], x[keep], False)
                gls = plain.mincer_zarnowitz(y[keep], x[keep], True)
                line |= {"mz_a": mz["a"], "mz_b": mz["b"], "mz_p": mz["p"], "r2": mz["r2"]}
                line |= {"gls_a": gls["a"], "gls_b": gls["b"], "gls_p": gls["p"]}
            table[key] = line
    return table


def fast_family(d, seed, resamples):
    """p of R17, consistent."""
    n, m = d.shape
    lengths = sorted(plain.block_length(d[:, j])["length"] for j in range(m))
    length = lengths[(m + 1) // 2 - 1]
    w = np.array([plain.omega(d[:, j], length) for j in range(m)])
    mean = d.mean(0)
    t = math.sqrt(n) * mean / w
    g = np.where(t >= -math.sqrt(2 * math.log(math.log(n))), mean, 0)
    count = 0
    for b in range(resamples):
        star = d[resample(n, length, b, seed, 3)].mean(0)
        top = max(0.0, (math.sqrt(n) * (star - g) / w).max())
        count += top >= max(0.0, t.max())
    return (1 + count) / (resamples + 1)
