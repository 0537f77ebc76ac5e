"""One run of NautilusTrader 1.x's BacktestNode for `node_bench.py`, in a process of its own.

    node_run.py toxvol CATALOG CHUNK OUT   ToxVolStrategy, by toxvol.nautilus.run_node
    node_run.py empty CATALOG CHUNK        the same data, node and subscriptions, empty handlers
    node_run.py own CATALOG CHUNK          NautilusTrader's own node, ticks and bars, empty handlers

CHUNK rows of a kind are read at a time, all of them if it is 0. The last line printed is JSON, wall
and CPU seconds of: `imports`; `loading`, until the strategy starts; `events`, until it stops, with
the reading if it is in chunks. The rest of the process is its end: the account, the run folder.
"""

import sys

from marks import mark, tell

mark("begin")

import toxvol.nautilus as tn  # noqa: E402
from nautilus_trader.backtest.config import (  # noqa: E402
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.backtest.node import BacktestNode  # noqa: E402
from nautilus_trader.config import (  # noqa: E402
    ImportableStrategyConfig,
    LoggingConfig,
    StrategyConfig,
)
from nautilus_trader.model.data import Bar, BarType, DataType, QuoteTick, TradeTick  # noqa: E402
from nautilus_trader.model.identifiers import ClientId, InstrumentId  # noqa: E402
from nautilus_trader.trading.strategy import Strategy  # noqa: E402

CUSTOM = (tn.FundingRateData, tn.FuturesMetricsData, tn.KlineFlowData)


class EmptyConfig(StrategyConfig, frozen=True):
    instrument_id: InstrumentId
    bar_type: BarType
    custom: bool


class Empty(Strategy):
    def on_start(self):
        self.subscribe_quote_ticks(self.config.instrument_id)
        self.subscribe_trade_ticks(self.config.instrument_id)
        self.subscribe_bars(self.config.bar_type)
        for kind in CUSTOM if self.config.custom else ():
            self.subscribe_data(DataType(kind), client_id=ClientId("TOXVOL"))
        mark("start")

    def on_quote_tick(self, tick):
        pass

    def on_trade_tick(self, tick):
        pass

    def on_bar(self, bar):
        pass

    def on_data(self, data):
        pass

    def on_stop(self):
        mark("stop")


def run_empty(node_class, custom, catalog, chunk):
    contract = tn.instrument("BTCUSDT", catalog=catalog)
    bar_type = tn.bar_type("BTCUSDT")
    data = [
        BacktestDataConfig(catalog_path=catalog, data_cls=QuoteTick, instrument_id=contract.id),
        BacktestDataConfig(catalog_path=catalog, data_cls=TradeTick, instrument_id=contract.id),
        BacktestDataConfig(catalog_path=catalog, data_cls=Bar, bar_types=[str(bar_type)]),
    ] + [
        BacktestDataConfig(
            catalog_path=catalog, data_cls=kind, instrument_id=contract.id, client_id="TOXVOL"
        )
        for kind in (CUSTOM if custom else ())
    ]
    venue = BacktestVenueConfig(
        name="BINANCE",
        oms_type="NETTING",
        account_type="MARGIN",
        starting_balances=["100000 USDT"],
        default_leverage=10.0,
        book_type="L1_MBP",
        bar_execution=False,
        trade_execution=False,
    )
    strategy = ImportableStrategyConfig(
        strategy_path=f"{__name__}:Empty",
        config_path=f"{__name__}:EmptyConfig",
        config={
            "instrument_id": str(contract.id),
            "bar_type": str(bar_type),
            "custom": custom,
        },
    )
    engine = BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), strategies=[strategy])
    run = BacktestRunConfig(
        venues=[venue],
        data=data,
        engine=engine,
        chunk_size=chunk,
        raise_exception=True,
        dispose_on_completion=False,
    )
    (result,) = node_class([run]).run()
    return result.iterations


def run_toxvol(catalog, chunk, out):
    strategy = tn.ToxVolStrategy
    on_start, on_stop = strategy.on_start, strategy.on_stop

    def started(self):
        on_start(self)
        mark("start")

    def stopped(self):
        mark("stop")
        on_stop(self)

    strategy.on_start, strategy.on_stop = started, stopped
    tn.run_node(catalog=catalog, preset="short", out=out, force=True, chunk_size=chunk)


def main():
    mark("imported")
    _, what, catalog, chunk, *out = sys.argv
    chunk = int(chunk) or None
    if what == "toxvol":
        run_toxvol(catalog, chunk, *out)
        rows = None  # the strategy itself counts them
    else:
        own = what == "own"
        rows = run_empty(BacktestNode if own else tn.StreamingNode, not own, catalog, chunk)
    tell(rows)


if __name__ == "__main__":
    main()
