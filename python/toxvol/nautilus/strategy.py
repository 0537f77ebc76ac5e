"""The strategy inside NautilusTrader (docs/nautilus.md): callbacks in, orders out, no rule here.

Folding, factors and decisions are the C++ classes that the native engine runs. Numbers cross as
raws: ticks are read where NautilusTrader keeps them, orders are made by `Price.from_raw`.
"""

import atexit
import functools
import json
import sys
import warnings
import weakref
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from nautilus_trader.core.nautilus_pyo3 import FIXED_PRECISION
from nautilus_trader.model.data import Bar, BarType, DataType, QuoteTick, TradeTick
from nautilus_trader.model.enums import (
    AggressorSide,
    LiquiditySide,
    OrderSide,
    TimeInForce,
)
from nautilus_trader.model.events import (
    OrderAccepted,
    OrderCanceled,
    OrderDenied,
    OrderFilled,
    OrderRejected,
    OrderUpdated,
)
from nautilus_trader.model.identifiers import ClientId, ClientOrderId, InstrumentId, TradeId
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.trading.config import StrategyConfig
from nautilus_trader.trading.strategy import Strategy

from toxvol import _toxvol
from toxvol._errors import Error
from toxvol._options import Progress, config_sets, texts
from toxvol.nautilus._version import NAUTILUS_VERSION, PROFILE
from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData
from toxvol.nautilus.funding import FundingPayment, funding_topic
from toxvol.nautilus.instruments import bar_type, instrument_id, perpetual
from toxvol.nautilus.venue import book_endpoint

_UNIT = 10 ** (FIXED_PRECISION - 8)  # NautilusTrader's raws of one of ours (1e-8)
_ALL = ("trades", "quotes", "bars", "metrics", "funding")
_TIFS = {"gtc": TimeInForce.GTC, "ioc": TimeInForce.IOC, "fok": TimeInForce.FOK}

#: The words of NautilusTrader's reasons → ours (docs/schemas.md, orders).
_REASONS = (
    ("MAX_ORDER_SUBMIT_RATE", "rate_limit"),
    ("POST_ONLY", "post_only"),
    ("REDUCE_ONLY", "reduce_only"),
    ("no market", "no_quote"),
    ("minimum", "min_qty"),
    ("MINIMUM", "min_qty"),
    ("quantity", "lot"),
    ("size precision", "lot"),
    ("price", "tick"),
)

#: Strategies whose run may have ended without a word, by Ctrl-C inside NautilusTrader.
_live: "weakref.WeakSet[ToxVolStrategy]" = weakref.WeakSet()


@atexit.register
def _break_off_all() -> None:
    for strategy in list(_live):
        strategy.break_off()


#: How many of a script's alarms are set ahead: NautilusTrader notices one that is set while time
#: advances only at the next datum, and looks at all that are set at each.
_ALARMS = 256


def _breaking(handler: Callable) -> Callable:
    """An error in `handler` breaks the run off. (Ticks do so themselves, for a call less.)"""

    @functools.wraps(handler)
    def guarded(self, *arguments):
        try:
            return handler(self, *arguments)
        except BaseException:
            self.break_off()
            raise

    return guarded


class ToxVolConfig(StrategyConfig, kw_only=True, frozen=True):
    """What `toxvol backtest` takes, for a run inside NautilusTrader.

    With `catalog` or `raw`, the same data that NautilusTrader is given, the window and the inputs
    are settled as there, run.json names the inputs, and rows that do not arrive are an error.
    Without, trading starts with the first datum, and `inputs` says which kinds there are.
    """

    symbol: str = "BTCUSDT"
    preset: str | None = None
    config: str | None = None  # a TOML file
    set: dict[str, Any] = {}
    from_: str | None = None
    to: str | None = None
    trials: str | None = None  # the trial log, in place of the catalog's
    orders: str | None = None  # an order script in place of the strategy
    out: str | None = None  # run folder; none: none is left
    force: bool = False
    catalog: str | None = None
    raw: tuple[str, ...] = ()
    inputs: tuple[str, ...] = _ALL


class ToxVolStrategy(Strategy):
    """Toxicity-conditioned volatility alpha, or an order script, for one perpetual.

    `run_folder` is where the run folder is, once the run has ended.
    """

    def __init__(self, config: ToxVolConfig, progress: Progress = None) -> None:
        super().__init__(config)
        self.instrument_id: InstrumentId = instrument_id(config.symbol)
        self.bar_type: BarType = bar_type(config.symbol)
        self.run_folder: str | None = None
        #: Called with each minute's end in ns.
        self.on_minute: Callable[[int], object] | None = None
        _live.add(self)
        self._memory = tick_memory()
        # Data that are named are looked at now, so that what is wrong is told before a run.
        self._session: _toxvol.NautilusSession | None = None
        if config.catalog or config.raw:
            self._open(0, progress)

    @property
    def facts(self) -> dict:
        """Window, inputs, money and latency that NautilusTrader has to be set up with."""
        return self._session.facts()

    @property
    def contract(self) -> CryptoPerpetual:
        """With tick and fees of the day on which trading starts; the run knows no others."""
        facts = self.facts
        known = json.loads(self._session.instrument(self.config.catalog or ""))
        discount = Decimal("0.9") if facts["bnb_discount"] else Decimal(1)
        return perpetual(known, facts["from"], facts["tier"], discount)

    def _open(self, starts: int, progress: Progress = None) -> None:
        config = self.config
        values = {**config.set, **PROFILE, "run.symbol": config.symbol}
        self._session = _toxvol.open_nautilus_session(
            self._memory,
            release=NAUTILUS_VERSION,
            catalog=config.catalog or "",
            raw=list(config.raw),
            preset=config.preset or "",
            config=config.config or "",
            sets=config_sets(values),
            from_=config.from_ or "",
            to=config.to or "",
            trials=config.trials or "",
            orders=config.orders or "",
            out=config.out or "",
            force=config.force,
            inputs=texts(config.inputs),
            starts=starts,
            argv=list(sys.argv),
            progress=progress,
        )

    # ---- start and end ----

    def on_start(self) -> None:
        contract = self.cache.instrument(self.instrument_id)
        if contract is None:
            raise Error(
                f"{self.instrument_id}: not among the instruments; add "
                f"toxvol.nautilus.instrument('{self.config.symbol}')"
            )
        if self._session is None:
            self._open(self.clock.timestamp_ns())
        self._price_precision = contract.price_precision
        self._size_precision = contract.size_precision
        # Finer than the tick's last decimal is refused, as the native engine does.
        self._price_unit = 10 ** (8 - _decimals(contract.price_increment))
        self._currency = contract.settlement_currency
        facts = self.facts
        self._take_ticks_directly()
        if "trades" in facts["inputs"]:
            self.subscribe_trade_ticks(self.instrument_id)
        if "quotes" in facts["inputs"]:
            self.subscribe_quote_ticks(self.instrument_id)
        self._bars_trade = not {"trades", "quotes"} & set(facts["inputs"])
        self.subscribe_bars(self.bar_type)
        for cls in (KlineFlowData, FuturesMetricsData, FundingRateData):
            # 1.231 asks for a client; the data come over the message bus whichever it is.
            self.subscribe_data(DataType(cls), client_id=ClientId(self.instrument_id.venue.value))
        self.msgbus.subscribe(topic=funding_topic(self.instrument_id), handler=self._on_payment)
        self._book = book_endpoint(self.instrument_id)
        self._alarms = self._session.alarms()
        self._next_alarm = 0
        for _ in range(min(_ALARMS, len(self._alarms))):
            self._set_alarm()

    def on_stop(self) -> None:
        session = self._session
        self.break_off()
        # Stopped on the way out of an error or Ctrl-C there is no result.
        if session is not None and sys.exc_info()[0] is None:
            self.run_folder = session.finish(self.clock.timestamp_ns()) or None
            if session.warning():
                warnings.warn(session.warning(), stacklevel=2)

    def break_off(self) -> None:
        """Ends the run; what there is of a run folder is gone. NautilusTrader keeps strategies to
        the end of the process, and may stop one after its error: it must not finish then."""
        self._session = self._memory = None

    # ---- data ----

    def _take_ticks_directly(self) -> None:
        """Subscribing then gives the message bus a C function of the session in place of
        NautilusTrader's own `handle_…_tick`, which finds the instrument's indicators and the
        strategy's state for each tick, and calls `on_…_tick`. Not where either is of use."""
        if self.registered_indicators or any(
            getattr(type(self), name) is not own for name, own in _TICK_METHODS.items()
        ):
            return
        myself = weakref.ref(self)  # the message bus outlives the run
        self.handle_quote_tick, self.handle_trade_tick = self._session.tick_handlers(
            lambda tick: myself()._answer(tick)
        )

    def _answer(self, tick: QuoteTick | TradeTick) -> None:
        """To a tick that was taken directly: the commands, or what was wrong with it."""
        try:
            self._send()
        except BaseException as error:
            self.break_off()
            if isinstance(error, Exception):  # as NautilusTrader does
                self.log.exception(f"Error on handling {tick!r}", error)
            raise

    def on_quote_tick(self, tick: QuoteTick) -> None:
        try:
            if self._session.on_quote(tick):
                self._send()
        except BaseException:
            self.break_off()
            raise

    def on_trade_tick(self, tick: TradeTick) -> None:
        try:
            if self._session.on_trade(tick):
                self._send()
        except BaseException:
            self.break_off()
            raise

    @_breaking
    def on_bar(self, bar: Bar) -> None:
        if self._session.on_bar(
            bar.ts_event, bar.ts_init, bar.open.raw // _UNIT, bar.high.raw // _UNIT,
            bar.low.raw // _UNIT, bar.close.raw // _UNIT, bar.volume.raw // _UNIT,
            self._twice_mid() if self._bars_trade else None,
        ):  # fmt: skip
            self._send()
        if self.on_minute is not None:
            self.on_minute(bar.ts_event)

    @_breaking
    def on_data(self, data) -> None:
        if data.instrument_id != self.instrument_id:
            return
        if isinstance(data, KlineFlowData):
            self._session.on_flow(
                data.ts_event, data.ts_init, data.quote_volume, data.count,
                data.taker_buy_volume, data.taker_buy_quote_volume,
            )  # fmt: skip
        elif isinstance(data, FuturesMetricsData):
            self._session.on_metrics(
                data.ts_event, data.ts_init, data.open_interest, data.open_interest_value,
                data.toptrader_count_ls, data.toptrader_sum_ls, data.count_ls, data.taker_ls,
            )  # fmt: skip
        elif self._session.on_funding(
            data.ts_event, data.ts_init, data.funding_rate, data.interval_hours
        ):
            self._send()

    def _set_alarm(self) -> None:
        self.clock.set_time_alert_ns(
            f"{self.id}-{self._next_alarm}", self._alarms[self._next_alarm], self._on_alarm
        )
        self._next_alarm += 1

    @_breaking
    def _on_alarm(self, event) -> None:
        if self._next_alarm < len(self._alarms):
            self._set_alarm()
        if self._session.on_alarm(event.ts_event):
            self._send()

    # ---- commands ----

    def _send(self) -> None:
        for number, order in self._session.take():
            client_order_id = ClientOrderId(f"{self.config.symbol}-O-{number}")
            if order is None:
                self.cancel_order(self.cache.order(client_order_id))
                continue
            is_buy, tif, post_only, reduce_only, price, qty, role = order
            common = {
                "instrument_id": self.instrument_id,
                "order_side": OrderSide.BUY if is_buy else OrderSide.SELL,
                "quantity": Quantity.from_raw(
                    qty * _UNIT, self._precision(qty, self._size_precision)
                ),
                "time_in_force": _TIFS[tif],
                "reduce_only": reduce_only,
                "tags": [role],
                "client_order_id": client_order_id,
            }
            if price is None:
                self.submit_order(self.order_factory.market(**common))
                continue
            precision = self._precision(price, self._price_precision)
            if price % self._price_unit:
                precision = 9
            self.submit_order(
                self.order_factory.limit(
                    price=Price.from_raw(price * _UNIT, precision), post_only=post_only, **common
                )
            )

    @staticmethod
    def _precision(raw: int, usual: int) -> int:
        """The contract's, or more where the number has more: then it is refused for it."""
        return usual if raw % 10 ** (8 - usual) == 0 else 8

    # ---- what becomes of them ----

    @_breaking
    def on_order_event(self, event) -> None:
        kind = type(event)
        if kind not in _REPORTS:
            return
        number = int(event.client_order_id.value.rpartition("-")[2])
        ts = event.ts_event
        if kind is OrderFilled:
            self._on_fill(number, event)
        elif kind is OrderAccepted:
            self._session.accepted(number, ts)
        elif kind is OrderCanceled:
            self._session.canceled(number, ts)
        elif kind is OrderUpdated:
            self._session.resized(number, event.quantity.raw // _UNIT)
        else:
            self._session.rejected(number, _reason(event.reason), ts)

    def _on_fill(self, number: int, event: OrderFilled) -> None:
        position = self.cache.position(event.position_id)
        held = position.quantity.raw // _UNIT
        account = self.portfolio.account(self.instrument_id.venue)
        self._session.filled(
            number, event.last_px.raw // _UNIT, event.last_qty.raw // _UNIT,
            event.liquidity_side == LiquiditySide.MAKER, event.commission.raw // _UNIT,
            held if position.signed_qty >= 0 else -held, position.avg_px_open,
            position.realized_pnl.raw // _UNIT, account.balance_total(self._currency).raw // _UNIT,
            self._twice_mid(), event.ts_event,
        )  # fmt: skip

    def _on_payment(self, payment: FundingPayment) -> None:
        self._session.funded(payment.amount.raw // _UNIT, payment.balance.raw // _UNIT, payment.ts)

    def _twice_mid(self) -> int | None:
        """bid + ask of the venue's book, where its module tells it (toxvol.nautilus.venue)."""
        answer: list[int] = []
        if self._book in self.msgbus.endpoints():
            self.msgbus.send(endpoint=self._book, msg=answer)
        return answer[0] // _UNIT if answer else None


#: Who has others of these wants to be called for each tick.
_TICK_METHODS = {
    name: getattr(ToxVolStrategy, name)
    for name in ("on_quote_tick", "on_trade_tick", "handle_quote_tick", "handle_trade_tick")
}

_REPORTS = frozenset(
    (OrderAccepted, OrderCanceled, OrderDenied, OrderFilled, OrderRejected, OrderUpdated)
)


def _reason(text: str) -> str:
    for words, reason in _REASONS:
        if words in text:
            return reason
    raise Error(f"NautilusTrader refuses an order for a reason that is not known here: {text}")


def _decimals(increment: Price) -> int:
    """Without trailing zeros: 0.10 has 1."""
    raw, digits = increment.raw, FIXED_PRECISION
    while digits > 0 and raw % 10 == 0:
        raw, digits = raw // 10, digits - 1
    return digits


def tick_memory() -> _toxvol.TickMemory:
    """Finds out how this wheel keeps its ticks; raises `toxvol.Error` if otherwise than known."""
    some = InstrumentId.from_str("X.Y")
    bid, ask, bid_size, ask_size, ts_event, ts_init = _toxvol.TickMemory.sample_quote()
    quote = QuoteTick.from_raw(some, bid, ask, 4, 4, bid_size, ask_size, 3, 3, ts_event, ts_init)
    price, size, ts_event, ts_init = _toxvol.TickMemory.sample_trade()
    trade = TradeTick.from_raw(
        some, price, 4, size, 3, AggressorSide.SELLER, TradeId("1"), ts_event, ts_init
    )
    return _toxvol.TickMemory(quote, trade)
