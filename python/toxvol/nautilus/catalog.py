"""Opening a catalog in NautilusTrader."""

import ctypes
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from nautilus_trader.core.nautilus_pyo3 import DataBackendSession, drop_cvec_pycapsule
from nautilus_trader.model.data import capsule_to_list
from nautilus_trader.persistence.catalog import ParquetDataCatalog

from toxvol import _toxvol
from toxvol._errors import Error
from toxvol.nautilus import data as _registered  # noqa: F401
from toxvol.nautilus._version import CHUNKS_LEAK

#: Above it NautilusTrader's queries get slow and large: it opens every file of one at once.
MANY_FILES = 60


def catalog(path: str | os.PathLike[str]) -> ParquetDataCatalog:
    """The catalog at `path` as NautilusTrader's own, with our data classes registered."""
    root = Path(path)
    if not (root / "data").is_dir():
        raise Error(f"{root}: no catalog (it has no data/)")
    _toxvol.require_current_catalog(os.fspath(path))
    most = max(
        (sum(1 for _ in folder.glob("*.parquet")) for folder in (root / "data").glob("*/*")),
        default=0,
    )
    if most > MANY_FILES:
        warnings.warn(
            f"{root}: up to {most} files in one query, NautilusTrader opens them all at once; "
            "`toxvol catalog view --by month` makes fewer",
            stacklevel=2,
        )
    return ParquetDataCatalog(str(root))


def chunks(session: DataBackendSession) -> Iterator[list[Any]]:
    """The objects of a session; it may be left early."""
    result = session.to_query_result()
    try:
        for chunk in result:
            rows = capsule_to_list(chunk)
            if CHUNKS_LEAK:
                drop_cvec_pycapsule(chunk)
            yield rows
    except GeneratorExit:
        # Freed amid its rows a session panics and takes the process with it.
        for item in (session, result):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(item))
        raise


def file_name(first: int, last: int) -> str:
    """That of the file whose rows have `ts_init` from `first` to `last`, as queries expect it."""
    return f"{_iso(first)}_{_iso(last)}.parquet"


def _iso(ns: int) -> str:
    seconds, fraction = divmod(ns, 10**9)
    stamp = np.datetime64(seconds, "s")
    return f"{stamp}".replace(":", "-") + f"-{fraction:09d}Z"
