"""toxvol: from raw Binance USD-M futures files to an honest backtest.

The verbs of the `toxvol` command as functions; keywords are its long options (`--from` is `from_`,
because `from` is Python's). Options that repeat take a list, `--set` takes a dict. `progress` is
None (silent), True (the command's bar on stderr) or `f(stage, done, total, rows)`. A job that
cannot go on raises `Error` with the command's one line; a wrong argument its subclass `UsageError`,
which is a ValueError too. Ctrl-C leaves nothing half-written. docs/python.md
"""

import ctypes as _ctypes
import importlib as _importlib
import importlib.metadata as _metadata
import json as _json
import os as _os
import sys as _sys
from collections.abc import Iterable as _Iterable
from collections.abc import Mapping as _Mapping
from typing import Any as _Any

from toxvol._errors import Error, UsageError

#: The C++ side is linked to the Arrow inside this pyarrow.
PYARROW_VERSION = "26.0.1"


def _check_pyarrow() -> None:
    try:
        found = _metadata.version("pyarrow")
    except _metadata.PackageNotFoundError:
        found = "none"
    if found != PYARROW_VERSION:
        raise ImportError(
            f"toxvol is built for pyarrow {PYARROW_VERSION} and found {found}: "
            f"pip install pyarrow=={PYARROW_VERSION}"
        )


_check_pyarrow()
# libzip needs the system's libcrypto, and libparquet exports an OpenSSL of its own. Loaded first,
# libcrypto is bound to itself; otherwise the next `import hashlib` would call into libparquet's.
_ctypes.CDLL("libcrypto.so.3")

from toxvol import _options, _toxvol  # noqa: E402
from toxvol._options import Path as _Path  # noqa: E402
from toxvol._options import Paths as _Paths  # noqa: E402
from toxvol._options import Progress as _Progress  # noqa: E402
from toxvol._run import TABLES, Run  # noqa: E402
from toxvol._toxvol import Table  # noqa: E402

__version__: str = _toxvol.__version__
__all__ = [
    "Error",
    "Run",
    "TABLES",
    "Table",
    "UsageError",
    "backtest",
    "catalog_view",
    "check",
    "config_check",
    "config_explain",
    "config_show",
    "diff",
    "factors",
    "ingest",
    "presets",
    "read_table",
    "report",
    "stats",
    "synth",
    "try_folder",
    "verify",
]

def ingest(
    raw: _Paths,
    *,
    catalog: _Path,
    symbol: str | _Iterable[str] = (),
    from_: str | None = None,
    to: str | None = None,
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
            _options.path_texts(raw), _options.path_text(catalog), _options.texts(symbol), _options.text(from_), _options.text(to), jobs or 0,
            strict, progress,
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
    progress: _Progress = None,
) -> dict[str, int]:
    """Copies a catalog into fewer, larger files, which NautilusTrader opens faster."""
    return _json.loads(
        _toxvol.catalog_view(_options.path_text(catalog), _options.path_text(out), by, _options.texts(symbol), progress)
    )


def factors(
    *,
    catalog: _Path | None = None,
    raw: _Paths = (),
    preset: str | None = None,
    config: _Path | None = None,
    set: _Mapping[str, _Any] | None = None,
    symbol: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    out: _Path,
    force: bool = False,
    progress: _Progress = None,
) -> Table:
    """One row of factors for each closed minute, written to `out` and read back."""
    _toxvol.factors(
        _options.path_text(catalog), _options.path_texts(raw), _options.text(preset), _options.path_text(config), _options.config_sets(set), _options.text(symbol), _options.text(from_),
        _options.text(to), _options.path_text(out), force, progress,
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
    from_: str | None = None,
    to: str | None = None,
    orders: _Path | None = None,
    out: _Path | None = None,
    force: bool = False,
    progress: _Progress = None,
) -> Run:
    """Runs the strategy, or an order script, on the native engine; the run folder."""
    folder = _toxvol.backtest(
        _options.path_text(catalog), _options.path_texts(raw), _options.text(preset), _options.path_text(config), _options.config_sets(set), _options.text(symbol), _options.text(from_),
        _options.text(to), _options.path_text(orders), _options.path_text(out), force, list(_sys.argv), progress,
    )
    return Run(folder)


def synth(
    *,
    out: _Path,
    from_: str,
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
            _options.path_text(out), symbol, from_, days, klines_only_days, seed, intensity, start_price, plant,
            edge_bp, _options.texts(faults), zip, force, progress,
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
            _options.path_text(folder), _options.text(symbol), _options.path_text(catalog), _options.path_text(out), progress
        )
    )


def report(run: Run | _Path, *, out: _Path | None = None) -> _os.PathLike[str]:
    """One HTML page of a run; where it is."""
    return _run(run).report(out)


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
    """Each key with value, unit, default, source and where it was set."""
    return _toxvol.config_explain(_options.path_text(file), _options.config_sets(set))


def config_check(file: _Path | None = None, *, set: _Mapping[str, _Any] | None = None) -> None:
    """Raises `Error` if it cannot run."""
    _toxvol.config_json(_options.path_text(file), _options.config_sets(set))


def presets() -> list[str]:
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
