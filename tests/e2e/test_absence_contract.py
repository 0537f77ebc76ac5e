"""A contract with a low price, and one whose first file is broken (N7, N8)."""

import re

import pytest
from absence import FIRST, KLINES, backtest
from tables import same_bytes, table


@pytest.fixture(scope="module")
def near(toxvol, tmp_path_factory):
    """A contract at 1.5 dollars: klines of two weeks, one day of trades."""
    raw = tmp_path_factory.mktemp("near") / "raw"
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "NEARUSDT",
        "--start-price",
        1.5,
        "--from",
        FIRST,
        "--days",
        1,
        "--klines-only-days",
        15,
        "--seed",
        5,
        "--intensity",
        0.001,
    )
    return raw


def test_a_broken_first_file_leaves_nothing_behind(toxvol, near, tmp_path):
    bad = tmp_path / "bad" / "NEARUSDT-aggTrades-2023-08-01.csv"
    bad.parent.mkdir()
    bad.write_text("foo,bar,baz\n1,2,3\n")
    toxvol.run("ingest", bad.parent, "--catalog", tmp_path / "mended", check=False)
    toxvol.run("ingest", near, "--symbol", "NEARUSDT", "--catalog", tmp_path / "mended")
    toxvol.run("ingest", near, "--symbol", "NEARUSDT", "--catalog", tmp_path / "good")
    assert any((tmp_path / "good" / "data").rglob("*.parquet"))
    assert same_bytes(tmp_path / "good" / "data", tmp_path / "mended" / "data") == []
    assert (
        same_bytes(
            tmp_path / "good" / "toxvol" / "instruments",
            tmp_path / "mended" / "toxvol" / "instruments",
        )
        == []
    )


def test_no_cap_in_coins_is_there_by_default(toxvol, near, tmp_path):
    free = backtest(
        toxvol, tmp_path / "free", near, "2023-10-14", "2023-10-21", KLINES, symbol="NEARUSDT"
    )
    wide = backtest(
        toxvol,
        tmp_path / "wide",
        near,
        "2023-10-14",
        "2023-10-21",
        KLINES,
        "size.max_qty=1e9",
        symbol="NEARUSDT",
    )
    off = backtest(
        toxvol,
        tmp_path / "off",
        near,
        "2023-10-14",
        "2023-10-21",
        KLINES,
        'size.max_qty="none"',
        symbol="NEARUSDT",
    )
    assert free.run["config"]["size"]["max_qty"] == "none"
    assert free.summary["positions"] > 5 and free.summary["return"] == wide.summary["return"]
    assert free.run["fingerprint"] == off.run["fingerprint"]
    assert "max_qty" not in {o["cap"] for o in free.entries()}


def test_a_cap_that_binds_is_counted_and_said(toxvol, near, tmp_path):
    run = backtest(
        toxvol,
        tmp_path / "run",
        near,
        "2023-10-14",
        "2023-10-21",
        KLINES,
        "size.max_qty=20",
        symbol="NEARUSDT",
    )
    entries = run.entries()
    assert entries and {o["cap"] for o in entries} == {"max_qty"}
    assert all(o["qty"] == 20 < o["qty_uncapped"] for o in entries)
    assert run.summary["caps"]["max_qty"] == len(entries)
    assert re.search(rf"max_qty\D+{len(entries)} of {len(entries)}", run.said)
    others = [o for o in table(run.folder, "orders") if o["role"] != "entry"]
    assert others and {(o["cap"], o["qty_uncapped"]) for o in others} == {(None, None)}
