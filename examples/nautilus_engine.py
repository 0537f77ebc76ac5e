"""The strategy in NautilusTrader's BacktestEngine, set up by hand, straight from Binance's files.

    python examples/nautilus_engine.py RAW        (pip install 'toxvol[nautilus]', Python 3.11)

RAW holds BTCUSDT's aggTrades and klines of 2020-02-22 and its funding rates. `tn.run_engine` does all of this in one
call; here one sees the parts, any of which may be another's.
"""

import sys
from decimal import Decimal
from pathlib import Path

import toxvol.nautilus as tn
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.backtest.models import LatencyModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.data import CustomData, DataType
from nautilus_trader.model.enums import AccountType, BookType, OmsType
from nautilus_trader.model.identifiers import ClientId, Venue
from nautilus_trader.model.objects import Money

import toxvol

DAY = "2020-02-22"
OUT = "runs/nautilus-engine"


def main() -> None:
    raw = Path(sys.argv[1])
    contract = tn.instrument("BTCUSDT", at=DAY)  # that day's tick and fees
    venue = Venue("BINANCE")

    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(log_level="ERROR")))
    engine.add_venue(
        venue,
        OmsType.NETTING,
        AccountType.MARGIN,
        [Money(100_000, USDT)],
        default_leverage=Decimal(10),
        book_type=BookType.L1_MBP,
        bar_execution=False,  # trades are there: bars must not overwrite the book
        latency_model=LatencyModel(base_latency_nanos=20_000_000),
        modules=[tn.VenueModule(tn.VenueModuleConfig(instrument_id=contract.id))],
    )
    engine.add_instrument(contract)

    trades = tn.AggTradesCSVLoader.load(next(raw.rglob(f"BTCUSDT-aggTrades-{DAY}.*")))
    klines = tn.Klines1mCSVLoader.load(next(raw.rglob(f"BTCUSDT-1m-{DAY}.*")))
    rates = tn.FundingCSVLoader.load(sorted(raw.rglob("BTCUSDT-fundingRate-2020-0[12].*")))
    rates = rates[rates["calc_time"] < "2020-02-23"]
    custom = tn.KlineFlowWrangler(contract).process(klines)
    custom += tn.FundingRateWrangler(contract).process(rates)
    engine.add_data(tn.AggTradesWrangler(contract).process(trades))
    engine.add_data(tn.Klines1mWrangler(tn.bar_type("BTCUSDT"), contract).process(klines))
    engine.add_data(
        [CustomData(DataType(type(row)), row) for row in custom], client_id=ClientId("BINANCE")
    )

    strategy = tn.ToxVolStrategy(
        tn.ToxVolConfig(preset="short", inputs=("trades", "bars", "funding"), from_=DAY,
                        to="2020-02-23", out=OUT, force=True)
    )  # fmt: skip
    engine.add_strategy(strategy)
    engine.run()
    print(engine.trader.generate_order_fills_report().head())
    engine.dispose()

    by_hand = toxvol.Run(strategy.run_folder)
    in_one_call = tn.run_engine(
        raw=raw, preset="short", from_=DAY, to="2020-02-23", out=OUT + "-in-one-call", force=True
    )  # fmt: skip
    print(by_hand)
    print(in_one_call)
    for difference in by_hand.diff(in_one_call):
        print("  differs:", difference)


if __name__ == "__main__":
    main()
