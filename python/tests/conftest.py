"""A small synthetic market, its catalog and one run, made once."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import toxvol

SOURCE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def source() -> Path:
    return SOURCE


@pytest.fixture(scope="session")
def real_data() -> Path:
    path = Path(os.environ.get("TOXVOL_DATA") or SOURCE / "../shared/data/raw").resolve()
    if not path.is_dir():
        pytest.skip("no real data: set TOXVOL_DATA")
    return path


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C works, in this process and in those that it starts: under nohup, and in many CI
    systems, the interpreter begins with SIGINT ignored, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesize(tmp_path_factory.mktemp("market") / "raw", seed=7)


@pytest.fixture(scope="session")
def catalog(market: Path) -> Path:
    path = market.parent / "catalog"
    toxvol.ingest(market, catalog=path)
    return path


@pytest.fixture(scope="session")
def one_day(catalog: Path) -> Path:
    """The folder of both: raw/ and catalog/."""
    return catalog.parent


@pytest.fixture(scope="session")
def run(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> toxvol.Run:
    out = tmp_path_factory.mktemp("runs") / "short"
    result = toxvol.backtest(catalog=catalog, preset="short", out=out)
    assert result.summary["fills"] > 0
    return result


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated week at low intensity with all five kinds, after what the presets A, B and C
    learn from: raw/ and catalog/. NautilusTrader takes seconds to be given that history, so what
    the preset `short` can show is shown in `one_day`."""
    folder = tmp_path_factory.mktemp("week")
    toxvol.synth(
        out=folder / "raw",
        from_="2024-01-01",
        days=7,
        klines_only_days=32,
        intensity=0.002,
        seed=12,
    )
    toxvol.ingest(folder / "raw", catalog=folder / "catalog")
    return folder


@pytest.fixture(scope="session")
def recorded(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded data: raw/ is a link to them."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "raw").symlink_to(real_data)
    toxvol.ingest(real_data, catalog=folder / "catalog")
    return folder


def synthesize(out: Path, seed: int) -> Path:
    """A day of all five kinds at low intensity, with two faults."""
    toxvol.synth(
        out=out,
        from_="2024-01-01",
        days=1,
        klines_only_days=2,
        intensity=0.004,
        seed=seed,
        faults=["METRICS_DUPLICATE", "BOOK_INTERLEAVED"],
    )
    return out


def files(root: Path, kind: str) -> list[Path]:
    return sorted(root.rglob(f"*{kind}*.csv"))
