"""The exchange of engine.md (X1–X24), replayed over the raw rows, one millisecond after the other.

Only what decided the orders is taken from the run: orders and commands as they were given. What they
became is computed here.
"""

import bisect
from collections import deque

from audit_ledger import Ledger, sign
from audit_raw import DAY, MINUTE, ONE, Quote, duration_ns, units

SECOND = 1_000
DEBT_MS = 100


class Order:
    def __init__(self, row):
        self.id, self.role = row["order_id"], row["role"]
        self.s = 1 if row["side"] == "buy" else -1
        self.market = row["type"] == "market"
        self.tif, self.post_only, self.reduce_only = row["tif"], row["post_only"], row["reduce_only"]
        self.px, self.qty, self.replaces = row["price"], row["qty"], row["replaces"]
        self.ts_submit, self.bid, self.ask = row["ts_submit"], row["bid"], row["ask"]
        self.ts_arrive = self.ts_accepted = self.ts_done = None
        self.status, self.reason = "open", None
        self.remaining, self.filled, self.pq = row["qty"], 0, 0
        self.ahead = self.queue_ahead = None
        self.working = False
        self.number = 0  # of arrival
        self.seen = (self.bid, self.ask)  # the quote last seen at ts_submit, where it is recomputed
        self.bars = 0  # X22: bars it was in force for, at their start

    def done(self, ts, status, reason=None):
        self.ts_done, self.status, self.reason, self.working = ts, status, reason, False

    def row(self):
        def ns(ms):
            return None if ms is None else ms * 10**6

        return {"order_id": self.id, "bid": self.seen[0], "ask": self.seen[1], "ts_arrive": ns(self.ts_arrive),
                "ts_accepted": ns(self.ts_accepted), "ts_done": ns(self.ts_done),
                "status": self.status, "reject_reason": self.reason, "filled_qty": self.filled,
                "avg_price": self.pq // self.filled if self.filled else None,
                "queue_ahead": self.queue_ahead}


class Consumed:
    """X7, for one side of the book."""

    def __init__(self):
        self.qty = self.last = 0

    def at(self, ts):
        if ts >= self.last + SECOND:
            self.qty = 0
        return self.qty

    def add(self, ts, qty):
        self.qty = self.at(ts) + qty
        self.last = ts


class Exchange:
    def __init__(self, run, market):
        self.run, self.market, self.contract = run, market, run.contract
        config = run.config
        self.queue = config["exchange"]["queue"]
        self.impact = config["exchange"]["impact_ticks_per_level"]
        self.latency = duration_ns(config["exchange"]["order_latency"])
        self.data_latency = config["exchange"]["data_latency"]
        self.ledger = Ledger(self.contract, units(str(config["run"]["equity_usdt"])),
                             config["exchange"]["leverage"], config["costs"]["bnb_discount"])
        self.has_quotes = "bookTicker" in run.inputs
        self.from_trades = not self.has_quotes and "aggTrades" in run.inputs
        self.from_bars = not self.has_quotes and not self.from_trades
        self.quote = self.before = None
        self.last_close = None
        self.consumed = {1: Consumed(), -1: Consumed()}  # by the side of the order that takes
        self.debt = {1: deque(), -1: deque()}  # by the side of the resting order: [expiry, price, qty]
        self.recent = deque(maxlen=1000)  # X21
        self.touches = []  # X21's quotes, for the mean depth
        self.orders = {row["order_id"]: Order(row) for row in run.orders if row["role"] != "liquidation"}
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
        """bid, ask of each order: the quote last seen when it was given (X3), for constant delays."""
        delay = duration_ns(self.data_latency)
        if delay is None or not (self.has_quotes or self.from_trades):
            return
        rows = self.market.quotes if self.has_quotes else self.touches
        base = 300_000 if self.has_quotes else 0
        times, last, k = [], None, 0
        for row in rows:
            k = k + 1 if row.ts == last else 0
            last = row.ts
            times.append(row.ts * 10**6 + base + k + delay)
        for order in self.orders.values():
            if order.role == "liquidation":
                continue
            # At the very instant of a datum a scripted command comes first (X3 does not say); a
            # strategy's command is caused by it.
            find = bisect.bisect_left if order.role == "script" else bisect.bisect_right
            i = find(times, order.ts_submit)
            order.seen = (rows[i - 1].bid, rows[i - 1].ask) if i else (None, None)

    def on_start(self, ts):
        self.ledger.sample(ts, "start", self.mark2())

    def mark2(self):
        if self.from_bars:
            return None if self.last_close is None else 2 * self.last_close
        return None if self.quote is None else self.quote.bid + self.quote.ask

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
        self.commands.append({"seq": row["seq"], "kind": row["kind"], "order_id": order.id,
                              "outcome": outcome,
                              "ts_arrive": ts * 10**6 if outcome != "never" else None})

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

    def usable(self):
        q = self.quote
        return q is not None and q.bid < q.ask and q.bid_qty > 0 and q.ask_qty > 0

    def far(self, s):
        """Price and size that an order of side s would take."""
        q = self.quote
        return (q.ask, q.ask_qty) if s > 0 else (q.bid, q.bid_qty)

    def near(self, s):
        q = self.quote
        return (q.bid, q.bid_qty) if s > 0 else (q.ask, q.ask_qty)

    def inadmissible(self, order, ts):
        """X4: the first reason to reject."""
        s, contract = order.s, self.contract
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
        if order.reduce_only:
            left = abs(self.ledger.Q) if sign(self.ledger.Q) == -s else 0
            if left < order.remaining:
                self.count("X4 clamped")
            order.remaining = min(order.remaining, left)
            if order.remaining == 0:
                return "reduce_only"
        if order.market:
            if self.from_bars:
                if self.last_close is None:
                    return "no_quote"
                price = self.last_close
            elif not self.usable():
                return "no_quote"
            else:
                price = self.far(s)[0]
        else:
            price = order.px
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
            touch = self.far(s)[0] if self.quote else None  # X5: bars know no ask
            if touch is not None and s * (order.px - touch) >= 0:
                return "post_only"  # X8
        return None

    def execute(self, order, ts):
        if order.market and self.from_bars:
            order.working = True
            self.resting.append(order)
            return
        if order.market:
            self.take(order, ts, None, "X6")
            return
        s = order.s
        if self.usable() and s * (order.px - self.far(s)[0]) >= 0:
            if order.tif == "fok" and sum(q for _, q, _ in self.slices(order, ts, order.px)) < order.remaining:
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
        elif self.quote is None:
            order.ahead = None
        else:
            price, size = self.near(s)
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

    def remove(self, order, ts, status):
        order.done(ts, status)
        if order in self.resting:
            self.resting.remove(order)

    # -- taking: X6, X7, X9 ---------------------------------------------------------------------
    def mean_depth(self, ts):
        """X6: of the last whole UTC minute before ts, in whole lots."""
        rows = self.touches if self.from_trades else self.market.quotes
        end = ts // MINUTE * MINUTE
        start = end - MINUTE
        first = bisect.bisect_left(rows, (start,))
        last = bisect.bisect_left(rows, (end,))
        times, sizes = [], []
        if first and rows[first - 1].ts // DAY == start // DAY:
            times.append(start)
            sizes.append(rows[first - 1].bid_qty + rows[first - 1].ask_qty)
        for row in rows[first:last]:
            times.append(row.ts)
            sizes.append(row.bid_qty + row.ask_qty)
        if not times or end == times[0]:
            return 0
        times.append(end)
        weighted = sum(size * (b - a) for size, a, b in zip(sizes, times, times[1:]))
        depth = weighted // (2 * (end - times[0]))
        return depth // self.contract.lot * self.contract.lot

    def slices(self, order, ts, limit):
        """(price, quantity, at the touch?) of what the order would take."""
        s, rest = order.s, order.remaining
        price, size = self.far(s)
        result = []
        free = size - self.consumed[s].at(ts)
        if free > 0:
            quantity = min(rest, free)
            result.append((price, quantity, True))
            rest -= quantity
        each = max(size, self.mean_depth(ts)) if rest else 0
        step = self.impact * self.contract.tick(ts)
        j = 0
        while rest:
            j += 1
            at = price + s * j * step
            if limit is not None and s * (limit - at) < 0:
                break
            quantity = min(rest, each)
            result.append((at, quantity, False))
            rest -= quantity
        return result

    def take(self, order, ts, limit, rule):
        for price, quantity, touch in self.slices(order, ts, limit):
            if touch:
                if self.consumed[order.s].at(ts):
                    self.count("X7 consumed seen")
                self.consumed[order.s].add(ts, quantity)
            else:
                self.count(f"{rule} slice")
            self.fill(order, ts, price, quantity, "taker", rule, None)

    # -- fills ----------------------------------------------------------------------------------
    def fill(self, order, ts, price, quantity, liquidity, rule, cause, extra_rate=0):
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
        self.fills.append({
            "fill_id": len(self.fills) + 1, "order_id": order.id, "position_id": position,
            "ts": ts * 10**6, "side": "buy" if s > 0 else "sell", "liquidity": liquidity,
            "price": price, "qty": quantity, "fee": fee, "rule": rule, "cause": cause,
            "slippage": slippage, "position_after": ledger.Q, "balance_after": ledger.wallet(),
            "equity_after": ledger.equity(mark2),
            "mid_decision": None if order.bid is None else (order.bid + order.ask) / (2 * ONE),
            "mid_fill": None if mark2 is None else mark2 / (2 * ONE),
            "ts_init": ts * 10**6 + (duration_ns(self.data_latency) or 0)})
        ledger.sample(ts, "fill", mark2)
        if order.remaining == 0:
            self.remove(order, ts, "filled")
        if sign(before) == -s:
            self.cut_reduce_only(ts)
        return fee, realised

    def cut_reduce_only(self, ts):
        """X4: each resting reduce-only order is cut to what is left of the position."""
        Q = self.ledger.Q
        for order in [o for o in self.resting if o.reduce_only]:
            left = abs(Q) if sign(Q) == -order.s else 0
            if order.remaining > left:
                self.count("X4 cut")
                order.remaining = left
                if left == 0:
                    self.count("X4 cut to zero")
                    self.remove(order, ts, "canceled")

    def by_priority(self, s):
        """Own resting LIMITs of one side: by price, then arrival."""
        return sorted((o for o in self.resting if o.s == s and not o.market), key=lambda o: (-s * o.px, o.number))

    # -- trades: X11–X14, X17, X21 ----------------------------------------------------------------
    def on_trade(self, trade):
        s = -trade.side  # of the resting orders that this trade can serve
        left = trade.qty
        for order in self.by_priority(s):
            if not order.working:
                continue
            past = s * (order.px - trade.price)
            if past > 0:  # X13: it traded below our BUY
                if order.ahead != 0:
                    self.count("X13 clears ahead")
                order.ahead = 0
                quantity, rule = min(order.remaining, left), "X13"
            elif past == 0 and not self.from_trades:  # X12
                if self.queue == "optimistic":
                    order.ahead = 0
                if order.ahead is None:
                    self.count("X12 unknown")
                    continue
                quantity, rule = min(order.remaining, max(0, trade.qty - order.ahead), left), "X12"
                order.ahead = max(0, order.ahead - trade.qty)
            else:
                continue
            if quantity > 0:
                left -= quantity
                self.fill(order, trade.ts, order.px, quantity, "maker", rule, trade.id)
        if self.from_trades:
            self.touch_from(trade)
        elif self.has_quotes:
            self.debt[s].append([trade.ts + DEBT_MS, trade.price, trade.qty])  # X17
        self.check_liquidation(trade.ts)

    def touch_from(self, trade):
        """X21: the trade becomes the quote."""
        if len(self.recent) == self.recent.maxlen:
            self.sorted.pop(bisect.bisect_left(self.sorted, self.recent[0]))
        elif not self.recent:
            self.sorted = []
        self.recent.append(trade.qty)
        bisect.insort(self.sorted, trade.qty)
        n = len(self.sorted)
        median = (self.sorted[(n - 1) // 2] + self.sorted[n // 2]) // 2
        lot, tick = self.contract.lot, self.contract.tick(trade.ts)
        size = max(lot, median // lot * lot)
        bid, ask = (trade.price - tick, trade.price) if trade.side > 0 else (trade.price, trade.price + tick)
        quote = Quote(trade.ts, trade.id, bid, size, ask, size, trade.ts)
        self.shown(quote)
        self.touches.append(quote)
        self.quote = quote

    # -- quotes: X7, X15–X18 --------------------------------------------------------------------
    def shown(self, quote):
        """X7, when a new quote comes."""
        for s, old, price, size in ((1, self.quote and self.quote.ask, quote.ask, quote.ask_qty),
                                    (-1, self.quote and self.quote.bid, quote.bid, quote.bid_qty)):
            consumed = self.consumed[s]
            if consumed.qty == 0:
                continue
            if consumed.at(quote.ts) == 0:
                self.count("X7 expires")
            elif price != old:
                self.count("X7 price changes")
                consumed.qty = 0
            elif size < consumed.qty:
                self.count("X7 lowered")
                consumed.qty = size

    def repay(self, s, ts, price, decrease):
        """X17: what is left of a decrease after the debt at that price."""
        debts = self.debt[s]
        while debts and debts[0][0] < ts:
            debts.popleft()
        for debt in debts:
            if debt[1] == price and decrease:
                paid = min(debt[2], decrease)
                debt[2] -= paid
                decrease -= paid
        return decrease

    def on_quote(self, quote):
        before = self.quote
        self.shown(quote)
        self.quote = quote
        ts, lot = quote.ts, self.contract.lot
        for s in (1, -1):
            price, size = self.near(s)
            if before is None:
                continue
            old_price, old_size = (before.bid, before.bid_qty) if s > 0 else (before.ask, before.ask_qty)
            if old_price != price or size >= old_size:
                continue
            cancelled = self.repay(s, ts, price, old_size - size)
            base = old_size - (old_size - size - cancelled)
            if self.queue == "proportional" and cancelled and base:
                for order in self.by_priority(s):
                    if order.px == price and order.ahead:
                        self.count("X18 moves")
                        down = cancelled * order.ahead // base // lot * lot
                        order.ahead = max(0, order.ahead - down)
        for s in (1, -1):  # X15
            price, size = self.near(s)
            for order in self.by_priority(s):
                past = s * (order.px - price)
                if past > 0:
                    if order.ahead != 0:
                        self.count("X15 alone")
                    order.ahead = 0
                elif past == 0 and self.queue != "optimistic":
                    if order.ahead is None:
                        self.count("X15 known")
                        order.ahead = size
                    elif order.ahead > size:
                        self.count("X15 lowered")
                        order.ahead = size
        for s in (1, -1):  # X16
            price, size = self.far(s)
            if before is not None and (price, size) == (
                    (before.ask, before.ask_qty) if s > 0 else (before.bid, before.bid_qty)):
                continue
            for order in self.by_priority(s):
                if not order.working or s * (order.px - price) < 0:
                    continue
                quantity = min(order.remaining, size - self.consumed[s].at(ts))
                if quantity > 0:
                    self.consumed[s].add(ts, quantity)
                    self.fill(order, ts, order.px, quantity, "maker", "X16", quote.id)
        self.check_liquidation(ts)

    # -- bars: X22 --------------------------------------------------------------------------------
    def on_close(self, bar):
        self.last_close = bar.close

    def on_open(self, bar):
        """What is in force when the bar opens; a MARKET fills at its open."""
        tick = self.contract.tick(bar.ts)
        for order in sorted(self.resting, key=lambda o: o.number):
            order.bars += 1
            if order.market and order.working:
                self.fill(order, bar.ts, bar.open + order.s * self.impact * tick, order.remaining, "taker", "X22", None)
        self.check_liquidation(bar.ts)

    def on_range(self, bar):
        """LIMITs that the bar reached. When inside the bar is unknown: known at its end."""
        for s in (1, -1):
            extreme = bar.low if s > 0 else bar.high
            for order in self.by_priority(s):
                if not order.working or not order.bars or s * (order.px - extreme) <= 0:
                    continue
                through = s * (order.px - bar.open) >= 0
                price = bar.open if through else order.px
                liquidity = "taker" if order.bars == 1 and through else "maker"
                self.count(f"X22 {liquidity} limit")
                self.fill(order, bar.ts + MINUTE, price, order.remaining, liquidity, "X22", None)
        self.check_liquidation(bar.ts + MINUTE)

    # -- liquidation --------------------------------------------------------------------------------
    def check_liquidation(self, ts):
        ledger = self.ledger
        if not ledger.broke(ts, self.mark2()):
            return
        self.count("liquidation")
        for order in list(self.resting):
            self.count("liquidation cancels")
            self.remove(order, ts, "canceled")
        margin = ledger.margin()
        s, quantity = -sign(ledger.Q), abs(ledger.Q)
        row = self.run.orders and next(
            (r for r in self.run.orders if r["role"] == "liquidation"
             and r["order_id"] not in {o.id for o in self.liquidations}), None)
        order = Order({"order_id": row["order_id"] if row else "liquidation", "role": "liquidation",
                       "side": "buy" if s > 0 else "sell", "type": "market", "tif": "gtc",
                       "post_only": False, "reduce_only": True, "price": None, "qty": quantity,
                       "replaces": None, "ts_submit": ts * 10**6,
                       "bid": row["bid"] if row else None, "ask": row["ask"] if row else None})
        order.ts_arrive = order.ts_accepted = ts
        self.liquidations.append(order)
        extra = self.contract.clearance(ts)
        fees = realised = 0
        for price, part, touch in self.slices(order, ts, None):
            if touch:
                self.consumed[s].add(ts, part)
            fee, gain = self.fill(order, ts, price, part, "taker", "LIQ", None, extra)
            fees, realised = fees + fee, realised + gain
        loss = fees - realised
        ledger.I += max(0, loss - margin)
        ledger.sample(ts, "liquidation", self.mark2())
