"""Raw files, catalogs and tables: `toxvol.ingest` and its neighbours."""

import json
from collections.abc import Iterable
from typing import Any

from toxvol import _toxvol
from toxvol._options import Moment, Path, Paths, Progress, moment, path_text, path_texts, texts
from toxvol._toxvol import Table


def ingest(
    raw: Paths,
    *,
    catalog: Path,
    symbol: str | Iterable[str] = (),
    from_: Moment | None = None,
    to: Moment | None = None,
    jobs: int | None = None,
    strict: bool = False,
    progress: Progress = None,
) -> dict[str, Any]:
    """Raw Binance files into a catalog (docs/data.md).

    What the command prints with --json. `skipped` names files that could not be used (the command
    then ends with 1); the rest is in the catalog.
    """
    return json.loads(
        _toxvol.ingest(
            raw=path_texts(raw),
            catalog=path_text(catalog),
            symbol=texts(symbol),
            from_=moment(from_),
            to=moment(to),
            jobs=jobs or 0,
            strict=strict,
            progress=progress,
        )
    )


def check(
    path: Path, *, deep: bool = False, jobs: int | None = None, progress: Progress = None
) -> dict[str, Any]:
    """What is in a folder of raw files or in a catalog; `errors` names what is wrong with it."""
    return json.loads(
        _toxvol.check(path=path_text(path), deep=deep, jobs=jobs or 0, progress=progress)
    )


def catalog_view(
    *,
    catalog: Path,
    out: Path,
    by: str = "month",
    symbol: str | Iterable[str] = (),
    plain: bool = False,
    progress: Progress = None,
) -> dict[str, int]:
    """Copies a catalog into fewer, larger files, which NautilusTrader opens faster.

    With `plain`, quotes and trades have NautilusTrader's columns alone, as the migration to its
    2.0 wants them (docs/nautilus.md).
    """
    return json.loads(
        _toxvol.catalog_view(
            catalog=path_text(catalog),
            out=path_text(out),
            by=by,
            symbol=texts(symbol),
            plain=plain,
            progress=progress,
        )
    )


def catalog_upgrade(*, catalog: Path, progress: Progress = None) -> dict[str, Any]:
    """Brings a catalog of an older toxvol, or a view of one, up to date, in place and without the
    raw files. Every other verb refuses such a catalog with an `Error`.

    `was_older` is false where there was nothing to do; `files_rewritten` and `files_added` count.
    """
    return json.loads(_toxvol.catalog_upgrade(path_text(catalog), progress))


def synth(
    *,
    out: Path,
    from_: Moment,
    symbol: str = "BTCUSDT",
    days: int = 7,
    klines_only_days: int = 31,
    seed: int = 1,
    intensity: float = 1.0,
    start_price: float = 0.0,
    plant: str = "none",
    edge_bp: float | None = None,
    faults: str | Iterable[str] = (),
    zip: bool = False,
    force: bool = False,
    progress: Progress = None,
) -> dict[str, Any]:
    """A synthetic market in Binance's own files (docs/synth.md)."""
    return json.loads(
        _toxvol.synth(
            out=path_text(out),
            symbol=symbol,
            from_=moment(from_),
            days=days,
            klines_only_days=klines_only_days,
            seed=seed,
            intensity=intensity,
            start_price=start_price,
            plant=plant,
            edge_bp=edge_bp,
            faults=texts(faults),
            zip=zip,
            force=force,
            progress=progress,
        )
    )


def read_table(path: Path, *, exact: bool = False) -> Table:
    """Any Parquet table of toxvol's; decimals as float64 unless `exact`."""
    return _toxvol.read_table(path_text(path), exact)
