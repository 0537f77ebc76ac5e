"""On complete data every column of every run is what it was; see run_values.py."""

import json
import os
import pathlib

import pytest
import run_values

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
GOLDEN = json.loads(run_values.GOLDEN.read_text())


@pytest.fixture(scope="session")
def catalog(tmp_path_factory):
    if not PROGRAM.exists():
        pytest.skip(f"make build: {PROGRAM} is not there")
    return run_values.prepare(PROGRAM, tmp_path_factory.mktemp("values"))


def test_every_case_has_golden_values_and_some_trades():
    assert GOLDEN.keys() == run_values.CASES.keys()
    assert all(case["summary"]["fills"] > 0 for case in GOLDEN.values())


@pytest.mark.parametrize("case", run_values.CASES)
def test_no_value_of_a_run_on_complete_data_changes(case, catalog, tmp_path):
    found = run_values.run(PROGRAM, catalog, case, tmp_path / "run")
    assert not run_values.differences(GOLDEN[case], found)


def test_the_comparison_notices_one_changed_value():
    changed = json.loads(json.dumps(GOLDEN["A"]))
    changed["fills"]["price"] = "0" * 16
    assert [line.split(":")[0] for line in run_values.differences(GOLDEN["A"], changed)] == [
        "fills.price"
    ]
