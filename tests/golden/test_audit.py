"""An independent auditor recomputes fills and ledger of a run from its orders and the raw files."""

import os
import pathlib
import subprocess

import pytest

import audit_scripts
from audit_raw import ONE, Market, iso_ms
from audit_run import audit

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WINDOW = ROOT / "tests" / "data" / "window"
PROGRAM = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
DAYS = ("2023-04-04", "2023-04-06")
QUEUES = ("risk_averse", "proportional", "optimistic")


@pytest.fixture(scope="session")
def catalog(tmp_path_factory):
    if not PROGRAM.exists():
        pytest.skip(f"make build: {PROGRAM} is not there")
    folder = tmp_path_factory.mktemp("golden") / "catalog"
    subprocess.run([PROGRAM, "--quiet", "ingest", WINDOW, "--catalog", folder], check=True)
    return folder


def run(catalog, script, out, *settings):
    command = [PROGRAM, "--quiet", "backtest", "--catalog", catalog, "--preset", "short", "--orders", script,
               "--from", DAYS[0], "--to", DAYS[1], "--out", out]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, check=True)
    return out


def agrees(folder, *required):
    """No difference at all, at least one fill, and every required branch was taken."""
    found, counted, exchange = audit(folder, WINDOW)
    assert not found, "\n".join(found[:5])
    assert exchange.fills
    missing = [what for what in required if not counted.get(what)]
    assert not missing, (missing, counted)


@pytest.mark.parametrize("queue", QUEUES)
def test_a_seeded_random_script_is_filled_as_the_rules_say(catalog, tmp_path, queue):
    market = Market(WINDOW, "BTCUSDT", {"bookTicker", "aggTrades"}, iso_ms(DAYS[0] + "T00:00:00Z"),
                    iso_ms(DAYS[1] + "T00:00:00Z"))
    script = tmp_path / "random.csv"
    script.write_text("\n".join(audit_scripts.script(market, 11, 250, ONE // 10, ONE // 1000, 20 * ONE)) + "\n")
    required = ["fill X6", "fill X9", "fill X12", "fill X13", "fill X16", "X6 slice", "X7 lowered"]
    if queue == "proportional":
        required.append("X18 moves")
    agrees(run(catalog, script, tmp_path / "run", f"exchange.queue={queue}"), *required)
