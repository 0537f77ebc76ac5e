"""The proof that NautilusTrader reads a catalog exactly: every file, every row, every field.

What NautilusTrader's own reader gives is compared, without a tolerance, with the bytes of the file
as pyarrow reads them, and the counts with the manifest, that is with the rows of the CSV files.
"""

import json
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.model.data import Bar, FundingRateUpdate, QuoteTick, TradeTick
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.serialization.arrow.schema import NAUTILUS_ARROW_SCHEMA

from toxvol import _toxvol
from toxvol._errors import Error
from toxvol.nautilus.catalog import MANY_FILES, chunks, file_name
from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData

#: NautilusTrader keeps 16 decimals on Linux; Binance's files have at most 8.
RAW_BYTES = 16
_UNIT = 10**8


@dataclass
class Item:
    """One line of the checklist."""

    ok: bool
    subject: str
    text: str

    def __str__(self) -> str:
        return f"[{'x' if self.ok else ' '}] {self.subject}: {self.text}"


@dataclass
class Checklist:
    items: list[Item] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(item.ok for item in self.items)

    def add(self, ok: bool, subject: str, text: str) -> None:
        self.items.append(Item(bool(ok), subject, text))

    def to_json(self) -> str:
        return json.dumps({"ok": self.ok, "items": [asdict(item) for item in self.items]}, indent=1)

    def __str__(self) -> str:
        return "\n".join(str(item) for item in self.items)


@dataclass(frozen=True)
class Kind:
    """A folder of the catalog, and how its rows look in NautilusTrader."""

    folder: str
    cls: type
    source: str  # Binance's kind
    mapping: str  # the columns, as the checklist says them
    fields: dict[str, str]  # column of the file → attribute of the object
    identifier: str = "instrument_id"
    custom: bool = False


KINDS = (
    Kind(
        "trade_tick",
        TradeTick,
        "aggTrades",
        "price, quantity → size, is_buyer_maker → aggressor_side, agg_trade_id → trade_id",
        {"price": "price", "size": "size", "aggressor_side": "aggressor_side"}
        | {"trade_id": "trade_id"},
    ),
    Kind(
        "quote_tick",
        QuoteTick,
        "bookTicker",
        "best_bid_price/_qty, best_ask_price/_qty → bid_price, bid_size, ask_price, ask_size",
        {name: name for name in ("bid_price", "ask_price", "bid_size", "ask_size")},
    ),
    Kind(
        "bar",
        Bar,
        "klines",
        "open, high, low, close, volume; stamped with the minute's end",
        {name: name for name in ("open", "high", "low", "close", "volume")},
        "bar_type",
    ),
    Kind(
        "custom_kline_flow_data",
        KlineFlowData,
        "klines",
        "quote_volume, count, taker_buy_volume, taker_buy_quote_volume",
        {
            name: name
            for name in ("quote_volume", "count", "taker_buy_volume", "taker_buy_quote_volume")
        },
        custom=True,
    ),
    Kind(
        "custom_futures_metrics_data",
        FuturesMetricsData,
        "metrics",
        "sum_open_interest(_value) → open_interest(_value), *_long_short_ratio → *_ls; blank → NaN",
        {
            name: name
            for name in (
                "open_interest",
                "open_interest_value",
                "toptrader_count_ls",
                "toptrader_sum_ls",
                "count_ls",
                "taker_ls",
            )
        },
        custom=True,
    ),
    Kind(
        "custom_funding_rate_data",
        FundingRateData,
        "fundingRate",
        "last_funding_rate → funding_rate, funding_interval_hours → interval_hours",
        {"funding_rate": "funding_rate", "interval_hours": "interval_hours"},
        custom=True,
    ),
    Kind(
        "funding_rate_update",
        FundingRateUpdate,
        "fundingRate",
        "the same settlements; last_funding_rate → rate, funding_interval_hours → interval (minutes)",
        {name: name for name in ("rate", "interval", "next_funding_ns")},
    ),
)


def _is_read(kind: Kind) -> bool:
    """NautilusTrader 1.221 has no reader of `FundingRateUpdate` files; nothing of it opens them."""
    return kind.cls is not FundingRateUpdate or FundingRateUpdate in NAUTILUS_ARROW_SCHEMA


def check(catalog: str | os.PathLike[str]) -> Checklist:
    """Lets NautilusTrader read every file of `catalog` (`toxvol check --nautilus`)."""
    root = Path(catalog).absolute()
    if not (root / "data").is_dir():
        raise Error(f"{root}: no catalog (it has no data/)")
    _toxvol.require_current_catalog(os.fspath(catalog))
    found = Checklist()
    found.add(
        nautilus_pyo3.PRECISION_BYTES == RAW_BYTES,
        "precision",
        f"NautilusTrader's raws have {nautilus_pyo3.PRECISION_BYTES} bytes, the files' {RAW_BYTES}",
    )
    reader = ParquetDataCatalog(str(root))
    precisions = _check_instruments(root, reader, found)
    inits: dict[str, list[np.ndarray]] = {}
    written: dict[str, int] = {}
    for kind in KINDS:
        for folder in sorted((root / "data" / kind.folder).glob("*")):
            _check_folder(root, reader, kind, folder, precisions, inits, written, found)
    for name, stamps in inits.items():
        every = np.sort(np.concatenate(stamps))
        ties = int((every[1:] == every[:-1]).sum())
        found.add(
            ties == 0, name, f"ts_init is unique over all kinds: {len(every)} rows, {ties} ties"
        )
    _check_manifest(root, written, found)
    return found


def _check_instruments(
    root: Path, reader: ParquetDataCatalog, found: Checklist
) -> dict[str, tuple[int, int]]:
    precisions = {}
    folders = sorted(folder.name for folder in (root / "data" / "crypto_perpetual").glob("*"))
    contracts = {str(item.id): item for item in reader.instruments()} if folders else {}
    for name in folders:
        item = contracts.get(name)
        if item is None:
            found.add(False, name, "NautilusTrader finds no instrument of this name")
            continue
        precisions[name] = (item.price_precision, item.size_precision)
        found.add(
            True,
            name,
            f"instrument: tick {item.price_increment}, lot {item.size_increment}, minimum notional "
            f"{item.min_notional}, maker {item.maker_fee}, taker {item.taker_fee}",
        )
    found.add(bool(folders), "instruments", f"{len(folders)} in crypto_perpetual/")
    return precisions


def _check_folder(
    root: Path,
    reader: ParquetDataCatalog,
    kind: Kind,
    folder: Path,
    precisions: dict[str, tuple[int, int]],
    inits: dict[str, list[np.ndarray]],
    written: dict[str, int],
    found: Checklist,
) -> None:
    subject = f"{kind.folder}/{folder.name}"
    contract = folder.name.split("-1-MINUTE-")[0]
    files = sorted(folder.glob("*.parquet"))
    if not _is_read(kind):
        found.add(True, subject, f"{len(files)} files that this NautilusTrader cannot read")
        return
    problems: list[str] = []
    rows = 0
    last = -1
    for file in files:
        try:
            stamps = _check_file(reader, kind, file, folder.name, precisions.get(contract))
        except _Wrong as wrong:
            problems.append(f"{file.name}: {wrong}")
            continue
        rows += len(stamps)
        written[str(file.relative_to(root))] = len(stamps)
        inits.setdefault(contract, []).append(stamps)
        if stamps[0] <= last:
            problems.append(f"{file.name}: begins before the file before it ends")
        last = int(stamps[-1])
    found.add(
        not problems,
        subject,
        f"{len(files)} files, {rows} rows read one-shot, every raw, id and time exact; {kind.mapping}"
        if not problems
        else f"{len(problems)} of {len(files)} files wrong, first {problems[0]}",
    )
    # What a query by name opens: a file whose name it cannot read would hide.
    seen = {os.path.basename(name) for name in reader._query_files(kind.cls, [folder.name])}
    found.add(
        seen == {file.name for file in files},
        subject,
        f"a query for {folder.name} opens all {len(files)} files",
    )
    if len(files) > MANY_FILES:
        found.add(
            True,
            subject,
            f"warning: {len(files)} files in one query; `toxvol catalog view --by month` makes fewer",
        )


class _Wrong(Exception):
    pass


def _check_file(
    reader: ParquetDataCatalog,
    kind: Kind,
    file: Path,
    identifier: str,
    precision: tuple[int, int] | None,
) -> np.ndarray:
    """The ts_init of its rows; raises `_Wrong` at the first difference."""
    parquet = pq.ParquetFile(file)
    objects = _objects(reader, kind, file)
    stamps = []
    row = 0
    for batch in parquet.iter_batches():
        columns = {name: _values(batch.column(name)) for name in kind.fields}
        events = batch.column("ts_event").to_pylist()
        init = batch.column("ts_init").to_pylist()
        stamps.append(np.array(init, dtype=np.uint64))
        for at in range(batch.num_rows):
            item = next(objects, None)
            if item is None:
                raise _Wrong(f"{row} rows instead of {parquet.metadata.num_rows}")
            if item.ts_event != events[at] or item.ts_init != init[at]:
                raise _Wrong(f"row {row}: ts_event {item.ts_event}, ts_init {item.ts_init}")
            for name, attribute in kind.fields.items():
                value = _plain(getattr(item, attribute))
                wanted = columns[name][at]
                if value != wanted and not (_is_nan(value) and _is_nan(wanted)):
                    raise _Wrong(f"row {row}: {attribute} {value} instead of {wanted}")
            if row == 0:
                _check_names(kind, item, identifier, precision)
            row += 1
    if next(objects, None) is not None:
        raise _Wrong(f"more rows than {row}")
    if row == 0:
        raise _Wrong("no rows")
    every = np.concatenate(stamps)
    if not (every[1:] > every[:-1]).all():
        raise _Wrong("ts_init does not ascend")
    name = file_name(int(every[0]), int(every[-1]))
    if name != file.name:
        raise _Wrong(f"the name should be {name}: NautilusTrader finds rows by it")
    return every


def _check_names(kind: Kind, item: Any, identifier: str, precision: tuple[int, int] | None) -> None:
    if str(getattr(item, kind.identifier)) != identifier:
        raise _Wrong(f"{kind.identifier} {getattr(item, kind.identifier)} instead of {identifier}")
    prices = {
        TradeTick: ("price", "size"),
        QuoteTick: ("bid_price", "bid_size"),
        Bar: ("close", "volume"),
    }
    if kind.cls not in prices or precision is None:
        return
    price, size = prices[kind.cls]
    shown = (getattr(item, price).precision, getattr(item, size).precision)
    if shown != precision:
        raise _Wrong(f"precisions {shown}, the instrument's are {precision}")


def _objects(reader: ParquetDataCatalog, kind: Kind, file: Path) -> Iterator[Any]:
    """The rows of one file as NautilusTrader makes them."""
    if kind.custom or kind.cls is FundingRateUpdate:
        for item in reader.query(kind.cls, files=[str(file)]):
            yield item.data if kind.custom else item
        return
    for chunk in chunks(reader.backend_session(kind.cls, files=[str(file)])):
        yield from chunk


def _values(column: Any) -> list[Any]:
    """What the file says, without NautilusTrader: raws as integers."""
    values = column.to_pylist()
    if pa.types.is_binary(column.type):
        return [json.loads(value) for value in values]
    if values and isinstance(values[0], bytes):
        values = [int.from_bytes(value, "little", signed=True) for value in values]
        for value in values:
            if value % _UNIT != 0:
                raise _Wrong(f"raw {value} has more than 8 decimals")
        return values
    return [math.nan if value is None else value for value in values]


def _plain(value: Any) -> Any:
    """A field of an object as the file has it."""
    if value is None:
        return math.nan
    if isinstance(value, (int, float, str)):
        return int(value) if isinstance(value, int) else value
    raw = getattr(value, "raw", None)
    return raw if raw is not None else getattr(value, "value", value)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _check_manifest(root: Path, written: dict[str, int], found: Checklist) -> None:
    path = root / "toxvol" / "manifest.json"
    if not path.is_file():
        found.add(True, "counts", "no manifest of toxvol's here: nothing to compare with")
        return
    files = json.loads(path.read_text(encoding="utf-8"))["files"]
    unread = {
        str(file.relative_to(root)): pq.read_metadata(file).num_rows
        for kind in KINDS
        if not _is_read(kind)
        for file in (root / "data" / kind.folder).glob("*/*.parquet")
    }
    for kind in dict.fromkeys(kind.source for kind in KINDS):
        sources = [file for file in files if file["kind"] == kind]
        if not sources:
            continue
        read, kept, dropped, quarantined = (
            sum(file[name] for file in sources)
            for name in ("rows_read", "kept", "dropped", "quarantined")
        )
        wrong = [
            output["path"]
            for file in sources
            for output in file["outputs"]
            if written.get(output["path"], unread.get(output["path"])) != output["rows"]
        ]
        # Klines and funding are in two folders each; one of them has every row.
        folder = next(item.folder for item in KINDS if item.source == kind)
        rows = _rows_of(sources, folder)
        found.add(
            not wrong and rows == kept and read == kept + dropped + quarantined,
            kind,
            f"{read} rows in {len(sources)} files of Binance's = {kept} kept + {dropped} dropped + "
            f"{quarantined} quarantined; NautilusTrader reads {rows}"
            + (f"; another count in {wrong[0]}" if wrong else ""),
        )
    strange = sorted(written.keys() - {o["path"] for file in files for o in file["outputs"]})
    found.add(
        not strange,
        "manifest",
        f"names all {len(written)} files" if not strange else f"does not name {strange[0]}",
    )


def _rows_of(files: Iterable[dict[str, Any]], folder: str) -> int:
    return sum(
        output["rows"]
        for file in files
        for output in file["outputs"]
        if output["path"].startswith(f"data/{folder}/")
    )
