"""`toxvol factors` and `toxvol backtest` against the independent implementation of the signal's rules."""

import os
import pathlib
import subprocess

import pytest

import compare_signal

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOXVOL = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
WINDOW = ROOT / "tests" / "data" / "window"
# short windows, so that four days of ticks reach every rule
QUICK = ["run.warmup=10d", "volatility.z_window=1d", "volatility.z_min_count=300", "pressure.z_window=1d",
         "pressure.z_min_count=300", "toxicity.z_window=1d", "toxicity.z_min_count=300", "toxicity.tau_window=1d",
         "crowding.funding_min_count=5"]
OPTIONS = [
    ["volatility.estimator=rs", "pressure.obi_window=60s", "toxicity.classifier=bvc", "crowding.d_oi_sign=return"],
    ["volatility.estimator=yz", "pressure.obi_window=last", "toxicity.spread=relative", "crowding.d_oi_sign=ls"],
    ["volatility.estimator=rv", "pressure.ofi_window=events:50", "toxicity.gate=scale", "alpha_b.trigger=pressure",
     "volatility.diurnal=true"],
    ["volatility.half_life_short=2h", "volatility.har_form=log", "volatility.har_rv=daily", "z.scale=trailing",
     "pressure.svi_window=5m", "pressure.ofi_window=2h", "toxicity.vpin_bucket=median_5m", "run.cadence=5m"],
    ["pressure.ofi_ask_side=document", "pressure.ofi_scale=none", "toxicity.vpin_bucket=notional:1e5",
     "crowding.funding_centre=mean", "crowding.weights=[1, 1, 1, 1]", "alpha_b.trigger=f2_strong",
     "alpha_b.direction=document"],
    ["run.inputs=[\"klines\", \"fundingRate\"]", "volatility.har_form=level"],
    ["run.inputs=[\"klines\", \"aggTrades\", \"metrics\"]", "volatility.estimator=parkinson"],
]


@pytest.fixture(scope="session")
def program():
    if not TOXVOL.exists():
        pytest.skip(f"make build: {TOXVOL} is not there")
    return TOXVOL


def synth(program, folder, *more):
    subprocess.run([program, "--quiet", "synth", "--out", folder, "--symbol", "BTCUSDT", "--klines-only-days", "10",
                    "--intensity", "0.002", *more], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def market(program, tmp_path_factory):
    return synth(program, tmp_path_factory.mktemp("market") / "raw", "--from", "2024-01-10", "--days", "4",
                 "--seed", "11")


@pytest.fixture(scope="session")
def defective(program, tmp_path_factory):
    """Missing minutes, minutes without volume, holes and doubles in every kind."""
    return synth(program, tmp_path_factory.mktemp("defective") / "raw", "--from", "2024-01-10", "--days", "4",
                 "--seed", "12", "--faults",
                 "KLINE_MISSING,KLINE_FLAT_ZERO,OI_ZERO,METRICS_DUPLICATE,CROSSED_QUOTE,DUPLICATE_ROW")


def agree(program, raw, preset, begin, end, changes=()):
    result, ours = compare_signal.run_both(program, raw, preset, begin, end, changes=changes)
    assert len(ours) > 0
    assert not [str(column) for column in result if column.bad]
    return ours


def test_the_recorded_window_agrees(program):
    assert len(agree(program, WINDOW, "short", "2023-04-04", "2023-04-06")) == 4


def test_preset_a_agrees_and_decides(program, market):
    ours = agree(program, market, "A", "2024-01-12", "2024-01-14", QUICK)
    assert (ours["reason"] == "signal").any()
    assert ours["c"].notna().any() and ours["vpin"].notna().any()


def test_preset_short_agrees(program, market):
    agree(program, market, "short", "2024-01-13", "2024-01-14")


@pytest.mark.parametrize("changes", OPTIONS, ids=lambda c: c[0])
def test_options_agree(program, market, changes):
    agree(program, market, "A", "2024-01-12", "2024-01-14", QUICK + changes)


def test_gaps_and_defects_agree(program, defective):
    ours = agree(program, defective, "A", "2024-01-10", "2024-01-14", QUICK + ["volatility.half_life_short=2h"])
    assert len(ours) < 4 * 1440


def test_the_comparison_notices_one_changed_value(program):
    config = compare_signal.ref.load_config(ROOT / "presets" / "short.toml")
    ticks = compare_signal.ref.load_ticks(ROOT / "presets" / "instruments" / "BTCUSDT-PERP.toml")
    ours = compare_signal.ref.reference(WINDOW, config, "2023-04-04", "2023-04-06", ticks)
    changed = ours.copy()
    changed.loc[2, "obi"] += 1e-8
    names = ["obi", "vpin", "reason"]
    assert [c.name for c in compare_signal.compare(ours, changed, names) if c.bad] == ["obi"]
