"""The contract as it really was: tick, lot, fees, with the dates they changed."""

import datetime as dt
import json
import os
from decimal import Decimal
from typing import Any

from nautilus_trader.model.data import BarType
from nautilus_trader.model.identifiers import InstrumentId, Symbol
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Currency, Money, Price, Quantity

from toxvol import _toxvol
from toxvol._errors import UsageError

_QUOTES = ("USDT", "USDC", "BUSD", "BTC")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# NautilusTrader asks for one pair of margins and knows no brackets; its own test instrument's.
_MARGIN_INIT = Decimal("0.05")
_MARGIN_MAINT = Decimal("0.025")


def instrument(
    symbol: str,
    catalog: str | os.PathLike[str] | None = None,
    at: str | dt.datetime | int | None = None,
    tier: str = "VIP0",
) -> CryptoPerpetual:
    """The perpetual of `symbol` with the tick, lot, minimum notional and fees in force `at` a time
    (an ISO date or time, a datetime, ns; the latest known by default).

    Without a dated table of the contract a `catalog` is needed: its tick and lot were inferred at
    the first ingest. With one, precisions are those of the catalog's files.
    """
    at_ns = _ns(at)
    facts = json.loads(
        _toxvol.instrument(symbol, "" if catalog is None else os.fspath(catalog), at_ns)
    )
    return perpetual(facts, at_ns or 0, tier)


def perpetual(
    facts: dict[str, Any], at_ns: int, tier: str, discount: Decimal = Decimal(1)
) -> CryptoPerpetual:
    """The same of facts as the C++ side tells them; fees are multiplied by `discount`."""
    symbol = facts["symbol"]
    if tier not in facts["fees"]:
        raise UsageError(f"tier {tier}: one of {', '.join(facts['fees'])} at that time")
    base, quote = currencies(symbol)
    return CryptoPerpetual(
        instrument_id=instrument_id(symbol),
        raw_symbol=Symbol(symbol),
        base_currency=base,
        quote_currency=quote,
        settlement_currency=quote,
        is_inverse=False,
        price_precision=facts["price_precision"],
        size_precision=facts["size_precision"],
        price_increment=Price.from_str(facts["tick"]),
        size_increment=Quantity.from_str(facts["lot"]),
        max_quantity=None,
        min_quantity=Quantity.from_str(facts["min_qty"]),
        max_notional=None,
        min_notional=Money.from_str(f"{facts['min_notional']} {quote.code}"),
        max_price=None,
        min_price=None,
        margin_init=_MARGIN_INIT,
        margin_maint=_MARGIN_MAINT,
        maker_fee=Decimal(facts["fees"][tier]["maker"]) * discount,
        taker_fee=Decimal(facts["fees"][tier]["taker"]) * discount,
        ts_event=at_ns,
        ts_init=at_ns,
        info={"source": facts["source"], "tier": tier},
    )


def fees(symbol: str, at: str | dt.datetime | int | None = None) -> dict[str, tuple]:
    """Maker and taker fee of each tier, as `Decimal`; only of contracts with a dated table."""
    facts = json.loads(_toxvol.instrument(symbol, "", _ns(at)))
    return {
        tier: (Decimal(item["maker"]), Decimal(item["taker"]))
        for tier, item in facts["fees"].items()
    }


def instrument_id(symbol: str) -> InstrumentId:
    """`BTCUSDT` → `BTCUSDT-PERP.BINANCE`"""
    return InstrumentId.from_str(f"{symbol}-PERP.BINANCE")


def bar_type(symbol: str) -> BarType:
    """The 1-minute bars that ingest writes."""
    return BarType.from_str(f"{symbol}-PERP.BINANCE-1-MINUTE-LAST-EXTERNAL")


def currencies(symbol: str) -> tuple[Currency, Currency]:
    """`BTCUSDT` → BTC, USDT; a code that NautilusTrader does not know becomes a crypto currency."""
    quote = next((q for q in _QUOTES if symbol.endswith(q) and symbol != q), "USDT")
    base = symbol.removesuffix(quote)
    return Currency.from_str(base, strict=False), Currency.from_str(quote, strict=False)


def _ns(at: str | dt.datetime | int | None) -> int | None:
    if at is None or isinstance(at, int):
        return at
    if isinstance(at, str):
        try:
            at = dt.datetime.fromisoformat(at)
        except ValueError:
            raise UsageError(f"at {at}: expected a UTC day or time, 2024-01-31") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    return (at - _EPOCH) // dt.timedelta(microseconds=1) * 1_000
