"""DataFrames of the loaders → NautilusTrader's objects, the same as a catalog of ours holds.

NautilusTrader's own three wranglers take the frames too (`Loader.for_wrangler`) and give the same
objects but for `ts_init`: they know one delay for all rows, so rows of one millisecond tie.
"""

import numpy as np
import pandas as pd
from nautilus_trader.model.data import Bar, BarType, QuoteTick, TradeTick
from nautilus_trader.model.enums import AggressorSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument

from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData


class AggTradesWrangler:
    """Frames of `AggTradesCSVLoader` → `TradeTick`."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def process(self, data: pd.DataFrame) -> list[TradeTick]:
        if data.empty:
            return []
        sides = np.where(
            data["isBuyerMaker"].to_numpy(), AggressorSide.SELLER.value, AggressorSide.BUYER.value
        )
        return TradeTick.from_raw_arrays_to_list(
            self.instrument.id,
            self.instrument.price_precision,
            self.instrument.size_precision,
            _doubles(data["price"]),
            _doubles(data["qty"]),
            sides.astype(np.uint8),
            data["agg_trade_id"].astype(str).to_list(),
            _ns(data["ts"]),
            _ns(data["ts_init"]),
        )


class BookTickerWrangler:
    """Frames of `BookTickerCSVLoader` → `QuoteTick`."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def process(self, data: pd.DataFrame) -> list[QuoteTick]:
        if data.empty:
            return []
        return QuoteTick.from_raw_arrays_to_list(
            self.instrument.id,
            self.instrument.price_precision,
            self.instrument.size_precision,
            _doubles(data["bid"]),
            _doubles(data["ask"]),
            _doubles(data["bid_qty"]),
            _doubles(data["ask_qty"]),
            _ns(data["transaction_time"]),
            _ns(data["ts_init"]),
        )


class Klines1mWrangler:
    """Frames of `Klines1mCSVLoader` → `Bar`."""

    def __init__(self, bar_type: BarType, instrument: Instrument) -> None:
        self.bar_type = bar_type
        self.instrument = instrument

    def process(self, data: pd.DataFrame) -> list[Bar]:
        if data.empty:
            return []
        return Bar.from_raw_arrays_to_list(
            self.bar_type,
            self.instrument.price_precision,
            self.instrument.size_precision,
            *(_doubles(data[name]) for name in ("open", "high", "low", "close", "volume")),
            _ns(data["ts_event"]),
            _ns(data["ts_init"]),
        )


class _CustomWrangler:
    cls: type
    event: str  # the column of ts_event
    floats: tuple[str, ...]
    integers: tuple[str, ...] = ()
    before = 0  # ns before the frame's ts_init

    def __init__(self, instrument: Instrument | InstrumentId) -> None:
        self.instrument_id = instrument if isinstance(instrument, InstrumentId) else instrument.id

    def process(self, data: pd.DataFrame) -> list:
        columns = {name: _doubles(data[name]).tolist() for name in self.floats}
        columns |= {name: data[name].to_numpy().tolist() for name in self.integers}
        columns["ts_event"] = _ns(data[self.event]).tolist()
        columns["ts_init"] = (_ns(data["ts_init"]) - np.uint64(self.before)).tolist()
        names = list(columns)
        return [
            self.cls(instrument_id=self.instrument_id, **dict(zip(names, row)))
            for row in zip(*columns.values())
        ]


class FundingRateWrangler(_CustomWrangler):
    """Frames of `FundingCSVLoader` → `FundingRateData`."""

    cls = FundingRateData
    event = "calc_time"
    floats = ("funding_rate",)
    integers = ("interval_hours",)


class FuturesMetricsWrangler(_CustomWrangler):
    """Frames of `MetricsCSVLoader` → `FuturesMetricsData`."""

    cls = FuturesMetricsData
    event = "create_time"
    floats = (
        "open_interest",
        "open_interest_value",
        "toptrader_count_ls",
        "toptrader_sum_ls",
        "count_ls",
        "taker_ls",
    )


class KlineFlowWrangler(_CustomWrangler):
    """Frames of `Klines1mCSVLoader` → `KlineFlowData`."""

    cls = KlineFlowData
    event = "ts_event"
    floats = ("quote_volume", "taker_buy_volume", "taker_buy_quote_volume")
    integers = ("count",)
    before = 1


def _doubles(column: pd.Series) -> np.ndarray:
    # A copy: pandas 3 lends read-only views, and NautilusTrader takes none.
    return np.array(column, dtype=np.float64)


def _ns(column: pd.Series) -> np.ndarray:
    return np.array(column.astype("int64"), dtype=np.uint64)
