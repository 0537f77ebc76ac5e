"""The decision (A1–A5, N3) and its funnel (N10)."""

import math

import numpy as np

from .crowding import unknown_parts


def lacking(out, config, inputs, late):
    """N3: the reason of a row that lacks what is overdue, or None."""
    null = math.isnan
    flow, spread = config["pressure"]["weights"], config["toxicity"]["weights"][1]
    from_quotes = {"p": flow[0] != 0 or flow[2] != 0, "toxic": spread != 0}
    unknown = unknown_parts(inputs, config["crowding"], late)

    def of(i):
        if late["bookTicker"][i] and any(
            asks and null(out[n][i]) for n, asks in from_quotes.items()
        ):
            return "no_quotes"
        if "metrics" in unknown and unknown["metrics"][i]:
            return "no_metrics"
        if "fundingRate" in unknown and unknown["fundingRate"][i]:
            return "no_funding"
        return None

    return of


def decide(out, config, bar, decides, inputs, q_b, late):
    """A2–A5, N3: alpha, direction and the signal's own reason, row by row."""
    size = len(bar)
    alpha, direction, reason = [None] * size, [0] * size, [""] * size
    a, b = config["alpha_a"], config["alpha_b"]
    hard = config["toxicity"]["gate"] == "hard"
    trigger = b["trigger"]
    null = math.isnan
    lack = lacking(out, config, inputs, late)
    for i in np.flatnonzero(bar):
        p, f1, f2, f3, toxic = (out[n][i] for n in ("p", "f1", "f2", "f3", "toxic"))
        blind = "fundingRate" in inputs and null(out["c"][i])  # C9
        if not decides[i]:
            reason[i] = "not_boundary"
        elif missing := lack(i):
            reason[i] = missing
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
                direction[i] = int(f3) if b["direction"] == "fade" else -int(f3)
    return alpha, direction, reason


ABSENT = ("no_quotes", "no_metrics", "no_funding")


def funnel(table, inputs):
    """N10: the steps that a row's columns settle, and in how many minutes the next ones can have been so."""
    reason = table["reason"]
    missing = reason.isin(ABSENT)
    known = table["c"].notna() if "fundingRate" in inputs else table["ts"].notna()
    ready = table["p"].notna() & table["sigma"].notna() & ((reason != "warmup") | ~known)
    warm = table["decides"] & (missing | ready)
    regime = warm & known & ~missing & (reason != "warmup")
    compressed, pressed = table["f1"] >= table["q_f1"], table["p"].abs() >= table["q_p"]
    return {
        "funnel": {
            "minutes": len(table),
            "warm": int(warm.sum()),
            "regime_known": int(regime.sum()),
        },
        "funnel_at_most": {
            "compressed": int((regime & compressed).sum()),
            "pressure": int((regime & pressed).sum()),
        },
    }
