"""Studies that are killed with -9 at random moments and started again end in the same bytes."""

import random
import signal
import subprocess
import time

import pytest

TRIALS = 20
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
