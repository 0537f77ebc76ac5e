"""The signal a second time, from its rules alone: raw files and a preset in, factors and decisions out.

Written without looking at the C++ rooms it is compared with. It favours being obvious over being
fast: every minute from the start of the warm-up to the end stands in one dense grid (a missing bar
is a hole in it), so that a window of n minutes is n neighbours. Codes such as V4 name the rules.
"""

import bisect
import datetime
import math
import pathlib
import re
import tomllib

import numpy as np
import pandas as pd

UNIT = 10**8  # prices and quantities are integers of 1e-8
MINUTE = 60_000  # ms
DAY = 1440  # minutes
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
KINDS = ["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]
COLUMNS = {
    "aggTrades": "agg_trade_id price quantity first_trade_id last_trade_id transact_time is_buyer_maker",
    "bookTicker": "update_id best_bid_price best_bid_qty best_ask_price best_ask_qty transaction_time event_time",
    "klines": "open_time open high low close volume close_time quote_volume count taker_buy_volume"
              " taker_buy_quote_volume ignore",
    "metrics": "create_time symbol sum_open_interest sum_open_interest_value count_toptrader_long_short_ratio"
               " sum_toptrader_long_short_ratio count_long_short_ratio sum_taker_long_short_vol_ratio",
    "fundingRate": "calc_time funding_interval_hours last_funding_rate",
}
FLOATS = ("quote_age_s var_parkinson var_gk var_rs vol_yz rv rs_minus rs_plus bipower gk_short gk_long vc f1 q_f1 "
          "har har_log sigma obi svi ofi ofi_norm z_obi z_svi z_ofi p q_p vpin vpin_bvc spread_ticks z_vpin "
          "z_spread t tau_t t_rank f2 funding fund_z oi d_oi z_d_oi ls z_ls tls z_tls c").split()


# ---------------------------------------------------------------- configuration and files


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ns|us|ms|s|m|h|d)", text).groups()
    return int(number) * SECONDS[unit]


def minutes(text):
    return round(seconds(text) / 60)


def load_config(path, changes=()):
    """A complete TOML file and `key=value` changes, as `--set` takes them."""
    config = tomllib.loads(pathlib.Path(path).read_text())
    for change in changes:
        key, value = change.split("=", 1)
        section, name = key.split(".")
        try:
            config[section][name] = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            config[section][name] = value
    return config


def load_ticks(path):
    """(ms, tick in 1e-8) of the instrument table: the first holds for all earlier times."""
    table = tomllib.loads(pathlib.Path(path).read_text())
    return [(round(t["from"].timestamp() * 1000), round(float(t["value"]) * UNIT)) for t in table["tick"]]


def to_ms(day):
    if isinstance(day, str):
        day = datetime.datetime.fromisoformat(day.replace("Z", "+00:00"))
    if day.tzinfo is None:
        day = day.replace(tzinfo=datetime.timezone.utc)
    return round(day.timestamp() * 1000)


def read_kind(raw, symbol, kind, first_ms, last_ms):
    """Rows of one kind with the day of their file; of one day, its daily file wins over the monthly one."""
    word = "1m" if kind == "klines" else kind
    pattern = re.compile(rf"{symbol}-{word}-(\d{{4}}-\d{{2}}(?:-\d{{2}})?)\.csv")
    frames, daily = [], set()
    for path in sorted(pathlib.Path(raw).rglob("*.csv"), key=lambda p: (-len(p.name), p.name)):
        found = pattern.fullmatch(path.name)
        if not found or re.search("mark|index|premium", str(path.parent.relative_to(raw)), re.I):
            continue
        date = found.group(1)
        begin = to_ms(date if len(date) == 10 else date + "-01")
        if begin >= last_ms + 86400_000 or begin + 32 * 86400_000 < first_ms:
            continue
        if len(date) == 10 and begin + 2 * 86400_000 < first_ms:
            continue
        with open(path) as file:
            header = 0 if not re.match(r"[-0-9]", file.read(1) or "0") or kind == "metrics" else None
        names = COLUMNS[kind].split()
        frame = pd.read_csv(path, header=header, names=None if header == 0 else names)
        frame["file_day"] = begin
        if kind == "klines":
            day = frame.open_time // 86400_000
            if len(date) == 10:
                daily.add(begin // 86400_000)
            else:
                frame = frame[~day.isin(daily)]
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS[kind].split())


def units(column):
    return np.rint(column.to_numpy(float) * UNIT).astype(np.int64)


def load(raw, symbol, first_ms, last_ms):
    data = {}
    k = read_kind(raw, symbol, "klines", first_ms, last_ms)
    k = k.drop_duplicates("open_time").sort_values("open_time")
    data["klines"] = k[(k.open_time >= first_ms) & (k.open_time < last_ms)]
    a = read_kind(raw, symbol, "aggTrades", first_ms, last_ms).drop_duplicates("agg_trade_id")
    a = a.sort_values(["transact_time", "agg_trade_id"])  # T3
    data["aggTrades"] = a[(a.transact_time >= first_ms) & (a.transact_time < last_ms)]
    q = read_kind(raw, symbol, "bookTicker", first_ms, last_ms)  # G9
    q = q[(q.best_ask_price > q.best_bid_price) & (q.best_bid_qty > 0) & (q.best_ask_qty > 0)]
    q = q.drop_duplicates("update_id").sort_values(["transaction_time", "update_id"])
    data["bookTicker"] = q[(q.transaction_time >= first_ms) & (q.transaction_time < last_ms)]
    m = read_kind(raw, symbol, "metrics", first_ms, last_ms)
    if len(m):
        label = pd.to_datetime(m.create_time, utc=True).astype("datetime64[ms, UTC]").astype("int64")
        late = m.file_day >= to_ms("2026-06-25")  # C4, E14
        m["stamp"] = label + np.where(late, 300_000, 0)
        m = m.drop_duplicates("stamp").sort_values("stamp")
        m = m[(m.stamp >= first_ms) & (m.stamp < last_ms)]
    data["metrics"] = m
    f = read_kind(raw, symbol, "fundingRate", first_ms, last_ms).drop_duplicates("calc_time")
    f = f.sort_values("calc_time")
    data["fundingRate"] = f[(f.calc_time >= first_ms) & (f.calc_time < last_ms)]
    return data


def resolve_inputs(config, data, from_ms, to_ms_):
    """G4."""
    wanted = config["run"]["inputs"]
    if wanted != "auto":
        return set(wanted)
    column = {"aggTrades": "transact_time", "bookTicker": "transaction_time", "klines": "open_time",
              "metrics": "stamp", "fundingRate": "calc_time"}
    present = set()
    for kind in KINDS:
        if len(data[kind]):
            time = data[kind][column[kind]]
            if ((time >= from_ms) & (time < to_ms_)).any():
                present.add(kind)
    return present


# ---------------------------------------------------------------- windows, z-scores, quantiles


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


def sum_of_z(parts, weights, some=False):
    """Z6. `some`: of the parts that exist; else all are needed."""
    used = [(np.asarray(p, float), w) for p, w in zip(parts, weights) if w != 0]
    top = sum(np.where(np.isnan(p), 0, p) * w for p, w in used)
    bottom = sum(np.where(np.isnan(p), 0, 1) * w * w for p, w in used)
    there = sum((~np.isnan(p)).astype(int) for p, w in used)
    ok = there > 0 if some else there == len(used)
    return np.where(ok, ratio(top, np.sqrt(bottom)), np.nan)


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


# ---------------------------------------------------------------- F1


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
        out[begin + n - 1: begin + n - 1 + len(value)] = value
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
        prior = table[max(0, d - 30):d]
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
        g, back = {"level": (lambda v: v, lambda v: v), "sqrt": (np.sqrt, lambda v: v * v),
                   "log": (np.log, np.exp)}[cfg["har_form"]]
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
                    x, y = np.array([row[1] for row in recent]), np.array([row[2] for row in recent])
                    beta = np.linalg.lstsq(x, y, rcond=None)[0]
                    fit = beta, float(((y - x @ beta) ** 2).sum()) / (len(y) - 4)
        if fit is not None:
            har_log[i] = math.exp(fit[0][0] + sum(b * v[i] for b, v in zip(fit[0][1:], logs)) + fit[1] / 2)
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
        var = {"gk": out["var_gk"], "rs": out["var_rs"], "parkinson": out["var_parkinson"], "rv": r2}[kind]
        if cfg["diurnal"]:
            factor = diurnal_factor(var, fed, m0)
        out["gk_short"] = np.sqrt(ewma(ratio(var, factor), short, fed)[0])
        out["gk_long"] = np.sqrt(ewma(ratio(var, factor), long_, fed)[0])
        if cfg["diurnal"]:
            for name in ("gk_short", "gk_long"):
                out[name] = np.where(np.isnan(factor), np.nan, out[name])
    both = (out["gk_short"] > 0) & (out["gk_long"] > 0)  # V7
    out["vc"] = np.where(both, 0.5 * np.log(ratio(out["gk_short"] ** 2, out["gk_long"] ** 2)), np.nan)
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


# ---------------------------------------------------------------- F2


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
                group = pd.Series(bars["volume_u"][here]).groupby(minute[here] // 5).agg(["sum", "count"])
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


def flow_columns(out, bars, trades, r, fed, m0, cfg, vol_cfg, svi_window, has_trades):
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
        day = (m0 + np.arange(size)) // DAY
        valid = bar & np.isin(day, np.unique((minute + m0) // DAY))
        flows = {d: (minute[w], quantity[w], sign[w]) for d in np.unique((minute + m0) // DAY)
                 for w in [np.flatnonzero((minute + m0) // DAY == d)]}
        out["vpin"] = vpin(flows, buckets, count, m0, size)
    else:  # G5
        signed, total = 2 * bars["taker_u"] - bars["volume_u"], bars["volume_u"]
        valid = bar
        out["vpin"] = np.full(size, np.nan)
    top = window_sum(np.where(valid, signed, np.nan), svi_window)
    bottom = window_sum(np.where(valid, total, np.nan), svi_window)
    out["svi"] = np.where(np.isnan(bottom), np.nan, np.where(bottom == 0, 0, ratio(top, bottom)))

    # T5
    _, var = ewma(r * r, minutes(vol_cfg["half_life_long"]), fed, least=30)
    flows = {}
    for day in range(m0 // DAY, (m0 + size - 1) // DAY + 1):
        begin, end = max(day * DAY - m0, 0), min((day + 1) * DAY - m0, size)
        rows = [i for i in range(begin, end) if fed[i] and not math.isnan(var[i]) and not math.isnan(r[i])]
        share = [0.0 if var[i] == 0 else math.erf(r[i] / math.sqrt(2 * var[i])) for i in rows]
        flows[day] = np.array(rows, int), bars["volume_u"][rows].astype(np.int64), np.array(share, float)
    out["vpin_bvc"] = vpin(flows, buckets, count, m0, size)


def quote_columns(out, quotes, bars, m0, size, cfg, ticks):
    """P3–P5, T6, A6; also the relative spread."""
    names = "obi ofi depth spread_ticks relative".split()
    for name in names:
        out[name] = np.full(size, np.nan)
    bar = ~np.isnan(bars["close"])
    T_all = quotes.transaction_time.to_numpy(np.int64)
    b_all, a_all = units(quotes.best_bid_price), units(quotes.best_ask_price)
    B_all, A_all = units(quotes.best_bid_qty), units(quotes.best_ask_qty)
    # A6: a quote of the closing millisecond is earlier than the row's ts_init
    ends = (m0 + 1 + np.arange(size)) * MINUTE
    seen = np.searchsorted(T_all, ends, "right") - 1
    ok = seen >= 0
    out["bid_u"], out["ask_u"] = np.full(size, -1), np.full(size, -1)
    out["quote_age_s"] = np.full(size, np.nan)
    out["bid_u"][ok], out["ask_u"][ok] = b_all[seen[ok]], a_all[seen[ok]]
    out["quote_age_s"][ok] = (ends[ok] - T_all[seen[ok]]) / 1000

    weight = {k: np.full(size, np.nan) for k in ("known", "depth", "spread", "relative")}
    ofi_minute = np.full(size, np.nan)
    events = int(cfg["ofi_window"][7:]) if cfg["ofi_window"].startswith("events:") else 0
    for day in np.unique(T_all // 86400_000):
        w = np.flatnonzero(T_all // 86400_000 == day)
        T, b, a, B, A = T_all[w], b_all[w], a_all[w], B_all[w], A_all[w]
        rows = np.flatnonzero((m0 + np.arange(size)) // DAY == day)
        rows = rows[bar[rows]]
        begin, end = (m0 + rows) * MINUTE, (m0 + rows + 1) * MINUTE
        done = np.searchsorted(T, end, "left")  # quotes of the day before the row's end
        known = done > 0
        rows, begin, end, done = rows[known], begin[known], end[known], done[known]
        tick = np.array([next((v for f, v in reversed(ticks) if f <= t), ticks[0][1]) for t in T])

        step = np.append(np.diff(T), 0)

        def integral(f, x):
            f = f.astype(np.longdouble)
            cum = np.concatenate([[0], np.cumsum(f * step)])
            i = np.maximum(np.searchsorted(T, x, "left") - 1, 0)
            return np.where(x <= T[0], 0, cum[i] + f[i] * (x - T[i]))

        def between(f, x0, x1):
            return integral(f, x1) - integral(f, x0)

        one = np.ones(len(T))
        for name, f in (("known", one), ("depth", (B + A) / 2), ("spread", (a - b) / tick),
                        ("relative", (a - b).astype(np.longdouble) * 2 / (a + b))):
            weight[name][rows] = between(f, begin, end)
        if cfg["obi_window"] == "last":  # P5
            out["obi"][rows] = ((B - A) / (B + A))[done - 1]
        else:
            tail = end - (10_000 if cfg["obi_window"] == "10s" else 60_000)
            out["obi"][rows] = ratio(between((B - A) / (B + A), tail, end), between(one, tail, end))

        # P3, E1
        b0, a0, B0, A0 = b[:-1], a[:-1], B[:-1], A[:-1]
        b1, a1, B1, A1 = b[1:], a[1:], B[1:], A[1:]
        bid_side = np.where(b1 >= b0, B1, 0) - np.where(b1 <= b0, B0, 0)
        ask_side = np.where(a1 <= a0, A1, 0) - np.where(a1 >= a0, A0, 0)
        if cfg["ofi_ask_side"] == "document":
            ask_side = np.where(a1 < a0, -A1, np.where(a1 > a0, A0, A1 - A0))
        cum = np.concatenate([[0, 0], np.cumsum(bid_side - ask_side)])  # by number of quotes seen
        if events:
            n = done - 1  # increments so far
            value = (cum[done] - cum[np.maximum(done - events, 0)]) / UNIT
            out["ofi"][rows] = np.where(n >= events, value, np.nan)
        else:
            ofi_minute[rows] = cum[done] - cum[np.maximum(np.searchsorted(T, begin, "left"), 0)]
    n = 1 if events else minutes(cfg["ofi_window"])
    if not events:
        out["ofi"] = window_sum(ofi_minute, n) / UNIT
    known = window_sum(weight["known"], n)
    out["depth"] = ratio(window_sum(weight["depth"], n), known) / UNIT
    out["spread_ticks"] = ratio(window_sum(weight["spread"], n), known)
    out["relative"] = ratio(window_sum(weight["relative"], n), known)
    out["ofi_norm"] = ratio(out["ofi"], out["depth"])


# ---------------------------------------------------------------- F3


def crowding(out, data, inputs, bars, m0, size, cfg, delays, clip):
    end_ns = (m0 + 1 + np.arange(size)).astype(np.int64) * MINUTE * 10**6
    clock = end_ns + 800_000 + round(seconds(delays["bar_delay"]) * 1e9)

    def hold(values, time_ns, offset, delay, oldest_ns):
        """C2, C3."""
        i = np.searchsorted(time_ns + offset + round(seconds(delay) * 1e9), clock, "left") - 1
        j = np.maximum(i, 0)
        ok = (i >= 0) & (end_ns - time_ns[j] <= oldest_ns[j])
        return [np.where(ok, v[j], np.nan) for v in values]

    for name in ("funding", "fund_z", "oi", "d_oi", "z_d_oi", "ls", "z_ls", "tls", "z_tls"):
        out[name] = np.full(size, np.nan)
    f = data["fundingRate"]
    if "fundingRate" in inputs and len(f):  # C1
        rate, hours = f.last_funding_rate.to_numpy(float), f.funding_interval_hours.to_numpy(float)
        f8 = rate * 8 / hours
        z = np.full(len(f), np.nan)
        for i in range(len(f)):
            prior = f8[max(0, i - cfg["funding_z_events"]):i]
            if len(prior) < max(cfg["funding_min_count"], 1):
                continue
            if cfg["funding_centre"] == "baseline":
                z[i] = (f8[i] - 1e-4) / max(math.sqrt(np.mean((prior - 1e-4) ** 2)), 2e-5)
            elif len(prior) > 1:
                z[i] = (f8[i] - prior.mean()) / max(prior.std(ddof=1), 2e-5)
        z = np.clip(z, -clip, clip)
        time = f.calc_time.to_numpy(np.int64) * 10**6
        out["funding"], out["fund_z"] = hold([rate, z], time, 950_000, delays["funding_delay"],
                                             (2 * 3600 * 10**9 * hours).astype(np.int64))
    m = data["metrics"]
    if "metrics" in inputs and len(m):
        stamp = m.stamp.to_numpy(np.int64)

        def positive(column):
            v = pd.to_numeric(m[column], errors="coerce").to_numpy(float)
            return np.where(v > 0, v, np.nan)

        oi, ls, tls = positive("sum_open_interest"), positive(cfg["ls"]), positive("sum_taker_long_short_vol_ratio")
        w = round(seconds(cfg["d_oi_window"]) * 1000)  # C5
        j = np.searchsorted(stamp, stamp - w, "right") - 1
        ok = (j >= 0) & (stamp[np.maximum(j, 0)] >= stamp - w - 600_000)
        d_oi = np.where(ok, np.log(oi) - np.log(oi[np.maximum(j, 0)]), np.nan)
        # C6
        oi_w, ls_w = (round(seconds(cfg[k]) * 1000) for k in ("oi_z_window", "ls_z_window"))
        n = cfg["z_min_count"]
        values = [oi, d_oi, z_score(d_oi, stamp, oi_w, n, 1e-4, clip), ls,
                  z_score(np.log(ls), stamp, ls_w, n, 1e-3, clip), tls,
                  z_score(np.log(tls), stamp, ls_w, n, 1e-3, clip)]
        held = hold(values, stamp * 10**6, 900_000, delays["metrics_delay"],
                    np.full(len(stamp), 30 * 60 * 10**9))
        for name, v in zip(("oi", "d_oi", "z_d_oi", "ls", "z_ls", "tls", "z_tls"), held):
            out[name] = v
    # C7
    span = minutes(cfg["d_oi_window"])
    close = bars["close"]
    s = {"funding": np.sign(out["fund_z"]), "ls": np.sign(out["z_ls"]),
         "return": np.sign(np.log(close / lag(close, span))), "document": np.ones(size)}[cfg["d_oi_sign"]]
    parts = [out["fund_z"], s * out["z_d_oi"], out["z_ls"], out["z_tls"]]
    out["c"] = sum_of_z(parts, cfg["weights"], some=True)  # C8
    if "fundingRate" not in inputs:  # C9
        out["c"] = np.full(size, np.nan)

    # C10, one step a row
    theta, leave, dwell = cfg["theta"], cfg["theta_exit"], minutes(cfg["min_dwell"])
    f3 = np.zeros(size, int)
    state, moved = 0, None
    for i in range(size):
        if math.isnan(close[i]):
            continue
        c = out["c"][i]
        if not math.isnan(c):
            target = state
            if c > theta:
                target = -1
            elif c < -theta:
                target = 1
            elif (state == -1 and c < leave) or (state == 1 and c > -leave):
                target = 0
            if target != state and (moved is None or i - moved >= dwell):
                state, moved = target, i
        f3[i] = state
    out["f3"] = f3


# ---------------------------------------------------------------- decision


def decide(out, config, bar, decides, inputs, q_b):
    """A2–A5: alpha, direction and the signal's own reason, row by row."""
    size = len(bar)
    alpha, direction, reason = [None] * size, [0] * size, [""] * size
    a, b = config["alpha_a"], config["alpha_b"]
    hard = config["toxicity"]["gate"] == "hard"
    trigger = b["trigger"]
    null = math.isnan
    for i in np.flatnonzero(bar):
        p, f1, f2, f3, toxic = out["p"][i], out["f1"][i], out["f2"][i], int(out["f3"][i]), out["toxic"][i]
        blind = "fundingRate" in inputs and null(out["c"][i])  # C9
        if not decides[i]:
            reason[i] = "not_boundary"
        elif null(p) or null(out["sigma"][i]) or blind:
            reason[i] = "warmup"
        elif f3 == 0:
            if not a["enabled"]:
                reason[i] = "disabled"
            elif null(f1) or null(out["q_f1"][i]) or null(out["q_p"][i]) or null(toxic):
                reason[i] = "warmup"
            elif toxic and hard:
                reason[i] = "toxic"
            elif f1 < out["q_f1"][i]:
                reason[i] = "not_compressed"
            elif abs(p) < out["q_p"][i] or p == 0:
                reason[i] = "weak_pressure"
            else:
                alpha[i], direction[i], reason[i] = "a", int(np.sign(p)), "signal"
        else:
            asked = trigger in ("f2_strong", "pressure")
            uses_f2 = trigger != "pressure"
            if not b["enabled"]:
                reason[i] = "disabled"
            elif (uses_f2 and null(f2)) or (asked and null(q_b[i])):
                reason[i] = "warmup"
            elif uses_f2 and hard and toxic:
                reason[i] = "toxic"
            elif asked and abs(p) < q_b[i]:
                reason[i] = "weak_pressure"
            elif np.sign(f2 if uses_f2 else p) != f3:
                reason[i] = "unconfirmed"
            else:
                alpha[i], reason[i] = "b", "signal"
                direction[i] = f3 if b["direction"] == "fade" else -f3
    return alpha, direction, reason


def reference(raw, config, begin, end, ticks):
    """A DataFrame of every closed minute in [begin, end)."""
    run = config["run"]
    from_ms, until_ms = to_ms(begin), to_ms(end)
    warm_days = 31 if run["warmup"] == "auto" else seconds(run["warmup"]) / 86400
    first_ms = from_ms - round(warm_days * 86400_000)
    data = load(raw, run["symbol"], first_ms, until_ms)
    delay = round(seconds(config["data"]["agg_delay"]) * 1000)
    if delay:  # E24, read like C2: what is not complete before the row's ts_init counts in the next row
        trades = data["aggTrades"].assign(transact_time=data["aggTrades"].transact_time + delay - 1)
        data["aggTrades"] = trades[trades.transact_time < until_ms]
    inputs = resolve_inputs(config, data, from_ms, until_ms)
    k = data["klines"]
    starts = [int(v.iloc[0]) for v in (k.open_time, data["aggTrades"].transact_time) if len(v)]
    m0 = min(starts) // MINUTE // DAY * DAY
    size = until_ms // MINUTE - m0
    place = (k.open_time.to_numpy() // MINUTE - m0).astype(int)
    bars = {}
    for name in ("open", "high", "low", "close", "volume"):
        bars[name] = np.full(size, np.nan)
        bars[name][place] = k[name].to_numpy(float)
    for name, column in (("volume_u", "volume"), ("taker_u", "taker_buy_volume"), ("close_u", "close")):
        bars[name] = np.zeros(size, np.int64)
        bars[name][place] = units(k[column])
    bar = ~np.isnan(bars["close"])
    cadence = minutes(run["cadence"])
    ends = m0 + 1 + np.arange(size)
    decides = bar & (ends % cadence == 0)  # G1
    time = np.arange(size)
    clip = config["z"]["clip"]

    def quantile_count(window):  # Z4
        n = config["thresholds"]["quantile_min_count"]
        return max(30, math.ceil(window / cadence / 7)) if n == "auto" else n

    out = {}
    vol = config["volatility"]
    r, fed = volatility(out, bars, m0, vol, clip, decides, quantile_count)
    pc, tc = config["pressure"], config["toxicity"]
    has_trades, has_quotes = "aggTrades" in inputs, "bookTicker" in inputs
    flow_columns(out, bars, data["aggTrades"], r, fed, m0, tc, vol, minutes(pc["svi_window"]), has_trades)
    quotes = data["bookTicker"] if has_quotes else data["bookTicker"].iloc[:0]
    quote_columns(out, quotes, bars, m0, size, pc, ticks)

    def z(name, cfg, floor):
        x = np.where(bar, out[name], np.nan)
        return z_score(x, time, minutes(cfg["z_window"]), cfg["z_min_count"], floor, clip)

    def trailing(s, cfg):
        """Z6, M1."""
        if config["z"]["scale"] == "unit":
            return s
        _, sd, n = prior_window(s, time, minutes(cfg["z_window"]))
        scaled = ratio(s, np.maximum(sd, 1e-9))
        return np.where(n >= max(cfg["z_min_count"], 2), scaled, np.nan).astype(float)

    out["z_obi"] = z("obi", pc, 0.01)
    out["z_svi"] = z("svi", pc, 0.01)
    out["z_ofi"] = z("ofi_norm", pc, 0.01) if pc["ofi_scale"] == "depth" else z("ofi", pc, 1e-3)
    flow = ["z_obi", "z_svi", "z_ofi"]
    weights = pc["weights"]
    if not has_quotes:
        flow, weights = ["z_svi"], weights[1:2]
    out["p"] = trailing(sum_of_z([out[n] for n in flow], weights), pc)  # P1

    bulk = tc["classifier"] == "bvc" or not has_trades
    out["z_vpin"] = z("vpin_bvc" if bulk else "vpin", tc, 0.005)
    relative = tc["spread"] == "relative"
    out["z_spread"] = z("relative" if relative else "spread_ticks", tc, 1e-7 if relative else 0.05)
    parts, weights = [out["z_vpin"], out["z_spread"]], tc["weights"]
    if not has_quotes:  # T7
        parts, weights = parts[:1], weights[:1]
    out["t"] = trailing(sum_of_z(parts, weights), tc)

    crowding(out, data, inputs, bars, m0, size, config["crowding"], config["data"], clip)

    width = minutes(vol["z_window"])  # A1
    (out["q_f1"],), _ = trailing_quantiles(out["f1"], decides, width, [config["alpha_a"]["compression"]],
                                           quantile_count(width))
    width = minutes(pc["z_window"])
    levels = [config["alpha_a"]["pressure"], config["alpha_b"]["pressure"]]
    (out["q_p"], q_b), _ = trailing_quantiles(np.abs(out["p"]), decides, width, levels, quantile_count(width))
    width = minutes(tc["tau_window"])
    (out["tau_t"],), out["t_rank"] = trailing_quantiles(out["t"], decides, width, [tc["tau"]],
                                                        quantile_count(width), with_rank=True)
    unknown = np.isnan(out["t"]) | np.isnan(out["tau_t"])  # T8
    out["toxic"] = np.where(unknown, np.nan, (out["t"] >= out["tau_t"]).astype(float))
    gated = (out["toxic"] == 1) & (tc["gate"] == "hard")
    out["f2"] = np.where(unknown | np.isnan(out["p"]), np.nan, np.where(gated, 0.0, out["p"]))

    alpha, direction, reason = decide(out, config, bar, decides, inputs, q_b)

    keep = np.flatnonzero(bar & ((m0 + time) * MINUTE >= from_ms))
    table = pd.DataFrame({"ts": ends[keep] * MINUTE * 10**6, "ts_init": ends[keep] * MINUTE * 10**6 + 800_000,
                          "close": bars["close_u"][keep], "bid": out["bid_u"][keep], "ask": out["ask_u"][keep]})
    for name in FLOATS:
        table[name] = out[name][keep]
    table["toxic"] = [None if math.isnan(v) else bool(v) for v in out["toxic"][keep]]
    table["f3"] = out["f3"][keep]
    table["regime"] = [{-1: "crowded_long", 0: "neutral", 1: "crowded_short"}[v] for v in table["f3"]]
    lacks = [word for kind, word in (("aggTrades", "klines"), ("bookTicker", "no_quotes"),
                                     ("metrics", "no_metrics"), ("fundingRate", "no_funding")) if kind not in inputs]
    table["mode"] = "+".join(lacks) or "full"  # A6
    table["decides"] = decides[keep]
    table["alpha"] = [alpha[i] for i in keep]
    table["direction"] = [direction[i] if alpha[i] else None for i in keep]
    table["reason"] = [reason[i] for i in keep]
    # for judging a decision that hangs on a rounding
    table["q_b"] = q_b[keep]
    return table
