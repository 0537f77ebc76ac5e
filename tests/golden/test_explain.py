"""Every row of every golden run comes out again, and the steps of each say what the row says.

To explain the last decision, `toxvol explain` recomputes all rows before it, compares each column
with decisions.parquet, and asserts of each row that the first of its steps which does not hold names
its reason, and that all hold where it has a direction (src/toxvol/jobs/explain.cpp).
"""

import json
import os
import pathlib
import subprocess

import pyarrow.parquet as pq
import pytest
import run_values

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))


@pytest.fixture(scope="session")
def catalog(tmp_path_factory):
    if not PROGRAM.exists():
        pytest.skip(f"make build: {PROGRAM} is not there")
    return run_values.prepare(PROGRAM, tmp_path_factory.mktemp("explained"))


@pytest.mark.parametrize("case", run_values.CASES)
def test_the_steps_of_every_row_say_what_the_row_says(case, catalog, tmp_path):
    run_values.run(PROGRAM, catalog, case, tmp_path / "run")
    rows = pq.read_table(
        tmp_path / "run" / "decisions.parquet",
        columns=["ts", "decides", "alpha", "direction", "reason"],
    ).to_pylist()
    last = [row for row in rows if row["decides"]][-1]
    said = json.loads(
        subprocess.run(
            [
                *(PROGRAM, "--quiet", "--json", "explain", tmp_path / "run"),
                *("--at", last["ts"].isoformat()),
            ],
            check=True,
            capture_output=True,
        ).stdout
    )["decision"]
    for column in ("alpha", "direction", "reason"):
        assert said["row"][column] == last[column], column
    refused = [step["otherwise"] for step in said["steps"] if not step["holds"]]
    assert (last["direction"] is None) == bool(refused)
    if refused:
        assert refused[0] == last["reason"]
