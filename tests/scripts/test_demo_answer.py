"""The demo's answer says what the files of its runs say, whichever way they come out."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import demo_answer


def series(mean, lo, hi, n=160):
    return {"mean_bp_day": mean, "mean_lo": lo, "mean_hi": hi, "n": n}


@pytest.fixture
def run(tmp_path):
    """A run folder with these figures, on a market with this label."""

    def make(px, net, label=None, fee=(5.4, 4.9, 6.1), gross="4100.5", absent=("no_quotes",)):
        catalog, folder = tmp_path / "catalog", tmp_path / "run"
        (catalog / "toxvol").mkdir(parents=True)
        folder.mkdir()
        if label:
            (catalog / "toxvol" / "SYNTHETIC.json").write_text(json.dumps(label))
        groups = {"a": {"positions": 30, "gross": "4100.5", "slippage": "100.5"}}
        documents = {
            "timing": {"catalog": str(catalog)},
            "inference": {
                "px": series(*px),
                "net": series(*net),
                "break_even": dict(zip(("fee_bp", "lo", "hi"), fee, strict=True)),
            },
            "summary": {
                "positions": 42,
                "turnover": 20.0,
                "start_equity": "100000.0",
                "fees": "1000.0",
                "gross": gross,
                "slippage": "100.5",
                "by_alpha": groups,
                "degraded_minutes": {"absent": dict.fromkeys(absent, 7), "overdue": {}},
            },
        }
        for name, content in documents.items():
            (folder / f"{name}.json").write_text(json.dumps(content))
        return " ".join(demo_answer.answer(folder))

    return make


MOMENTUM = {"plant": "momentum", "edge_bp": 60.0}
NONE = {"plant": "none", "edge_bp": 0.0}
ABOVE, AROUND, BELOW = (120, 80, 160), (5, -40, 50), (-130, -160, -90)


@pytest.mark.parametrize(
    "px, label, words",
    [
        (ABOVE, MOMENTUM, "the edge is found"),
        (AROUND, MOMENTUM, "too short to see it"),
        (AROUND, NONE, "no edge to be seen"),
        (ABOVE, NONE, "one interval in twenty is wrong"),
        (ABOVE, None, "or luck"),
        (AROUND, None, "no edge to be seen"),
        (BELOW, MOMENTUM, "slippage is more than what the decisions were worth"),
        (BELOW, NONE, "slippage is more than what the decisions were worth"),
    ],
)
def test_what_was_found_follows_from_the_interval_and_the_plant(run, px, label, words):
    said = run(px, BELOW, label)
    assert words in said
    assert f"{px[0]:+d} bp of the capital a day from 42 positions" in said
    assert f"{px[1]:+d} to {px[2]:+d}" in said


@pytest.mark.parametrize(
    "net, words",
    [(ABOVE, "a gain after costs"), (AROUND, "not to be told from zero"), (BELOW, "a loss")],
)
def test_costs_are_told_with_the_fee_that_was_paid(run, net, words):
    said = run(ABOVE, net, MOMENTUM)
    assert words in said
    assert f"come to {120 - net[0]} bp a day" in said
    assert "5.4 bp a side (4.9 to 6.1) and paid 5.0" in said


def test_no_negative_fee_is_told(run):
    said = run(BELOW, BELOW, fee=(-8.2, -9.5, -6.9))
    assert "lost without any fee" in said and "-8.2" not in said


def test_the_plant_is_named_and_a_real_market_is_called_real(run):
    assert "60 bp in the 15 minutes" in run(ABOVE, AROUND, MOMENTUM)


def test_of_a_real_market_nobody_knows(run):
    said = run(ABOVE, AROUND)
    assert said.startswith("Real: nobody knows") and "Planted" not in said


def test_no_interval_no_verdict(run):
    said = run((900, None, None, 3), (900, None, None, 3))
    assert "3 whole hours and 42 positions" in said
    assert "900" not in said and "found" not in said
    assert "Without quotes." in said


def test_result_by_alpha_is_before_fees(run):
    assert "A (pressure out of calm) +4,000 USDT from 30 positions" in run(ABOVE, AROUND, NONE)


def test_slippage_is_told_apart_from_what_the_decisions_were_worth(run):
    said = run(BELOW, BELOW, absent=())
    assert "would have made +4,100 USDT; slippage took 100." in said


def test_decisions_that_were_worth_less_than_nothing_lose_before_costs(run):
    assert "it loses even before costs" in run(BELOW, BELOW, gross="-5.0")


def test_slippage_without_quotes_is_called_assumed(run):
    assert "which is assumed where there are no quotes" in run(BELOW, BELOW)


def test_a_run_on_klines_alone_had_no_trades(run):
    assert "Without trades, quotes." in run(AROUND, BELOW, absent=("klines", "no_quotes"))
