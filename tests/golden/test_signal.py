"""`toxvol factors` and `toxvol backtest` against the independent implementation of the signal's rules."""

import compare_signal
import pytest
from compare_signal import QUICK, agree
from markets import ROOT, defective, market, program  # noqa: F401 (fixtures)

WINDOW = ROOT / "tests" / "data" / "window"
OPTIONS = [
    [
        "volatility.estimator=rs",
        "pressure.obi_window=60s",
        "toxicity.classifier=bvc",
        "crowding.d_oi_sign=return",
    ],
    [
        "volatility.estimator=yz",
        "pressure.obi_window=last",
        "toxicity.spread=relative",
        "crowding.d_oi_sign=ls",
        "toxicity.kyle_window=2h",
        "data.trade_limit=20s",
    ],
    [
        "volatility.estimator=rv",
        "pressure.ofi_window=events:50",
        "toxicity.gate=scale",
        "alpha_b.trigger=pressure",
        "volatility.diurnal=true",
    ],
    [
        "volatility.half_life_short=2h",
        "volatility.har_form=log",
        "volatility.har_rv=daily",
        "z.scale=trailing",
        "pressure.svi_window=5m",
        "pressure.ofi_window=2h",
        "toxicity.vpin_bucket=median_5m",
        "run.cadence=5m",
    ],
    [
        "pressure.ofi_ask_side=document",
        "pressure.ofi_scale=none",
        "toxicity.vpin_bucket=notional:1e5",
        "crowding.funding_centre=mean",
        "crowding.weights=[1, 1, 1, 1]",
        "alpha_b.trigger=f2_strong",
        "alpha_b.direction=document",
    ],
    [
        "toxicity.vpin_of=residual",
        "crowding.d_oi_sign=multiplier",
        "crowding.leave=funding",
        "crowding.min_dwell=0s",
    ],
    [
        "z.scale=plain",
        "crowding.d_oi_grid=minutes",
        "crowding.z_min_count=60",
        "crowding.weights=[1, 2, 1, 1]",
    ],
    [
        "crowding.funding_centre=minutes",
        "crowding.d_oi_sign=multiplier",
        "crowding.d_oi_grid=minutes",
        "crowding.weights=[1, 1, 0, 0]",
        "toxicity.vpin_of=residual",
        "toxicity.classifier=bvc",
        "pressure.svi_window=5m",
    ],
    [
        "crowding.leave=funding",
        "crowding.funding_centre=minutes",
        "crowding.weights=[0, 0, 1, 0]",
        "crowding.theta=0.5",
        "crowding.theta_exit=0.1",
        "thresholds.fit=walkforward",
        "thresholds.f1=1.0",
        "thresholds.p=1.0",
        "thresholds.p_b=0.5",
        "thresholds.t=0.8",
        "alpha_b.trigger=f2_strong",
    ],
    ['run.inputs=["klines", "fundingRate"]', "volatility.har_form=level"],
    ['run.inputs=["klines", "aggTrades", "metrics"]', "volatility.estimator=parkinson"],
]


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
    ours = agree(
        program,
        defective,
        "A",
        "2024-01-10",
        "2024-01-14",
        QUICK + ["volatility.half_life_short=2h"],
    )
    assert len(ours) < 4 * 1440


def test_the_comparison_notices_one_changed_value(program):
    config = compare_signal.ref.load_config(ROOT / "presets" / "short.toml")
    ticks = compare_signal.ref.load_ticks(ROOT / "presets" / "instruments" / "BTCUSDT-PERP.toml")
    ours = compare_signal.ref.reference(WINDOW, config, "2023-04-04", "2023-04-06", ticks)
    changed = ours.copy()
    changed.loc[2, "obi"] += 1e-8
    names = ["obi", "vpin", "reason"]
    assert [c.name for c in compare_signal.compare(ours, changed, names) if c.bad] == ["obi"]
