"""The files of a catalog's folder before a run reads them: names, columns, order, the window's end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from nautilus_trader.core.datetime import unix_nanos_to_iso8601
from nautilus_trader.core.inspect import is_nautilus_class
from nautilus_trader.model.data import Bar, FundingRateUpdate, QuoteTick, TradeTick
from nautilus_trader.model.instruments import Instrument
from nautilus_trader.persistence.catalog.parquet import _parse_filename_timestamps

from toxvol._errors import Error
from toxvol.nautilus.catalog import MANY_FILES, file_name
from toxvol.nautilus.data import KlineFlowData

_MINUTE = 60 * 10**9
_OF_A_MINUTE = (Bar, KlineFlowData)

Warn = Callable[[str], None]


@dataclass(frozen=True)
class Window:
    start: int  # ns, inclusive
    end: int | None  # ns, inclusive; None: open

    def meets(self, first: int, last: int) -> bool:
        return self.start <= last and (self.end is None or first <= self.end)


def check_folder(
    cls: type,
    folder: Path,
    window: Window,
    contract: Instrument | None,
    by_day: bool,
    warn: Warn,
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
                    f"{path}: its rows are from {said(span[0])} to {said(span[1])}, and queries "
                    f"go by the name; rename it to {file_name(*span)}"
                )
        spans.append((*span, path))
    spans.sort()
    for before, after in zip(spans, spans[1:]):
        if after[0] <= before[1]:
            raise Error(
                f"{after[2]}: begins {said(after[0])}, before {before[2].name} ends; "
                "remove one of the two"
            )
    read = [span for span in spans if window.meets(*span[:2])]
    if not read:
        text = (
            f"{folder}: no rows from {said(window.start) if window.start else 'the start'} to "
            f"{said(window.end) if window.end is not None else 'the end'}; widen the window"
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
                f"{path}: row {row + at} is of {said(int(stamps[at]))}, before the row above it, "
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
            f"data of {cls.__name__}: the window ends {said(end)}, and the bar of the minute "
            f"before arrives {delay:,} ns after it; end at {arrives}, or at {minute - 1} to leave it out"
        )


def said(ns: int) -> str:
    return unix_nanos_to_iso8601(ns)
