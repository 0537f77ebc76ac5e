"""The signal a second time, from its rules alone: raw files and a preset in, factors and decisions out.

Written without looking at the C++ rooms it is compared with. It favours being obvious over being
fast: every minute from the start of the warm-up to the end stands in one dense grid (a missing bar
is a hole in it), so that a window of n minutes is n neighbours. Codes such as V4 name the rules.
"""

import math

import numpy as np
import pandas as pd

from .absence import degraded_minutes, modes, overdue, resolve
from .crowding import crowding
from .decision import decide, funnel
from .files import (
    DAY,
    MINUTE,
    MS_DAY,
    load,
    load_config,
    load_ticks,
    minutes,
    seconds,
    to_ms,
    units,
)
from .flow import flow_columns
from .own_signal import decide_own
from .quotes import quote_columns
from .volatility import volatility
from .windows import prior_window, ratio, sum_of_z, trailing_quantiles, unexplained, z_score

__all__ = ["load_config", "load_ticks", "reference", "to_ms"]

REGIMES = {-1: "crowded_long", 0: "neutral", 1: "crowded_short"}


def reference(raw, config, begin, end, ticks, own=None):
    """A DataFrame of every closed minute in the cut window (N1); its `attrs` hold what is said of the whole run.

    `own`: a user's own signal, a list of (ts_init ns, direction), and positions by the rows' `ts`."""
    run = config["run"]
    from_ms, until_ms, inputs = resolve(raw, config, to_ms(begin), to_ms(end))
    warm_days = 31 if run["warmup"] == "auto" else seconds(run["warmup"]) / 86400
    first_ms = from_ms - round(warm_days * MS_DAY)
    data = load(raw, run["symbol"], first_ms, until_ms)
    delay = round(seconds(config["data"]["agg_delay"]) * 1000)
    if (
        delay
    ):  # E24, read like C2: what is not complete before the row's ts_init counts in the next row
        trades = data["aggTrades"].assign(transact_time=data["aggTrades"].transact_time + delay - 1)
        data["aggTrades"] = trades[trades.transact_time < until_ms]
    k = data["klines"]
    starts = [int(v.iloc[0]) for v in (k.open_time, data["aggTrades"].transact_time) if len(v)]
    m0 = min(starts) // MINUTE // DAY * DAY
    size = until_ms // MINUTE - m0
    place = (k.open_time.to_numpy() // MINUTE - m0).astype(int)
    bars = {}
    for name in ("open", "high", "low", "close", "volume"):
        bars[name] = np.full(size, np.nan)
        bars[name][place] = k[name].to_numpy(float)
    for name, column in (
        ("volume_u", "volume"),
        ("taker_u", "taker_buy_volume"),
        ("close_u", "close"),
    ):
        bars[name] = np.zeros(size, np.int64)
        bars[name][place] = units(k[column])
    bar = ~np.isnan(bars["close"])
    cadence = minutes(run["cadence"])
    ends = m0 + 1 + np.arange(size)
    decides = bar & (ends % cadence == 0)  # G1
    time = np.arange(size)
    clip, scale = config["z"]["clip"], config["z"]["scale"]

    def quantile_count(window):  # Z4
        n = config["thresholds"]["quantile_min_count"]
        return max(30, math.ceil(window / cadence / 7)) if n == "auto" else n

    late = overdue(config, inputs, data, bars, ends * MINUTE)

    out = {}
    vol = config["volatility"]
    r, fed = volatility(out, bars, m0, vol, clip, decides, quantile_count)
    pc, tc = config["pressure"], config["toxicity"]
    has_trades, has_quotes = "aggTrades" in inputs, "bookTicker" in inputs
    flow_columns(
        out,
        bars,
        data["aggTrades"],
        r,
        fed,
        m0,
        tc,
        vol,
        minutes(pc["svi_window"]),
        has_trades,
        late["aggTrades"],
    )
    quotes = data["bookTicker"] if has_quotes else data["bookTicker"].iloc[:0]
    quote_columns(out, quotes, bars, m0, size, pc, ticks, late["bookTicker"])

    def z(name, cfg, floor):
        x = np.where(bar, out[name], np.nan)
        return z_score(x, time, minutes(cfg["z_window"]), cfg["z_min_count"], floor, clip)

    def trailing(s, cfg):
        """Z6, M1."""
        if scale != "trailing":
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
    out["p"] = trailing(sum_of_z([out[n] for n in flow], weights, scale), pc)  # P1

    bulk = tc["classifier"] == "bvc" or not has_trades
    chosen = out["vpin_bvc" if bulk else "vpin"]
    if tc["vpin_of"] == "residual":  # T11
        with np.errstate(invalid="ignore"):
            explaining = [np.log1p(bars["volume"]), out["sigma"], np.abs(out["svi"])]
        usable = bar & ~np.isnan(chosen + sum(explaining))
        chosen = unexplained(chosen, explaining, usable, minutes(tc["z_window"]), tc["z_min_count"])
    chosen = np.where(bar, chosen, np.nan)
    out["z_vpin"] = z_score(chosen, time, minutes(tc["z_window"]), tc["z_min_count"], 0.005, clip)
    relative = tc["spread"] == "relative"
    out["z_spread"] = z("relative" if relative else "spread_ticks", tc, 1e-7 if relative else 0.05)
    parts, weights = [out["z_vpin"], out["z_spread"]], tc["weights"]
    if not has_quotes:  # T7
        parts, weights = parts[:1], weights[:1]
    out["t"] = trailing(sum_of_z(parts, weights, scale), tc)

    crowding(
        out, data, inputs, bars, m0, size, config["crowding"], config["data"], config["z"], late
    )

    width = minutes(vol["z_window"])  # A1
    (out["q_f1"],), _ = trailing_quantiles(
        out["f1"], decides, width, [config["alpha_a"]["compression"]], quantile_count(width)
    )
    width = minutes(pc["z_window"])
    levels = [config["alpha_a"]["pressure"], config["alpha_b"]["pressure"]]
    (out["q_p"], q_b), _ = trailing_quantiles(
        np.abs(out["p"]), decides, width, levels, quantile_count(width)
    )
    width = minutes(tc["tau_window"])
    (out["tau_t"],), out["t_rank"] = trailing_quantiles(
        out["t"], decides, width, [tc["tau"]], quantile_count(width), with_rank=True
    )
    if config["thresholds"]["fit"] == "walkforward":  # R36
        numbers = config["thresholds"]
        for name, key in (("q_f1", "f1"), ("q_p", "p"), ("tau_t", "t")):
            if numbers[key] != "none":
                out[name] = np.full(size, float(numbers[key]))
        if numbers["p_b"] != "none":
            q_b = np.full(size, float(numbers["p_b"]))
    unknown = np.isnan(out["t"]) | np.isnan(out["tau_t"])  # T8
    out["toxic"] = np.where(unknown, np.nan, (out["t"] >= out["tau_t"]).astype(float))
    gated = (out["toxic"] == 1) & (tc["gate"] == "hard")
    out["f2"] = np.where(unknown | np.isnan(out["p"]), np.nan, np.where(gated, 0.0, out["p"]))

    ts = ends * MINUTE * 10**6
    stood = {}
    if own is None:
        alpha, direction, reason = decide(out, config, bar, decides, inputs, q_b, late)
    else:
        rows, positions = own
        inside = [row for row in rows if from_ms * 10**6 <= row[0] < until_ms * 10**6]
        mine = {"rows": inside, "position": {i: positions.get(int(t), 0) for i, t in enumerate(ts)}}
        alpha, direction, reason, stood = decide_own(
            out, config, bar & (ts > from_ms * 10**6), decides, inputs, late, ts + 800_000, mine
        )
        stood |= {"rows": len(inside), "ignored": len(rows) - len(inside)}

    keep = np.flatnonzero(bar & ((m0 + time) * MINUTE >= from_ms))
    table = pd.DataFrame(
        {
            "ts": ts[keep],
            "ts_init": ts[keep] + 800_000,
            "close": bars["close_u"][keep],
            "bid": out["bid_u"][keep],
            "ask": out["ask_u"][keep],
        }
    )
    for name in (n for n in out if n not in ("bid_u", "ask_u", "toxic", "f3")):
        table[name] = out[name][keep]
    table["toxic"] = [None if math.isnan(v) else bool(v) for v in out["toxic"][keep]]
    f3 = out["f3"][keep]
    table["f3"] = [None if math.isnan(v) else int(v) for v in f3]
    table["regime"] = [None if math.isnan(v) else REGIMES[int(v)] for v in f3]
    words = modes(inputs, late)
    table["mode"] = [words[i] for i in keep]  # A6, N2
    table["decides"] = decides[keep]
    table["alpha"] = [alpha[i] for i in keep]
    table["direction"] = [direction[i] if alpha[i] else None for i in keep]
    table["reason"] = [reason[i] for i in keep]
    # for judging a decision that hangs on a rounding
    table["q_b"] = q_b[keep]
    table.attrs = {
        "from": from_ms,
        "to": until_ms,
        "inputs": sorted(inputs),
        "degraded_minutes": degraded_minutes(inputs, late, keep),
        "signal": stood,
        **funnel(table, inputs),
    }
    return table
