"""Figures do not depend on the window that is asked for, nor rows on the length of their run (N1, N2)."""

import pytest
from absence import ALL, FIRST, LAST, backtest, ns
from tables import table

# ---------------------------------------------------------------- K3: windows wider than the data

WINDOWS = [(FIRST, LAST), ("2023-01-01", LAST), (FIRST, "2024-06-01")]


def test_a_wider_window_changes_no_figure(toxvol, market, tmp_path):
    runs = [
        backtest(toxvol, tmp_path / str(i), market, *window, ALL, preset="B")
        for i, window in enumerate(WINDOWS)
    ]
    assert runs[0].summary["positions"] > 5
    for run, (begin, end) in zip(runs, WINDOWS):
        assert run.summary == runs[0].summary
        assert (run.run["from"], run.run["to"]) == (runs[0].run["from"], runs[0].run["to"])
        asked = run.run["asked"]
        assert asked["from"].startswith(begin) and asked["to"].startswith(end)
        equity = table(run.folder, "equity")
        assert ns(equity[0]["ts"]) == ns(FIRST) and ns(equity[-1]["ts"]) == ns(LAST)
        assert equity[0]["cause"] == "start" and equity[-1]["cause"] == "end"


def test_auto_decides_by_the_calendar_of_the_cut_window(toxvol, market, tmp_path):
    """From the first kline on, ticks are there on 14 of 45 days; a window that ends late loses nothing."""
    exact, early, late = (
        backtest(toxvol, tmp_path / str(i), market, *window, preset="B")
        for i, window in enumerate(WINDOWS)
    )
    assert early.inputs == {"klines", "metrics", "fundingRate"}
    assert set(early.absent) == {"klines", "no_quotes"}
    assert "aggTrades" in early.warned and "bookTicker" in early.warned
    assert len(exact.inputs) == len(late.inputs) == 5 and late.summary == exact.summary


# ---------------------------------------------------------------- K9, K10: what a row may depend on


def test_a_day_is_the_same_alone_and_in_a_wide_window_of_real_files(toxvol, real_data, tmp_path):
    catalog, day = tmp_path / "catalog", ("2024-03-30", "2024-03-31")
    toxvol.run("ingest", real_data, "--symbol", "BTCUSDT", "--catalog", catalog, check=False)
    alone = backtest(toxvol, tmp_path / "alone", catalog, *day, preset="short")
    wide = backtest(toxvol, tmp_path / "wide", catalog, "2023-04-04", day[1], preset="short")
    assert wide.inputs == alone.inputs == {"klines", "fundingRate"}
    columns = ("mode", "bid", "ask", "quote_age_s", "close", "funding")
    own = alone.rows(*columns)
    assert own and [r for r in wide.rows(*columns) if r["ts"] > ns(day[0])] == own
    assert {(r["mode"], r["bid"]) for r in own} == {("klines+no_quotes+no_metrics", None)}


def test_a_row_does_not_depend_on_the_length_of_its_run(toxvol, market, tmp_path):
    columns = (
        "mode",
        "reason",
        "regime",
        "f3",
        "bid",
        "ask",
        "funding",
        "fund_z",
        "c",
        "svi",
        "obi",
        "close",
    )
    day = backtest(toxvol, tmp_path / "day", market, "2023-10-24", "2023-10-25")
    half = backtest(
        toxvol, tmp_path / "half", market, "2023-10-24T12:00:00Z", "2023-10-24T12:30:00Z"
    )
    assert half.inputs == day.inputs and len(half.inputs) == 5
    (one,), (two,) = (
        [r for r in run.rows(*columns) if r["ts"] == ns("2023-10-24T12:15:00")]
        for run in (day, half)
    )
    assert one["funding"] is not None and one["c"] is not None
    for name in columns:
        same = pytest.approx(one[name], rel=1e-9) if isinstance(one[name], float) else one[name]
        assert two[name] == same, name
