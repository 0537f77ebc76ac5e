#!/usr/bin/env python3
"""Seeded random order scripts near the recorded touch.

    audit_scripts.py RAW SYMBOL FROM TO SEED N OUT

Places several hundred orders of every kind, most of them within a few ticks of the quote (or of the
last trade, or close) in force, so that as many rules as possible have to act.
"""

import bisect
import random
import sys
from decimal import Decimal

from audit_raw import MINUTE, ONE, Market, iso_ms

HEADER = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only"


def text(number):
    value = Decimal(number) / ONE
    return f"{value:f}"


class Touch:
    """Bid, ask and their sizes at a time, from whatever was recorded."""

    def __init__(self, market, tick):
        self.tick = tick
        if market.quotes:
            self.rows = [(q.ts, q.bid, q.ask, q.bid_qty, q.ask_qty) for q in market.quotes]
        elif market.trades:
            self.rows = [(t.ts, t.price, t.price + tick, t.qty, t.qty) for t in market.trades]
        else:
            self.rows = [(b.ts + MINUTE, b.close, b.close + tick, ONE, ONE) for b in market.bars]

    def at(self, ts):
        return self.rows[max(0, bisect.bisect_left(self.rows, (ts,)) - 1)]


def script(market, seed, n, tick, lot, big, begin=None, end=None, min_usdt=6):
    """The lines of one script. `big`: a quantity (1e-8) that is large for this market."""
    rng = random.Random(seed)
    touch = Touch(market, tick)
    first = (begin or touch.rows[0][0]) * 10**6
    last = (end or touch.rows[-1][0]) * 10**6
    lines = []
    clock = first
    for number in range(1, n + 1):
        mean = (last - first) // n
        if rng.random() < 0.3:  # in bursts, so that takings meet what is consumed
            clock += rng.randrange(1, 400 * 10**6)
        else:
            clock += rng.randrange(1, 3 * mean)
        ts = clock if rng.random() < 0.6 else clock // 10**6 * 10**6
        ts = first + (ts - first) % (last - first)
        _, bid, ask, bid_qty, ask_qty = touch.at(ts // 10**6)
        side = rng.choice(("buy", "sell"))
        s = 1 if side == "buy" else -1
        near, far, size = (bid, ask, ask_qty) if s > 0 else (ask, bid, bid_qty)
        least = -(-min_usdt * ONE * ONE // bid)
        qty = rng.choice(
            (
                least,
                2 * least,
                big // 100,
                big // 20,
                big // 8,
                size,
                size // 2,
                size + lot,
                bid_qty,
                big // 3,
                big,
            )
        )
        qty = max(lot, qty // lot * lot)
        kind = rng.random()
        order = {"type": "limit", "tif": "gtc", "price": near, "post_only": 0, "reduce_only": 0}
        if kind < 0.18:
            order.update(
                type="market",
                tif=rng.choice(("gtc", "ioc")),
                price=None,
                reduce_only=int(rng.random() < 0.3),
            )
        elif kind < 0.50:
            order.update(
                price=near + s * tick * rng.choice((0, 0, 0, 1, 2, -1, -1, -2, -3, -5, -10, -30)),
                post_only=int(rng.random() < 0.7),
            )
        elif kind < 0.62:
            order.update(price=far + s * tick * rng.choice((0, 0, 0, 1, 2, 5, -1)))
        elif kind < 0.78:
            order.update(
                tif=rng.choice(("ioc", "fok")),
                price=far + s * tick * rng.choice((0, 0, 1, 3, 10, -1, -3)),
            )
        elif kind < 0.92:
            order.update(
                price=near + s * tick * rng.choice((0, 0, 1, -1, -2, -5)),
                reduce_only=1,
                post_only=int(rng.random() < 0.5),
            )
        elif kind < 0.94:
            order.update(price=near + tick // 2)
        elif kind < 0.95:
            qty += lot // 2
        elif kind < 0.96:
            qty = lot // 10
        elif kind < 0.97:
            qty = max(lot, least // 3 // lot * lot)
        elif kind < 0.98:
            qty = big * 1000
        elif kind < 0.99:
            order.update(tif=rng.choice(("ioc", "fok")), post_only=1)
        else:
            order.update(reduce_only=1, qty=big)
        price = "" if order["price"] is None else text(order["price"])
        lines.append(
            (
                ts,
                f"{number},{ts},submit,{side},{order['type']},{order['tif']},{price},{text(qty)},"
                f"{order['post_only']},{order['reduce_only']}",
            )
        )
        if rng.random() < 0.5:
            later = ts + rng.choice((0, 1, 10**6, rng.randrange(10**9), rng.randrange(60 * 10**9)))
            lines.append((later, f"{number},{later},cancel,,,,,,,"))
    lines.sort(key=lambda line: line[0])
    return [HEADER, *(line for _, line in lines)]


def main():
    raw, symbol, begin, end, seed, n, out = sys.argv[1:8]
    kinds = {"bookTicker", "aggTrades", "klines_1m"}
    market = Market(raw, symbol, kinds, iso_ms(begin + "T00:00:00Z"), iso_ms(end + "T00:00:00Z"))
    day = iso_ms(begin + "T00:00:00Z")
    for name in ("quotes", "trades", "bars"):
        setattr(market, name, [x for x in getattr(market, name) if x.ts >= day])
    steps = {
        "BTCUSDT": (ONE // 10 if begin >= "2022" else ONE // 100, ONE // 1000, 20 * ONE),
        "NEARUSDT": (ONE // 1000, ONE, 20_000 * ONE),
    }[symbol]
    with open(out, "w") as file:
        file.write("\n".join(script(market, int(seed), int(n), *steps)) + "\n")


if __name__ == "__main__":
    main()
