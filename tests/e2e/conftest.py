"""The program under test, real data, and a run of it: shared by all end-to-end tests."""

import os
import pathlib
import subprocess

import absence
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINDOW = ROOT / "tests" / "data" / "window"
GCC = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
CLANG = ROOT / "build" / "asan" / "toxvol"


class Program:
    """Runs `toxvol` and keeps what it said."""

    def __init__(self, path):
        self.path = path

    def run(self, *args, check=True, cwd=None, env=None):
        done = subprocess.run(
            [str(self.path), *map(str, args)],
            capture_output=True,
            text=True,
            cwd=cwd,
            env=env,
            timeout=900,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"toxvol {' '.join(map(str, args))}: exit {done.returncode}\n{done.stderr}"
            )
        return done

    def fails(self, *args, code=1, **kwargs):
        """The one line of an error that is expected."""
        done = self.run(*args, check=False, **kwargs)
        assert done.returncode == code, (done.returncode, done.stderr)
        lines = done.stderr.strip().splitlines()
        assert lines, "an error must be said"
        assert lines[-1].startswith("toxvol: "), lines
        assert "terminate called" not in done.stderr
        return lines[-1]


def need(path, why):
    if not path.exists():
        pytest.skip(f"{why}: {path} is not there")
    return path


@pytest.fixture(scope="session")
def toxvol():
    return Program(need(GCC, "make build"))


@pytest.fixture(scope="session")
def toxvol_clang():
    return Program(need(CLANG, "cmake --build --preset asan"))


@pytest.fixture(scope="session")
def real_data():
    """The folder of real market data (TOXVOL_DATA); tests that need it are skipped without it."""
    named = os.environ.get("TOXVOL_DATA")
    folder = pathlib.Path(named) if named else ROOT.parent / "shared" / "data" / "raw"
    return need(folder, "TOXVOL_DATA")


@pytest.fixture(scope="session")
def window_catalog(toxvol, tmp_path_factory):
    """The committed cut of real rows, ingested."""
    catalog = tmp_path_factory.mktemp("window") / "catalog"
    toxvol.run("ingest", WINDOW, "--catalog", catalog)
    return catalog


@pytest.fixture(scope="session")
def synthetic(toxvol, tmp_path_factory):
    """Four days of all five kinds at low intensity, after 31 days of klines, metrics, funding."""
    raw = tmp_path_factory.mktemp("synth") / "raw"
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        "2024-01-10",
        "--days",
        9,
        "--seed",
        7,
        "--intensity",
        0.003,
    )
    return raw


@pytest.fixture(scope="session")
def synthetic_catalog(toxvol, synthetic, tmp_path_factory):
    catalog = tmp_path_factory.mktemp("synth-catalog") / "catalog"
    toxvol.run("ingest", synthetic, "--catalog", catalog)
    return catalog


@pytest.fixture(scope="session")
def market(toxvol, tmp_path_factory):
    """Two weeks of all five kinds, of which test_absence*.py take parts away."""
    raw = tmp_path_factory.mktemp("absence") / "raw"
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        absence.FIRST,
        "--days",
        14,
        "--seed",
        11,
        "--intensity",
        0.003,
        "--plant",
        "crowding",
    )
    return raw
