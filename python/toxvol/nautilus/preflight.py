"""What NautilusTrader accepts in silence and then runs wrongly, found before the run.

An error is one line: what, where, the value, what to do. What may be meant is a warning.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.backtest.node import get_instrument_ids, get_starting_balances
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.core.inspect import is_nautilus_class
from nautilus_trader.model.data import Bar, BarType, QuoteTick, TradeTick
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.persistence.funcs import class_to_filename

from toxvol import _toxvol
from toxvol._errors import Error
from toxvol.nautilus._version import LARGEST_BALANCE
from toxvol.nautilus.catalog_files import Warn, Window, check_folder, said
from toxvol.nautilus.checklist import KINDS
from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData
from toxvol.nautilus.instruments import fees, instrument_id
from toxvol.nautilus.streaming import identifiers, nanos

_OURS = (FundingRateData, FuturesMetricsData, KlineFlowData)
_LATENCY = "LatencyModelConfig"
#: Maker and taker fee of NautilusTrader's own test instrument.
_TEST_FEES = ("0.0002", "0.00018")


def preflight(
    config: BacktestRunConfig, *, instruments: Iterable[Instrument] = (), by_day: bool = False
) -> list[str]:
    """Raises `Error` at the first thing in `config`, or in the catalogs it names, that
    NautilusTrader would accept and then run wrongly; the warnings.

    `instruments` are those that the engine will be given in place of the catalog's. Of each
    file in the window the times are read: 0.1 seconds for 10 million rows.
    """
    warnings: list[str] = []
    _check_width()
    if not config.raise_exception:
        warnings.append(
            "raise_exception is off: an error only goes to the log and the result lacks the run; "
            "set it to True"
        )
    for venue in config.venues:
        _check_venue(venue, config.data, warnings.append)
    _check_modules(config)
    given = {item.id: item for item in instruments}
    for data in config.data:
        _check_data(data, config, given, by_day, warnings.append)
    return warnings


def preflight_catalog(
    path: str | os.PathLike[str],
    symbol: str,
    start: Any = None,
    end: Any = None,
) -> list[str]:
    """The same for the files of `symbol` in the catalog at `path`, and the rows between `start` and
    `end` (ISO or ns, inclusive; all by default)."""
    warnings: list[str] = []
    _check_width()
    name = str(instrument_id(symbol))
    catalog = _open(path)
    window = Window(nanos(start, 0), nanos(end, None))
    folders = [
        (kind.cls, folder)
        for kind in KINDS
        for folder in sorted((Path(path) / "data" / kind.folder).glob("*"))
        if folder.name == name or folder.name.startswith(f"{name}-")
    ]
    if not folders:
        raise Error(f"{path}: no data of {name}; ingest it")
    contract = _contract(catalog, path, instrument_id(symbol), {})
    _check_fees(contract, window, warnings.append)
    for cls, folder in folders:
        check_folder(cls, folder, window, contract, False, warnings.append)
    return warnings


# ---- the configuration ----


def _check_width() -> None:
    if nautilus_pyo3.PRECISION_BYTES != 16:
        raise Error(
            f"NautilusTrader's raws have {nautilus_pyo3.PRECISION_BYTES} bytes, the catalog's 16; "
            "install a build of high precision"
        )


def _check_venue(venue: BacktestVenueConfig, data: list[BacktestDataConfig], warn: Warn) -> None:
    where = f"venue {venue.name}"
    for balance in get_starting_balances(venue):
        if LARGEST_BALANCE is not None and balance.as_double() > LARGEST_BALANCE:
            raise Error(
                f"{where}: a starting balance of {balance}, and sums above 1e7 crash its account; "
                "start with less"
            )
    kinds = {item.data_type for item in data if _concerns(item, venue.name)}
    ticks = sorted(cls.__name__ for cls in kinds & {QuoteTick, TradeTick})
    if venue.bar_execution and Bar in kinds and ticks:
        raise Error(
            f"{where}: bar_execution is on beside {', '.join(ticks)}, so each bar moves the market "
            "back to prices of its minute; set bar_execution=False"
        )
    model = venue.latency_model
    delays = model is not None and model.config_path.split(":")[-1] == _LATENCY
    if delays and "base_latency_nanos" not in model.config:
        raise Error(
            f"{where}: latency_model without base_latency_nanos, which then is 1,000,000,000 "
            "(1 s); set it"
        )


def _concerns(data: BacktestDataConfig, venue: str) -> bool:
    names = get_instrument_ids(data)
    return not names or any(str(name.venue) == venue for name in names)


def _check_modules(config: BacktestRunConfig) -> None:
    for venue in config.venues:
        for module in venue.modules or ():
            if module.actor_path.split(":")[-1] != "FundingModule":
                continue
            name = str(module.config.get("instrument_id"))
            rates = [item for item in config.data if item.data_type is FundingRateData]
            if not any(name in (identifiers(item) or [name]) for item in rates):
                raise Error(
                    f"venue {venue.name}: FundingModule of {name} without its FundingRateData, so "
                    "nothing is paid; add a BacktestDataConfig of it"
                )


def _check_data(
    data: BacktestDataConfig,
    config: BacktestRunConfig,
    given: dict[InstrumentId, Instrument],
    by_day: bool,
    warn: Warn,
) -> None:
    cls = data.data_type
    where = f"data of {cls.__name__}"
    if not is_nautilus_class(cls) and not data.client_id:
        raise Error(f"{where}: custom data without a client_id; give it one")
    if data.metadata and cls in _OURS:
        text = (
            f"{where}: metadata {data.metadata}, and only a subscription with the same gets any; "
            "leave it out"
        )
        # A class of the strategy's name may be a subclass that subscribes otherwise.
        strategies = config.engine.strategies if config.engine else []
        if any(item.strategy_path.endswith(":ToxVolStrategy") for item in strategies):
            raise Error(text)
        warn(text)
    if data.catalog_fs_protocol not in (None, "file"):
        return  # its files are elsewhere
    catalog = _open(data.catalog_path)
    root = Path(data.catalog_path) / "data" / class_to_filename(cls)
    there = sorted(folder.name for folder in root.glob("*") if folder.is_dir())
    names = _folders(data, there, where, config.chunk_size is None, warn)
    window = _window(data, config)
    for name in names:
        contract = None
        contract_id = _id_of(cls, name)
        if contract_id is not None:
            contract = _contract(catalog, data.catalog_path, contract_id, given)
            if contract_id not in given and _own_fees(config, contract_id):
                _check_fees(contract, window, warn)
        check_folder(cls, root / name, window, contract, by_day, warn)


def _folders(
    data: BacktestDataConfig, there: list[str], where: str, is_one_shot: bool, warn: Warn
) -> list[str]:
    """Those that are read."""
    names = identifiers(data)
    if not names:
        if len(there) > 1:
            raise Error(
                f"{where}: no instrument_id, so all {len(there)} of {data.catalog_path} are read; "
                "name one"
            )
        if not there:
            raise Error(f"{where}: none in {data.catalog_path}; ingest it or leave it out")
        return there
    if data.data_type is Bar and not (data.bar_types or data.bar_spec):
        # By instrument: all of its bar types.
        names = [
            folder for folder in there if any(folder.startswith(f"{name}-") for name in names)
        ] or names
    for name in names:
        if name not in there:
            raise Error(
                f"{where}: no {name} in {data.catalog_path}, it has {', '.join(there) or 'none'}; "
                "correct the name"
            )
    if data.data_type is Bar and is_one_shot:
        owners = {_id_of(Bar, name) for name in names}
        more = [item for item in there if _id_of(Bar, item) in owners and item not in names]
        if more:
            warn(
                f"{where}: without chunk_size {', '.join(more)} is read as well, whatever "
                "bar_types or bar_spec say; set a chunk_size"
            )
    return names


def _window(data: BacktestDataConfig, config: BacktestRunConfig) -> Window:
    start = max(nanos(data.start_time, 0), nanos(config.start, 0))
    ends = [nanos(end, None) for end in (data.end_time, config.end)]
    end = min((end for end in ends if end is not None), default=None)
    if end is not None and end < start:
        raise Error(
            f"data of {data.data_type.__name__}: its window ends {said(end)}, before it starts "
            f"{said(start)}; correct start_time, end_time, start or end"
        )
    return Window(start, end)


def _own_fees(config: BacktestRunConfig, contract_id: InstrumentId) -> bool:
    """Whether the venue takes the instrument's fees."""
    return all(
        venue.fee_model is None for venue in config.venues if venue.name == str(contract_id.venue)
    )


def _id_of(cls: type, folder: str) -> InstrumentId | None:
    try:
        return (
            BarType.from_str(folder).instrument_id if cls is Bar else InstrumentId.from_str(folder)
        )
    except ValueError:
        return None


# ---- the instrument ----


def _open(path: str | os.PathLike[str]) -> ParquetDataCatalog:
    if not (Path(path) / "data").is_dir():
        raise Error(f"{path}: no catalog (it has no data/); `toxvol ingest` makes one")
    _toxvol.require_current_catalog(os.fspath(path))
    return ParquetDataCatalog(str(path))


def _contract(
    catalog: ParquetDataCatalog,
    path: str | os.PathLike[str],
    contract_id: InstrumentId,
    given: dict[InstrumentId, Instrument],
) -> Instrument:
    if contract_id in given:
        return given[contract_id]
    found = catalog.instruments(instrument_ids=[str(contract_id)])
    if not found:
        raise Error(
            f"{path}: no instrument {contract_id}, so its data is passed over; write it into the "
            "catalog"
        )
    return found[-1]


def _check_fees(contract: Instrument, window: Window, warn: Warn) -> None:
    name = str(contract.id)
    if not name.endswith("-PERP.BINANCE"):
        return
    symbol = name.removesuffix("-PERP.BINANCE")
    has = (contract.maker_fee, contract.taker_fee)
    shown = f"{name}: maker fee {_plain(has[0])}, taker fee {_plain(has[1])}"
    if (_plain(has[0]), _plain(has[1])) == _TEST_FEES:
        raise Error(
            f"{shown} are those of NautilusTrader's test instrument; take tn.instrument({symbol!r})"
        )
    try:
        known = fees(symbol, window.start or None)
    except Error:
        return  # a contract without a dated table
    if has not in known.values():
        real = known["VIP0"]
        warn(
            f"{shown}, and Binance's were {_plain(real[0])} and {_plain(real[1])} (VIP0) "
            f"{said(window.start) if window.start else 'at last'}; "
            f"take tn.instrument({symbol!r}, at=…)"
        )


def _plain(number: Any) -> str:
    return f"{number.normalize():f}"
