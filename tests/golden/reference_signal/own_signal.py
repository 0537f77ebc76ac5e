"""A user's own signal in place of A2 and A3 (R57), from the rows of his file."""

import math

import numpy as np

from .decision import lacking
from .files import seconds


def decide_own(out, config, bar, decides, inputs, late, known_ns, own):
    """Alpha, direction, the signal's own reason, row by row; and how many rows of the file stood,
    and were only ever too old.

    `own`: `rows`, a list of (ts_init ns, direction) in [from, to), and `position`, by place, the
    position before each row.
    """
    size = len(bar)
    alpha, direction, reason = [None] * size, [0] * size, [""] * size
    settings = config["signal"]
    age = config["run"]["cadence"] if settings["max_age"] == "cadence" else settings["max_age"]
    max_age = round(seconds(age) * 10**9)
    delay = round(seconds(config["data"]["bar_delay"]) * 10**9)
    follows = settings["mode"] == "target"
    lack = lacking(out, config, inputs, late)
    stood, seen = set(), set()
    for i in np.flatnonzero(bar):
        if not decides[i]:
            reason[i] = "not_boundary"
            continue
        known = [n for n, row in enumerate(own["rows"]) if row[0] < known_ns[i] + delay]  # C2
        wish = 0
        if known:
            seen.add(known[-1])
            time, side = own["rows"][known[-1]]
            if known_ns[i] - time <= max_age:
                wish = side
                stood.add(known[-1])
        position = own["position"].get(i, 0)
        closes = follows and position != 0 and wish != (1 if position > 0 else -1)
        missing = lack(i)
        if missing and not closes:  # N3
            reason[i] = missing
        elif math.isnan(out["sigma"][i]):
            reason[i] = "warmup"
        elif wish == 0:
            reason[i] = "no_signal"
        else:
            alpha[i], direction[i], reason[i] = "signal", wish, "signal"
    return alpha, direction, reason, {"used": len(stood), "stale": len(seen - stood)}
