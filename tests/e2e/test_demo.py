"""What `make demo` says of a generated market: on the page, and at its end."""

import sys

from conftest import ROOT
from tables import document

sys.path.insert(0, str(ROOT / "scripts"))

import demo_answer


def test_page_and_answer_say_that_nothing_was_planted(toxvol, synthetic_catalog, tmp_path):
    run = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--config",
        ROOT / "presets" / "truth.toml",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-19",
        "--out",
        run,
    )
    toxvol.run("report", run)
    assert "Nothing was planted in it" in (run / "report.html").read_text()
    said = " ".join(demo_answer.answer(run))
    px = document(run, "inference")["px"]
    assert "Planted: nothing" in said
    assert f"{px['mean_bp_day']:+.0f} bp of the capital a day" in said
    assert f"{px['mean_lo']:+.0f} to {px['mean_hi']:+.0f}" in said
    assert f"from {document(run, 'summary')['positions']} positions" in said


def test_page_and_answer_say_what_was_planted(toxvol, tmp_path):
    market = ["--plant", "crowding", "--edge-bp", "40", "--days", "2", "--klines-only-days", "4"]
    toxvol.run(
        *("synth", "--out", tmp_path / "raw", "--symbol", "BTCUSDT", "--from", "2024-01-10"),
        *("--intensity", "0.002", *market),
    )
    toxvol.run("ingest", tmp_path / "raw", "--catalog", tmp_path / "catalog")
    run = tmp_path / "run"
    toxvol.run(
        *("backtest", "--catalog", tmp_path / "catalog", "--preset", "short"),
        *("--from", "2024-01-10", "--to", "2024-01-12", "--out", run),
    )
    toxvol.run("report", run)
    assert "where one side is crowded the price drifts" in (run / "report.html").read_text()
    assert "40 bp in the 15 minutes" in demo_answer.planted(demo_answer.label_of(run))
