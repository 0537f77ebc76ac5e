"""`toxvol evaluate` a second time, with NumPy alone, from its rules (R47-R56 of docs/evaluate.md) and
not from the C++. Run tables are read as they are, the market from Binance's own CSV files. Errors,
blocks and tests of forecasts are those of python/tests/plain_stats.py, which is as independent."""

import math
import pathlib
import sys

import numpy as np
import pyarrow.parquet as pq

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "python" / "tests"))
import plain_stats as plain

MINUTE = 60_000_000_000
DAY = 1440 * MINUTE
SIGNALS = ("p", "z_obi", "z_svi", "z_ofi", "f2")
SUBSETS = ("all", "neutral", "crowded", "not_toxic")
PLACEBOS = ("none", "shift", "signs")
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 240)
SECONDS = (1, 5, 10, 30)
STEP = np.uint64(0x9E3779B97F4A7C15)


# ---- random numbers and resampling (R11-R13), many at once ----


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


# ---- the run and its market ----


def column(table, name):
    """Floats with NaN for null; times and booleans as they are."""
    values = table.column(name)
    kind = str(values.type)
    if kind.startswith("timestamp"):
        return np.array(values.cast("int64").to_pylist(), dtype=object)
    if kind in ("string", "bool"):
        return np.array(values.to_pylist(), dtype=object)
    return np.array([math.nan if x is None else float(x) for x in values.to_pylist()])


class Run:
    def __init__(self, folder, config, inputs):
        table = pq.read_table(pathlib.Path(folder) / "decisions.parquet")
        self.folder = pathlib.Path(folder)
        self.rows = {name: column(table, name) for name in table.schema.names}
        self.ts = np.array(self.rows["ts"], dtype=np.int64)
        self.place = {int(ts): i for i, ts in enumerate(self.ts)}
        self.config, self.inputs = config, inputs
        r = self.rows
        self.has_quotes = "bookTicker" in inputs
        self.mid = (r["bid"] + r["ask"]) / 2 if self.has_quotes else r["close"]


def read_csv(files, names):
    """Columns of Binance's files by their place, as floats, integers where exact."""
    rows = []
    for path in files:
        for line in path.read_text().splitlines():
            cells = line.split(",")
            if cells[0][:1].isdigit():
                rows.append([cells[i] for i in names])
    return rows


class Klines:
    """Minutes from (from - warm-up) to the end of the run."""

    def __init__(self, files, begin, end):
        rows = read_csv(files, (0, 1, 2, 3, 4, 5, 7, 8))
        rows = sorted((int(row[0]) * 1_000_000, row) for row in rows)
        rows = [(ts, row) for ts, row in rows if begin <= ts < end]
        self.ts = np.array([ts + MINUTE for ts, _ in rows])
        o, h, lo, c, v, quote, count = (
            np.array([float(row[i]) for _, row in rows]) for i in range(1, 8)
        )
        self.close, self.volume, self.quote, self.count = c, v, quote, count
        self.square = np.full(len(c), math.nan)
        follows = np.flatnonzero(np.diff(self.ts) == MINUTE) + 1
        self.square[follows] = np.log(c[follows] / c[follows - 1]) ** 2
        self.var = {
            "pk": np.log(h / lo) ** 2 / (4 * math.log(2)),
            "gk": 0.5 * np.log(h / lo) ** 2 - (2 * math.log(2) - 1) * np.log(c / o) ** 2,
            "rs": np.log(h / c) * np.log(h / o) + np.log(lo / c) * np.log(lo / o),
        }

    def span(self, end, minutes):
        """Places of the minutes in (end - minutes, end]."""
        first = np.searchsorted(self.ts, end - minutes * MINUTE, side="right")
        return slice(first, np.searchsorted(self.ts, end, side="right"))

    def variance(self, end, minutes):
        squares = self.square[self.span(end, minutes)]
        squares = squares[~np.isnan(squares)]
        if 100 * len(squares) < 95 * minutes:
            return math.nan
        return squares.mean() * minutes


# ---- volatility (R47-R49) ----


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


# ---- compression (R50) ----


def minutes_of(text):
    return int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]]


def least_prior(run, window):
    said = run.config["thresholds"]["quantile_min_count"]
    if said != "auto":
        return said
    rows = minutes_of(window) // minutes_of(run.config["run"]["cadence"])
    return max(30, math.ceil(rows / 7))


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


def compression(run, klines, forecast, horizon, seed, resamples):
    """(deciles, plain regression, hourly regression), each a dict or tuple."""
    window = run.config["volatility"]["z_window"]
    least, span = least_prior(run, window), minutes_of(window) * MINUTE
    decile, seen = {}, []
    for i, ts in enumerate(run.ts):
        x = run.rows["f1"][i]
        if not run.rows["decides"][i] or math.isnan(x):
            continue
        while seen and seen[0][0] < ts - span:
            seen.pop(0)
        prior = np.array([v for _, v in seen])
        if len(prior) >= least:
            u = ((prior < x).sum() + 0.5 * (prior == x).sum()) / len(prior)
            decile[int(ts)] = min(10, 1 + math.floor(10 * u))
        seen.append((ts, x))
    ts, y, f = forecasts(run, klines, horizon)
    f = scaled(y, f[forecast])
    keep = [i for i in range(len(ts)) if int(ts[i]) in decile and y[i] > 0 and f[i] > 0]
    d = np.array([decile[int(ts[i])] for i in keep])
    ratio = np.log(y[keep] / f[keep])
    deciles = {}
    for k in range(1, 11):
        own = np.flatnonzero(d == k)
        mean, lo, hi = mean_interval(ratio[own], 1, seed, 1, resamples)
        share = y[keep][own].sum() / f[keep][own].sum() if len(own) else None
        deciles[k] = {"n": len(own), "ratio": share, "log_ratio": mean, "lo": lo, "hi": hi}
    if len(keep) < 30 or not (d == 10).any():
        return deciles, None, None
    tenth = (d == 10).astype(float)
    hour = (ts[keep] // (60 * MINUTE)) % 24
    dummies = np.column_stack([(hour == k).astype(float) for k in range(24)] + [tenth])
    lags = plain.lags(len(keep))
    return (
        deciles,
        ols(ratio, np.column_stack([np.ones(len(keep)), tenth]), lags, -1)[:4],
        ols(ratio, dummies, lags, -1)[:4],
    )


# ---- decay (R51) ----


def quote_mids(files, begin, end):
    """Times and mids of the usable quotes, in order."""
    rows = read_csv(files, (5, 0, 1, 3, 2, 4))
    made = []
    for time, update, bid, ask, bid_qty, ask_qty in rows:
        ts = int(time) * 1_000_000
        if (
            begin <= ts < end
            and float(ask) > float(bid)
            and min(float(bid_qty), float(ask_qty)) > 0
        ):
            made.append((ts, int(update), (float(bid) + float(ask)) / 2))
    made.sort()
    return np.array([q[0] for q in made]), np.array([q[2] for q in made])


def strong(run, values):
    """Where |s| reaches its trailing .8 quantile."""
    window = run.config["pressure"]["z_window"]
    least, span = least_prior(run, window), minutes_of(window) * MINUTE
    result, seen = np.zeros(len(values), bool), []
    for i, ts in enumerate(run.ts):
        if not run.rows["decides"][i] or math.isnan(values[i]):
            continue
        while seen and seen[0][0] < ts - span:
            seen.pop(0)
        n = len(seen)
        if n >= least:
            k = min(max(math.ceil(0.8 * n - 1e-9), 1), n)
            result[i] = abs(values[i]) >= np.partition([s for _, s in seen], k - 1)[k - 1]
        seen.append((ts, abs(values[i])))
    return result


def outcomes(run, quotes, seconds, end):
    """1e4·ln(m_{t+h}/m_t) of every row."""
    result = np.full(len(run.ts), math.nan)
    for i, ts in enumerate(run.ts):
        if seconds >= 60:
            later = run.place.get(int(ts) + seconds * 10**9)
            if later is not None:
                result[i] = 1e4 * math.log(run.mid[later] / run.mid[i])
        else:
            then = int(run.rows["ts_init"][i]) + seconds * 10**9
            if then > end:
                continue
            found = np.searchsorted(quotes[0], then, side="left")
            mid = quotes[1][found - 1] if found else run.mid[i]
            result[i] = 1e4 * math.log(mid / run.mid[i])
    return result


def subset(run, name):
    if name == "all":
        return np.ones(len(run.ts), bool)
    if name == "not_toxic":
        return np.array([toxic is False for toxic in run.rows["toxic"]])
    regime = run.rows["regime"]
    if name == "neutral":
        return np.array([r == "neutral" for r in regime])
    return np.array([r in ("crowded_long", "crowded_short") for r in regime])


def ranks(x):
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def correlation(x, y):
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def decay_line(run, signal, seconds, part, placebo, quotes, end, seed, resamples):
    values = run.rows[signal]
    decides = np.array([bool(x) for x in run.rows["decides"]])
    outcome = outcomes(run, quotes, seconds, end)
    if placebo == "shift":
        week = [run.place.get(int(ts) + 7 * DAY) for ts in run.ts]
        outcome = np.array([math.nan if i is None else outcome[i] for i in week])
    s = values.copy()
    if placebo == "signs":
        number = np.cumsum(decides) - 1
        turned = words(seed, 8, 0, np.maximum(number, 0)) >> np.uint64(63) != 0
        s = np.where(turned, -s, s)
    keep = decides & ~np.isnan(s) & ~np.isnan(outcome) & subset(run, part)
    is_strong = strong(run, values)[keep]
    s, outcome = s[keep], outcome[keep]
    overlap = math.ceil(seconds / 60 / minutes_of(run.config["run"]["cadence"]))
    line = {"n": len(s), "ic": correlation(s, outcome), "edge_n": int(is_strong.sum())}
    line["ic_rank"] = correlation(ranks(s), ranks(outcome)) if line["ic"] is not None else None
    if len(s) >= 30 and line["ic"] is not None:
        lags = max(plain.lags(len(s)), overlap - 1)
        fit = ols(outcome, np.column_stack([np.ones(len(s)), s]), lags, -1)
        line |= dict(zip(("slope", "se", "t", "p", "r2"), fit))
    told = (s != 0) & (outcome != 0)
    if told.any():
        line["hit"] = float((np.sign(s[told]) == np.sign(outcome[told])).mean())
    earned = np.sign(s[is_strong]) * outcome[is_strong]
    line["edge_bp"], line["lo"], line["hi"] = mean_interval(earned, overlap, seed, 1, resamples)
    return line


# ---- makers (R53) ----


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


# ---- costs (R55, R56) ----


def needed(cost, sigma, minutes):
    share = 0.5 + cost / (2 * sigma * math.sqrt(2 * minutes / math.pi))
    return share if share <= 1 else None


def break_even_minutes(cost, sigma, hit):
    return math.pi / 2 * (cost / ((2 * hit - 1) * sigma)) ** 2 if hit > 0.5 else None


def capacity(volume, edge, cost, sigma):
    if edge <= cost:
        return 0.0
    return volume * ((edge - cost) / (2 * sigma * math.sqrt(1440))) ** 2
