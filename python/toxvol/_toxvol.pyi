"""The C++ side of toxvol; use the functions of `toxvol`"""

from collections.abc import Iterator, Sequence
from typing import Annotated, overload

import numpy
from numpy.typing import NDArray
import pandas
import pyarrow
from typing_extensions import CapsuleType


def commit() -> str:
    """The commit that was built"""

class Table:
    """
    Columns; pandas, Polars, pyarrow and DuckDB take it as it is (Arrow PyCapsule)
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> CapsuleType:
        """The rows, for whoever takes Arrow's C stream"""

    def __arrow_c_schema__(self) -> CapsuleType:
        """Names and types, as Arrow's C schema"""

    def __len__(self) -> int:
        """How many rows"""

    @property
    def num_rows(self) -> int:
        """How many rows"""

    @property
    def column_names(self) -> list[str]:
        """The names, in order"""

    def __iter__(self) -> Iterator[str]:
        """Over the names"""

    def keys(self) -> list[str]:
        """The names, in order: `dict(table)` is a column a name"""

    def __contains__(self, name: str) -> bool:
        """Whether there is such a column"""

    @overload
    def __getitem__(self, name: str) -> numpy.ndarray:
        """A column as a NumPy array: absent is NaN, or None among words"""

    @overload
    def __getitem__(self, rows: slice) -> Table:
        """Some rows; no copy"""

    @overload
    def __getitem__(self, names: Sequence[str]) -> Table:
        """Some columns; no copy"""

    def head(self, n: int = 5) -> Table:
        """The first `n` rows; no copy"""

    def tail(self, n: int = 5) -> Table:
        """The last `n` rows; no copy"""

    def to_arrow(self) -> pyarrow.Table:
        """A pyarrow.Table of the same memory"""

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas.DataFrame"""

    def __repr__(self) -> str: ...

def read_table(path: str, exact: bool = False) -> Table:
    """A Parquet table; decimals are the nearest float64 unless `exact`"""

def read_raw(path: str, kind: str, exact: bool = False, strict: bool = False) -> tuple[Table, str, dict[str, int]]:
    """Table, symbol and row counts of one of Binance's files"""

def read_market(*, raw: Sequence[str], symbol: str, kind: str, from_: int, to: int, progress: object | None) -> Table:
    """
    Rows of one kind with from_ <= ts_event < to (bars: open time) of a folder of raw files
    """

def ingest(*, raw: Sequence[str], catalog: str, symbol: Sequence[str], from_: str, to: str, jobs: int, strict: bool, progress: object | None) -> str:
    """Raw files into a catalog; the report as JSON"""

def check(*, path: str, deep: bool, jobs: int, progress: object | None) -> str:
    """What is in a folder or a catalog, as JSON"""

def catalog_view(*, catalog: str, out: str, by: str, symbol: Sequence[str], plain: bool, progress: object | None) -> str:
    """A catalog in fewer, larger files; counts as JSON"""

def catalog_upgrade(catalog: str, progress: object | None) -> str:
    """An older catalog in today's layout; counts as JSON"""

def require_current_catalog(catalog: str) -> None:
    """Throws for a catalog of an older layout"""

def synth(*, out: str, symbol: str, from_: str, days: int, klines_only_days: int, seed: int, intensity: float, start_price: float, plant: str, edge_bp: float | None, faults: Sequence[str], zip: bool, force: bool, progress: object | None) -> str:
    """A synthetic market in Binance's files; counts as JSON"""

def instrument(symbol: str, catalog: str, at_ns: int | None) -> str:
    """
    Steps, fees and brackets of a contract as JSON, as they were at `at_ns` (None: the newest)
    """

def ablation(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, design: str, groups: Sequence[str] = [], presets: Sequence[str] = [], out: str, force: bool, seed: int, resamples: int, unit: str, trials: str, jobs: int, signal: object | None, ray: object | None, progress: object | None) -> str:
    """A study into `out`; its verdict and counts as JSON"""

def sweep(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, design: str, groups: Sequence[str] = [], presets: Sequence[str] = [], out: str, force: bool, seed: int, resamples: int, unit: str, trials: str, jobs: int, signal: object | None, ray: object | None, progress: object | None) -> str:
    """A study into `out`; its verdict and counts as JSON"""

def walkforward(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, design: str, groups: Sequence[str] = [], presets: Sequence[str] = [], out: str, force: bool, seed: int, resamples: int, unit: str, trials: str, jobs: int, signal: object | None, ray: object | None, progress: object | None) -> str:
    """A study into `out`; its verdict and counts as JSON"""

def band(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, queues: Sequence[str], latencies: Sequence[str], tiers: Sequence[str], out: str, force: bool, seed: int, resamples: int, unit: str, trials: str, jobs: int, signal: object | None, ray: object | None, progress: object | None) -> str:
    """A fill band into `out`; its verdict and nets as JSON"""

def study_part(study: str, circumstances: str, study_id: str, points: Sequence[int]) -> tuple[list[tuple[int, str, str]], str]:
    """
    Runs points of a study for who keeps it: number, line of the trial log and result of each, and why they failed
    """

def factors(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, out: str, force: bool, progress: object | None) -> int:
    """One row a closed minute into the file `out`; how many"""

def backtest(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, trials: str, orders: str, signal: object | None, out: str, force: bool, minutes: str, interval: str, argv: Sequence[str], progress: object | None) -> str:
    """One run; its folder"""

def poison(*, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], symbol: str, from_: str, to: str, signal: object | None, trials: int, seed: int, progress: object | None) -> str:
    """Whether a backtest knows the future, as JSON"""

def try_folder(*, folder: str, symbol: str, catalog: str, out: str, progress: object | None) -> str:
    """A first run of any folder; the run's folder"""

def default_run_folder(*, preset: str, from_: str, to: str, orders: str, symbol: str, force: bool) -> str:
    """Where a run goes that is not told"""

def report(run: str, out: str) -> str:
    """One HTML page of a run; its path"""

def compare(*, runs: Sequence[str], seed: int, resamples: int, unit: str, interval: str, out: str, force: bool, progress: object | None) -> str:
    """Runs side by side, as JSON"""

def explain(*, run: str, at: str, position: int | None, catalog: str, raw: Sequence[str], progress: object | None) -> str:
    """One decision or position step by step, as JSON"""

def evaluate(*, run: str, out: str, force: bool, catalog: str, raw: Sequence[str], seed: int, resamples: int, progress: object | None) -> str:
    """What a run's forecasts, signals and costs are worth, as JSON"""

def trials(catalog: str, trials: str, study: str) -> str:
    """A trial log, as JSON"""

def returns(run: str, unit: str) -> tuple[int, int, list[float]]:
    """
    Begin of the first whole unit, its length (ns), and the net return of each (R2)
    """

def verify(run: str) -> list[str]:
    """Violations of a run folder's identities"""

def diff(a: str, b: str) -> list[str]:
    """The first difference of each file of two runs"""

def config_show(file: str, sets: Sequence[str]) -> str:
    """The complete configuration as TOML"""

def config_json(file: str, sets: Sequence[str]) -> str:
    """The complete configuration as JSON"""

def config_explain(file: str, sets: Sequence[str]) -> str:
    """Each key, or one, in words"""

def config_reference() -> str:
    """The page docs/config.md"""

def preset_names() -> list[str]:
    """The built-in presets"""

class TickMemory:
    """Where NautilusTrader's ticks keep their fields"""

    def __init__(self, quote: object, trade: object) -> None:
        """Of samples made from the fields below"""

    @staticmethod
    def sample_quote() -> tuple:
        """The fields of the QuoteTick to give, as `from_raw` takes them"""

    @staticmethod
    def sample_trade() -> tuple:
        """The fields of the TradeTick to give"""

class NautilusSession:
    """
    One run of the strategy inside NautilusTrader; decimals are units of 1e-8
    """

    def on_quote(self, tick: object) -> bool:
        """A QuoteTick; whether there is something to `take`"""

    def on_trade(self, tick: object) -> bool:
        """A TradeTick; whether there is something to `take`"""

    def tick_handlers(self, answer: object) -> tuple:
        """
        `on_quote` and `on_trade` for a message bus, without a Python frame a tick: `answer` is called with the tick where there is something to `take`, or to raise
        """

    def on_flow(self, ts_event: int, ts_init: int, quote_volume: float, count: int, taker_buy_volume: float, taker_buy_quote_volume: float) -> None:
        """What a kline says beside its bar, before that bar"""

    def on_bar(self, ts_event: int, ts_init: int, open: int, high: int, low: int, close: int, volume: int, book: int | None) -> bool:
        """A closed minute; whether there is something to `take`"""

    def on_metrics(self, ts_event: int, ts_init: int, open_interest: float, open_interest_value: float, toptrader_count_ls: float, toptrader_sum_ls: float, count_ls: float, taker_ls: float) -> bool:
        """
        Open interest and ratios, NaN where absent; whether there is something to `take`
        """

    def on_funding(self, ts_event: int, ts_init: int, rate: float, hours: int) -> bool:
        """A funding rate; whether there is something to `take`"""

    def on_alarm(self, ts: int) -> bool:
        """A time that `alarms` asked for; whether there is something to `take`"""

    def accepted(self, id: int, ts: int) -> None:
        """An order rests"""

    def rejected(self, id: int, reason: str, ts: int) -> None:
        """An order was refused"""

    def canceled(self, id: int, ts: int) -> None:
        """An order is gone"""

    def resized(self, id: int, quantity: int) -> None:
        """The quantity of an order was changed"""

    def filled(self, id: int, price: int, qty: int, is_maker: bool, fee: int, position: int, average: float, position_pnl: int, wallet: int, book: int | None, ts: int) -> None:
        """A fill, and the account after it"""

    def funded(self, paid: int, wallet: int, ts: int) -> None:
        """Funding was paid"""

    def take(self) -> list:
        """The commands that wait; raises what a tick handler met"""

    def alarms(self) -> list[int]:
        """Times at which `on_alarm` is wanted"""

    def facts(self) -> dict:
        """What the strategy must know of the run before its first tick"""

    def instrument(self, catalog: str) -> str:
        """The contract as JSON"""

    def finish(self, ts: int) -> str:
        """Writes the run folder; where it is"""

    def warning(self) -> str:
        """One line for the user, or an empty one"""

def nautilus_profiles() -> dict:
    """Releases of NautilusTrader → the profile that imitates each"""

def open_nautilus_session(memory: TickMemory, *, release: str, catalog: str, raw: Sequence[str], preset: str, config: str, sets: Sequence[str], from_: str, to: str, trials: str, orders: str, out: str, force: bool, inputs: Sequence[str], starts: int, argv: Sequence[str], progress: object | None) -> NautilusSession:
    """A run whose host is NautilusTrader"""

class StatsRowCache:
    """Resampled rows that calls share"""

    def __init__(self) -> None: ...

def stats_moments(r: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> dict: ...

def stats_sharpe(r: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> dict: ...

def stats_block_length(r: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> dict: ...

def stats_resample(*, n: int, length: int, b: int, seed: int, stream: int) -> list[int]: ...

def stats_interval(*, r: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], of_sharpe: bool, seed: int, stream: int, resamples: int, fixed_b: bool, cache: StatsRowCache) -> dict: ...

def stats_pair(*, a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], seed: int, resamples: int, cache: StatsRowCache) -> dict: ...

def stats_dsr(returns: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], column: int | None) -> dict: ...

def stats_family(*, differences: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], seed: int, resamples: int, cache: StatsRowCache) -> dict: ...

def stats_pbo(returns: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], blocks: int) -> dict: ...

def stats_losses(y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], f: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> dict: ...

def stats_diebold_mariano(first: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], second: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], overlap: int) -> dict: ...

def stats_mincer_zarnowitz(y: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], f: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], divided: bool) -> dict: ...

def stats_ratio_interval(*, numerator: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], denominator: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], seed: int, resamples: int, cache: StatsRowCache) -> dict: ...

def stats_mix(x: int) -> int: ...

def stats_draw(*, seed: int, stream: int, b: int, k: int) -> int: ...

def stats_sobol(points: int, sizes: Sequence[int], seed: int) -> list[list[int]]: ...

def stats_random(points: int, sizes: Sequence[int], seed: int) -> list[list[int]]: ...

STATS_LEAST_BLOCKS: int = 4

STATS_MOST_BLOCKS: int = 24

STATS_MOST_SOBOL_AXES: int = 16

def run_command(argv: Sequence[str], find_workers: object) -> int:
    """The `toxvol` command; takes over SIGINT. Gives the exit code"""
