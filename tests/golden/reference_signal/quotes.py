"""F2 from quotes: imbalance, order flow, spread (P3–P5, T6, A6, N3)."""

import numpy as np

from .files import DAY, MINUTE, UNIT, minutes, units
from .windows import ratio, window_sum


def quote_columns(out, quotes, bars, m0, size, cfg, ticks, late):
    """P3–P5, T6, A6; also the relative spread. `late`: rows degraded by quotes (N3)."""
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
        for name, f in (
            ("known", one),
            ("depth", (B + A) / 2),
            ("spread", (a - b) / tick),
            ("relative", (a - b).astype(np.longdouble) * 2 / (a + b)),
        ):
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
    for column in (
        *weight.values(),
        ofi_minute,
        out["obi"],
        out["ofi"],
    ):  # N3: no value, also in longer windows
        column[late] = np.nan
    out["bid_u"][late] = out["ask_u"][late] = -1
    n = 1 if events else minutes(cfg["ofi_window"])
    if not events:
        out["ofi"] = window_sum(ofi_minute, n) / UNIT
    known = window_sum(weight["known"], n)
    out["depth"] = ratio(window_sum(weight["depth"], n), known) / UNIT
    out["spread_ticks"] = ratio(window_sum(weight["spread"], n), known)
    out["relative"] = ratio(window_sum(weight["relative"], n), known)
    for name in (
        "ofi",
        "depth",
        "spread_ticks",
        "relative",
    ):  # a window of hours has values in spite of it
        out[name][late] = np.nan
    out["ofi_norm"] = ratio(out["ofi"], out["depth"])
