"""The exchange of engine.md (X1–X24) and absence.md (N4, N6), replayed over the raw rows, one millisecond after the other.

Only what decided the orders is taken from the run: orders and commands as they were given. What they
became is computed here.
"""

import bisect
from collections import deque

from audit_ledger import Ledger, sign
from audit_orders import SECOND, Consumed, Order
from audit_raw import MINUTE, ONE, duration_ns, units
from audit_resting import Resting
from audit_taking import Taking


class Exchange(Taking, Resting):
    def __init__(self, run, market):
        self.run, self.market, self.contract = run, market, run.contract
        config = run.config
        self.queue = config["exchange"]["queue"]
        self.impact = config["exchange"]["impact_ticks_per_level"]
        self.latency = duration_ns(config["exchange"]["order_latency"])
        self.data_latency = config["exchange"]["data_latency"]
        self.ledger = Ledger(
            self.contract,
            units(str(config["run"]["equity_usdt"])),
            config["exchange"]["leverage"],
            config["costs"]["bnb_discount"],
        )
        self.has_quotes = "bookTicker" in run.inputs
        self.from_trades = not self.has_quotes and "aggTrades" in run.inputs
        self.from_bars = not self.has_quotes and not self.from_trades
        self.max_age = duration_ns(config["exchange"].get("max_touch_age", "10s")) // 10**6
        self.in_first_second = config["exchange"].get("bar_entry", "open") == "open"
        self.quote = None
        self.printed = self.trade_price = None  # X21: what the last trade makes of the touch
        self.last_close = None
        self.consumed = {1: Consumed(), -1: Consumed()}  # by the side of the order that takes
        self.debt = {
            1: deque(),
            -1: deque(),
        }  # by the side of the resting order: [expiry, price, qty]
        self.recent, self.sorted = deque(maxlen=1000), []  # X21
        self.minute, self.this_minute, self.last_minute = -1, 0, 0
        self.touches = []  # X21's quotes, for the mean depth
        self.opens = {bar.ts: bar for bar in market.bars}
        self.waiting = []  # N4, by arrival
        self.orders = {
            row["order_id"]: Order(row) for row in run.orders if row["role"] != "liquidation"
        }
        self.liquidations = []
        self.resting = []
        self.fills, self.commands = [], []
        self.arrivals = 0
        self.counted = {}  # how often each branch of a rule ran

    def count(self, what):
        self.counted[what] = self.counted.get(what, 0) + 1

    # -- the course of time -------------------------------------------------------------------
    def replay(self):
        run, events = self.run, []
        # Of one instant: payment, sample, commands, bar or trades, quotes (X2; ledger, "Mark").
        for i, bar in enumerate(self.market.bars if self.from_bars else ()):
            events.append((bar.ts + MINUTE, -1, i, self.on_close, bar))
            events.append((bar.ts + MINUTE, 1.5, i, self.on_range, bar))
            events.append((bar.ts, 4, i, self.on_open, bar))
        loud = {
            row.ts // MINUTE for rows in (self.market.trades, self.market.quotes) for row in rows
        }
        for i, bar in enumerate(self.market.bars if not self.from_bars else ()):
            if bar.volume and bar.ts // MINUTE not in loud:
                events.append((bar.ts, 2.5, i, self.on_silent_open, bar))
        if run.config["costs"]["funding"]:
            for i, payment in enumerate(self.market.payments):
                if payment.ts >= run.begin:
                    events.append((payment.ts, 0, i, self.on_payment, payment))
        events.append((run.begin, 0, -1, self.on_start, run.begin))
        for i, ts in enumerate(range(run.begin // MINUTE * MINUTE + MINUTE, run.end + 1, MINUTE)):
            events.append((ts, 1, i, self.on_minute, ts))
        last = 0
        for i, row in enumerate(sorted(run.commands, key=lambda c: c["seq"])):
            if self.latency is None:
                arrive = row["ts_arrive"] // 10**6 if row["ts_arrive"] is not None else run.end
            else:
                arrive = row["ts_sent"] // 10**6 + 1 - (-self.latency // 10**6)
            last = max(last, arrive)
            events.append((last, 2, i, self.on_command, (last, row)))
        for i, trade in enumerate(self.market.trades):
            events.append((trade.ts, 3, i, self.on_trade, trade))
        for i, quote in enumerate(self.market.quotes):
            events.append((quote.ts, 4, i, self.on_quote, quote))
        events.sort(key=lambda e: e[:3])
        for ts, _kind, _i, handler, data in events:
            if ts < run.begin and handler not in (self.on_quote, self.on_trade, self.on_close):
                continue
            if ts >= run.end and handler not in (self.on_command, self.on_minute, self.on_close):
                continue
            handler(data)
        self.ledger.sample(run.end, "end", self.mark2())
        self.see()

    def see(self):
        """bid, ask of each order: the touch last seen when it was given (X3, N4), for constant delays."""
        delay = duration_ns(self.data_latency)
        if delay is None or not (self.has_quotes or self.from_trades):
            return

        def seen_at(rows, base):
            times, last, k = [], None, 0
            for row in rows:
                k = k + 1 if row.ts == last else 0
                last = row.ts
                times.append(row.ts * 10**6 + base + k + delay)
            return rows, times

        kinds = [seen_at(self.market.quotes, 300_000), seen_at(self.touches, 0)]
        for order in self.orders.values():
            if order.role == "liquidation":
                continue
            # At the very instant of a datum a scripted command comes first (X3 does not say); a
            # strategy's command is caused by it.
            find = bisect.bisect_left if order.role == "script" else bisect.bisect_right
            order.seen = (None, None)
            for rows, times in kinds:
                i = find(times, order.ts_submit)
                if i and order.ts_submit - rows[i - 1].ts * 10**6 <= self.max_age * 10**6:
                    order.seen = (rows[i - 1].bid, rows[i - 1].ask)
                    break

    def on_start(self, ts):
        self.ledger.sample(ts, "start", self.mark2())

    def mark2(self):
        if self.from_bars:
            return None if self.last_close is None else 2 * self.last_close
        touch = self.younger()
        return None if touch is None else touch.bid + touch.ask

    def on_minute(self, ts):
        self.ledger.sample(ts, "minute", self.mark2())

    def on_payment(self, payment):
        if self.ledger.Q == 0 or self.mark2() is None:
            return
        self.count("funding")
        self.ledger.pay(self.mark2(), payment.rate)
        self.ledger.sample(payment.ts, "funding", self.mark2())
        self.check_liquidation(payment.ts)

    # -- commands -----------------------------------------------------------------------------
    def on_command(self, data):
        ts, row = data
        outcome = "never"
        order = self.orders[row["order_id"]]
        if ts < self.run.end:
            if row["kind"] == "submit":
                outcome = self.submit(order, ts)
            elif order.working:
                self.count("X19 cancel")
                self.remove(order, ts, "canceled")
                outcome = "accepted"
            else:
                self.count("X19 too late")
                outcome = "too_late"
        elif row["kind"] == "submit":
            self.count("never")
        self.commands.append(
            {
                "seq": row["seq"],
                "kind": row["kind"],
                "order_id": order.id,
                "outcome": outcome,
                "ts_arrive": ts * 10**6 if outcome != "never" else None,
            }
        )

    def submit(self, order, ts):
        order.ts_arrive = ts
        self.arrivals += 1
        order.number = self.arrivals
        reason = self.inadmissible(order, ts)
        if reason:
            self.count(f"X4 {reason}")
            order.done(ts, "rejected", reason)
            return "rejected"
        order.ts_accepted = ts
        self.execute(order, ts)
        self.check_liquidation(ts)
        return "accepted"

    def inadmissible(self, order, ts):
        """X4: the first reason to reject on arrival."""
        contract = self.contract
        if order.replaces is not None:
            old = self.orders[order.replaces]
            if old.status == "filled":
                return "replaced"
            order.remaining -= min(order.remaining, old.filled)
        if order.px is not None and order.px % contract.tick(ts):
            return "tick"
        if order.qty % contract.lot:
            return "lot"
        if order.qty < contract.min_qty:
            return "min_qty"
        if self.waits(order, ts):
            return None
        price = order.px
        if order.market and self.from_bars:
            if self.last_close is None:
                return "no_quote"
            price = self.last_close
        elif order.market:
            price = self.far(self.touch(ts), order.s)[0]
        return self.refused(order, ts, price)

    def waits(self, order, ts):
        """N4: a MARKET without a touch."""
        return order.market and not self.from_bars and self.touch(ts) is None

    def refused(self, order, ts, price):
        """X4 from reduce-only on: what needs a price."""
        s, contract = order.s, self.contract
        if order.reduce_only:
            left = abs(self.ledger.Q) if sign(self.ledger.Q) == -s else 0
            if left < order.remaining:
                self.count("X4 clamped")
            order.remaining = min(order.remaining, left)
            if order.remaining == 0:
                return "reduce_only"
        if not order.reduce_only:
            if price * order.remaining < contract.min_notional(ts) * ONE:
                return "min_notional"
            rate = contract.fee(ts, "maker" if order.post_only else "taker")
            reason = self.ledger.refuses(ts, s, price, order.remaining, rate)
            if reason:
                return reason
        if order.post_only:
            if order.tif != "gtc":
                return "post_only"
            touch = self.touch(ts)  # X5: bars know no ask
            if touch is not None and s * (order.px - self.far(touch, s)[0]) >= 0:
                return "post_only"  # X8
        return None

    def execute(self, order, ts):
        if order.market and self.from_bars:
            order.working = True
            self.resting.append(order)
            self.take_open(order, ts)
            return
        if self.waits(order, ts):
            self.count("N4 waits")
            order.working = True
            self.waiting.append(order)
            return
        if order.market:
            self.take(order, ts, None, "X6")
            return
        s, touch = order.s, self.touch(ts)
        if touch is not None and s * (order.px - self.far(touch, s)[0]) >= 0:
            if (
                order.tif == "fok"
                and sum(q for _, q, _ in self.slices(order, ts, order.px)) < order.remaining
            ):
                self.count("X9 fok canceled")
                order.done(ts, "canceled")
                return
            self.take(order, ts, order.px, "X9")
            if order.remaining == 0 or order.status != "open":
                return
            if order.tif != "gtc":
                self.count("X9 ioc rest canceled")
                order.done(ts, "canceled")
                return
            self.count("X9 rest")
            order.ahead = 0
        elif order.tif != "gtc":
            self.count(f"X9 {order.tif} not marketable")
            order.done(ts, "canceled")
            return
        elif self.queue == "optimistic":
            order.ahead = 0
        elif self.shown_book() is None:
            order.ahead = None
        else:
            price, size = self.near(self.shown_book(), s)
            if order.px == price:
                self.count("X10 touch")
                order.ahead = size
            elif s * (order.px - price) > 0:
                self.count("X10 inside")
                order.ahead = 0
            else:
                self.count("X10 behind")
                order.ahead = None
        order.queue_ahead = order.ahead
        order.working = True
        self.resting.append(order)
        self.take_open(order, ts)

    def take_open(self, order, ts):
        """N6: what arrives in the first second of a bar is in force at its start."""
        bar = self.opens.get(ts // MINUTE * MINUTE)
        if (
            not self.from_bars
            or not self.in_first_second
            or bar is None
            or not 0 < ts - bar.ts < SECOND
        ):
            return
        order.bars = 1
        if order.market:
            self.count("N6 first second")
            price = bar.open + order.s * self.impact * self.contract.tick(ts)
            self.fill(order, ts, price, order.remaining, "taker", "X22", None)

    def remove(self, order, ts, status):
        order.done(ts, status)
        for queue in (self.resting, self.waiting):
            if order in queue:
                queue.remove(order)

    # -- fills ----------------------------------------------------------------------------------
    def fill(self, order, ts, price, quantity, liquidity, rule, cause, extra_rate=0, known=None):
        ledger, s = self.ledger, order.s
        self.count(f"fill {rule}")
        slippage = None
        if order.bid is not None and order.ask is not None:
            product = s * (2 * price - order.bid - order.ask) * quantity
            assert product % (2 * ONE) == 0
            slippage = product // (2 * ONE)
        before = ledger.Q
        rate = self.contract.fee(ts, liquidity) + extra_rate
        position, fee, realised = ledger.fill(ts, s, price, quantity, rate, slippage)
        order.remaining -= quantity
        order.filled += quantity
        order.pq += price * quantity
        mark2 = self.mark2()
        self.fills.append(
            {
                "fill_id": len(self.fills) + 1,
                "order_id": order.id,
                "position_id": position,
                "ts": ts * 10**6,
                "side": "buy" if s > 0 else "sell",
                "liquidity": liquidity,
                "price": price,
                "qty": quantity,
                "fee": fee,
                "rule": rule,
                "cause": cause,
                "slippage": slippage,
                "position_after": ledger.Q,
                "balance_after": ledger.wallet(),
                "equity_after": ledger.equity(mark2),
                "mid_decision": None if order.bid is None else (order.bid + order.ask) / (2 * ONE),
                "mid_fill": None if mark2 is None else mark2 / (2 * ONE),
                "ts_init": (known or ts) * 10**6 + (duration_ns(self.data_latency) or 0),
            }
        )
        ledger.sample(ts, "fill", mark2)
        if order.remaining == 0:
            self.remove(order, ts, "filled")
        if sign(before) == -s:
            self.cut_reduce_only(ts)
        return fee, realised

    def cut_reduce_only(self, ts):
        """X4: each resting reduce-only order is cut to what is left of the position."""
        Q = self.ledger.Q
        for order in [o for o in self.resting + self.waiting if o.reduce_only]:
            left = abs(Q) if sign(Q) == -order.s else 0
            if order.remaining > left:
                self.count("X4 cut")
                order.remaining = left
                if left == 0:
                    self.count("X4 cut to zero")
                    self.remove(order, ts, "canceled")

    # -- liquidation --------------------------------------------------------------------------------
    def check_liquidation(self, ts):
        ledger = self.ledger
        if not ledger.broke(ts, self.mark2()):
            return
        self.count("liquidation")
        for order in self.resting + self.waiting:
            self.count("liquidation cancels")
            self.remove(order, ts, "canceled")
        margin = ledger.margin()
        s, quantity = -sign(ledger.Q), abs(ledger.Q)
        row = self.run.orders and next(
            (
                r
                for r in self.run.orders
                if r["role"] == "liquidation"
                and r["order_id"] not in {o.id for o in self.liquidations}
            ),
            None,
        )
        order = Order(
            {
                "order_id": row["order_id"] if row else "liquidation",
                "role": "liquidation",
                "side": "buy" if s > 0 else "sell",
                "type": "market",
                "tif": "gtc",
                "post_only": False,
                "reduce_only": True,
                "price": None,
                "qty": quantity,
                "replaces": None,
                "ts_submit": ts * 10**6,
                "bid": row["bid"] if row else None,
                "ask": row["ask"] if row else None,
            }
        )
        order.ts_arrive = order.ts_accepted = ts
        self.liquidations.append(order)
        extra = self.contract.clearance(ts)
        fees = realised = 0
        best = self.touch(ts) and self.far(self.touch(ts), s)[0]
        for price, part, touch in self.slices(order, ts, None):
            if touch:
                self.consumed[s].add(ts, best, part)
            fee, gain = self.fill(order, ts, price, part, "taker", "LIQ", None, extra)
            fees, realised = fees + fee, realised + gain
        loss = fees - realised
        ledger.I += max(0, loss - margin)
        ledger.sample(ts, "liquidation", self.mark2())
