"""Raw Binance files and a run folder, read without any code of toxvol.

All numbers become integers that count 1e-8, all exchange times integers of milliseconds.
"""

import bisect
import csv
import json
import pathlib
from collections import namedtuple
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow
import pyarrow.parquet

ONE = 10**8
MINUTE = 60_000
DAY = 86_400_000
WARMUP_MS = 31 * DAY

Quote = namedtuple("Quote", "ts id bid bid_qty ask ask_qty sent")
Trade = namedtuple("Trade", "ts id price qty side")  # side of the aggressor
Bar = namedtuple("Bar", "ts open high low close volume")  # ts = open_time
Payment = namedtuple("Payment", "ts rate")


def units(text):
    """Decimal text -> integer in 1e-8, exactly."""
    value = Decimal(text) * ONE
    number = int(value)
    assert number == value, f"{text}: more than 8 decimals"
    return number


def iso_ms(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    return round(moment.timestamp() * 1000)


DURATIONS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def duration_ns(text):
    """`20ms` -> ns; None for anything that is not a constant."""
    digits = text.rstrip("numsh")
    try:
        return int(Decimal(digits) * DURATIONS[text[len(digits) :]])
    except (KeyError, ArithmeticError):
        return None


def rows_of(raw, kind, symbol):
    """The rows of every CSV file of one kind; daily before monthly files, first spelling wins."""
    for path in sorted(pathlib.Path(raw).rglob(f"{symbol}-*.csv")):
        if path.parent.name != kind:
            continue
        with open(path, newline="") as file:
            yield from csv.DictReader(file)


class Market:
    """What was recorded up to `to`, in the exchange's order (X2)."""

    def __init__(self, raw, symbol, inputs, begin, end):
        first = begin - WARMUP_MS

        def wanted(kind):
            return rows_of(raw, kind, symbol) if kind in inputs else ()

        self.quotes = sorted(
            {
                Quote(
                    int(r["transaction_time"]),
                    int(r["update_id"]),
                    units(r["best_bid_price"]),
                    units(r["best_bid_qty"]),
                    units(r["best_ask_price"]),
                    units(r["best_ask_qty"]),
                    int(r["event_time"]),
                )
                for r in wanted("bookTicker")
            }
        )
        self.trades = sorted(
            {
                Trade(
                    int(r["transact_time"]),
                    int(r["agg_trade_id"]),
                    units(r["price"]),
                    units(r["quantity"]),
                    -1 if r["is_buyer_maker"].lower() == "true" else 1,
                )
                for r in wanted("aggTrades")
            }
        )
        self.bars = sorted(
            {
                Bar(
                    int(r["open_time"]),
                    units(r["open"]),
                    units(r["high"]),
                    units(r["low"]),
                    units(r["close"]),
                    units(r["volume"]),
                )
                for r in wanted("klines_1m")
            }
        )
        self.payments = sorted(
            {
                Payment(int(r["calc_time"]), units(r["last_funding_rate"]))
                for r in wanted("fundingRate")
            }
        )
        # G9: such rows are quarantined before anyone sees them.
        self.quotes = [q for q in self.quotes if q.bid < q.ask and q.bid_qty > 0 and q.ask_qty > 0]
        for name in ("quotes", "trades", "bars", "payments"):
            setattr(self, name, [x for x in getattr(self, name) if first <= x.ts < end])


def dated(table, ts):
    """X: the entry in force at ts; the first one also holds for all earlier times."""
    starts = [iso_ms(entry["from"]) for entry in table]
    return table[max(0, bisect.bisect_right(starts, ts) - 1)]


class Contract:
    """The instrument table as run.json says it was used."""

    def __init__(self, table):
        self.table = table
        self.lot = units(table["lot"])
        self.min_qty = units(table["min_qty"])

    def tick(self, ts):
        return units(dated(self.table["ticks"], ts)["value"])

    def min_notional(self, ts):
        return units(dated(self.table["min_notional"], ts)["value"])

    def fee(self, ts, liquidity):
        return units(dated(self.table["fees"], ts)[liquidity])

    def clearance(self, ts):
        table = self.table.get("clearance_fee") or []
        if not table:
            return 0
        return units(dated(table, ts)["value"])

    def brackets(self, ts):
        """[(floor, cap, maintenance rate, highest leverage, cum)], by rising notional; [] if none."""
        table = self.table["brackets"]
        if not table:
            return []
        start = dated(sorted({r["from"]: r for r in table}.values(), key=lambda r: r["from"]), ts)[
            "from"
        ]
        result, floor, before, cum = [], 0, 0, 0
        for row in table:
            if row["from"] != start:
                continue
            cap, rate = units(row["notional_cap"]), units(row["maintenance"])
            step = floor * (rate - before)
            assert step % ONE == 0
            cum += step // ONE
            result.append((floor, cap, rate, row["max_leverage"], cum))
            floor, before = cap, rate
        return result


def table(path):
    """A Parquet file as dicts of plain integers (1e-8; ns), text, bool, float."""
    read = pyarrow.parquet.read_table(path)
    columns = {}
    for field in read.schema:
        column = read.column(field.name)
        if pyarrow.types.is_timestamp(field.type):
            columns[field.name] = column.cast(pyarrow.int64()).to_pylist()
        elif pyarrow.types.is_decimal(field.type):
            columns[field.name] = [
                None if v is None else int(v.scaleb(8)) for v in column.to_pylist()
            ]
        else:
            columns[field.name] = column.to_pylist()
    names = list(columns)
    return [dict(zip(names, values)) for values in zip(*columns.values())]


class Run:
    """A run folder."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.json = json.loads((folder / "run.json").read_text())
        for name in ("orders", "commands", "fills", "positions", "equity"):
            setattr(self, name, table(folder / f"{name}.parquet"))
        self.config = self.json["config"]
        self.begin = iso_ms(self.json["from"])
        self.end = iso_ms(self.json["to"])
        self.symbol = self.json["symbol"]
        kinds = {"klines": "klines_1m"}
        self.inputs = {kinds.get(k, k) for k in self.config["run"]["inputs"]}
        self.contract = Contract(self.json["instrument"])
