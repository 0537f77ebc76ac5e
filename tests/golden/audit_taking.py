"""The touch and its age (N4), and what a taking order gets (X6, X7, X9, X21)."""

import bisect

from audit_orders import SECOND
from audit_raw import DAY, MINUTE, Quote


class Taking:
    """A part of the exchange: it reads `market`, `quote`, `printed`, `consumed` and fills by `fill`."""

    # -- the touch --------------------------------------------------------------------------------
    def usable(self):
        q = self.quote
        return q is not None and q.bid < q.ask and q.bid_qty > 0 and q.ask_qty > 0

    def touch(self, ts):
        """N4: the last usable quote if it is young enough, else what the last trade makes of it, else none."""
        if self.usable() and ts - self.quote.ts <= self.max_age:
            return self.quote
        if self.printed is not None and ts - self.printed.ts <= self.max_age:
            return self.printed
        return None

    def younger(self):
        """Mark and liquidation: the younger of quote and trade touch, however old. In one ms the trade comes first."""
        if self.quote is None or self.printed is None:
            return self.quote or self.printed
        return self.printed if self.printed.ts > self.quote.ts else self.quote

    def shown_book(self):
        """What an order joins (X10): quotes where there are any, else X21's."""
        return self.quote if self.has_quotes else self.printed

    @staticmethod
    def far(touch, s):
        """Price and size that an order of side s would take."""
        return (touch.ask, touch.ask_qty) if s > 0 else (touch.bid, touch.bid_qty)

    @staticmethod
    def near(touch, s):
        return (touch.bid, touch.bid_qty) if s > 0 else (touch.ask, touch.ask_qty)

    def price_to_take(self, touch, s):
        """N4: never better than the last trade while the quote is more than a second older."""
        price = self.far(touch, s)[0]
        late = (
            self.quote is not None
            and self.printed is not None
            and self.printed.ts - self.quote.ts > SECOND
        )
        if late and s * (self.trade_price - price) > 0:
            self.count("N4 worse than the quote")
            return self.trade_price
        return price

    def print_touch(self, trade):
        """X21: what the trade makes of the touch."""
        if len(self.recent) == self.recent.maxlen:
            self.sorted.pop(bisect.bisect_left(self.sorted, self.recent[0]))
        self.recent.append(trade.qty)
        bisect.insort(self.sorted, trade.qty)
        n = len(self.sorted)
        median = (self.sorted[(n - 1) // 2] + self.sorted[n // 2]) // 2
        minute = trade.ts // MINUTE
        if minute != self.minute:
            self.last_minute = self.this_minute if minute == self.minute + 1 else 0
            self.minute, self.this_minute = minute, 0
        self.this_minute += trade.qty
        lot, tick = self.contract.lot, self.contract.tick(trade.ts)
        size = max(lot, max(median, self.last_minute // 60) // lot * lot)  # N6
        if self.last_minute // 60 > median:
            self.count("X21 size by the minute")
        bid, ask = (
            (trade.price - tick, trade.price)
            if trade.side > 0
            else (trade.price, trade.price + tick)
        )
        self.printed = Quote(trade.ts, trade.id, bid, size, ask, size, trade.ts)
        self.trade_price = trade.price
        self.touches.append(self.printed)

    # -- taking -----------------------------------------------------------------------------------
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
        touch = self.touch(ts)
        step = self.impact * self.contract.tick(ts)
        if touch is None:  # a liquidation never waits
            self.count("LIQ without a touch")
            return [(self.far(self.younger(), s)[0] + s * step, rest, False)]
        best, size = self.far(touch, s)
        price = self.price_to_take(touch, s)
        result = []
        free = size - self.consumed[s].at(ts, best)
        if free > 0 and (limit is None or s * (limit - price) >= 0):
            quantity = min(rest, free)
            result.append((price, quantity, True))
            rest -= quantity
        each = max(size, self.mean_depth(ts)) if rest else 0
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
        best = self.far(self.touch(ts), order.s)[0]
        for price, quantity, touch in self.slices(order, ts, limit):
            if touch:
                if self.consumed[order.s].at(ts, best):
                    self.count("X7 consumed seen")
                self.consumed[order.s].add(ts, best, quantity)
            else:
                self.count(f"{rule} slice")
            self.fill(order, ts, price, quantity, "taker", rule, None)

    # -- a MARKET that waits for a touch (N4) -----------------------------------------------------
    def serve(self, ts):
        """After a trade or quote has become the touch."""
        if self.waiting and self.touch(ts) is not None:
            for order in list(self.waiting):
                if order.working:
                    self.served(order, ts, self.far(self.touch(ts), order.s)[0])
                    if order.status == "open":
                        self.take(order, ts, None, "X6")
                    self.check_liquidation(ts)

    def on_silent_open(self, bar):
        """The open of a minute without trade and usable quote, but with volume: known when the minute is over."""
        for order in list(self.waiting):
            if order.working:
                price = bar.open + order.s * self.impact * self.contract.tick(bar.ts)
                self.served(order, bar.ts, price)
                if order.status == "open":
                    self.fill(
                        order,
                        bar.ts,
                        price,
                        order.remaining,
                        "taker",
                        "X22",
                        None,
                        known=bar.ts + MINUTE,
                    )
                self.check_liquidation(bar.ts)

    def served(self, order, ts, price):
        """The checks of X4 that an order without a touch has still before it."""
        self.waiting.remove(order)
        order.working = False
        reason = self.refused(order, ts, price)
        self.count("N4 served")
        if reason:
            self.count(f"N4 {reason}")
            order.done(ts, "rejected", reason)
