"""An independent auditor recomputes fills and ledger of a run from its orders and the raw files."""

import os
import pathlib
import shutil
import subprocess

import audit_scripts
import pytest
from audit_raw import ONE, Market, iso_ms
from audit_run import audit

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WINDOW = ROOT / "tests" / "data" / "window"
PROGRAM = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
DAYS = ("2023-04-04", "2023-04-06")
QUEUES = ("risk_averse", "proportional", "optimistic")


@pytest.fixture(scope="session")
def raw(tmp_path_factory):
    """The committed cut, and the settlement inside it as published (it has no funding file)."""
    folder = tmp_path_factory.mktemp("golden") / "raw"
    shutil.copytree(WINDOW, folder)
    funding = folder / "futures" / "monthly" / "fundingRate" / "BTCUSDT-fundingRate-2023-04.csv"
    funding.parent.mkdir(parents=True)
    funding.write_text(
        "calc_time,funding_interval_hours,last_funding_rate\n1680652800000,8,0.00002760\n"
    )
    return folder


@pytest.fixture(scope="session")
def catalog(raw, tmp_path_factory):
    if not PROGRAM.exists():
        pytest.skip(f"make build: {PROGRAM} is not there")
    folder = tmp_path_factory.mktemp("golden") / "catalog"
    subprocess.run([PROGRAM, "--quiet", "ingest", raw, "--catalog", folder], check=True)
    return folder


def run(catalog, script, out, *settings):
    command = [
        PROGRAM,
        "--quiet",
        "backtest",
        "--catalog",
        catalog,
        "--preset",
        "short",
        "--orders",
        script,
        "--from",
        DAYS[0],
        "--to",
        DAYS[1],
        "--out",
        out,
    ]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, check=True)
    return out


def agrees(folder, raw, *required):
    """No difference at all, at least one fill, and every required branch was taken."""
    found, counted, exchange = audit(folder, raw)
    assert not found, "\n".join(found[:5])
    assert exchange.fills
    missing = [what for what in required if not counted.get(what)]
    assert not missing, (missing, counted)


@pytest.mark.parametrize("queue", QUEUES)
def test_a_seeded_random_script_is_filled_as_the_rules_say(catalog, raw, tmp_path, queue):
    market = Market(
        raw,
        "BTCUSDT",
        {"bookTicker", "aggTrades"},
        iso_ms(DAYS[0] + "T00:00:00Z"),
        iso_ms(DAYS[1] + "T00:00:00Z"),
    )
    script = tmp_path / "random.csv"
    script.write_text(
        "\n".join(audit_scripts.script(market, 11, 250, ONE // 10, ONE // 1000, 20 * ONE)) + "\n"
    )
    required = ["fill X6", "fill X9", "fill X12", "fill X13", "fill X16", "X6 slice", "X7 lowered"]
    if queue == "proportional":
        required.append("X18 moves")
    agrees(run(catalog, script, tmp_path / "run", f"exchange.queue={queue}"), raw, *required)


SCRIPTS = {
    "taking": (
        ("run.equity_usdt=1000000",),
        (
            "fill X6",
            "X6 slice",
            "fill X9",
            "X9 slice",
            "X7 consumed seen",
            "X7 expires",
            "X7 lowered",
            "X9 fok canceled",
            "X9 fok not marketable",
            "X9 ioc rest canceled",
            "X9 rest",
            "X4 clamped",
        ),
    ),
    "resting": (
        (),
        (
            "X10 touch",
            "X10 inside",
            "X10 behind",
            "fill X12",
            "fill X13",
            "fill X16",
            "X15 lowered",
            "X4 cut",
            "X4 cut to zero",
            "X4 post_only",
            "X19 cancel",
            "X19 too late",
            "funding",
        ),
    ),
    "refused": (
        (),
        (
            "N4 waits",
            "X4 tick",
            "X4 lot",
            "X4 reduce_only",
            "X4 min_notional",
            "X4 margin",
            "X4 post_only",
            "X4 clamped",
            "X15 known",
            "never",
        ),
    ),
    "liquidated": (
        ("exchange.leverage=125", "run.equity_usdt=1000", "exchange.impact_ticks_per_level=3000"),
        ("liquidation", "liquidation cancels", "fill LIQ"),
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_made_for_some_rules_runs_as_they_say(catalog, raw, tmp_path, name):
    settings, required = SCRIPTS[name]
    agrees(
        run(catalog, HERE / "scripts" / f"{name}.csv", tmp_path / "run", *settings), raw, *required
    )


def test_the_audit_sees_a_wrong_rule(catalog, raw, tmp_path, monkeypatch):
    """The same run against an auditor that lets the second of X7 last one millisecond longer."""
    import audit_orders

    folder = run(
        catalog, HERE / "scripts" / "taking.csv", tmp_path / "run", "run.equity_usdt=1000000"
    )
    monkeypatch.setattr(audit_orders, "SECOND", 1_001)
    found, _, _ = audit(folder, raw)
    assert found
