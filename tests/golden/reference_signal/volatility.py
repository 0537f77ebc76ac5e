"""F1 (V1–V11, A7)."""

import math

import numpy as np

from .files import DAY, minutes
from .windows import ewma, lag, last_n, log_ratio, ratio, window_sum, z_score


def yang_zhang(opening, closing, rs, n):
    """V5: variance per minute over n bars; all parts must exist."""
    out = np.full(len(rs), np.nan)
    if n < 2:
        return out
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    view = np.lib.stride_tricks.sliding_window_view
    for begin in range(0, len(rs) - n + 1, 4096):
        part = slice(begin, begin + 4096 + n - 1)
        o, c, s = (view(v[part], n) for v in (opening, closing, rs))
        value = o.var(axis=1, ddof=1) + k * c.var(axis=1, ddof=1) + (1 - k) * s.mean(axis=1)
        out[begin + n - 1 : begin + n - 1 + len(value)] = value
    return out


def diurnal_factor(var, fed, m0):
    """V11, for every minute of the grid."""
    days = len(var) // DAY + 2
    first_day = m0 // DAY
    table = np.full((days, DAY), np.nan)
    where = np.arange(len(var)) + m0
    ok = fed & ~np.isnan(var)
    table[where[ok] // DAY - first_day, where[ok] % DAY] = var[ok]
    factor = np.full(len(var), np.nan)
    for d in range(days):
        prior = table[max(0, d - 30) : d]
        if (~np.isnan(prior)).any(axis=1).sum() < 7:
            continue
        count = (~np.isnan(prior)).sum(axis=0)
        mean = ratio(np.nansum(prior, axis=0), count)
        around = np.stack([np.roll(mean, s) for s in range(-15, 16)])
        smooth = np.nanmean(around, axis=0)
        mine = np.flatnonzero(where // DAY - first_day == d)
        factor[mine] = (smooth / np.nanmean(mean))[where[mine] % DAY]
    return factor


def har_columns(r2, m0, bar, cfg):
    """V8, V9, A7."""
    horizons, weights = cfg["har_horizons"], cfg["har_weights"]
    size = len(r2)
    index = np.arange(size)

    def rolling(days):
        n = days * DAY
        total, count = last_n(r2, n)
        return np.where(100 * count >= 95 * n, ratio(DAY * total, count), np.nan).astype(float)

    at = {d: rolling(d) for d in {1, *horizons}}
    to_midnight = (m0 + index + 1) % DAY
    if cfg["har_rv"] == "daily":
        source = index - to_midnight
        used = [np.where(source >= 0, at[d][np.maximum(source, 0)], np.nan) for d in horizons]
    else:
        used = [at[d] for d in horizons]
    with np.errstate(divide="ignore", invalid="ignore"):
        g, back = {
            "level": (lambda v: v, lambda v: v),
            "sqrt": (np.sqrt, lambda v: v * v),
            "log": (np.log, np.exp),
        }[cfg["har_form"]]
        top = sum(np.where(np.isnan(v), 0, w * g(v)) for v, w in zip(used, weights))
        bottom = sum(np.where(np.isnan(v), 0, w) for v, w in zip(used, weights))
        har = np.where(bottom > 0, back(top / bottom), np.nan)
        logs = [np.log(np.where(v > 0, v, np.nan)) for v in used]
    har_log = np.full(size, np.nan)
    fit = None
    rows = []  # (index of the day's end, regressors, ln RV)
    for i in range(size):
        if to_midnight[i] == 0:
            if i - DAY >= 0:
                x = [at[d][i - DAY] for d in horizons]
                y = at[1][i]
                if not np.isnan(x).any() and not np.isnan(y) and min(x) > 0 and y > 0:
                    rows.append((i, [1.0, *np.log(x)], math.log(y)))
            if bar[i]:
                recent = [row for row in rows if row[0] > i - cfg["har_fit_days"] * DAY]
                fit = None
                if len(recent) >= cfg["har_min_days"]:
                    x, y = (
                        np.array([row[1] for row in recent]),
                        np.array([row[2] for row in recent]),
                    )
                    beta = np.linalg.lstsq(x, y, rcond=None)[0]
                    fit = beta, float(((y - x @ beta) ** 2).sum()) / (len(y) - 4)
        if fit is not None:
            har_log[i] = math.exp(
                fit[0][0] + sum(b * v[i] for b, v in zip(fit[0][1:], logs)) + fit[1] / 2
            )
    return har, har_log


def volatility(out, bars, m0, cfg, clip, decides, quantile_count):
    o, h, l, c, volume = bars["open"], bars["high"], bars["low"], bars["close"], bars["volume"]
    bar = ~np.isnan(c)
    fed = bar & (volume > 0)  # V1
    time = np.arange(len(c))
    r = np.where(bar & ~np.isnan(lag(c)), log_ratio(c, lag(c)), np.nan)  # V3
    r2 = r * r
    out["var_parkinson"] = log_ratio(h, l) ** 2 / (4 * math.log(2))
    out["var_gk"] = 0.5 * log_ratio(h, l) ** 2 - (2 * math.log(2) - 1) * log_ratio(c, o) ** 2
    out["var_rs"] = log_ratio(h, o) * log_ratio(h, c) + log_ratio(l, o) * log_ratio(l, c)
    opening = log_ratio(o, lag(c))
    closing = log_ratio(c, o)
    out["vol_yz"] = np.sqrt(yang_zhang(opening, closing, out["var_rs"], cfg["yz_n"]))

    short, long_ = minutes(cfg["half_life_short"]), minutes(cfg["half_life_long"])
    out["rv"] = window_sum(r2, short)  # V4
    out["rs_minus"] = window_sum(np.where(np.isnan(r), np.nan, np.where(r < 0, r2, 0)), short)
    out["rs_plus"] = window_sum(np.where(np.isnan(r), np.nan, np.where(r > 0, r2, 0)), short)
    pairs = np.abs(r * lag(r))
    total, count = last_n(pairs, max(short - 1, 1))
    if short <= 60:
        ok = count == short - 1
    else:
        ok = 100 * count >= 95 * (short - 1)
        total = ratio(total * (short - 1), count)
    out["bipower"] = np.where(ok & (short > 1), math.pi / 2 * total, np.nan).astype(float)

    kind = cfg["estimator"]  # V6
    factor = np.ones(len(c))
    if kind == "yz":
        out["gk_short"] = np.sqrt(yang_zhang(opening, closing, out["var_rs"], short))
        out["gk_long"] = np.sqrt(yang_zhang(opening, closing, out["var_rs"], long_))
        var = None
    else:
        var = {
            "gk": out["var_gk"],
            "rs": out["var_rs"],
            "parkinson": out["var_parkinson"],
            "rv": r2,
        }[kind]
        if cfg["diurnal"]:
            factor = diurnal_factor(var, fed, m0)
        out["gk_short"] = np.sqrt(ewma(ratio(var, factor), short, fed)[0])
        out["gk_long"] = np.sqrt(ewma(ratio(var, factor), long_, fed)[0])
        if cfg["diurnal"]:
            for name in ("gk_short", "gk_long"):
                out[name] = np.where(np.isnan(factor), np.nan, out[name])
    both = (out["gk_short"] > 0) & (out["gk_long"] > 0)  # V7
    out["vc"] = np.where(
        both, 0.5 * np.log(ratio(out["gk_short"] ** 2, out["gk_long"] ** 2)), np.nan
    )
    width = minutes(cfg["z_window"])
    out["vc"] = np.where(bar, out["vc"], np.nan)
    out["f1"] = z_score(-out["vc"], time, width, cfg["z_min_count"], 0.01, clip)

    out["har"], out["har_log"] = har_columns(r2, m0, bar, cfg)
    debias = np.ones(len(c))  # V10
    if kind not in ("rv", "yz"):
        both = fed & ~np.isnan(r)
        top, n = last_n(np.where(both, r2, np.nan), width)
        bottom, _ = last_n(np.where(both, var, np.nan), width)
        value = np.clip(ratio(top, bottom).astype(float), 0.5, 2)
        debias = np.where((n >= cfg["z_min_count"]) & (bottom > 0), value, 1.0)
    wg, wh = cfg["sigma_weights"]
    own = debias * out["gk_short"] ** 2
    sigma2 = np.where(np.isnan(out["har"]), own, (wg * own + wh * out["har"] / DAY) / (wg + wh))
    out["sigma"] = np.sqrt(sigma2 * factor)
    return r, fed
