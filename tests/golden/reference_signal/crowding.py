"""F3 (C1–C10, N3, N9)."""

import math

import numpy as np
import pandas as pd

from .files import MINUTE, minutes, seconds
from .windows import lag, sum_of_z, z_score


def unknown_parts(inputs, cfg, late):
    """N3: rows in which a part of C with a weight is overdue, by the kind that is late."""
    w = cfg["weights"]
    if "fundingRate" not in inputs:  # C9: there is no C
        return {}
    through_sign = w[1] != 0 and cfg["d_oi_sign"] == "funding"
    leaves_by_funding = cfg["leave"] == "funding"  # C14
    asked = {
        "metrics": any(v != 0 for v in w[1:]),
        "fundingRate": w[0] != 0 or through_sign or leaves_by_funding,
    }
    return {kind: late[kind] for kind, yes in asked.items() if yes and kind in inputs}


def crowding(out, data, inputs, bars, m0, size, cfg, delays, z_cfg, late):
    clip, scale = z_cfg["clip"], z_cfg["scale"]
    row = ~np.isnan(bars["close"])
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
            prior = f8[max(0, i - cfg["funding_z_events"]) : i]
            if len(prior) < max(cfg["funding_min_count"], 1):
                continue
            if cfg["funding_centre"] == "baseline":
                z[i] = (f8[i] - 1e-4) / max(math.sqrt(np.mean((prior - 1e-4) ** 2)), 2e-5)
            elif len(prior) > 1:
                z[i] = (f8[i] - prior.mean()) / max(prior.std(ddof=1), 2e-5)
        z = np.clip(z, -clip, clip)
        time = f.calc_time.to_numpy(np.int64) * 10**6
        out["funding"], out["fund_z"], held_f8 = hold(
            [rate, z, f8],
            time,
            950_000,
            delays["funding_delay"],
            (2 * 3600 * 10**9 * hours).astype(np.int64),
        )
        if cfg["funding_centre"] == "minutes":  # C13
            out["fund_z"] = z_score(
                np.where(row, held_f8, np.nan),
                np.arange(size),
                cfg["funding_z_events"] * 480,
                cfg["funding_min_count"] * 480,
                2e-5,
                clip,
            )
    m = data["metrics"]
    if "metrics" in inputs and len(m):
        stamp = m.stamp.to_numpy(np.int64)

        def positive(column):
            v = pd.to_numeric(m[column], errors="coerce").to_numpy(float)
            return np.where(v > 0, v, np.nan)

        oi, ls, tls = (
            positive("sum_open_interest"),
            positive(cfg["ls"]),
            positive("sum_taker_long_short_vol_ratio"),
        )
        w = round(seconds(cfg["d_oi_window"]) * 1000)  # C5
        j = np.searchsorted(stamp, stamp - w, "right") - 1
        ok = (j >= 0) & (stamp[np.maximum(j, 0)] >= stamp - w - 600_000)
        d_oi = np.where(ok, np.log(oi) - np.log(oi[np.maximum(j, 0)]), np.nan)
        # C6
        oi_w, ls_w = (round(seconds(cfg[k]) * 1000) for k in ("oi_z_window", "ls_z_window"))
        n = cfg["z_min_count"]
        values = [
            oi,
            d_oi,
            z_score(d_oi, stamp, oi_w, n, 1e-4, clip),
            ls,
            z_score(np.log(ls), stamp, ls_w, n, 1e-3, clip),
            tls,
            z_score(np.log(tls), stamp, ls_w, n, 1e-3, clip),
        ]
        held = hold(
            values,
            stamp * 10**6,
            900_000,
            delays["metrics_delay"],
            np.full(len(stamp), 30 * 60 * 10**9),
        )
        for name, v in zip(("oi", "d_oi", "z_d_oi", "ls", "z_ls", "tls", "z_tls"), held):
            out[name] = v
    if cfg["d_oi_grid"] == "minutes":  # C11
        known = np.log(np.where(row, out["oi"], np.nan))
        out["d_oi"] = known - lag(known)
        out["z_d_oi"] = z_score(
            out["d_oi"],
            np.arange(size),
            minutes(cfg["oi_z_window"]),
            5 * cfg["z_min_count"],
            1e-4,
            clip,
        )
    # C7
    span = minutes(cfg["d_oi_window"])
    close = bars["close"]
    s = {
        "funding": np.sign(out["fund_z"]),
        "ls": np.sign(out["z_ls"]),
        "return": np.sign(np.log(close / lag(close, span))),
        "document": np.ones(size),
        "multiplier": np.full(size, np.nan),
    }[cfg["d_oi_sign"]]
    parts = [out["fund_z"], s * out["z_d_oi"], out["z_ls"], out["z_tls"]]
    weights = list(cfg["weights"])
    multiplies = cfg["d_oi_sign"] == "multiplier" and weights[1] != 0
    if cfg["d_oi_sign"] == "multiplier":
        weights[1] = 0
    out["c"] = sum_of_z(parts, weights, scale, some=True)  # C8
    if multiplies:  # C12
        out["c"] = out["c"] * (1 + np.nan_to_num(out["z_d_oi"]) / clip)
    if "fundingRate" not in inputs:  # C9
        out["c"] = np.full(size, np.nan)

    unknown = np.zeros(size, bool)
    for rows in unknown_parts(inputs, cfg, late).values():
        unknown |= rows
    out["c"][unknown] = np.nan

    # C10, one step a row; none while a part is overdue (N3)
    theta, leave, dwell = cfg["theta"], cfg["theta_exit"], minutes(cfg["min_dwell"])
    f3 = np.full(size, np.nan)
    state, moved = 0, None
    for i in range(size):
        if math.isnan(close[i]) or unknown[i]:
            continue
        c = out["c"][i]
        if not math.isnan(c):
            target = state
            if c > theta:
                target = -1
            elif c < -theta:
                target = 1
            elif state != 0 and cfg["leave"] == "funding":  # C14
                z = out["fund_z"][i]
                if not math.isnan(z) and (z <= 0 if state == -1 else z >= 0):
                    target = 0
            elif (state == -1 and c < leave) or (state == 1 and c > -leave):
                target = 0
            if target != state and (moved is None or i - moved >= dwell):
                state, moved = target, i
        f3[i] = state
    out["f3"] = f3
