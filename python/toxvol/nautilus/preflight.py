"""What NautilusTrader accepts in silence and then runs wrongly, found before the run.

An error is one line: what, where, the value, what to do. What may be meant is a warning.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.backtest.node import get_instrument_ids, get_starting_balances
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.core.datetime import unix_nanos_to_iso8601
from nautilus_trader.core.inspect import is_nautilus_class
from nautilus_trader.model.data import Bar, BarType, FundingRateUpdate, QuoteTick, TradeTick
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.persistence.catalog.parquet import _parse_filename_timestamps
from nautilus_trader.persistence.funcs import class_to_filename

from toxvol import _toxvol
from toxvol._errors import Error
from toxvol.nautilus._version import LARGEST_BALANCE
from toxvol.nautilus.catalog import MANY_FILES, file_name
from toxvol.nautilus.checklist import KINDS
from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData
from toxvol.nautilus.instruments import fees, instrument_id
from toxvol.nautilus.streaming import identifiers, nanos

_MINUTE = 60 * 10**9
_OURS = (FundingRateData, FuturesMetricsData, KlineFlowData)
_OF_A_MINUTE = (Bar, KlineFlowData)
_LATENCY = "LatencyModelConfig"
#: Maker and taker fee of NautilusTrader's own test instrument.
_TEST_FEES = ("0.0002", "0.00018")

_Warn = Callable[[str], None]


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
    window = _Window(nanos(start, 0), nanos(end, None))
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
        _check_folder(cls, folder, window, contract, False, warnings.append)
    return warnings


@dataclass(frozen=True)
class _Window:
    start: int  # ns, inclusive
    end: int | None  # ns, inclusive; None: open

    def meets(self, first: int, last: int) -> bool:
        return self.start <= last and (self.end is None or first <= self.end)


# ---- the configuration ----


def _check_width() -> None:
    if nautilus_pyo3.PRECISION_BYTES != 16:
        raise Error(
            f"NautilusTrader's raws have {nautilus_pyo3.PRECISION_BYTES} bytes, the catalog's 16; "
            "install a build of high precision"
        )


def _check_venue(venue: BacktestVenueConfig, data: list[BacktestDataConfig], warn: _Warn) -> None:
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
    warn: _Warn,
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
        _check_folder(cls, root / name, window, contract, by_day, warn)


def _folders(
    data: BacktestDataConfig, there: list[str], where: str, is_one_shot: bool, warn: _Warn
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


def _window(data: BacktestDataConfig, config: BacktestRunConfig) -> _Window:
    start = max(nanos(data.start_time, 0), nanos(config.start, 0))
    ends = [nanos(end, None) for end in (data.end_time, config.end)]
    end = min((end for end in ends if end is not None), default=None)
    if end is not None and end < start:
        raise Error(
            f"data of {data.data_type.__name__}: its window ends {_said(end)}, before it starts "
            f"{_said(start)}; correct start_time, end_time, start or end"
        )
    return _Window(start, end)


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


def _check_fees(contract: Instrument, window: _Window, warn: _Warn) -> None:
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
            f"{_said(window.start) if window.start else 'at last'}; "
            f"take tn.instrument({symbol!r}, at=…)"
        )


def _plain(number: Any) -> str:
    return f"{number.normalize():f}"


# ---- the files ----


def _check_folder(
    cls: type,
    folder: Path,
    window: _Window,
    contract: Instrument | None,
    by_day: bool,
    warn: _Warn,
) -> None:
    spans: list[tuple[int, int, Path]] = []
    for path in sorted(folder.glob("*.parquet")):
        named = _named(path)
        with pq.ParquetFile(path) as file:
            _check_schema(cls, path, file.schema_arrow, contract)
            at = file.schema_arrow.names.index("ts_init")
            span = _span(path, file, at)
            if window.meets(*span) or (named and window.meets(*named)):
                _check_order(path, file)
            if named != span:
                raise Error(
                    f"{path}: its rows are from {_said(span[0])} to {_said(span[1])}, and queries "
                    f"go by the name; rename it to {file_name(*span)}"
                )
        spans.append((*span, path))
    spans.sort()
    for before, after in zip(spans, spans[1:]):
        if after[0] <= before[1]:
            raise Error(
                f"{after[2]}: begins {_said(after[0])}, before {before[2].name} ends; "
                "remove one of the two"
            )
    read = [span for span in spans if window.meets(*span[:2])]
    if not read:
        text = (
            f"{folder}: no rows from {_said(window.start) if window.start else 'the start'} to "
            f"{_said(window.end) if window.end is not None else 'the end'}; widen the window"
        )
        if is_nautilus_class(cls) and cls is not FundingRateUpdate:
            raise Error(text)
        warn(text)  # a few hours may well be without a settlement
    if len(read) > MANY_FILES and not by_day:
        warn(
            f"{folder}: {len(read)} files in one query, NautilusTrader opens them all at once; "
            "`toxvol catalog view --by month` makes fewer, StreamingNode opens those of a day"
        )
    if cls in _OF_A_MINUTE and window.end is not None:
        _check_end(cls, spans, window.end)


def _named(path: Path) -> tuple[int, int] | None:
    try:
        return _parse_filename_timestamps(path.name)
    except ValueError:
        raise Error(
            f"{path}: the name is not <first>_<last>.parquet, which fails every query of the "
            "folder; rename or remove it"
        ) from None


def _check_schema(cls: type, path: Path, schema: pa.Schema, contract: Instrument | None) -> None:
    if "ts_init" not in schema.names:
        raise Error(f"{path}: no column ts_init; remove the file")
    if cls not in (QuoteTick, TradeTick, Bar):
        return
    for column in schema:
        if pa.types.is_fixed_size_binary(column.type) and column.type.byte_width != 16:
            raise Error(
                f"{path}: {column.name} has {column.type.byte_width} bytes and this NautilusTrader "
                "reads 16, it aborts; write the catalog again"
            )
    metadata = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    key = "bar_type" if cls is Bar else "instrument_id"
    if metadata.get(key) != path.parent.name:
        raise Error(
            f"{path}: {key} {metadata.get(key)} in a folder of {path.parent.name}; "
            "write the file again"
        )
    if contract is None:
        return
    for name, wanted in (
        ("price_precision", contract.price_precision),
        ("size_precision", contract.size_precision),
    ):
        if metadata.get(name) != str(wanted):
            raise Error(
                f"{path}: {name} {metadata.get(name)} and the instrument's is {wanted}; take "
                "tn.instrument(symbol, catalog)"
            )


def _span(path: Path, file: pq.ParquetFile, at: int) -> tuple[int, int]:
    """ns of the first and the last row, by the statistics if the file has any."""
    groups = [item for item in range(file.num_row_groups) if file.metadata.row_group(item).num_rows]
    if not groups:
        raise Error(f"{path}: no rows; remove the file")
    bounds = []
    for group, name in ((groups[0], "min"), (groups[-1], "max")):
        column = file.metadata.row_group(group).column(at)
        statistics = column.statistics if column.path_in_schema == "ts_init" else None
        if statistics is not None and statistics.has_min_max:
            bounds.append(int(getattr(statistics, name)))
        else:
            values = file.read_row_group(group, columns=["ts_init"]).column(0).to_numpy()
            bounds.append(int(getattr(values, name)()))
    return bounds[0], bounds[1]


def _check_order(path: Path, file: pq.ParquetFile) -> None:
    row, last = 0, -1
    for stamps in _stamps(file):
        falls = np.flatnonzero(stamps[1:] < stamps[:-1])
        if stamps[0] < last or len(falls):
            at = 0 if stamps[0] < last else int(falls[0]) + 1
            raise Error(
                f"{path}: row {row + at} is of {_said(int(stamps[at]))}, before the row above it, "
                "and NautilusTrader takes files for sorted; write the file again"
            )
        row, last = row + len(stamps), stamps[-1]


def _stamps(file: pq.ParquetFile) -> Iterator[np.ndarray]:
    for batch in file.iter_batches(batch_size=1 << 20, columns=["ts_init"]):
        if batch.num_rows:
            yield batch.column(0).to_numpy(zero_copy_only=False).astype(np.int64)


def _check_end(cls: type, spans: list[tuple[int, int, Path]], end: int) -> None:
    """A bar of ours arrives a little after its minute: an end on the minute would cut it."""
    delay = spans[-1][1] % _MINUTE
    minute = end // _MINUTE * _MINUTE
    arrives = minute + delay
    if end < arrives and delay < 10**9 and any(a <= arrives <= b for a, b, _ in spans):
        raise Error(
            f"data of {cls.__name__}: the window ends {_said(end)}, and the bar of the minute "
            f"before arrives {delay:,} ns after it; end at {arrives}, or at {minute - 1} to leave it out"
        )


def _said(ns: int) -> str:
    return unix_nanos_to_iso8601(ns)
