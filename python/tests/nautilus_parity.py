"""A run in NautilusTrader and the same one natively, for the tests that compare them.

The profile is that of the installed release.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import toxvol.nautilus as tn

import toxvol

# make trust; random orders are compared by scripts/parity.sh too
THOROUGH = "TOXVOL_THOROUGH" in os.environ

NATIVE = {
    "exchange.profile": {"1.221.0": "nautilus_1_221", "1.231.0": "nautilus_1_231"}[
        tn.NAUTILUS_VERSION
    ]
}
WINDOWS = {
    "2023": ("2023-04-04T23:59:00Z", "2023-04-05T00:06:00Z"),  # a funding settlement inside
    "2024": ("2024-08-08T23:55:00Z", "2024-08-09T00:00:00Z"),
}
DAY = {"from_": "2020-02-22", "to": "2020-02-23"}
# There are ticks before it, which belong to no row of it.
MADE = {"preset": "short", "from_": "2024-01-01T06:00:00Z", "to": "2024-01-02"}
NEAR = {"run.symbol": "NEARUSDT"}


def both(
    folder: Path,
    out: Path,
    *,
    set: Mapping[str, Any] | None = None,
    engine: bool = False,
    chunk_size: int | None = 20_000,
    **keywords: Any,
) -> tuple[toxvol.Run, toxvol.Run]:
    """The run in NautilusTrader and the native one, which goes first: it says where
    NautilusTrader's process would abort (docs/parity.md)."""
    data = {"raw": folder / "raw"} if engine else {"catalog": folder / "catalog"}
    ours = toxvol.backtest(**data, out=out / "ours", set={**(set or {}), **NATIVE}, **keywords)
    if engine:
        theirs = tn.run_engine(raw=folder / "raw", out=out / "theirs", set=set, **keywords)
    else:
        theirs = tn.run_node(
            catalog=folder / "catalog", out=out / "theirs", set=set, chunk_size=chunk_size,
            **keywords,
        )  # fmt: skip
    return theirs, ours


def require_equal(theirs: toxvol.Run, ours: toxvol.Run) -> None:
    assert theirs.diff(ours) == ['run.json: engine is "nautilus" in A, "native" in B']
    assert theirs.fingerprint == ours.fingerprint
    assert theirs.info["engine_version"] == tn.NAUTILUS_VERSION
    assert theirs.info["profile"] == NATIVE["exchange.profile"]
    assert theirs.verify() == []
    assert theirs.summary["fills"] > 0


def nanoseconds(time: str) -> int:
    import pandas as pd

    return pd.Timestamp(time).value


def hours(one_day: Path, out: Path, **keywords: Any) -> toxvol.Run:
    """Two hours of the day in the node."""
    return tn.run_node(
        catalog=one_day / "catalog", out=out, **{**MADE, "to": "2024-01-01T08:00:00Z"}, **keywords
    )
