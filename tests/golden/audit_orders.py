"""An order as it was given and what becomes of it, and what was taken from a side of the book (X7)."""

SECOND = 1_000


class Order:
    def __init__(self, row):
        self.id, self.role = row["order_id"], row["role"]
        self.s = 1 if row["side"] == "buy" else -1
        self.market = row["type"] == "market"
        self.tif, self.post_only, self.reduce_only = (
            row["tif"],
            row["post_only"],
            row["reduce_only"],
        )
        self.px, self.qty, self.replaces = row["price"], row["qty"], row["replaces"]
        self.ts_submit, self.bid, self.ask = row["ts_submit"], row["bid"], row["ask"]
        self.ts_arrive = self.ts_accepted = self.ts_done = None
        self.status, self.reason = "open", None
        self.remaining, self.filled, self.pq = row["qty"], 0, 0
        self.ahead = self.queue_ahead = None
        self.working = False
        self.number = 0  # of arrival
        self.seen = (self.bid, self.ask)  # the touch last seen at ts_submit, where it is recomputed
        self.bars = 0  # X22: bars it was in force for, at their start

    def done(self, ts, status, reason=None):
        self.ts_done, self.status, self.reason, self.working = ts, status, reason, False

    def row(self):
        def ns(ms):
            return None if ms is None else ms * 10**6

        return {
            "order_id": self.id,
            "bid": self.seen[0],
            "ask": self.seen[1],
            "ts_arrive": ns(self.ts_arrive),
            "ts_accepted": ns(self.ts_accepted),
            "ts_done": ns(self.ts_done),
            "status": self.status,
            "reject_reason": self.reason,
            "filled_qty": self.filled,
            "avg_price": self.pq // self.filled if self.filled else None,
            "queue_ahead": self.queue_ahead,
        }


class Consumed:
    """X7, for one side of the book: a quantity at a best price."""

    def __init__(self):
        self.qty = self.last = 0
        self.price = None

    def at(self, ts, price):
        if ts >= self.last + SECOND or price != self.price:
            self.qty = 0
        return self.qty

    def add(self, ts, price, qty):
        self.qty = self.at(ts, price) + qty
        self.last, self.price = ts, price
