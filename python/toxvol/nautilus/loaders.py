"""Binance's files as DataFrames (docs/nautilus.md), read and checked by the C++ reader.

Rows come as ingest would keep them: in order, exact duplicates dropped, unreadable rows left out.
`frame.attrs` holds the symbol and the row counts; a warning says how many could not be read.
Times are UTC; `ts_init` is the one that ingest gives. CSV or ZIP.
"""

import os
import warnings
from collections.abc import Iterable

import pandas as pd

from toxvol import _toxvol

_Path = str | os.PathLike[str]


class _CSVLoader:
    """One kind of file."""

    kind: str
    names: dict[str, str]  # of the reader's columns, those called otherwise here

    @classmethod
    def load(
        cls, file_path: _Path | Iterable[_Path], exact: bool = False, strict: bool = False
    ) -> pd.DataFrame:
        """One file, or several one after another. Decimals are float64, or `decimal.Decimal` if
        `exact`; with `strict` a row that cannot be read raises `toxvol.Error`."""
        if isinstance(file_path, (str, os.PathLike)):
            return cls._load_one(os.fspath(file_path), exact, strict)
        frames = [cls._load_one(os.fspath(path), exact, strict) for path in file_path]
        attrs = {"symbol": frames[0].attrs["symbol"]}
        for count in frames[0].attrs.keys() - attrs.keys():
            attrs[count] = sum(frame.attrs[count] for frame in frames)
        for frame in frames:
            frame.attrs = {}
        result = pd.concat(frames, ignore_index=True)
        result.attrs = attrs
        return result

    @classmethod
    def _load_one(cls, path: str, exact: bool, strict: bool) -> pd.DataFrame:
        table, symbol, counts = _toxvol.read_raw(path, cls.kind, exact, strict)
        if counts["quarantined"] > 0:
            warnings.warn(
                f"{path}: {counts['quarantined']} of {counts['rows_read']} rows left out as "
                "unreadable or faulty; `toxvol check --deep` says which",
                stacklevel=3,
            )
        frame = cls.shape(table.to_pandas())
        frame.attrs = {"symbol": symbol, **counts}
        return frame

    @classmethod
    def shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        """The reader's columns under the names here."""
        return cls._shape(frame.rename(columns=cls.names))

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        return frame


class AggTradesCSVLoader(_CSVLoader):
    """`ts, price, qty, isBuyerMaker, agg_trade_id, first_trade_id, last_trade_id, ts_init`"""

    kind = "aggTrades"
    names = {"ts_event": "ts", "is_buyer_maker": "isBuyerMaker"}

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[
            ["ts", "price", "qty", "isBuyerMaker", "agg_trade_id", "first_trade_id"]
            + ["last_trade_id", "ts_init"]
        ]

    @staticmethod
    def for_wrangler(frame: pd.DataFrame) -> pd.DataFrame:
        """As NautilusTrader's TradeTickDataWrangler wants it."""
        return pd.DataFrame(
            {
                "price": frame["price"].to_numpy(),
                "quantity": frame["qty"].to_numpy(),
                "buyer_maker": frame["isBuyerMaker"].to_numpy(),
                "trade_id": frame["agg_trade_id"].astype(str).to_numpy(),
            },
            index=pd.DatetimeIndex(frame["ts"], name="timestamp"),
        )


class BookTickerCSVLoader(_CSVLoader):
    """`event_time, bid, ask, bid_qty, ask_qty, transaction_time, update_id, ts_init`

    `transaction_time` is when the book changed, our `ts_event`; `event_time` when it was sent.
    """

    kind = "bookTicker"
    names = {"ts_event": "transaction_time", "ts_sent": "event_time"}

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[
            ["event_time", "bid", "ask", "bid_qty", "ask_qty", "transaction_time", "update_id"]
            + ["ts_init"]
        ]

    @staticmethod
    def for_wrangler(frame: pd.DataFrame) -> pd.DataFrame:
        """As NautilusTrader's QuoteTickDataWrangler wants it."""
        return pd.DataFrame(
            {
                "bid_price": frame["bid"].to_numpy(),
                "ask_price": frame["ask"].to_numpy(),
                "bid_size": frame["bid_qty"].to_numpy(),
                "ask_size": frame["ask_qty"].to_numpy(),
            },
            index=pd.DatetimeIndex(frame["transaction_time"], name="timestamp"),
        )


class Klines1mCSVLoader(_CSVLoader):
    """`open_time, open, high, low, close, volume, quote_volume, count, taker_buy_volume,
    taker_buy_quote_volume, ts_event, ts_init`; `ts_event` is the minute's end."""

    kind = "klines"
    names: dict[str, str] = {}

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        frame.insert(0, "open_time", frame["ts_event"] - pd.Timedelta(minutes=1))
        return frame[
            ["open_time", "open", "high", "low", "close", "volume", "quote_volume", "count"]
            + ["taker_buy_volume", "taker_buy_quote_volume", "ts_event", "ts_init"]
        ]

    @staticmethod
    def for_wrangler(frame: pd.DataFrame) -> pd.DataFrame:
        """As NautilusTrader's BarDataWrangler wants it: stamped with the minute's end."""
        columns = frame[["open", "high", "low", "close", "volume"]].astype("float64")
        return columns.set_index(pd.DatetimeIndex(frame["ts_event"], name="timestamp"))


class MetricsCSVLoader(_CSVLoader):
    """`create_time, open_interest, open_interest_value, toptrader_count_ls, toptrader_sum_ls,
    count_ls, taker_ls, ts_init`; `create_time` is the stamp the values are true at, NaN = blank."""

    kind = "metrics"
    names = {"ts_event": "create_time"}

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[[name for name in frame.columns if name != "ts_init"] + ["ts_init"]]


class FundingCSVLoader(_CSVLoader):
    """`calc_time, funding_rate, interval_hours, ts_init`"""

    kind = "fundingRate"
    names = {"ts_event": "calc_time"}

    @classmethod
    def _shape(cls, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[["calc_time", "funding_rate", "interval_hours", "ts_init"]]
