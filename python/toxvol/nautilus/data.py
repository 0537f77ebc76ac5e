"""What NautilusTrader has no type for (docs/schemas.md). Importing this registers the classes.

`@customdataclass` reads the annotations as classes: no `from __future__ import annotations` here.
"""

import math

from nautilus_trader.core.data import Data
from nautilus_trader.model.custom import customdataclass
from nautilus_trader.model.identifiers import InstrumentId


@customdataclass
class FundingRateData(Data):
    """One funding settlement; `ts_event` is calc_time, the rate a fraction."""

    instrument_id: InstrumentId
    funding_rate: float
    interval_hours: int


@customdataclass
class FuturesMetricsData(Data):
    """One row of metrics; `ts_event` is the stamp the values are true at. NaN = blank."""

    instrument_id: InstrumentId
    open_interest: float
    open_interest_value: float
    toptrader_count_ls: float
    toptrader_sum_ls: float
    count_ls: float
    taker_ls: float

    @classmethod
    def from_dict(cls, data: dict) -> "FuturesMetricsData":
        """A null of the file is a NaN here."""
        values = {key: math.nan if value is None else value for key, value in data.items()}
        values.pop("type", None)
        values["instrument_id"] = InstrumentId.from_str(values["instrument_id"])
        return cls(**values)


@customdataclass
class KlineFlowData(Data):
    """What a 1-minute kline says beyond the bar; 1 ns before it."""

    instrument_id: InstrumentId
    quote_volume: float
    count: int
    taker_buy_volume: float
    taker_buy_quote_volume: float
