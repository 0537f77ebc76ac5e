"""The native parity profiles against golden runs of the real strategy in NautilusTrader.

They stand in where NautilusTrader cannot be installed; make_strategy_runs.py made them, and
python/tests/test_nautilus_parity.py compares with NautilusTrader itself where it can be.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from strategy_cases import CASES, GOLDEN, TABLES, digests, prepare, script_of  # noqa: E402

PROGRAM = Path(os.environ.get("TOXVOL", HERE.parents[2] / "build" / "release" / "toxvol"))
RUNS = {profile: json.loads(path.read_text()) for profile, path in GOLDEN.items()}


def command(*arguments):
    subprocess.run([PROGRAM, "--quiet", *map(str, arguments)], check=True)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    if not PROGRAM.exists():
        pytest.skip(f"make build: {PROGRAM} is not there")
    folder = tmp_path_factory.mktemp("nautilus")
    prepare(folder, command)
    return folder


@pytest.mark.parametrize(
    ("profile", "name"), [(profile, name) for profile, runs in RUNS.items() for name in runs]
)
def test_the_run_is_the_one_that_nautilus_trader_made(profile, name, data, tmp_path):
    case, golden = CASES[name], RUNS[profile][name]
    options = [f"--set=exchange.profile={profile}"]
    options += [f"--set={key}={str(value).lower()}" for key, value in case.set.items()]
    if case.from_:
        options += ["--from", case.from_, "--to", case.to]
    if case.orders:
        options += ["--orders", script_of(case, data)]
    command(
        "backtest", "--catalog", data / case.data, "--preset", case.preset, *options,
        "--out", tmp_path / "run",
    )  # fmt: skip
    found = digests(tmp_path / "run")
    for table in ("fills", *TABLES):
        assert found[table] == golden[table], table
    assert golden["fills"]["rows"] > 0 or name.startswith("window-refused")
