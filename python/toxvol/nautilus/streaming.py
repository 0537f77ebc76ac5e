"""Windows of any length in bounded memory, with custom data: what BacktestNode cannot.

NautilusTrader's streaming opens every file of the window at once, refuses custom data, and
enters its engine anew for each chunk, which moves commands of timers. `StreamingNode` runs the
engine once, over a generator that reads the window UTC day by UTC day, so callbacks and fills are
those of a run with all data loaded.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from nautilus_trader.backtest.config import BacktestDataConfig, BacktestRunConfig
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.backtest.node import BacktestNode, get_instrument_ids
from nautilus_trader.core.datetime import time_object_to_dt
from nautilus_trader.core.inspect import is_nautilus_class
from nautilus_trader.core.nautilus_pyo3 import DataBackendSession
from nautilus_trader.model.data import (
    Bar,
    CustomData,
    DataType,
    OrderBookDelta,
    OrderBookDepth10,
    QuoteTick,
    TradeTick,
)
from nautilus_trader.model.identifiers import ClientId
from nautilus_trader.persistence.catalog.parquet import (
    ParquetDataCatalog,
    _parse_filename_timestamps,
)

from toxvol._errors import Error
from toxvol.nautilus._version import RINGS_WITHOUT_DATA
from toxvol.nautilus.catalog import chunks

_KEYS = (b"instrument_id", b"bar_type", b"price_precision", b"size_precision")
_DAY = 86_400 * 10**9
_LAST = 2**63 - 1
_ts_init = attrgetter("ts_init")

#: What NautilusTrader's Rust reader hands over in chunks; the rest is read a day at a time.
_CHUNKED = (QuoteTick, TradeTick, Bar, OrderBookDelta, OrderBookDepth10)


class StreamingNode(BacktestNode):
    """A BacktestNode whose runs with a `chunk_size` take any window and custom data.

    `chunk_size` is the number of rows read at a time of each kind. `on_day(done, total)` is called
    as each UTC day with data is over. Ctrl-C stops the run: the strategies are stopped, the engine
    is left as after a run, KeyboardInterrupt goes on.
    """

    def __init__(
        self,
        configs: list[BacktestRunConfig],
        on_day: Callable[[int, int], object] | None = None,
    ) -> None:
        super().__init__(configs)
        self._on_day = on_day

    def _run_streaming(
        self,
        run_config_id: str,
        engine: BacktestEngine,
        data_configs: list[BacktestDataConfig],
        chunk_size: int,
        start: str | int | None = None,
        end: str | int | None = None,
    ) -> None:
        sources = [_source(config, start, end) for config in data_configs]
        for source in sources:
            _introduce(source, engine)
        batches = _batches(sources, chunk_size, self._on_day)
        first = next(batches, None)
        if first is None:
            raise Error(_nothing(data_configs, start, end))
        engine.add_data_iterator("toxvol", chain([first], batches))
        try:
            engine.run(
                # As without chunks: the clocks start at the first row, not in 1970.
                start=first[0].ts_init if start is None else start,
                end=_end(sources) if end is None and RINGS_WITHOUT_DATA else end,
                run_config_id=run_config_id,
            )
        except KeyboardInterrupt:
            engine.end()
            raise
        finally:
            batches.close()


@dataclass(frozen=True)
class _Source:
    """The rows of one BacktestDataConfig."""

    config: BacktestDataConfig
    catalog: ParquetDataCatalog
    cls: type
    start: int  # ns, inclusive
    end: int  # ns, inclusive
    files: list[tuple[str, int, int]]  # path, ns of the first and the last row

    def rows(self, start: int, end: int, chunk_size: int) -> Iterator[list[Any]]:
        """Those of [start, end] in order of ts_init, at most `chunk_size` at a time if possible."""
        start, end = max(start, self.start), min(end, self.end)
        files = [path for path, first, last in self.files if first <= end and start <= last]
        if not files or start > end:
            return
        if self.cls in _CHUNKED:
            session = DataBackendSession(chunk_size=chunk_size)
            self.catalog.backend_session(
                self.cls, start=start, end=end, session=session, files=files
            )
            yield from chunks(session)
            return
        query = self.config.query
        rows = self.catalog.query(
            self.cls,
            files=files,
            start=start,
            end=end,
            filter_expr=query["filter_expr"],
            metadata=query["metadata"],
        )
        rows.sort(key=_ts_init)
        yield rows

    def last(self) -> int:
        """The ts_init of its last row."""
        found = 0
        for path, _, last in self.files:
            if last > self.end:  # the window ends inside this file
                with self.catalog.fs.open(path) as file:
                    times = pq.read_table(file, columns=["ts_init"])["ts_init"].to_numpy()
                last = int(times[times <= self.end].max(initial=0))
            found = max(found, last)
        return found

    def days(self) -> set[int]:
        found: set[int] = set()
        for _, first, last in self.files:
            found.update(range(max(first, self.start) // _DAY, min(last, self.end) // _DAY + 1))
        return found


def _source(config: BacktestDataConfig, start: str | int | None, end: str | int | None) -> _Source:
    cls = config.data_type
    catalog = BacktestNode.load_catalog(config)
    if not is_nautilus_class(cls) and not config.client_id:
        raise Error(f"data of {cls.__name__}: custom data needs a client_id; give it one")
    begin = max(nanos(config.start_time, 0), nanos(start, 0))
    stop = min(nanos(config.end_time, _LAST), nanos(end, _LAST))
    files = []
    for path in catalog._query_files(cls, identifiers(config), begin, stop):
        first, last = _parse_filename_timestamps(path) or (begin, stop)
        files.append((path, first, last))
    if any(last == _LAST for _, _, last in files):
        raise Error(f"{config.catalog_path}: a file without times in its name needs an end_time")
    return _Source(config, catalog, cls, begin, stop, files)


def _end(sources: list[_Source]) -> int:
    """As without chunks: when the data are over, so are the timers."""
    return max(source.last() for source in sources)


def identifiers(config: BacktestDataConfig) -> list[str]:
    """The folders that a configuration asks for; none: all. Of bars, only the types named."""
    if config.data_type is Bar:
        if config.bar_types is not None:
            return [str(name) for name in config.bar_types]
        if config.bar_spec is not None:
            return [f"{item}-{config.bar_spec}-EXTERNAL" for item in get_instrument_ids(config)]
    return [str(item) for item in get_instrument_ids(config)]


def _introduce(source: _Source, engine: BacktestEngine) -> None:
    """Tells the engine which data there will be, by one row of each folder, as loading them would:
    otherwise a subscription sends it looking for the data in catalogs of its own.
    """
    client_id = ClientId(source.config.client_id) if source.config.client_id else None
    seen = set()
    for path, _, _ in source.files:
        folder = Path(path).parent.name
        if folder in seen:
            continue
        seen.add(folder)
        row = _first_row(source, path)
        data = row.data if isinstance(row, CustomData) else row
        instrument_id = getattr(data, "instrument_id", None)
        if isinstance(data, Bar):
            instrument_id = data.bar_type.instrument_id
        if instrument_id is not None and engine.cache.instrument(instrument_id) is None:
            raise Error(
                f"{source.config.catalog_path}: no instrument {instrument_id} for its "
                f"{source.cls.__name__}; write it into the catalog"
            )
        engine.add_data([row], client_id=client_id)
    engine.clear_data()


def _first_row(source: _Source, path: str) -> Any:
    with source.catalog.fs.open(path) as file:
        batch = next(pq.ParquetFile(file).iter_batches(batch_size=1), None)
    if batch is None:
        raise Error(f"{path}: no rows; remove the file")
    # It takes every other key for an argument.
    known = {key: value for key, value in (batch.schema.metadata or {}).items() if key in _KEYS}
    table = pa.Table.from_batches([batch]).replace_schema_metadata(known)
    row = source.catalog._handle_table_nautilus(table, source.cls)[0]
    if is_nautilus_class(source.cls):
        return row
    metadata = source.config.metadata
    return CustomData(DataType(source.cls, metadata(row) if callable(metadata) else metadata), row)


def _batches(
    sources: list[_Source], chunk_size: int, on_day: Callable[[int, int], object] | None
) -> Iterator[list[Any]]:
    days = sorted(set().union(*(source.days() for source in sources)))
    last = 0
    for done, day in enumerate(days):
        start, end = day * _DAY, (day + 1) * _DAY - 1
        streams = [source.rows(start, end, chunk_size) for source in sources]
        for batch in _merge(streams):
            if batch[0].ts_init < last:
                raise Error(
                    f"{type(batch[0]).__name__} of ts_init {batch[0].ts_init} after one of {last}: "
                    "rows of a file out of order; `toxvol check --nautilus` finds which"
                )
            last = batch[-1].ts_init
            yield batch
        if on_day is not None:
            on_day(done + 1, len(days))


def _merge(streams: list[Iterator[list[Any]]]) -> Iterator[list[Any]]:
    """Their rows in order of ts_init, those of one ts_init in order of the streams."""
    heads: list[list[Any]] = [[] for _ in streams]
    reading = set(range(len(streams)))
    horizon = -1
    while reading:
        for at in sorted(reading):
            while not heads[at] or heads[at][-1].ts_init <= horizon:
                more = next(streams[at], None)
                if more is None:
                    reading.discard(at)
                    break
                heads[at] += more
        # A stream may go on at the ts_init it stopped at: only what is before it is complete.
        horizon = min((heads[at][-1].ts_init for at in reading), default=_LAST)
        batch: list[Any] = []
        for head in heads:
            cut = bisect_left(head, horizon, key=_ts_init)
            batch += head[:cut]
            del head[:cut]
        if batch:
            batch.sort(key=_ts_init)
            yield batch


def _nothing(
    configs: list[BacktestDataConfig], start: str | int | None, end: str | int | None
) -> str:
    kinds = ", ".join(sorted({config.data_type.__name__ for config in configs}))
    paths = ", ".join(sorted({str(config.catalog_path) for config in configs}))
    return (
        f"{paths}: no {kinds} from {start or 'the start'} to {end or 'the end'}; widen the window"
    )


def nanos(time: Any, otherwise: Any) -> Any:
    """ns of a configuration's time, `otherwise` if it has none."""
    return otherwise if time is None else time_object_to_dt(time).value
