"""CSV files into NautilusTrader's catalog with its own means: read_csv, a wrangler, write_data.

    classic_ingest.py CATALOG FILE…        prints the seconds without imports

A file at a time, as NautilusTrader's documents show it; bars are stamped with the minute's end.
"""

import pathlib
import sys
import time

import pandas as pd
from nautilus_trader.model.data import BarType
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.persistence.wranglers import (
    BarDataWrangler,
    QuoteTickDataWrangler,
    TradeTickDataWrangler,
)
from nautilus_trader.test_kit.providers import TestInstrumentProvider

INSTRUMENT = TestInstrumentProvider.btcusdt_perp_binance()


def quotes(path):
    frame = pd.read_csv(path)
    frame = frame.rename(
        columns={
            "best_bid_price": "bid_price",
            "best_bid_qty": "bid_size",
            "best_ask_price": "ask_price",
            "best_ask_qty": "ask_size",
        }
    )
    frame.index = pd.to_datetime(frame["transaction_time"], unit="ms", utc=True)
    columns = frame[["bid_price", "ask_price", "bid_size", "ask_size"]]
    return QuoteTickDataWrangler(INSTRUMENT).process(columns)


def trades(path):
    frame = pd.read_csv(path)
    frame = frame.rename(columns={"agg_trade_id": "trade_id", "is_buyer_maker": "buyer_maker"})
    frame.index = pd.to_datetime(frame["transact_time"], unit="ms", utc=True)
    columns = frame[["price", "quantity", "trade_id", "buyer_maker"]]
    return TradeTickDataWrangler(INSTRUMENT).process(columns)


def bars(path):
    frame = pd.read_csv(path)
    frame.index = pd.to_datetime(frame["open_time"] + 60_000, unit="ms", utc=True)
    columns = frame[["open", "high", "low", "close", "volume"]].astype("float64")
    kind = BarType.from_str(f"{INSTRUMENT.id}-1-MINUTE-LAST-EXTERNAL")
    return BarDataWrangler(kind, INSTRUMENT).process(columns)


def main():
    begin = time.perf_counter()
    catalog = ParquetDataCatalog(sys.argv[1])
    for name in sys.argv[2:]:
        kind = pathlib.Path(name).name.split("-")[1]
        catalog.write_data({"bookTicker": quotes, "aggTrades": trades, "1m": bars}[kind](name))
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
