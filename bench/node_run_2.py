"""One run of NautilusTrader 2.0's BacktestNode for `node_bench.py`: handlers that do nothing.

    node_run_2.py empty CATALOG CHUNK      CATALOG as 2.0's migrator left it, absolute path

What it prints is as of `node_run.py`. Ticks and bars only: our classes are not known to it, and are
one row in a thousand.
"""

import sys
from decimal import Decimal

from marks import mark, tell

mark("begin")

from nautilus_trader.backtest import (  # noqa: E402
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestNode,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.common import LoggerConfig  # noqa: E402
from nautilus_trader.execution import MakerTakerFeeModel  # noqa: E402
from nautilus_trader.model import (  # noqa: E402
    AccountType,
    BarType,
    BookType,
    InstrumentId,
    NautilusDataType,
    OmsType,
)
from nautilus_trader.trading import Strategy, StrategyConfig  # noqa: E402

CONTRACT = "BTCUSDT-PERP.BINANCE"
BARS = f"{CONTRACT}-1-MINUTE-LAST-EXTERNAL"


class Empty(Strategy):
    def on_start(self):
        self.subscribe_quotes(InstrumentId.from_str(CONTRACT))
        self.subscribe_trades(InstrumentId.from_str(CONTRACT))
        self.subscribe_bars(BarType.from_str(BARS))
        mark("start")

    def on_quote(self, quote):
        pass

    def on_trade(self, trade):
        pass

    def on_bar(self, bar):
        pass

    def on_stop(self):
        mark("stop")


def main():
    mark("imported")
    _, what, catalog, chunk = sys.argv
    assert what == "empty"
    contract = InstrumentId.from_str(CONTRACT)
    kinds = (NautilusDataType.QuoteTick, NautilusDataType.TradeTick)
    data = [
        BacktestDataConfig(data_type=kind, catalog_path=catalog, instrument_id=contract)
        for kind in kinds
    ]
    data.append(
        BacktestDataConfig(data_type=NautilusDataType.Bar, catalog_path=catalog, bar_types=[BARS])
    )
    venue = BacktestVenueConfig(
        name="BINANCE",
        oms_type=OmsType.NETTING,
        account_type=AccountType.MARGIN,
        starting_balances=["100000 USDT"],
        default_leverage=10.0,
        book_type=BookType.L1_MBP,
        bar_execution=False,
        trade_execution=False,
        fee_model=MakerTakerFeeModel(Decimal("0.0002"), Decimal("0.0005")),
    )
    run = BacktestRunConfig(
        venues=[venue],
        data=data,
        engine=BacktestEngineConfig(logging=LoggerConfig(bypass_logging=True)),
        chunk_size=int(chunk) or None,
        raise_exception=True,
        dispose_on_completion=False,
    )
    node = BacktestNode([run])
    node.build()
    node.add_strategy(run.id, Empty(StrategyConfig()))
    (result,) = node.run()
    tell(result.iterations)


if __name__ == "__main__":
    main()
