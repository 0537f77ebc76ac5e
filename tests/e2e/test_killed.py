"""Studies that are killed with -9 at random moments and started again end in the same bytes.

How often: more often in `make trust`, which sets TOXVOL_THOROUGH.
"""

import json
import os
import random
import signal
import subprocess
import time

import pytest

THOROUGH = "TOXVOL_THOROUGH" in os.environ
TRIALS = 20 if THOROUGH else 8
SWEEP = """
base = "short"
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.5, 0.6, 0.7, 0.8]
[[axis]]
key = "exit.max_hold"
values = ["2m", "5m"]
"""
WALK = (
    SWEEP.replace('"5m"', '"4m"')
    + """
[walkforward]
train = "6h"
test = "3h"
min_positions = 2
"""
)
# Half a day, after a warm-up of one: a trial takes as long as a study does.
DAY = ["--from", "2024-01-16", "--to", "2024-01-16T15:00:00Z", "--set", "run.warmup=1d"]


@pytest.fixture(scope="session")
def commands(synthetic_catalog, tmp_path_factory):
    """By study: the command without --out."""
    folder = tmp_path_factory.mktemp("designs")
    sweep = folder / "sweep.toml"
    sweep.write_text(SWEEP)
    walk = folder / "walk.toml"
    walk.write_text(WALK)
    data = ["--catalog", synthetic_catalog, *DAY, "--resamples", "199"]
    return {
        "sweep": ["sweep", sweep, *data],
        "walkforward": ["walkforward", walk, *data, "--unit", "1m"],
        "ablation": ["ablation", "--preset", "short", "--groups", "gate,exit", *data],
    }


def contents(folder):
    """Every file but those that tell of the log or of the clock."""
    told = ("trials.json", "timing.json")
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in told
    }


@pytest.mark.parametrize("study", ["sweep", "walkforward", "ablation"])
def test_a_study_killed_at_any_moment_goes_on_to_the_same_bytes(toxvol, commands, tmp_path, study):
    command = [str(part) for part in (toxvol.path, *commands[study])]
    log = ["--trials", str(tmp_path / "log.jsonl")]
    whole = tmp_path / "whole"
    begun = time.monotonic()
    subprocess.run([*command, "--out", whole, *log], check=True, capture_output=True)
    duration = time.monotonic() - begun
    wanted = contents(whole)
    chance = random.Random(f"{study} 1")
    interrupted = 0
    for trial in range(TRIALS):
        out = tmp_path / f"killed-{trial}"
        process = subprocess.Popen(
            [*command, "--out", out, *log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0, duration))
        process.send_signal(signal.SIGKILL)
        interrupted += process.wait() != 0
        subprocess.run([*command, "--out", out, *log], check=True, capture_output=True)
        assert contents(out) == wanted, f"trial {trial}"
    assert interrupted > TRIALS // 2


def members_of(log):
    """What each line of a log is about: trials by kind and id, the end of a study by its id. A line
    that a kill cut in two says nothing."""
    text = log.read_text() if log.exists() else ""
    lines = [json.loads(line) for line in text.splitlines() if line.endswith('"}')]
    return [(line["kind"], line["id"]) for line in lines]


@pytest.mark.parametrize("study", ["sweep", "walkforward", "ablation"])
def test_a_study_killed_between_its_log_and_its_folder_stands_in_the_log_once(
    toxvol, commands, tmp_path, study
):
    """Killed whenever the log has grown: what was logged is not in the folder yet, and is done
    again."""
    command = [str(part) for part in (toxvol.path, *commands[study])]
    whole = tmp_path / "whole.jsonl"
    out = ["--out", tmp_path / "whole", "--trials", whole]
    subprocess.run([*command, *out], check=True, capture_output=True)
    wanted = members_of(whole)
    assert len(set(wanted)) == len(wanted) > 8
    between = 0
    for growth in range(1, 10, 1 if THOROUGH else 3):
        log = tmp_path / f"{growth}.jsonl"
        folder = tmp_path / f"killed-{growth}"
        run = [*command, "--out", folder, "--trials", log]
        process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        size = grown = 0
        while process.poll() is None and grown < growth:
            now = log.stat().st_size if log.exists() else 0
            grown += now > size
            size = now
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = len(list(folder.glob("points/0*[0-9]")))
        between += kept < len(members_of(log))
        subprocess.run(run, check=True, capture_output=True)
        # In another order where the rest was run in other batches.
        assert sorted(members_of(log)) == sorted(wanted), f"killed when it had grown {growth} times"
        if grown < growth:  # it was done before
            break
    assert between > 0, "it was never killed between the two"
