"""toxvol: from raw Binance USD-M futures files to an honest backtest.

The verbs of the `toxvol` command as functions; keywords are its long options (`--from` is `from_`,
because `from` is Python's). Options that repeat take a list. `set` is a dict, with dotted keys or of
tables, `{"exit": {"k_stop": 2}}`. Days and times are text of ISO 8601, `date`, `datetime` or
`pandas.Timestamp`, UTC unless they have a zone. `progress` is
None (silent), True (the command's bar on stderr) or `f(stage, done, total, rows)`. A job that
cannot go on raises `Error` with the command's one line; a wrong argument its subclass `UsageError`,
which is a ValueError too. Ctrl-C leaves nothing half-written. docs/python.md

`ray` is the address of a Ray cluster that runs the points of a study: "local", "auto", "host:port"
or "ray://host:port" (docs/scale.md).
"""

import importlib as _importlib
import json as _json
import os as _os
import pathlib as _pathlib
import sys as _sys
import tempfile as _tempfile
from collections.abc import Iterable as _Iterable
from collections.abc import Mapping as _Mapping
from typing import Any as _Any

from toxvol import _options, _ray, _toxvol
from toxvol._errors import Error, UsageError
from toxvol._options import Moment as _Moment
from toxvol._options import Path as _Path
from toxvol._options import Paths as _Paths
from toxvol._options import Progress as _Progress
from toxvol._options import Signal as _Signal
from toxvol._run import TABLES, Run
from toxvol._tables import Orders as _Orders
from toxvol._tables import order_script as _order_script
from toxvol._toxvol import Table

__version__: str = _toxvol.__version__
__all__ = [
    "Error",
    "Run",
    "TABLES",
    "Table",
    "UsageError",
    "ablation",
    "backtest",
    "band",
    "catalog_upgrade",
    "catalog_view",
    "check",
    "compare",
    "config_check",
    "config_explain",
    "config_show",
    "diff",
    "evaluate",
    "explain",
    "factors",
    "ingest",
    "presets",
    "read_table",
    "report",
    "stats",
    "sweep",
    "synth",
    "try_folder",
    "trials",
    "verify",
    "walkforward",
]


def ingest(
    raw: _Paths,
    *,
    catalog: _Path,
    symbol: str | _Iterable[str] = (),
    from_: _Moment | None = None,
    to: _Moment | None = None,
    jobs: int | None = None,
    strict: bool = False,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """Raw Binance files into a catalog (docs/data.md).

    What the command prints with --json. `skipped` names files that could not be used (the command
    then ends with 1); the rest is in the catalog.
    """
    return _json.loads(
        _toxvol.ingest(
            _options.path_texts(raw),
            _options.path_text(catalog),
            _options.texts(symbol),
            _options.moment(from_),
            _options.moment(to),
            jobs or 0,
            strict,
            progress,
        )
    )


def check(
    path: _Path, *, deep: bool = False, jobs: int | None = None, progress: _Progress = None
) -> dict[str, _Any]:
    """What is in a folder of raw files or in a catalog; `errors` names what is wrong with it."""
    return _json.loads(_toxvol.check(_options.path_text(path), deep, jobs or 0, progress))


def catalog_view(
    *,
    catalog: _Path,
    out: _Path,
    by: str = "month",
    symbol: str | _Iterable[str] = (),
    plain: bool = False,
    progress: _Progress = None,
) -> dict[str, int]:
    """Copies a catalog into fewer, larger files, which NautilusTrader opens faster.

    With `plain`, quotes and trades have NautilusTrader's columns alone, as the migration to its
    2.0 wants them (docs/nautilus.md).
    """
    return _json.loads(
        _toxvol.catalog_view(
            _options.path_text(catalog),
            _options.path_text(out),
            by,
            _options.texts(symbol),
            plain,
            progress,
        )
    )


def catalog_upgrade(*, catalog: _Path, progress: _Progress = None) -> dict[str, _Any]:
    """Brings a catalog of an older toxvol, or a view of one, up to date, in place and without the
    raw files. Every other verb refuses such a catalog with an `Error`.

    `was_older` is false where there was nothing to do; `files_rewritten` and `files_added` count.
    """
    return _json.loads(_toxvol.catalog_upgrade(_options.path_text(catalog), progress))


def factors(
    *,
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    out: _Path | None = None,
    force: bool = False,
    progress: _Progress = None,
) -> Table:
    """One row of factors for each closed minute (docs/signal.md).

    Written to the Parquet file `out`, which `force` replaces; without it no file is left.
    """
    if out is None:
        asked = dict(locals())
        with _tempfile.TemporaryDirectory(prefix="toxvol-") as folder:
            return factors(**{**asked, "out": _os.path.join(folder, "factors.parquet")})
    _toxvol.factors(
        _options.path_text(catalog),
        _options.path_texts(raw),
        _options.text(preset),
        _options.path_text(config),
        _options.config_sets(set),
        _options.text(symbol),
        _options.moment(from_),
        _options.moment(to),
        _options.path_text(out),
        force,
        progress,
    )
    return read_table(out)


def backtest(
    *,
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    orders: _Orders = None,
    signal: _Signal = None,
    trials: _Path | None = None,
    out: _Path | None = None,
    force: bool = False,
    every_tick: bool = False,
    progress: _Progress = None,
) -> Run:
    """Runs the strategy, or an order script, on the native engine; the run folder.

    `orders` is an order script in the strategy's place: a CSV file, or a table with its columns, of
    which `ts` may be times (docs/order_scripts.md).

    `signal` is an idea of your own in place of the strategy's: a Parquet file or a table with
    `ts_init`, `direction` and, where it is wanted, `size`; or a function that is called with the
    row of factors at each decision and gives None, a direction, or (direction, size). Guards,
    exits, engine and report stay the same (docs/own_signals.md).

    The run is counted in the catalog's trial log, or in the file `trials` (docs/trials.md).

    It keeps its minute rows in the catalog, and another run on the same stretch reads ticks only
    where an order needs them, with the same result; `every_tick` does without
    (docs/engine.md#known-minutes).
    """
    with _order_script(orders) as script:
        folder = _toxvol.backtest(
            _options.path_text(catalog),
            _options.path_texts(raw),
            _options.text(preset),
            _options.path_text(config),
            _options.config_sets(set),
            _options.text(symbol),
            _options.moment(from_),
            _options.moment(to),
            _options.path_text(trials),
            script,
            _options.signal_argument(signal),
            _options.path_text(out),
            force,
            every_tick,
            list(_sys.argv),
            progress,
        )
    return Run(folder)


def ablation(
    *,
    design: _Path | None = None,
    groups: str | _Iterable[str] = (),
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    out: _Path,
    force: bool = False,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    trials: _Path | None = None,
    signal: _Signal = None,
    ray: str | None = None,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """One switch after the other against the base; its verdict and how many runs there were.

    `out` gets ablation.parquet and the rest that docs/ablation.md tells of; the same call goes on
    where it was stopped.
    """
    return _options.run_study(_toxvol.ablation, **locals())


def sweep(
    *,
    design: _Path,
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    out: _Path,
    force: bool = False,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    trials: _Path | None = None,
    signal: _Signal = None,
    ray: str | None = None,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """All points of a design; its verdict and how many runs there were.

    `out` gets sweep.parquet and study.json (docs/designs.md); the same call goes on where it was
    stopped.
    """
    return _options.run_study(_toxvol.sweep, **locals())


def walkforward(
    *,
    design: _Path | None = None,
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    out: _Path,
    force: bool = False,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    trials: _Path | None = None,
    signal: _Signal = None,
    ray: str | None = None,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """Chooses on one stretch of time and judges on the next; its verdict and how many runs.

    `out` gets folds.parquet, candidates.parquet, study.json and the run of all folds in `oos`
    (docs/walkforward.md); without a `design` the base alone is fitted. The same call goes on where
    it was stopped.

    `signal` is a function that learns: f(rows) is called with the `Table` of factors of each
    training window and gives the f(row) that `backtest` takes (docs/own_signals.md).
    """
    return _options.run_study(_toxvol.walkforward, **locals())


def band(
    *,
    queues: str | _Iterable[str] = (),
    latencies: str | _Iterable[str] = (),
    tiers: str | _Iterable[str] = (),
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: _Moment | None = None,
    to: _Moment | None = None,
    out: _Path,
    force: bool = False,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    trials: _Path | None = None,
    signal: _Signal = None,
    ray: str | None = None,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """One strategy under several queues, latencies and fees; its verdict and the net of each.

    `out` gets band.parquet and band_equity.parquet (docs/band.md); the same call goes on where it
    was stopped.
    """
    with _ray.workers(ray) as workers:
        told = _toxvol.band(
            _options.path_text(catalog),
            _options.path_texts(raw),
            _options.text(preset),
            _options.path_text(config),
            _options.config_sets(set),
            _options.text(symbol),
            _options.moment(from_),
            _options.moment(to),
            _options.texts(queues),
            _options.texts(latencies),
            _options.texts(tiers),
            _options.path_text(out),
            force,
            seed,
            resamples,
            unit,
            _options.path_text(trials),
            _options.signal_argument(signal),
            workers,
            progress,
        )
    return _json.loads(told)


def synth(
    *,
    out: _Path,
    from_: _Moment,
    symbol: str = "BTCUSDT",
    days: int = 7,
    klines_only_days: int = 31,
    seed: int = 1,
    intensity: float = 1.0,
    start_price: float = 0.0,
    plant: str = "none",
    edge_bp: float | None = None,
    faults: str | _Iterable[str] = (),
    zip: bool = False,
    force: bool = False,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """A synthetic market in Binance's own files (docs/synth.md)."""
    return _json.loads(
        _toxvol.synth(
            _options.path_text(out),
            symbol,
            _options.moment(from_),
            days,
            klines_only_days,
            seed,
            intensity,
            start_price,
            plant,
            edge_bp,
            _options.texts(faults),
            zip,
            force,
            progress,
        )
    )


def try_folder(
    folder: _Path,
    *,
    symbol: str | None = None,
    catalog: _Path | None = None,
    out: _Path | None = None,
    progress: _Progress = None,
) -> Run:
    """`toxvol try`: any folder of Binance's files to a first run, its report in the run's folder.

    Takes the richest window that there is and a preset that can decide in it; `Run.info` says
    which. The catalog goes beside the folder.
    """
    return Run(
        _toxvol.try_folder(
            _options.path_text(folder),
            _options.text(symbol),
            _options.path_text(catalog),
            _options.path_text(out),
            progress,
        )
    )


def report(run: Run | _Path, *, out: _Path | None = None) -> _os.PathLike[str]:
    """One HTML page of a run or of a study's folder; where it is."""
    folder = _pathlib.Path(_options.path_text(run))
    if (folder / "study.json").is_file():
        return _pathlib.Path(_toxvol.report(str(folder), _options.path_text(out)))
    return _run(run).report(out)


def compare(
    runs: _Iterable[Run | _Path],
    *,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    out: _Path | None = None,
    force: bool = False,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """Runs side by side, each against the first: what `toxvol compare --json` prints.

    Whether two differ by more than chance, and where their decisions part: docs/compare.md. With
    `out` it leaves a folder of which `toxvol.report` makes a page.
    """
    return _json.loads(
        _toxvol.compare(
            [_options.path_text(run) for run in runs],
            seed,
            resamples,
            unit,
            _options.path_text(out),
            force,
            progress,
        )
    )


def explain(
    run: Run | _Path,
    *,
    at: _Moment | None = None,
    position: int | None = None,
    catalog: _Path | None = None,
    raw: _Paths = (),
    progress: _Progress = None,
) -> dict[str, _Any]:
    """The decision at or before `at`, or position number `position`: why, and what came of it.

    Recomputed from the run's data, which are looked for where they were (docs/explain.md).
    """
    return _json.loads(
        _toxvol.explain(
            _options.path_text(run),
            _options.moment(at),
            position,
            _options.path_text(catalog),
            _options.path_texts(raw),
            progress,
        )
    )


def evaluate(
    run: Run | _Path,
    *,
    out: _Path | None = None,
    force: bool = False,
    catalog: _Path | None = None,
    raw: _Paths = (),
    seed: int = 1,
    resamples: int = 1999,
    progress: _Progress = None,
) -> dict[str, _Any]:
    """What a run's forecasts, signals and resting orders were worth: docs/evaluate.md.

    Leaves a folder with five tables (`out`, or RUN-evaluate) and returns its study.json, what
    `toxvol evaluate --json` prints: moves and costs in bp, horizons in minutes or seconds as their
    names say, None where something does not exist. Raises `toxvol.Error` where the folder is there
    (`force`), where the run is damaged or decided nothing, and for other data than the run's;
    `toxvol.UsageError` for a wrong value.
    """
    return _json.loads(
        _toxvol.evaluate(
            _options.path_text(run),
            _options.path_text(out),
            force,
            _options.path_text(catalog),
            _options.path_texts(raw),
            seed,
            resamples,
            progress,
        )
    )


def trials(
    catalog: _Path | None = None, *, trials: _Path | None = None, study: str | None = None
) -> dict[str, _Any]:
    """What was tried on a catalog's data, or is in the log `trials`: docs/trials.md."""
    return _json.loads(
        _toxvol.trials(
            _options.path_text(catalog), _options.path_text(trials), _options.text(study)
        )
    )


def verify(run: Run | _Path) -> list[str]:
    """Violations of a run folder's identities, one line each; empty for a sound run."""
    return _run(run).verify()


def diff(a: Run | _Path, b: Run | _Path) -> list[str]:
    """The first difference of each file of two runs; empty where they are equal."""
    return _toxvol.diff(_options.path_text(a), _options.path_text(b))


def config_show(
    file: _Path | None = None, *, set: _Mapping[str, _Any] | None = None
) -> dict[str, dict[str, _Any]]:
    """The complete configuration of a preset's name or a TOML file, by table and key."""
    return _json.loads(_toxvol.config_json(_options.path_text(file), _options.config_sets(set)))


def config_explain(file: _Path | None = None, *, set: _Mapping[str, _Any] | None = None) -> str:
    """Each key with value, unit, default, source and where it was set; of a key's name, that one."""
    return _toxvol.config_explain(_options.path_text(file), _options.config_sets(set))


def config_check(file: _Path | None = None, *, set: _Mapping[str, _Any] | None = None) -> None:
    """Raises `Error` if it cannot run."""
    _toxvol.config_json(_options.path_text(file), _options.config_sets(set))


def presets() -> list[str]:
    """The names of the built-in configurations, for `preset=`."""
    return _toxvol.preset_names()


def read_table(path: _Path, *, exact: bool = False) -> Table:
    """Any Parquet table of toxvol's; decimals as float64 unless `exact`."""
    return _toxvol.read_table(_options.path_text(path), exact)


def __getattr__(name: str) -> _Any:
    """`toxvol.stats`, and NumPy with it, when it is first asked for."""
    if name == "stats":
        return _importlib.import_module("toxvol.stats")
    raise AttributeError(f"module 'toxvol' has no attribute {name!r}")


def _run(run: Run | _Path) -> Run:
    return run if isinstance(run, Run) else Run(run)
