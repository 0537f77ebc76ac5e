"""FundingModule in NautilusTrader's engine, against payments worked by hand."""

from decimal import Decimal

import pytest

pytest.importorskip("nautilus_trader")

import toxvol.nautilus as tn
from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.backtest.modules import SimulationModule, SimulationModuleConfig
from nautilus_trader.backtest.node import BacktestNode
from nautilus_trader.config import ImportableActorConfig, LoggingConfig
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.data import CustomData, DataType, QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import ClientId, InstrumentId, Venue
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

CONTRACT = tn.instrument("BTCUSDT", at="2024-01-01")
UNIT = 10**8  # NautilusTrader's raws of 1e-8
PERP = CONTRACT.id
OTHER = InstrumentId.from_str("ETHUSDT-PERP.BINANCE")


def quote(ts: int, bid: str, ask: str) -> QuoteTick:
    return QuoteTick(
        PERP, Price.from_str(bid), Price.from_str(ask), Quantity.from_str("50.000"),
        Quantity.from_str("50.000"), ts, ts,
    )  # fmt: skip


def rate(ts: int, value: float, metadata: dict | None = None, of=PERP) -> CustomData:
    data = tn.FundingRateData(
        instrument_id=of, funding_rate=value, interval_hours=8, ts_event=ts, ts_init=ts
    )
    return CustomData(DataType(tn.FundingRateData, metadata), data)


class Orders(Strategy):
    """Sends `script[ts]` = (side, quantity) at the datum of that time."""

    def __init__(self, script: dict[int, tuple[OrderSide, str]]) -> None:
        super().__init__()
        self.script = script
        self.payments: list[tn.FundingPayment] = []
        self.fills: list[int] = []

    def on_start(self) -> None:
        self.subscribe_quote_ticks(PERP)
        self.subscribe_data(DataType(tn.FundingRateData), instrument_id=PERP)
        self.msgbus.subscribe(topic=tn.funding_topic(PERP), handler=self.payments.append)

    def on_quote_tick(self, tick: QuoteTick) -> None:
        self._send(tick.ts_init)

    def on_data(self, data) -> None:
        self._send(data.ts_init)

    def on_order_filled(self, event) -> None:
        self.fills.append(event.ts_event)

    def _send(self, ts: int) -> None:
        if ts in self.script:
            side, quantity = self.script[ts]
            self.submit_order(self.order_factory.market(PERP, side, Quantity.from_str(quantity)))


def run(script, data, modules=()) -> tuple[Orders, BacktestEngine]:
    modules = modules or [tn.FundingModule(tn.FundingModuleConfig(instrument_id=PERP))]
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        venue=Venue("BINANCE"), oms_type=OmsType.NETTING, account_type=AccountType.MARGIN,
        starting_balances=[Money(100_000, USDT)], default_leverage=Decimal(10),
        modules=list(modules),
    )  # fmt: skip
    engine.add_instrument(CONTRACT)
    strategy = Orders(script)
    engine.add_strategy(strategy)
    for item in data:
        engine.add_data([item], client_id=ClientId("TOXVOL"))
    engine.run()
    return strategy, engine


def balance(engine: BacktestEngine) -> int:
    raw = engine.trader.generate_account_report(Venue("BINANCE"))["total"].iloc[-1]
    return round(float(raw) * 1e8)


BUY, SELL = OrderSide.BUY, OrderSide.SELL


@pytest.mark.parametrize(
    ("side", "value", "paid"),
    [
        # Position 0.003, mark (42,000.1 + 42,000.2) / 2 = 42,000.15: notional 126.00045.
        (BUY, 0.0001, -1260005),  # -0.0126000450 rounded down
        (SELL, 0.0001, 1260004),  # +0.0126000450 rounded down
        (BUY, -0.0001, 1260004),
        (SELL, -0.0001, -1260005),
        (BUY, 0.0, 0),
        (BUY, 0.00012345, -1555476),  # -0.01555475555…
    ],
)
def test_a_position_pays_or_receives_rounded_down(side, value, paid) -> None:
    quotes = [quote(1, "41000.0", "41000.1"), quote(5, "42000.1", "42000.2")]
    strategy, engine = run({1: (side, "0.003")}, [*quotes, rate(6, value), quote(9, "1.0", "2.0")])
    (payment,) = strategy.payments
    assert payment.amount == Money.from_raw(paid * UNIT, USDT)
    assert (payment.ts, payment.rate) == (6, round(value * 1e8))
    price = 41000.1 if side == BUY else 41000.0
    fee = round(price * 0.003 * 0.0005 * 1e8)
    assert balance(engine) == 100_000 * 10**8 - fee + paid
    assert payment.balance.raw == balance(engine) * UNIT


def test_flat_pays_nothing() -> None:
    strategy, engine = run(
        {1: (BUY, "0.003"), 2: (SELL, "0.003")},
        [quote(1, "41000.0", "41000.1"), quote(2, "41000.0", "41000.1"), rate(6, 0.01)],
    )
    assert strategy.payments == [] and len(strategy.fills) == 2


def test_without_a_book_nothing_is_paid() -> None:
    strategy, _ = run({}, [rate(1, 0.01), quote(2, "41000.0", "41000.1")])
    assert strategy.payments == []


def test_an_order_sent_at_the_settlement_counts() -> None:
    data = [quote(1, "42000.1", "42000.2"), rate(6, 0.0001), quote(9, "42000.1", "42000.2")]
    strategy, _ = run({6: (BUY, "0.003")}, data)
    assert strategy.fills == [6]
    assert [item.amount.raw for item in strategy.payments] == [-1260005 * UNIT]
    strategy, _ = run({1: (BUY, "0.003"), 6: (SELL, "0.003")}, data)
    assert strategy.fills == [1, 6] and strategy.payments == []


def test_metadata_do_not_matter_and_other_contracts_do() -> None:
    data = [
        quote(1, "42000.1", "42000.2"),
        rate(6, 0.0001, {"instrument_id": PERP}),
        rate(7, 0.0001, {"any": "thing"}),
        rate(8, 0.0001, of=OTHER),
        quote(9, "42000.1", "42000.2"),
    ]
    strategy, _ = run({1: (BUY, "0.003")}, data)
    assert [item.ts for item in strategy.payments] == [6, 7]


class Counter(SimulationModule):
    """Notes the times at which the venue calls its modules."""

    def __init__(self) -> None:
        super().__init__(SimulationModuleConfig())
        self.times: list[int] = []

    def process(self, ts_now: int) -> None:
        self.times.append(ts_now)

    def log_diagnostics(self, logger) -> None:
        pass

    def reset(self) -> None:
        pass


class Busy(tn.FundingModule):
    """Has something to do of its own, each time."""

    def __init__(self, config: tn.FundingModuleConfig) -> None:
        super().__init__(config)
        self.times: list[int] = []

    def process(self, ts_now: int) -> None:
        self.times.append(ts_now)
        super().process(ts_now)


def test_a_module_with_nothing_to_do_is_not_among_the_venues_and_none_is_passed_over() -> None:
    data = [
        quote(1, "42000.1", "42000.2"), rate(6, 0.0001), quote(7, "42000.1", "42000.2"),
        rate(8, 0.0001), rate(9, 0.0001), quote(10, "42000.1", "42000.2"),
    ]  # fmt: skip

    def funding(kind=tn.FundingModule, of=PERP) -> tn.FundingModule:
        return kind(tn.FundingModuleConfig(instrument_id=of, component_id=f"{kind.__name__}-{of}"))

    def played(*modules) -> None:
        strategy, engine = run({1: (BUY, "0.003")}, data, modules=modules)
        assert [item.ts for item in strategy.payments] == [6, 8, 9]
        engine.dispose()

    alone = Counter()
    run({1: (BUY, "0.003")}, data, modules=[alone])
    module = funding()
    played(module)
    assert module.exchange.modules == []
    before, after, busy = Counter(), Counter(), funding(Busy)
    played(before, funding(), funding(of=OTHER))
    played(funding(), funding(of=OTHER), after)
    played(busy)
    assert before.times == after.times == busy.times == alone.times


def test_a_node_loads_it_by_its_path(catalog) -> None:
    config = BacktestRunConfig(
        engine=BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)),
        venues=[
            BacktestVenueConfig(
                name="BINANCE", oms_type="NETTING", account_type="MARGIN",
                starting_balances=["100000 USDT"], bar_execution=False,
                modules=[
                    ImportableActorConfig(
                        actor_path="toxvol.nautilus.funding:FundingModule",
                        config_path="toxvol.nautilus.funding:FundingModuleConfig",
                        config={"instrument_id": str(PERP)},
                    )
                ],
            )
        ],
        data=[
            BacktestDataConfig(str(catalog), "nautilus_trader.model.data:QuoteTick",
                               instrument_id=PERP),
            BacktestDataConfig(str(catalog), "toxvol.nautilus.data:FundingRateData",
                               instrument_id=PERP, client_id="TOXVOL"),
        ],
        raise_exception=True,
        dispose_on_completion=False,
    )  # fmt: skip
    node = BacktestNode([config])
    node.build()
    engine = node.get_engine(config.id)
    opened = tn.catalog(catalog).quote_ticks()[0].ts_init
    strategy = Orders({opened: (BUY, "1.000")})
    engine.add_strategy(strategy)
    node.run()
    rates = tn.catalog(catalog).custom_data(tn.FundingRateData)
    later = [item.data.ts_init for item in rates if item.data.ts_init > opened]
    assert [item.ts for item in strategy.payments] == later and later
    node.dispose()
