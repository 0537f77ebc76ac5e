"""The ledger of engine.md in plain integers of 1e-8."""

from fractions import Fraction

from audit_raw import ONE


def floor_div(a, b):
    return a // b


def ceil_div(a, b):
    return -((-a) // b)


def trunc_div(a, b):
    return a // b if (a >= 0) == (b > 0) else -((-a) // b)


def times(price, qty):
    """p·q, which must be exact in 1e-8."""
    product = price * qty
    assert product % ONE == 0, f"{price}·{qty} is not exact in 1e-8"
    return product // ONE


def sign(x):
    return (x > 0) - (x < 0)


class Position:
    """Flat to flat (positions.parquet)."""

    def __init__(self, number, side, ts):
        self.id = f"P-{number}"
        self.side = side
        self.ts_open, self.ts_close = ts, None
        self.qty_max = self.n_fills = 0
        self.in_pq = self.in_q = self.out_pq = self.out_q = 0
        self.realised = self.fees = self.funding = 0
        self.slippage = 0

    def row(self):
        return {
            "position_id": self.id,
            "side": "long" if self.side > 0 else "short",
            "ts_open": self.ts_open * 10**6,
            "ts_close": None if self.ts_close is None else self.ts_close * 10**6,
            "qty_max": self.qty_max,
            "avg_entry": self.in_pq // self.in_q,
            "avg_exit": self.out_pq // self.out_q if self.out_q else None,
            "n_fills": self.n_fills,
            "realised": self.realised,
            "fees": self.fees,
            "funding": self.funding,
            "slippage": self.slippage,
            "net": self.realised - self.fees + self.funding,
        }


class Ledger:
    def __init__(self, contract, deposit, leverage, bnb):
        self.contract, self.bnb = contract, bnb
        self.leverage = Fraction(str(leverage))
        self.D, self.R, self.F, self.G, self.I = deposit, 0, 0, 0, 0
        self.Q = self.C = 0
        self.cash_out = 0  # Σ s·p·q, for I2
        self.positions, self.open = [], None
        self.peak = deposit
        self.equity_rows = []

    # -- identities -------------------------------------------------------------------------
    def wallet(self):
        return self.D + self.R - self.F + self.G + self.I

    def unrealised(self, mark2):
        """mark2 = bid + ask, an integer; None before any quote."""
        if mark2 is None:
            return 0
        value = self.Q * mark2
        assert value % (2 * ONE) == 0, "Q·mark is not exact"
        return value // (2 * ONE) - self.C

    def equity(self, mark2):
        one = self.wallet() + self.unrealised(mark2)
        if mark2 is not None:
            two = self.D - self.cash_out - self.F + self.G + self.I + self.Q * mark2 // (2 * ONE)
            assert one == two, "I1 and I2 differ"
        return one

    def margin(self, cost=None):
        cost = self.C if cost is None else cost
        return ceil_div(abs(cost) * self.leverage.denominator, self.leverage.numerator)

    # -- what changes it --------------------------------------------------------------------
    def fee_of(self, price, qty, rate):
        product = times(price, qty) * rate
        return ceil_div(product * 9, ONE * 10) if self.bnb else ceil_div(product, ONE)

    def fill(self, ts, s, price, qty, rate, slippage):
        """One fill row. Returns (position id, fee, realised part)."""
        fee = self.fee_of(price, qty, rate)
        self.F += fee
        self.cash_out += s * times(price, qty)
        realised = 0
        closing = min(qty, abs(self.Q)) if sign(self.Q) == -s else 0
        paying = self.open
        if closing:
            held = sign(self.Q)
            out = self.C if closing == abs(self.Q) else trunc_div(self.C * closing, abs(self.Q))
            realised = held * times(price, closing) - out
            self.R += realised
            self.C -= out
            self.Q += s * closing
            self.open.realised += realised
            self.open.out_pq += price * closing
            self.open.out_q += closing
            if self.Q == 0:
                self.open.ts_close = ts
        opening = qty - closing
        row_of = self.open
        if opening:
            if self.Q == 0:
                self.open = Position(len(self.positions) + 1, s, ts)
                self.positions.append(self.open)
                row_of = self.open
                if not closing:
                    paying = self.open
            self.C += s * times(price, opening)
            self.Q += s * opening
            row_of.in_pq += price * opening
            row_of.in_q += opening
            row_of.qty_max = max(row_of.qty_max, abs(self.Q))
        paying.fees += fee
        row_of.n_fills += 1
        if slippage is None or row_of.slippage is None:
            row_of.slippage = None
        else:
            row_of.slippage += slippage
        if self.Q == 0:
            self.open = None
        return row_of.id, fee, realised

    def pay(self, mark2, rate):
        """Funding: G += ⌊−Q·mark·rate⌋."""
        amount = floor_div(-self.Q * mark2 * rate, 2 * ONE * ONE)
        self.G += amount
        self.open.funding += amount

    # -- admission and liquidation ----------------------------------------------------------
    def refuses(self, ts, s, price, qty, rate):
        """'margin', 'bracket' or None."""
        opposite = abs(self.Q) if sign(self.Q) == -s else 0
        opening = max(0, qty - opposite)
        more = self.margin(times(price, opening))
        if more + self.fee_of(price, qty, rate) > self.wallet() - self.margin():
            return "margin"
        brackets = self.contract.brackets(ts)
        if brackets:
            cap = max((b[1] for b in brackets if b[3] >= self.leverage), default=0)
            if times(price, abs(self.Q + s * qty)) > cap:
                return "bracket"
        return None

    def broke(self, ts, mark2):
        """M + Q·mark − C ≤ MM."""
        brackets = self.contract.brackets(ts)
        if not brackets or self.Q == 0 or mark2 is None:
            return False
        notional2 = abs(self.Q) * mark2  # 2e8 times the notional in 1e-8
        for _floor, cap, rate, _leverage, cum in brackets:  # noqa: B007
            if notional2 <= cap * 2 * ONE:
                break
        maintenance = ceil_div(notional2 * rate, 2 * ONE * ONE) - cum
        return self.margin() + self.unrealised(mark2) <= maintenance

    # -- samples ----------------------------------------------------------------------------
    def sample(self, ts, cause, mark2):
        equity = self.equity(mark2)
        self.peak = max(self.peak, equity)
        self.equity_rows.append(
            {
                "seq": len(self.equity_rows) + 1,
                "ts": ts * 10**6,
                "cause": cause,
                "mark": None if mark2 is None else mark2 // 2,
                "position": self.Q,
                "realised": self.R,
                "fees": self.F,
                "funding": self.G,
                "unrealised": self.unrealised(mark2),
                "insurance": self.I,
                "equity": equity,
                "margin": self.margin(),
                "drawdown": (equity - self.peak) / self.peak if self.peak else 0.0,
            }
        )
