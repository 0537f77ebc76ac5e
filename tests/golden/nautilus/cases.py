"""Cases of the parity tests: small markets and order scripts, scripted and random.

A case is plain data, so that both programs read the same text and a failure shrinks by leaving
lines out. Times are nanoseconds from the epoch, unique over all data (docs/data.md, "Time").
"""

import random
from dataclasses import dataclass, field, replace

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HEADER = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only"


@dataclass(frozen=True)
class Case:
    data: tuple[str, ...]
    orders: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """What both programs read."""
        last = max(int(line.split(",")[1]) for line in self.data)
        settings = {
            "tick": "0.1",
            "lot": "0.001",
            "min_qty": "0.001",
            "maker": "0.0002",
            "taker": "0.0005",
            "balance": "1000000",
            "trade_execution": "0",
            "latency_ns": "0",
            "to": str(last + SECOND),
        } | self.settings
        head = [f"{key},{value}" for key, value in settings.items()]
        return "\n".join([*head, *self.data, "orders", HEADER, *self.orders]) + "\nlog\n"

    def without(self, data: set[int], orders: set[int]) -> "Case":
        return replace(
            self,
            data=tuple(line for i, line in enumerate(self.data) if i not in data),
            orders=tuple(line for i, line in enumerate(self.orders) if i not in orders),
        )


def quote(at: float, bid: str, bid_qty: str, ask: str, ask_qty: str) -> str:
    return f"quote,{round(at * SECOND)},{bid},{bid_qty},{ask},{ask_qty}"


def trade(at: float, price: str, qty: str, side: str) -> str:
    return f"trade,{round(at * SECOND)},{price},{qty},{side}"


def bar(minute: int, prices: str, volume: str) -> str:
    """The minute that ends at `minute`; prices as "open,high,low,close"."""
    return f"bar,{minute * MINUTE},{prices},{volume}"


def submit(
    number: int,
    at: float,
    side: str,
    qty: str,
    price: str = "",
    tif: str = "gtc",
    post_only: int = 0,
    reduce_only: int = 0,
) -> str:
    kind = "limit" if price else "market"
    ts = round(at * SECOND)
    return f"{number},{ts},submit,{side},{kind},{tif},{price},{qty},{post_only},{reduce_only}"


def cancel(number: int, at: float) -> str:
    return f"{number},{round(at * SECOND)},cancel,,,,,,,"


def scripted() -> dict[str, Case]:
    """The rows of the worked examples, and the oddities that were found by running it."""
    base = ("1000.0", "2", "1000.1", "3")
    q1, q2 = quote(1, *base), quote(2, *base)

    def case(data: list[str], *orders: str, **settings: str) -> Case:
        return Case(tuple(data), tuple(orders), settings)

    many = [submit(i, 1, "buy", "0.001") for i in range(1, 151)]
    late = [submit(200 + i, at, "buy", "0.001") for i, at in enumerate((1.5, 2, 2.5, 3, 3.5))]
    cases = {
        "market_within_the_top": case([q1, q2], submit(1, 1, "buy", "2")),
        "market_beyond_the_top": case([q1, q2], submit(1, 1, "buy", "5")),
        "limit_at_the_touch": case([q1, q2], submit(1, 1, "buy", "5", "1000.1")),
        "limit_beyond_the_touch": case([q1, q2], submit(1, 1, "buy", "5", "1000.2")),
        "touch_then_again": case(
            [q1, *(quote(t, "999.9", "2", "1000.0", "1") for t in (2, 3))],
            submit(1, 1, "buy", "5", "1000.0"),
        ),
        "filled_through": case(
            [q1, quote(2, "999.8", "2", "999.9", "1")], submit(1, 1, "buy", "5", "1000.0")
        ),
        "post_only_marketable": case([q1, q2], submit(1, 1, "buy", "1", "1000.1", post_only=1)),
        "post_only_rests": case(
            [q1, quote(2, "999.9", "2", "1000.0", "9")],
            submit(1, 1, "buy", "1", "1000.0", post_only=1),
        ),
        "ioc_partial": case([q1, q2], submit(1, 1, "buy", "5", "1000.1", "ioc")),
        "ioc_misses": case([q1, q2], submit(1, 1, "buy", "5", "1000.0", "ioc")),
        "fok_too_large": case([q1, q2], submit(1, 1, "buy", "5", "1000.1", "fok")),
        "fok_fits": case([q1, q2], submit(1, 1, "buy", "3", "1000.1", "fok")),
        "market_fok": case([q1, q2], submit(1, 1, "buy", "5", tif="fok")),
        "market_ioc": case([q1, q2], submit(1, 1, "buy", "5", tif="ioc")),
        "two_crossed_at_once": case(
            [q1, *(quote(t, "999.7", "2", "999.8", "1") for t in (2, 3))],
            submit(1, 1, "buy", "5", "999.9"),
            submit(2, 1, "buy", "5", "1000.0"),
        ),
        "polluted_core": case(
            [q1, quote(2, "999.8", "2", "999.9", "9"), quote(4, *base)],
            submit(1, 1, "buy", "1", "1000.0"),
            submit(2, 3, "buy", "1"),
            submit(3, 3, "buy", "1", "999.9", "ioc"),
        ),
        "core_restored": case(
            [q1, quote(2, "999.8", "2", "999.9", "9"), quote(4, *base)],
            submit(1, 1, "buy", "1", "1000.0"),
            submit(2, 1, "buy", "1", "990.0"),
            submit(3, 3, "buy", "1"),
        ),
        "reduce_only_while_flat": case([q1, q2], submit(1, 1, "sell", "1", reduce_only=1)),
        "reduce_only_gap": case(
            [q1, q2], submit(1, 1, "buy", "2"), submit(2, 1, "sell", "5", reduce_only=1)
        ),
        "reduce_only_clamped": case(
            [quote(t, "1000.0", "20", "1000.1", "30") for t in (1, 2)],
            submit(1, 1, "buy", "2"),
            submit(2, 1, "sell", "5", reduce_only=1),
        ),
        "reduce_only_filled_through": case(
            [q1, *(quote(t, "1000.6", "1", "1000.7", "1") for t in (2, 3))],
            submit(1, 1, "buy", "2"),
            submit(2, 1, "sell", "5", "1000.5", reduce_only=1),
        ),
        "reduce_only_loses_its_position": case(
            [q1, q2, quote(3, "1000.5", "9", "1000.6", "9"), quote(4, *base)],
            submit(1, 1, "buy", "2"),
            submit(2, 1, "sell", "2", "1000.5", reduce_only=1),
            submit(3, 2, "sell", "2"),
        ),
        "no_market": case(
            [quote(1, "1000.0", "2", "1000.1", "0"), quote(3, *base)], submit(1, 2, "buy", "1")
        ),
        "side_vanishes": case(
            [q1, quote(2, "1000.0", "2", "1000.1", "0"), quote(4, *base)],
            submit(1, 2, "buy", "1"),
            submit(2, 2, "buy", "1", "1000.1"),
            submit(3, 2, "buy", "1", "1000.1", "ioc"),
            submit(4, 2, "buy", "1", "1000.1", "fok"),
            cancel(3, 3),
        ),
        "key_wraps": case(
            [quote(1, "921.0", "2", "921.5", "3"), quote(2, "950.0", "1", "950.1", "1")],
            submit(1, 1, "sell", "1", "922.0"),
            submit(2, 1, "sell", "1", "923.0"),
        ),
        "key_does_not_wrap": case(
            [quote(1, "910.0", "2", "910.5", "3"), quote(2, "920.0", "1", "920.1", "1")],
            submit(1, 1, "sell", "1", "912.0"),
            submit(2, 1, "sell", "1", "911.0"),
        ),
        "latency": case(
            [
                q1,
                quote(1.000999999, "1000.1", "1", "1000.2", "1"),
                quote(1.001, "1000.2", "1", "1000.3", "1"),
                quote(1.002, "1000.5", "1", "1000.6", "1"),
            ],
            submit(1, 1, "buy", "1"),
            latency_ns="1000000",
        ),
        "latency_on_sparse_data": case(
            [q1, quote(1.005, "1000.5", "1", "1000.6", "1")],
            submit(1, 1, "buy", "1"),
            latency_ns="1000000",
        ),
        "cancel_at_once": case([q1, q2], submit(1, 1, "buy", "1", "1000.0"), cancel(1, 1)),
        "cancel_too_late": case([q1, q2], submit(1, 1, "buy", "1"), cancel(1, 1), cancel(1, 1.5)),
        "market_canceled_at_once_without_fills": case(
            [q1, quote(2, "1000.0", "2", "1000.1", "0"), quote(3, *base)],
            submit(1, 2, "buy", "1"),
            cancel(1, 2),
            cancel(1, 2.5),
        ),
        "flip": case(
            [q1, q2, quote(3, "1003.3", "7", "1003.4", "7")],
            submit(1, 1, "buy", "1.234"),
            submit(2, 2, "sell", "1.999"),
            submit(3, 2.5, "buy", "5.001"),
        ),
        "denied": case(
            [q1, q2],
            submit(1, 1, "buy", "1", "1000.05"),
            submit(2, 1, "buy", "0.0005"),
            submit(3, 1, "buy", "0.001", "1000.0"),
            submit(4, 1, "buy", "0.001"),
        ),
        "below_the_minimum": case(
            [q1, q2], submit(1, 1, "buy", "0.004"), submit(2, 1, "buy", "0.005"), min_qty="0.005"
        ),
        "off_the_tick": case(
            [quote(1, "1000.0", "2", "1000.5", "3"), quote(2, "999.0", "2", "999.5", "3")],
            submit(1, 1, "buy", "5", "1000.7"),
            submit(2, 1, "buy", "5", "999.7"),
            tick="0.5",
        ),
        "throttled": case([q1, q2, quote(3, *base), quote(4, *base)], *many, *late),
        "alarm_at_a_datum": case(
            [q1, quote(2, "1000.5", "1", "1000.6", "1"), quote(3, *base)],
            submit(1, 1.5, "buy", "1"),
            submit(2, 2, "buy", "2"),
            submit(3, 2.5, "sell", "1"),
        ),
    }
    cases["trade_away_from_the_core"] = case(
        [q1, trade(2, "999.9", "4", "buy"), quote(4, *base)],
        submit(1, 1, "sell", "9", "1000.0"),
        trade_execution="1",
    )
    cases["fees_of_nine_decimals"] = case(
        [q1, quote(2, "28155.1", "2", "28155.2", "3"), quote(3, "28155.9", "2", "28156.0", "3")],
        submit(1, 2, "buy", "0.007"),
        submit(2, 2, "buy", "1.234", "28155.1"),
        submit(3, 2.5, "sell", "0.123", "28155.9"),
        submit(4, 3, "sell", "3.017"),
        maker="0.00012345",
        taker="0.00043211",
        bnb_discount="1",
    )
    still, moves = "100.2,100.2,100.2,100.2", "100.2,100.5,99.5,100.2"
    cases |= {
        "bar_market": case(
            [bar(1, "100.0,100.5,99.5,100.2", "8"), bar(2, still, "8")],
            submit(1, 60.5, "buy", "5"),
            submit(2, 60.5, "sell", "2"),
        ),
        "bar_touched_and_passed": case(
            [bar(1, still, "8"), bar(2, moves, "8"), bar(3, still, "0.006"), bar(4, still, "0")],
            submit(1, 60.5, "buy", "5", "99.5"),
            submit(2, 60.5, "buy", "5", "99.6"),
            submit(3, 60.5, "sell", "5", "100.5"),
            submit(4, 180.5, "buy", "1", tif="ioc"),
            submit(5, 240.5, "buy", "1", tif="ioc"),
        ),
        "bar_at_the_last_price": case(
            [
                bar(1, still, "8"),
                bar(2, still, "8"),
                bar(3, "100.2,100.3,100.2,100.2", "4"),
                bar(4, "100.3,100.4,100.2,100.2", "2"),
            ],
            submit(1, 60.5, "buy", "5", "100.2"),
        ),
    }
    for side in ("buy", "sell"):
        for execution in ("0", "1"):
            tail = f"{side}_execution_{execution}"
            data = [q1, trade(2, "1000.0", "4", side), quote(4, *base)]
            lift = [q1, trade(2, "1000.1", "4", side), quote(4, *base)]
            cases[f"trade_at_bid_{tail}"] = case(
                data,
                submit(1, 1, "buy", "4", "1000.0"),
                submit(2, 1, "sell", "4", "1000.1"),
                trade_execution=execution,
            )
            cases[f"trade_at_ask_{tail}"] = case(
                lift,
                submit(1, 1, "buy", "4", "1000.0"),
                submit(2, 1, "sell", "4", "1000.1"),
                trade_execution=execution,
            )
            cases[f"market_after_trade_{tail}"] = case(
                data,
                submit(1, 2, "buy", "5"),
                submit(2, 2, "sell", "5"),
                submit(3, 3, "buy", "1", "1000.1"),
                trade_execution=execution,
            )
            cases[f"trade_first_{tail}"] = case(
                [trade(0.5, "1000.0", "1", side), q1],
                submit(1, 0.6, "buy", "2"),
                submit(2, 0.6, "sell", "2"),
                trade_execution=execution,
            )
    return cases


def random_case(seed: int) -> Case:
    """Quotes, trades and orders around a price that moves by a few ticks, so that much happens."""
    rng = random.Random(seed)
    decimals = rng.choice((1, 1, 2, 4))
    unit = 10**decimals
    # Around 922.34 the sort key wraps; elsewhere commissions have other digits.
    level = rng.choice((5, 922, 1000, 30000, 62345, 104321))
    price = level * unit + rng.randrange(unit)
    step = 1 if rng.random() < 0.9 else rng.choice((2, 5))
    price -= price % step
    size = (
        (lambda: rng.randint(1, 4)) if rng.random() < 0.5 else (lambda: rng.randint(1, 4000) / 1000)
    )
    text = lambda value: f"{max(value, step) / unit:.{decimals}f}"  # noqa: E731
    qty = lambda: f"{size():.3f}"  # noqa: E731
    with_trades = rng.random() < 0.6
    ts = SECOND
    data, orders, alive = [], [], []
    number = 0
    for i in range(rng.randint(5, 40)):
        price += step * rng.choice((-3, -2, -1, -1, 0, 0, 0, 1, 1, 2, 3))
        spread = step * rng.choice((1, 1, 1, 2, 5))
        if with_trades and i > 0 and rng.random() < 0.4:
            at = price if rng.random() < 0.5 else price + spread
            data.append(f"trade,{ts},{text(at)},{qty()},{rng.choice(('buy', 'sell'))}")
        else:
            sizes = [qty() if rng.random() < 0.97 else "0.000" for _ in range(2)]
            data.append(f"quote,{ts},{text(price)},{sizes[0]},{text(price + spread)},{sizes[1]}")
        next_ts = ts + rng.choice((1, 1000, 1_000_000, 5_000_000, SECOND // 10))
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            when = ts if rng.random() < 0.6 else rng.randint(ts, next_ts)
            if orders and when < int(orders[-1].split(",")[1]):
                when = int(orders[-1].split(",")[1])
            if alive and rng.random() < 0.15:
                orders.append(f"{rng.choice(alive)},{when},cancel,,,,,,,")
                continue
            number += 1
            alive.append(number)
            side = rng.choice(("buy", "sell"))
            reduce_only = int(rng.random() < 0.25)
            tif = rng.choices(("gtc", "ioc", "fok"), (8, 1, 1))[0]
            if rng.random() < 0.35:
                orders.append(
                    f"{number},{when},submit,{side},market,{tif},,{qty()},0,{reduce_only}"
                )
            else:
                limit = text(price + step * rng.randint(-4, 5))
                post_only = int(rng.random() < 0.25)
                orders.append(
                    f"{number},{when},submit,{side},limit,{tif},{limit},{qty()},{post_only},{reduce_only}"
                )
        ts = next_ts
    return Case(
        tuple(data),
        tuple(orders),
        {
            "tick": f"{step / unit:.{decimals}f}",
            "maker": rng.choice(("0.0002", "0.00018", "0")),
            "taker": rng.choice(("0.0005", "0.00045")),
            "balance": rng.choice(("1000000", "100000", "10000000")),
            "trade_execution": str(rng.randint(0, 1)),
            "latency_ns": rng.choice(("0", "0", "1000", "1000000", "20000000")),
        },
    )


def random_bars_case(seed: int) -> Case:
    """The same where bars are all there is."""
    rng = random.Random(-1 - seed)
    level = rng.choice((50, 9221, 10000, 623456))  # in ticks of 0.1
    last = level + rng.randrange(20)
    text = lambda ticks: f"{max(ticks, 1) / 10:.1f}"  # noqa: E731
    qty = lambda: f"{rng.randint(1, 4000) / 1000:.3f}"  # noqa: E731
    data, orders, alive = [], [], []
    number = 0
    for minute in range(1, rng.randint(4, 25)):
        first = last + (0 if rng.random() < 0.7 else rng.randint(-4, 4))
        last = first + rng.choice((-5, -2, -1, 0, 0, 0, 1, 2, 5))
        high = max(first, last) + rng.choice((0, 0, 1, 2, 6))
        low = min(first, last) - rng.choice((0, 0, 1, 2, 6))
        volume = rng.choice(("0.000", qty(), qty(), f"{rng.randint(1, 20) / 1000:.3f}"))
        data.append(bar(minute, ",".join(map(text, (first, high, low, last))), volume))
        at = minute * MINUTE
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            at += rng.choice((0, 1, SECOND))
            if alive and rng.random() < 0.15:
                orders.append(f"{rng.choice(alive)},{at},cancel,,,,,,,")
                continue
            number += 1
            alive.append(number)
            side = rng.choice(("buy", "sell"))
            flags = f"{int(rng.random() < 0.2)},{int(rng.random() < 0.2)}"
            tif = rng.choices(("gtc", "ioc", "fok"), (8, 1, 1))[0]
            if rng.random() < 0.35:
                flags = "0" + flags[1:]
                orders.append(f"{number},{at},submit,{side},market,{tif},,{qty()},{flags}")
            else:
                limit = text(last + rng.randint(-6, 6))
                orders.append(f"{number},{at},submit,{side},limit,{tif},{limit},{qty()},{flags}")
    latency = rng.choice(("0", "0", "1000", "20000000"))
    return Case(tuple(data), tuple(orders), {"latency_ns": latency})


def throttle_case(seed: int) -> Case:
    """More than a hundred orders a second, so that NautilusTrader denies until its timer rings:
    before, at and after that instant, with data there or not."""
    rng = random.Random(-1_000_001 - seed)
    burst = SECOND + rng.choice((0, 500, 10_000_000, 300_000_000))
    second = burst + rng.choice((1, 1000, 20_000_000, 400_000_000))
    first = rng.choice((30, 50, 80, 100))  # orders of the first burst
    rings = burst + SECOND  # the timer is that of the oldest of the hundred
    times = {SECOND, burst + 3, second + 5, rings + 2 * SECOND}
    times |= {rng.randrange(SECOND, rings + 2 * SECOND) for _ in range(rng.choice((0, 4, 20)))}
    times |= {at for at in (rings - 1, rings, rings + 1) if rng.random() < 0.4}
    price = 10_000
    data = []
    for ts in sorted(times):
        price += rng.randint(-1, 1)
        text = f"{price / 10:.1f}"
        if rng.random() < 0.3 and data:
            data.append(f"trade,{ts},{text},{rng.randint(1, 9)}.000,{rng.choice(('buy', 'sell'))}")
        else:
            sizes = (rng.randint(1, 9), rng.randint(1, 9))
            data.append(f"quote,{ts},{text},{sizes[0]},{price / 10 + 0.1:.1f},{sizes[1]}")
    moments = [burst] * first + [second] * (rng.randint(110, 160) - first)
    latency = rng.choice((0, 0, 1000, 20_000_000))
    near = (-latency, -1, 0, 0, 1, latency, 5_000_000, 300_000_000, SECOND, SECOND + 7)
    moments += [rings + rng.choice(near) for _ in range(rng.randint(10, 60))]
    orders, alive = [], []
    for number, ts in enumerate(sorted(moments), start=1):
        if alive and rng.random() < 0.1:
            orders.append(f"{rng.choice(alive)},{ts},cancel,,,,,,,")
            continue
        alive.append(number)
        limit = "" if rng.random() < 0.4 else f"{(price + rng.randint(-3, 3)) / 10:.1f}"
        kind = "limit" if limit else "market"
        qty = f"{rng.randint(1, 50) / 1000:.3f}"
        side = rng.choice(("buy", "sell"))
        orders.append(f"{number},{ts},submit,{side},{kind},gtc,{limit},{qty},0,0")
    settings = {
        "latency_ns": str(latency),
        "trade_execution": str(rng.randint(0, 1)),
        "to": str(rings + 3 * SECOND),
    }
    return Case(tuple(data), tuple(orders), settings)
