"""Where a part of the data is missing, the result says so and nothing is traded on a guess (N1–N10).

Each test is a case in which the program once gave a wrong or silent result. The market is synthetic:
two weeks of all five kinds, hours, days or months of which are then taken away.
"""

import bisect
import os
import re
import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tables import document, same_bytes, table

ALL = 'run.inputs=["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]'
KLINES = 'run.inputs=["klines"]'
HOUR, MINUTE = 3600 * 10**9, 60 * 10**9
FIRST, LAST = "2023-10-20", "2023-11-03"
TICK = 0.1


# ---------------------------------------------------------------- markets with parts taken away


@pytest.fixture(scope="module")
def market(toxvol, tmp_path_factory):
    raw = tmp_path_factory.mktemp("absence") / "raw"
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        FIRST,
        "--days",
        14,
        "--seed",
        11,
        "--intensity",
        0.003,
        "--plant",
        "crowding",
    )
    return raw


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


def copy(raw, folder):
    return shutil.copytree(raw, folder, copy_function=os.link)


def files(raw, kind, begin="0", end="9"):
    """The files of one kind for days (or months) in [begin, end)."""
    word = {"klines": "1m"}.get(kind, kind)
    return [
        p
        for p in sorted(raw.rglob(f"*-{word}-*.csv"))
        if begin <= p.stem.split(f"-{word}-")[1] < end
    ]


def remove(raw, kind, *span):
    for path in files(raw, kind, *span):
        path.unlink()
    return raw


def rewrite(path, change):
    header, *rows = path.read_text().splitlines(keepends=True)
    path.unlink()
    path.write_text("".join([header, *(line for line in map(change, rows) if line)]))


def cut(raw, kind, *span, hours=(10, 16)):
    """No rows from 10 to 16 h (trades and quotes: their time is the sixth column)."""
    for path in files(raw, kind, *span):
        rewrite(
            path,
            lambda row: None
            if hours[0] <= int(row.split(",")[5]) // 3_600_000 % 24 < hours[1]
            else row,
        )
    return raw


# ---------------------------------------------------------------- runs, and what they left behind


class Outcome:
    def __init__(self, folder, done):
        self.folder, self.said = folder, done.stdout + done.stderr
        self.warned = done.stderr
        self.summary, self.run = document(folder, "summary"), document(folder, "run")
        self.inputs = set(self.run["config"]["run"]["inputs"])
        self.absent, self.overdue = (
            self.summary["degraded_minutes"][k] for k in ("absent", "overdue")
        )

    def rows(self, *columns):
        read = pq.read_table(self.folder / "decisions.parquet", columns=["ts", *columns])
        return read.set_column(0, "ts", read["ts"].cast(pa.int64())).to_pylist()

    def entries(self):
        return [o for o in table(self.folder, "orders") if o["role"] == "entry"]


def backtest(toxvol, out, source, begin, end, *settings, preset="A", symbol=None):
    where = "--catalog" if (source / "toxvol").is_dir() else "--raw"
    more = ["--set", f"run.symbol={symbol}"] if symbol else []
    for setting in settings:
        more += ["--set", setting]
    return Outcome(
        out,
        toxvol.run(
            "backtest",
            where,
            source,
            "--preset",
            preset,
            "--from",
            begin,
            "--to",
            end,
            "--out",
            out,
            *more,
        ),
    )


def ns(moment):
    """Of a datetime, or of ISO text in UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86400 + since.seconds) * 10**6 + since.microseconds) * 1000 + getattr(
        moment, "nanosecond", 0
    )


def in_hole(ts):
    """The rows of minutes from 10 to 16 h."""
    return 10 * HOUR < ts % (24 * HOUR) <= 16 * HOUR


def klines(raw, symbol="BTCUSDT"):
    """Open time in ns -> (open, high, low, close, volume, taker-buy volume)."""
    bars = {}
    for path in files(raw, "klines"):
        for line in path.read_text().splitlines()[1:]:
            cells = line.split(",")
            bars[int(cells[0]) * 10**6] = tuple(float(cells[i]) for i in (1, 2, 3, 4, 5, 9))
    return bars


def findings(catalog, code):
    found = pq.read_table(catalog / "toxvol" / "quality.parquet").to_pylist()
    return [f for f in found if f["code"] == code]


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


# ---------------------------------------------------------------- K5, K6: bars alone


@pytest.mark.parametrize("preset", ["A", "B"])
def test_a_post_only_order_lives_a_bar_and_can_fill(toxvol, tmp_path_factory, preset):
    folder = tmp_path_factory.mktemp("k5")
    raw = folder / "raw"
    toxvol.run(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        FIRST,
        "--days",
        1,
        "--klines-only-days",
        45,
        "--seed",
        5,
        "--intensity",
        0.001,
    )
    for kind in ("aggTrades", "bookTicker", "metrics", "fundingRate"):
        remove(raw, kind)
    run = backtest(
        toxvol, folder / "run", raw, "2023-09-15", FIRST, "entry.order=post_only", preset=preset
    )
    entries = run.entries()
    assert [o for o in entries if o["filled_qty"] > 0]
    assert [o for o in entries if o["status"] == "canceled"]
    for order in entries:
        if order["status"] == "canceled":
            assert order["ts_done"] - order["ts_arrive"] >= timedelta(seconds=59), order


def test_on_bars_an_entry_takes_the_next_open(toxvol, market, tmp_path):
    run = backtest(
        toxvol,
        tmp_path / "run",
        market,
        "2023-10-24",
        "2023-10-31",
        KLINES,
        "exchange.order_latency=0ms",
        "exchange.data_latency=0ms",
    )
    bars, fills = klines(market), {f["order_id"]: f for f in table(run.folder, "fills")}
    entries = run.entries()
    assert entries
    for order in entries:
        fill = fills[order["order_id"]]
        s = 1 if order["side"] == "buy" else -1
        assert (
            fill["ts"] == order["ts_arrive"] and ns(fill["ts"]) - ns(order["ts_decision"]) < 10**9
        )
        assert float(fill["price"]) == pytest.approx(
            bars[ns(order["ts_decision"])][0] + s * TICK, abs=1e-9
        )


# ---------------------------------------------------------------- K7, K8: another contract


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
