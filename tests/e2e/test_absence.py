"""Where a part of the data is missing, the result says so and nothing is traded on a guess (N1–N10).

Each test is a case in which the program once gave a wrong or silent result. The market is synthetic:
two weeks of all five kinds, hours, days or months of which are then taken away.
"""

import bisect
import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from absence import (
    ALL,
    HOUR,
    LAST,
    MINUTE,
    TICK,
    backtest,
    copy,
    cut,
    files,
    findings,
    in_hole,
    klines,
    ns,
    remove,
    rewrite,
)
from tables import table

# ---------------------------------------------------------------- K1: hours without trades, no quotes


@pytest.fixture(scope="module")
def silent_hours(toxvol, market, tmp_path_factory):
    folder = tmp_path_factory.mktemp("k1")
    raw = cut(remove(copy(market, folder / "raw"), "bookTicker"), "aggTrades")
    return raw, backtest(toxvol, folder / "run", raw, "2023-10-22", "2023-11-01")


def test_no_entry_is_decided_while_no_trade_prints(silent_hours):
    _, run = silent_hours
    entries = run.entries()
    assert entries, "outside the hole it trades"
    assert not [o["order_id"] for o in entries if in_hole(ns(o["ts_decision"]))]
    assert not [
        r["ts"] for r in run.rows("reason") if in_hole(r["ts"]) and r["reason"].startswith("enter_")
    ]


def test_no_fill_is_away_from_the_market(silent_hours):
    """Entries filled −130 to +172 bp away from their minute; now within the range of it and the one before."""
    raw, run = silent_hours
    bars = klines(raw)
    for fill in table(run.folder, "fills"):
        minute = ns(fill["ts"]) // MINUTE * MINUTE
        near_by = [bars[m] for m in (minute - MINUTE, minute) if m in bars]
        low, high = min(b[2] for b in near_by), max(b[1] for b in near_by)
        assert low * 0.9995 <= float(fill["price"]) <= high * 1.0005, fill
    hole = [
        f
        for f in table(run.folder, "fills")
        if 10 * HOUR + 10**10 < ns(f["ts"]) % (24 * HOUR) < 16 * HOUR
    ]
    for fill in hole:  # an exit; the bar's open is the only price there is
        assert fill["rule"] == "X22" and ns(fill["ts"]) % MINUTE == 0, fill
        assert abs(float(fill["price"]) - bars[ns(fill["ts"])][0]) <= TICK + 1e-9, fill


def test_signed_volume_of_silent_minutes_is_that_of_their_klines(silent_hours):
    raw, run = silent_hours
    bars = klines(raw)
    seen = 0
    for row in run.rows("svi", "mode"):
        *_, volume, taker = bars[row["ts"] - MINUTE]
        if in_hole(row["ts"]) and volume > 0:
            seen += 1
            assert row["svi"] == pytest.approx((2 * taker - volume) / volume, rel=1e-9, abs=1e-12)
            assert row["mode"] == "klines+no_quotes"
    assert seen > 3000


def test_silent_minutes_are_told(silent_hours):
    _, run = silent_hours
    rows = len(run.rows())
    assert run.inputs == {"aggTrades", "klines", "metrics", "fundingRate"}
    assert run.absent == {"no_quotes": rows}
    assert rows > run.overdue["klines"] >= 10 * 6 * 60
    assert "bookTicker" in run.warned


# ---------------------------------------------------------------- K2: months of funding, quotes that end


@pytest.fixture(scope="module", params=["2023-10", "2023-11"])
def without_a_month(request, toxvol, market, tmp_path_factory):
    """(the missing month, catalog, when the last rate before it is too old, when the next one is known)"""
    folder = tmp_path_factory.mktemp("k2")
    raw = copy(market, folder / "raw")
    files(raw, "fundingRate", request.param, request.param + "~")[0].unlink()
    toxvol.run("ingest", raw, "--catalog", folder / "catalog")
    old, known = {
        "2023-10": ("2023-10-01T01:02:00", "2023-11-01T00:01:00"),
        "2023-11": ("2023-11-01T01:02:00", "2024-01-01T00:00:00"),
    }[request.param]
    return request.param, folder / "catalog", ns(old), ns(known)


def test_a_missing_month_of_funding_is_a_finding(without_a_month):
    month, catalog, _, _ = without_a_month
    missing = [f for f in findings(catalog, "DAY_MISSING") if f["kind"] == "fundingRate"]
    assert missing and {str(f["day"])[:7] for f in missing} == {month}


def test_listed_funding_that_is_overdue_makes_the_regime_unknown(toxvol, without_a_month, tmp_path):
    _, catalog, old, known = without_a_month
    run = backtest(toxvol, tmp_path / "run", catalog, "2023-10-25", LAST, ALL)
    late = [r for r in run.rows("mode", "regime", "c", "f3", "reason") if old <= r["ts"] <= known]
    assert len(late) >= 2 * 1440 - 62
    assert {(r["regime"], r["c"], r["f3"]) for r in late} == {(None, None, None)}
    assert all("no_funding" in r["mode"].split("+") for r in late)
    assert "no_funding" in {r["reason"] for r in late}
    assert {r["reason"] for r in late} <= {
        "no_funding",
        "no_quotes",
        "no_metrics",
        "regime_exit",
        "gap",
        "in_position",
    }
    assert abs(run.overdue["no_funding"] - len(late)) <= 3
    assert not [o["order_id"] for o in run.entries() if old <= ns(o["ts_decision"]) <= known]
    assert run.entries(), "where the rate is known it trades"


def test_funding_below_its_coverage_is_left_out_and_not_paid(toxvol, without_a_month, tmp_path):
    _, catalog, _, _ = without_a_month
    run = backtest(toxvol, tmp_path / "run", catalog, "2023-10-25", LAST)
    rows = run.rows("regime", "c", "f3", "funding", "mode")
    assert "fundingRate" not in run.inputs and run.absent == {"no_funding": len(rows)}
    assert {(r["regime"], r["c"], r["f3"], r["funding"]) for r in rows} == {
        ("neutral", None, 0, None)
    }
    assert all("no_funding" in r["mode"].split("+") for r in rows)
    assert float(run.summary["funding"]) == 0
    assert "fundingRate" in run.warned
    assert re.search(r"funding\W+(is )?not paid", run.said, re.I)


@pytest.fixture(scope="module")
def quotes_end(market, tmp_path_factory):
    return remove(copy(market, tmp_path_factory.mktemp("ends") / "raw"), "bookTicker", "2023-10-30")


def test_listed_quotes_that_end_are_overdue(toxvol, quotes_end, tmp_path):
    run = backtest(toxvol, tmp_path / "run", quotes_end, "2023-10-26", LAST, ALL)
    late = [
        r
        for r in run.rows("mode", "reason", "bid", "ask", "obi", "quote_age_s")
        if r["ts"] > ns("2023-10-30T00:01:00")
    ]
    assert len(late) == 4 * 1440 - 1
    assert {r["mode"] for r in late} == {"no_quotes"}
    assert {(r["bid"], r["ask"], r["obi"]) for r in late} == {(None, None, None)}
    assert all(r["quote_age_s"] > 60 for r in late)
    assert {r["reason"] for r in late} == {"no_quotes"}
    assert run.overdue["no_quotes"] >= len(late) and run.absent == {}


def test_quotes_that_end_are_left_out_of_auto(toxvol, quotes_end, tmp_path):
    run = backtest(toxvol, tmp_path / "run", quotes_end, "2023-10-26", LAST)
    assert run.inputs == {"aggTrades", "klines", "metrics", "fundingRate"}
    assert {r["mode"] for r in run.rows("mode")} == {"no_quotes"}
    assert run.absent == {"no_quotes": 8 * 1440}
    assert "bookTicker" in run.warned
    assert run.summary["positions"] > 0


def test_a_kind_that_ends_before_the_klines_is_a_finding(toxvol, quotes_end, tmp_path):
    toxvol.run("ingest", quotes_end, "--catalog", tmp_path / "catalog")
    days = {
        str(f["day"])
        for f in findings(tmp_path / "catalog", "DAY_MISSING")
        if f["kind"] == "bookTicker"
    }
    assert days >= {"2023-10-30"}


# ---------------------------------------------------------------- K4: hours without quotes


def test_no_taking_is_better_than_the_last_trade(toxvol, market, tmp_path):
    raw = cut(copy(market, tmp_path / "raw"), "bookTicker")
    run = backtest(toxvol, tmp_path / "run", raw, "2023-10-22", LAST)
    times = {}
    for kind, price in (("bookTicker", None), ("aggTrades", 1)):
        rows = [
            line.split(",")
            for path in files(raw, kind, "2023-10-21")
            for line in path.read_text().splitlines()[1:]
        ]
        times[kind] = sorted(
            (int(r[5]), int(r[0]), float(r[price]) if price else 0.0) for r in rows
        )
    judged = 0
    for fill in table(run.folder, "fills"):
        at = ns(fill["ts"]) // 10**6
        if fill["liquidity"] != "taker" or fill["rule"] == "X22":
            continue
        # An order that waited fills behind a trade or quote of its millisecond, any other before all of them.
        quotes, trades = (
            [
                rows[i]
                for rows in [times[kind]]
                for i in range(
                    bisect.bisect_left(rows, (at,)) - 1, bisect.bisect_left(rows, (at + 1,))
                )
            ]
            for kind in ("bookTicker", "aggTrades")
        )
        s = 1 if fill["side"] == "buy" else -1
        if trades[0][0] - quotes[-1][0] > 1000:
            judged += 1
            assert any(
                at - t <= 10_000 and s * (float(fill["price"]) - p) >= 0 for t, _, p in trades
            ), fill
    assert judged > 0
    assert {r["mode"] for r in run.rows("mode") if in_hole(r["ts"])} == {"no_quotes"}
    assert not [o for o in run.entries() if in_hole(ns(o["ts_decision"]))]


# ---------------------------------------------------------------- open interest of another scale


def test_scaled_open_interest_is_a_finding_and_no_record(toxvol, market, tmp_path):
    raw = copy(market, tmp_path / "raw")

    def scaled(row):
        cells = row.split(",")
        return ",".join([*cells[:2], f"{float(cells[2]) / 319:.4f}", *cells[3:]])

    days = ("2023-10-26", "2023-10-28")
    for path in files(raw, "metrics", *days):
        rewrite(path, scaled)
    toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog")
    assert {str(f["day"]) for f in findings(tmp_path / "catalog", "OI_SCALE")} == {
        "2023-10-26",
        "2023-10-27",
    }
    run = backtest(toxvol, tmp_path / "run", tmp_path / "catalog", "2023-10-24", "2023-11-01")
    rows = run.rows("mode", "reason", "regime", "f3", "c", "d_oi", "z_d_oi")
    assert max(abs(r["d_oi"]) for r in rows if r["d_oi"] is not None) < 1
    late = [r for r in rows if ns("2023-10-26T00:22:00") <= r["ts"] <= ns("2023-10-28T00:00:00")]
    assert len(late) > 2800
    assert {(r["regime"], r["f3"], r["c"]) for r in late} == {(None, None, None)}
    assert all("no_metrics" in r["mode"].split("+") for r in late)
    assert "no_metrics" in {r["reason"] for r in late}
    assert run.overdue["no_metrics"] >= len(late)
    assert "metrics" in run.inputs and not [
        o
        for o in run.entries()
        if ns("2023-10-26T00:22:00") <= ns(o["ts_decision"]) <= ns("2023-10-28T00:00:00")
    ]
    kept = pc.sum(
        pa.array(
            [
                pq.read_metadata(p).num_rows
                for p in (tmp_path / "catalog" / "data").rglob(
                    "custom_futures_metrics_data/**/*.parquet"
                )
            ]
        )
    ).as_py()
    assert kept == sum(len(p.read_text().splitlines()) - 1 for p in files(raw, "metrics"))
