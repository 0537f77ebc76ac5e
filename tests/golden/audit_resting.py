"""What rests: its queue, trades and quotes that serve it (X11–X18), and bars (X22, N6)."""

from audit_raw import MINUTE

DEBT_MS = 100


class Resting:
    """A part of the exchange: it reads `resting`, `quote`, `consumed`, `debt` and fills by `fill`."""

    def by_priority(self, s):
        """Own resting LIMITs of one side: by price, then arrival."""
        return sorted(
            (o for o in self.resting if o.s == s and not o.market),
            key=lambda o: (-s * o.px, o.number),
        )

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
        self.print_touch(trade)
        if self.has_quotes:
            self.debt[s].append([trade.ts + DEBT_MS, trade.price, trade.qty])  # X17
        if self.touch(trade.ts) is self.printed:
            self.shown(self.printed)
            self.check_liquidation(trade.ts)
            self.serve(trade.ts)

    # -- quotes: X7, X15–X18 --------------------------------------------------------------------
    def shown(self, touch):
        """X7, when the touch is another."""
        for s in (1, -1):
            (price, size), consumed = self.far(touch, s), self.consumed[s]
            if consumed.qty == 0:
                continue
            if consumed.at(touch.ts, consumed.price) == 0:
                self.count("X7 expires")
            elif price != consumed.price:
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
            price, size = self.near(quote, s)
            if before is None:
                continue
            old_price, old_size = (
                (before.bid, before.bid_qty) if s > 0 else (before.ask, before.ask_qty)
            )
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
            price, size = self.near(quote, s)
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
            price, size = self.far(quote, s)
            if before is not None and (price, size) == (
                (before.ask, before.ask_qty) if s > 0 else (before.bid, before.bid_qty)
            ):
                continue
            for order in self.by_priority(s):
                if not order.working or s * (order.px - price) < 0:
                    continue
                quantity = min(order.remaining, size - self.consumed[s].at(ts, price))
                if quantity > 0:
                    self.consumed[s].add(ts, price, quantity)
                    self.fill(order, ts, order.px, quantity, "maker", "X16", quote.id)
        self.check_liquidation(ts)
        self.serve(ts)

    # -- bars: X22 --------------------------------------------------------------------------------
    def on_close(self, bar):
        self.last_close = bar.close

    def on_open(self, bar):
        """What is in force when the bar opens; a MARKET fills at its open."""
        tick = self.contract.tick(bar.ts)
        for order in sorted(self.resting, key=lambda o: o.number):
            order.bars += 1
            if order.market and order.working:
                self.fill(
                    order,
                    bar.ts,
                    bar.open + order.s * self.impact * tick,
                    order.remaining,
                    "taker",
                    "X22",
                    None,
                )
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
