"""Runs cases in the installed NautilusTrader and writes what happens.

    python make_logs.py          rewrites its golden logs, which the C++ tests replay

1.221.0 writes logs/*.txt, the cases with what came of them; 1.231.0 writes logs_1_231/*.txt, what
came of the same cases there.

A log has one line an event, raws with NautilusTrader's sixteen decimals, doubles as their bits.
"""

import faulthandler
import os
import struct
import sys
import traceback
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import nautilus_trader
from cases import Case, random_bars_case, random_case, scripted, throttle_case
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.backtest.models import LatencyModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.core.data import Data
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import (
    Bar,
    BarType,
    CustomData,
    DataType,
    QuoteTick,
    TradeTick,
)
from nautilus_trader.model.enums import (
    AccountType,
    AggressorSide,
    BookType,
    LiquiditySide,
    OmsType,
    OrderSide,
    OrderStatus,
    TimeInForce,
)
from nautilus_trader.model.identifiers import (
    ClientId,
    InstrumentId,
    Symbol,
    TradeId,
    Venue,
)
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

RELEASE = nautilus_trader.__version__
LOGS = Path(__file__).parent / {"1.221.0": "logs", "1.231.0": "logs_1_231"}[RELEASE]
RANDOM_LOGS = 40
THROTTLED_LOGS = 4
BATCH = 200  # cases a child process: starting one takes longer than playing a case
END = "===\n"
VENUE = Venue("BINANCE")
IID = InstrumentId(Symbol("BTCUSDT-PERP"), VENUE)
BARS = BarType.from_str(f"{IID}-1-MINUTE-LAST-EXTERNAL")
SIDES = {"buy": OrderSide.BUY, "sell": OrderSide.SELL}
TIFS = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}
STATUS = {
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELED: "canceled",
    OrderStatus.REJECTED: "rejected",
    OrderStatus.DENIED: "rejected",
}


def decimals(text: str) -> int:
    return len(text.partition(".")[2])


def widen(text: str, precision: int) -> str:
    """The same number with at least the instrument's decimals."""
    return text if decimals(text) >= precision else f"{Decimal(text):.{precision}f}"


def bits(value: float) -> int:
    return struct.unpack("<q", struct.pack("<d", value))[0]


def instrument(settings: dict[str, str]) -> CryptoPerpetual:
    tick, lot = settings["tick"], settings["lot"]
    kept = Decimal("0.9") if settings.get("bnb_discount") == "1" else Decimal(1)
    return CryptoPerpetual(
        instrument_id=IID,
        raw_symbol=Symbol("BTCUSDT"),
        base_currency=BTC,
        quote_currency=USDT,
        settlement_currency=USDT,
        is_inverse=False,
        price_precision=decimals(tick),
        size_precision=decimals(lot),
        price_increment=Price.from_str(tick),
        size_increment=Quantity.from_str(lot),
        max_quantity=None,
        min_quantity=Quantity.from_str(settings["min_qty"]),
        max_notional=None,
        min_notional=None,
        max_price=None,
        min_price=None,
        margin_init=Decimal("0.05"),
        margin_maint=Decimal("0.025"),
        maker_fee=Decimal(settings["maker"]) * kept,
        taker_fee=Decimal(settings["taker"]) * kept,
        ts_event=0,
        ts_init=0,
    )


class Flow(Data):
    """Stands for a bar's KlineFlowData: a datum one nanosecond before it (docs/nautilus.md)."""

    def __init__(self, ts: int) -> None:
        self.ts = ts

    @property
    def ts_event(self) -> int:
        return self.ts

    @property
    def ts_init(self) -> int:
        return self.ts


class Script(Strategy):
    """Gives the commands of a script at their times and writes down what it is told."""

    def __init__(self, perpetual: CryptoPerpetual, rows: list[list[str]]) -> None:
        super().__init__()
        self.perpetual = perpetual
        self.rows = rows
        self.orders = {}
        self.numbers = {}
        self.lines = []

    def on_start(self) -> None:
        self.subscribe_quote_ticks(IID)
        self.subscribe_trade_ticks(IID)
        for ts in sorted({int(row[1]) for row in self.rows}):
            self.clock.set_time_alert_ns(f"script-{ts}", ts, self.on_alert)

    def on_alert(self, event) -> None:
        for row in self.rows:
            if int(row[1]) == event.ts_event:
                self.command(row)

    def command(self, row: list[str]) -> None:
        number = int(row[0])
        if row[2] == "cancel":
            self.cancel_order(self.orders[number])
            return
        common = {
            "instrument_id": IID,
            "order_side": SIDES[row[3]],
            "quantity": Quantity.from_str(widen(row[7], self.perpetual.size_precision)),
            "time_in_force": TIFS[row[5]],
            "reduce_only": row[9] == "1",
        }
        if row[4] == "market":
            order = self.order_factory.market(**common)
        else:
            price = Price.from_str(widen(row[6], self.perpetual.price_precision))
            order = self.order_factory.limit(price=price, post_only=row[8] == "1", **common)
        self.orders[number] = order
        self.numbers[order.client_order_id] = number
        self.submit_order(order)

    def balance(self) -> int:
        return self.portfolio.account(VENUE).balance_total(USDT).raw

    def position(self):
        found = self.cache.positions(instrument_id=IID)
        return found[0] if found else None

    def on_event(self, event) -> None:
        kind = type(event).__name__
        if kind == "OrderFilled":
            position = self.position()
            signed = position.quantity.raw * (1 if position.signed_qty > 0 else -1)
            side = "buy" if event.order_side == OrderSide.BUY else "sell"
            liquidity = "maker" if event.liquidity_side == LiquiditySide.MAKER else "taker"
            self.lines.append(
                f"fill,{event.ts_event},{self.numbers[event.client_order_id]},{side},"
                f"{event.last_px.raw},{event.last_qty.raw},{liquidity},{event.commission.raw},"
                f"{signed},{bits(position.avg_px_open)},{position.realized_pnl.raw},"
                f"{self.balance()}"
            )
        elif kind in ("OrderAccepted", "OrderRejected", "OrderDenied", "OrderCanceled"):
            what = {"OrderDenied": "rejected"}.get(kind, kind.removeprefix("Order").lower())
            self.lines.append(f"{what},{event.ts_event},{self.numbers[event.client_order_id]}")


def run(case: Case) -> str:
    """The log of a case in NautilusTrader: `aborts` where its process dies."""
    return run_all([case])[0]


def run_all(cases: list[Case]) -> list[str]:
    """The same for many. Child processes play them: where one dies, the next goes on behind."""
    logs = []
    while len(logs) < len(cases):
        logs += until_death(cases[len(logs) : len(logs) + BATCH])
    return logs


def until_death(cases: list[Case]) -> list[str]:
    """The logs of the first cases, in a child process; at least one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        faulthandler.disable()
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        code = 0
        with os.fdopen(writing, "w") as pipe:
            try:
                for case in cases:
                    pipe.write(play(case) + END)
                    pipe.flush()
            except BaseException:
                pipe.write(traceback.format_exc())
                code = 1
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        *logs, rest = pipe.read().split(END)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return [*logs, "aborts\n"]
    if status != 0:
        raise RuntimeError(f"{cases[len(logs)].text()}{rest}")
    return logs


def play(case: Case) -> str:
    lines = case.text().splitlines()
    middle = lines.index("orders")
    settings = dict(line.split(",") for line in lines[:middle] if line.count(",") == 1)
    rows = [line.split(",") for line in lines[middle + 2 : lines.index("log")]]
    perpetual = instrument(settings)
    price = lambda text: Price.from_str(widen(text, perpetual.price_precision))  # noqa: E731
    size = lambda text: Quantity.from_str(widen(text, perpetual.size_precision))  # noqa: E731
    data = []
    for line in case.data:
        kind, at, *rest = line.split(",")
        ts = int(at)
        if kind == "quote":
            bid, bid_qty, ask, ask_qty = rest
            data.append(
                QuoteTick(IID, price(bid), price(ask), size(bid_qty), size(ask_qty), ts, ts)
            )
        elif kind == "bar":
            data.append(Bar(BARS, *map(price, rest[:4]), size(rest[4]), ts, ts))
        else:
            aggressor = AggressorSide.BUYER if rest[2] == "buy" else AggressorSide.SELLER
            data.append(
                TradeTick(IID, price(rest[0]), size(rest[1]), aggressor, TradeId(at), ts, ts)
            )
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    latency = int(settings["latency_ns"])
    engine.add_venue(
        VENUE,
        OmsType.NETTING,
        AccountType.MARGIN,
        [Money(Decimal(settings["balance"]), USDT)],
        default_leverage=Decimal(10),
        book_type=BookType.L1_MBP,
        bar_execution=isinstance(data[0], Bar),
        trade_execution=settings["trade_execution"] == "1",
        latency_model=LatencyModel(base_latency_nanos=latency) if latency else None,
    )
    engine.add_instrument(perpetual)
    script = Script(perpetual, rows)
    engine.add_strategy(script)
    engine.add_data(data)
    flows = [Flow(row.ts_init - 1) for row in data if isinstance(row, Bar)]
    if flows:
        engine.add_data([CustomData(DataType(Flow), flow) for flow in flows], ClientId("FLOW"))
    engine.run()
    out = list(script.lines)
    numbered = sorted((o.ts_init, n, o) for n, o in script.orders.items())
    out += [f"order,{n},{STATUS.get(o.status, 'open')},{o.filled_qty.raw}" for _, n, o in numbered]
    position = script.position()
    signed = 0
    if position is not None:
        signed = position.quantity.raw * (1 if position.signed_qty > 0 else -1)
    out.append(f"end,{signed},{script.balance()}")
    engine.dispose()
    return "\n".join(out) + "\n"


def main() -> None:
    LOGS.mkdir(exist_ok=True)
    for old in LOGS.glob("*.txt"):
        old.unlink()
    cases = scripted() | {f"random_{seed:03d}": random_case(seed) for seed in range(RANDOM_LOGS)}
    cases |= {f"random_bars_{seed:03d}": random_bars_case(seed) for seed in range(RANDOM_LOGS // 4)}
    cases |= {f"throttled_{seed:03d}": throttle_case(seed) for seed in range(THROTTLED_LOGS)}
    for (name, case), log in zip(cases.items(), run_all(list(cases.values())), strict=True):
        text = case.text() if RELEASE == "1.221.0" else ""
        (LOGS / f"{name}.txt").write_text(text + log)
    print(f"{len(cases)} golden logs")


if __name__ == "__main__":
    main()
