"""Opening a catalog in NautilusTrader."""

import os
import warnings
from pathlib import Path

from nautilus_trader.persistence.catalog import ParquetDataCatalog

from toxvol._errors import Error
from toxvol.nautilus import data as _registered  # noqa: F401

#: Above it NautilusTrader's queries get slow and large: it opens every file of one at once.
MANY_FILES = 60


def catalog(path: str | os.PathLike[str]) -> ParquetDataCatalog:
    """The catalog at `path` as NautilusTrader's own, with our data classes registered."""
    root = Path(path)
    if not (root / "data").is_dir():
        raise Error(f"{root}: no catalog (it has no data/)")
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
