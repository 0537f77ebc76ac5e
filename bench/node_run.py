"""One run of BacktestNode for `node_bench.py`, in a process of its own; prints its times as JSON.

    node_run.py toxvol CATALOG OUT      ToxVolStrategy, by toxvol.nautilus.run_node
    node_run.py empty CATALOG           the same data, subscribed alike, into empty handlers

Wall and CPU seconds of: `imports`; `loading`, until the strategy starts; `events`, until it stops.
The rest of the process is its end: the account, the run folder.
"""

import json
import sys
import time

MARKS = {}


def mark(name):
    MARKS[name] = (time.perf_counter(), time.process_time())


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
from nautilus_trader.model.identifiers import InstrumentId  # noqa: E402
from nautilus_trader.trading.strategy import Strategy  # noqa: E402

CUSTOM = (tn.FundingRateData, tn.FuturesMetricsData, tn.KlineFlowData)


class EmptyConfig(StrategyConfig, frozen=True):
    instrument_id: InstrumentId
    bar_type: BarType


class Empty(Strategy):
    def on_start(self):
        self.subscribe_quote_ticks(self.config.instrument_id)
        self.subscribe_trade_ticks(self.config.instrument_id)
        self.subscribe_bars(self.config.bar_type)
        for kind in CUSTOM:
            self.subscribe_data(DataType(kind))
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


def run_empty(catalog):
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
        for kind in CUSTOM
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
        config={"instrument_id": str(contract.id), "bar_type": str(bar_type)},
    )
    engine = BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), strategies=[strategy])
    run = BacktestRunConfig(venues=[venue], data=data, engine=engine, raise_exception=True)
    BacktestNode([run]).run()


def run_toxvol(catalog, out):
    strategy = tn.ToxVolStrategy
    on_start, on_stop = strategy.on_start, strategy.on_stop

    def started(self):
        on_start(self)
        mark("start")

    def stopped(self):
        mark("stop")
        on_stop(self)

    strategy.on_start, strategy.on_stop = started, stopped
    # All data at once, as BacktestNode itself does it.
    tn.run_node(catalog=catalog, preset="short", out=out, force=True, chunk_size=None)


def main():
    mark("imported")
    {"toxvol": run_toxvol, "empty": run_empty}[sys.argv[1]](*sys.argv[2:])
    steps = {
        "imports": ("begin", "imported"),
        "loading": ("imported", "start"),
        "events": ("start", "stop"),
    }
    found = {}
    for step, (first, last) in steps.items():
        found[step] = [MARKS[last][at] - MARKS[first][at] for at in (0, 1)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
