"""What is there: the window and its inputs (N1), and what each minute has of them (N2)."""

import numpy as np

from .files import KINDS, MINUTE, MS_DAY, days_of, first_time, klines_span, seconds

WORDS = (
    ("aggTrades", "klines"),
    ("bookTicker", "no_quotes"),
    ("metrics", "no_metrics"),
    ("fundingRate", "no_funding"),
)


def resolve(raw, config, begin_ms, end_ms):
    """N1: from, to and the inputs of the run, whatever window was asked for."""
    symbol, wanted = config["run"]["symbol"], config["run"]["inputs"]
    first, last = klines_span(raw, symbol)
    begin_ms, end_ms = max(begin_ms, first), min(end_ms, last)
    touched = range(begin_ms // MS_DAY, -(-end_ms // MS_DAY))
    if wanted == "auto":
        inputs = {
            kind
            for kind in KINDS
            if kind == "klines"
            or 100 * len(days_of(raw, symbol, kind).intersection(touched)) >= 95 * len(touched)
        }
        if "aggTrades" not in inputs:  # quotes are not traded on without the trades of their time
            inputs.discard("bookTicker")
    else:
        inputs = set(wanted)
    times = [
        first_time(raw, symbol, kind) for kind in ("bookTicker", "aggTrades") if kind in inputs
    ]
    price = next((t for t in times if t is not None), first)
    return max(begin_ms, price // MINUTE * MINUTE), end_ms, inputs


def overdue(config, inputs, data, bars, ends_ms):
    """N2: by kind, which rows have no record of it that is young enough."""
    keys, ends = config["data"], ends_ms.astype(np.int64) * 10**6
    clock = ends + 800_000 + round(seconds(keys["bar_delay"]) * 1e9)

    def limit(kind, default):
        return round(seconds(keys.get(f"{kind}_limit", default)) * 1e9)

    def late(times_ns, known_ns, clock_ns, limits_ns):
        """The newest record known before the row's clock is older than its limit, or there is none."""
        place = np.searchsorted(known_ns, clock_ns, "left") - 1
        if not len(times_ns):
            return place < 0
        newest = np.maximum(place, 0)
        return (place < 0) | (ends - times_ns[newest] > limits_ns[newest])

    result = {kind: np.zeros(len(ends), bool) for kind in KINDS}
    for kind, column, event, key in (
        ("bookTicker", "transaction_time", "transaction_time", "quote"),
        ("aggTrades", "transact_time", "event", "trade"),
    ):
        if kind in inputs:
            times = data[kind][event].to_numpy(np.int64) * 10**6
            known = data[kind][column].to_numpy(np.int64) * 10**6
            result[kind] = late(times, known, ends, np.full(len(times), limit(key, "60s")))
    result["aggTrades"] &= ~(bars["volume"] == 0)
    if "metrics" in inputs:
        times = (
            data["metrics"].stamp.to_numpy(np.int64) * 10**6
            if len(data["metrics"])
            else np.zeros(0, np.int64)
        )
        known = times + 900_000 + round(seconds(keys["metrics_delay"]) * 1e9)
        result["metrics"] = late(times, known, clock, np.full(len(times), limit("metrics", "15m")))
    if "fundingRate" in inputs:
        funding = data["fundingRate"]
        times = funding.calc_time.to_numpy(np.int64) * 10**6
        known = times + 950_000 + round(seconds(keys["funding_delay"]) * 1e9)
        hours = funding.funding_interval_hours.to_numpy(float)
        own = keys.get("funding_limit", "auto")
        limits = (
            ((hours + 1) * 3600e9).astype(np.int64)
            if own == "auto"
            else np.full(len(times), round(seconds(own) * 1e9))
        )
        result["fundingRate"] = late(times, known, clock, limits)
    return result


def modes(inputs, late):
    """A6, N2: the word of every row."""
    size = len(next(iter(late.values())))
    return [
        "+".join(word for kind, word in WORDS if kind not in inputs or late[kind][i]) or "full"
        for i in range(size)
    ]


def degraded_minutes(inputs, late, rows):
    """N2, as the summary counts it: words with a minute of their own only."""
    absent = {word: len(rows) for kind, word in WORDS if kind not in inputs}
    counts = {word: int(late[kind][rows].sum()) for kind, word in WORDS if kind in inputs}
    return {"absent": absent, "overdue": {word: n for word, n in counts.items() if n}}
