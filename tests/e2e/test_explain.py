"""A decision and a position, told step by step and recomputed."""

import decimal
import json
import shutil
from datetime import timedelta

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tables import table
from test_backtest import SCRIPT

DAYS = ("--from", "2024-01-12", "--to", "2024-01-15")
#: Each decides, sizes, enters or leaves in a way of its own.
WAYS = {
    "a": ("--preset", "A"),
    "b": ("--preset", "B"),
    "resting": ("--preset", "A", "--set", "entry.order=post_only", "--set", "exit.tp_order=limit"),
    "scale": ("--preset", "A", "--set", "toxicity.gate=scale", "--set", "size.rule=sigma"),
    "crowd": (
        *("--preset", "A", "--set", "alpha_b.trigger=f2_strong", "--set", "crowding.theta=0.4"),
        *("--set", "crowding.theta_exit=0.2", "--set", "exit.opposite_pressure=true"),
    ),
    "trades": ("--preset", "A", "--set", 'run.inputs=["klines","aggTrades"]'),
    "klines": ("--preset", "A", "--set", 'run.inputs=["klines"]'),
    "sample": ("--preset", "A", "--set", "thresholds.fit=sample"),
    "parity": ("--preset", "A", "--set", "exchange.profile=nautilus_1_221"),
}


@pytest.fixture(scope="module")
def runs(toxvol, synthetic_catalog, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explained")
    for name, options in WAYS.items():
        toxvol.run(
            "backtest", "--catalog", synthetic_catalog, *DAYS, *options, "--out", folder / name
        )
    return folder


def explain(toxvol, run, *options):
    return json.loads(toxvol.run("explain", run, *options, "--json").stdout)


def time_text(ts):
    return ts.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text):
    return numpy.datetime64(text.removesuffix("Z"), "ns")


def first_refusal(steps):
    return next((step["otherwise"] for step in steps if not step["holds"]), None)


@pytest.mark.parametrize("way", WAYS)
def test_every_row_and_every_step_come_out_again(toxvol, runs, way):
    """To explain the last row, all rows before it are recomputed and compared, column by column, and
    the steps of each must say what its alpha, direction and reason say (jobs/explain.cpp)."""
    rows = table(runs / way, "decisions")
    last = [row for row in rows if row["decides"]][-1]
    told = explain(toxvol, runs / way, "--at", time_text(last["ts"]))
    row = told["decision"]["row"]
    for name in ("f1", "p", "t", "c", "sigma", "alpha", "direction", "reason", "mode"):
        assert row[name] == last[name], name
    steps = told["decision"]["steps"]
    if last["direction"] is None:
        assert first_refusal(steps) == last["reason"]
    else:
        assert first_refusal(steps) is None
        assert (first_refusal(told["decision"]["guards"]) or "enter") in last["reason"]


@pytest.mark.parametrize("way", ["a", "resting", "crowd", "trades", "klines", "parity"])
def test_a_position_is_followed_from_its_decision_to_its_money(toxvol, runs, way):
    positions = table(runs / way, "positions")
    assert positions, "nothing to explain"
    position = positions[len(positions) // 2]
    number = position["position_id"].removeprefix("P-")
    told = explain(toxvol, runs / way, "--position", number)
    decision = told["decision"]
    assert decision["row"]["reason"] in ("enter_long", "enter_short")
    assert (decision["row"]["direction"] > 0) == (position["side"] == "long")
    assert all(step["holds"] for step in decision["steps"] + decision["guards"])
    for step in decision["steps"]:
        if step["margin"] is not None:
            assert step["margin"] >= 0
    entry = told["orders"][0]
    assert entry["role"] == "entry"
    assert entry["qty"] == decision["size"]["qty"]
    assert entry["qty_uncapped"] == decision["size"]["qty_uncapped"]
    size = decision["size"]
    scales = size["toxic_scale"] * size["spread_scale"] * size["rank_scale"]
    assert size["wanted"] == pytest.approx(size["by_risk"] * scales)
    assert size["by_risk"] == pytest.approx(size["budget"] / size["loss_a_unit"])
    assert float(size["qty"]) <= size["wanted"]
    fills = [fill for order in told["orders"] for fill in order["fills"]]
    assert len(fills) == position["n_fills"]
    assert decimal.Decimal(told["position"]["net"]) == position["net"]
    kinds = {known["kind"]: known for known in decision["known"]}
    assert kinds["klines"]["age_s"] == 0
    for known in decision["known"]:
        assert instant(known["ts_event"]) <= instant(decision["row"]["ts_init"])
    if way in ("a", "resting", "crowd"):
        assert kinds["bookTicker"]["values"]["bid"] == decision["row"]["bid"]
        assert kinds["bookTicker"]["age_s"] == pytest.approx(decision["row"]["quote_age_s"])
        assert any(m["mid"] is not None for fill in fills for m in fill["markouts"])
    words = toxvol.run("explain", runs / way, "--position", number).stdout
    for wanted in ("known then", "signal, regime", "guards", "size", "position P-", "money    net"):
        assert wanted in words


def test_a_stitched_walk_forward_is_explained_by_its_folds(toxvol, synthetic_catalog, tmp_path):
    (tmp_path / "design.toml").write_text(
        '[walkforward]\ntrain = "24h"\ntest = "12h"\nmin_positions = 1\n'
    )
    toxvol.run(
        *("walkforward", tmp_path / "design.toml", "--catalog", synthetic_catalog),
        *("--preset", "short", "--unit", "1m", "--resamples", 199, "--out", tmp_path / "study"),
        *("--from", "2024-01-11", "--to", "2024-01-14"),
    )
    run = tmp_path / "study" / "oos"
    last = [row for row in table(run, "decisions") if row["decides"]][-1]
    told = explain(toxvol, run, "--at", time_text(last["ts"]))
    assert told["decision"]["row"]["reason"] == last["reason"]
    assert told["decision"]["row"]["q_f1"] == last["q_f1"]
    positions = table(run, "positions")
    number = positions[-1]["position_id"].removeprefix("P-")
    told = explain(toxvol, run, "--position", number)
    assert told["position"]["position_id"] == positions[-1]["position_id"]


def test_a_markout_is_the_mid_of_the_catalogs_last_quote(toxvol, runs, synthetic_catalog):
    told = explain(toxvol, runs / "a", "--position", 1)
    quotes = pa.concat_tables(
        pq.read_table(file).select(["ts_event", "bid_price", "ask_price"])
        for file in sorted(synthetic_catalog.glob("data/quote_tick/*/*.parquet"))
    )
    fill = told["orders"][0]["fills"][0]
    at = pa.scalar(table_ns(runs / "a", fill["fill_id"]) + 10 * 10**9, pa.uint64())
    before = quotes.filter(pc.less_equal(quotes["ts_event"], at))
    newest = before.slice(before.num_rows - 1)
    bid, ask = (price(newest[name][0].as_py()) for name in ("bid_price", "ask_price"))
    markout = next(m for m in fill["markouts"] if m["after_s"] == 10)
    assert markout["mid"] == pytest.approx((bid + ask) / 2, rel=1e-12)
    side = 1 if fill["side"] == "buy" else -1
    paid = float(fill["price"])
    assert markout["drift_bp"] == pytest.approx(1e4 * side * (markout["mid"] - paid) / paid)


def table_ns(run, fill_id):
    fills = pq.read_table(run / "fills.parquet").select(["fill_id", "ts"])
    row = fills["fill_id"].to_pylist().index(fill_id)
    return fills["ts"][row].value


def price(raw):
    """NautilusTrader's fixed point: nine digits after the point in 8 bytes, sixteen in 16."""
    value = int.from_bytes(raw, "little", signed=True)
    return value / (10**16 if len(raw) == 16 else 10**9)


def test_a_time_between_decisions_is_the_decision_before(toxvol, runs):
    told = explain(toxvol, runs / "b", "--at", "2024-01-13T10:03:30+02:00")
    assert told["decision"]["row"]["ts"] == "2024-01-13T08:00:00Z"
    assert told["asked"] == "2024-01-13T08:03:30Z"


def test_a_stored_value_that_is_not_the_recomputed_one_is_named(toxvol, runs, tmp_path):
    def with_value(name, column, row, value):
        copy = tmp_path / f"{name}-{column}"
        shutil.copytree(runs / "a", copy)
        path = copy / f"{name}.parquet"
        stored = pq.read_table(path)
        values = stored[column].to_pylist()
        values[row] = value(values[row])
        place = stored.schema.get_field_index(column)
        field = stored.schema.field(place)
        pq.write_table(stored.set_column(place, field, pa.array(values, field.type)), path)
        return copy

    run = with_value("decisions", "q_f1", 1440, lambda x: x + 1e-9)
    line = toxvol.fails("explain", run, "--at", "2024-01-14")
    assert "decisions.parquet, row of 2024-01-13T00:01:00Z: q_f1 is " in line
    assert "recomputed it is " in line
    toxvol.run("explain", run, "--at", "2024-01-13")  # the row before still is what it was
    run = with_value("fills", "fee", 0, lambda x: x * 2)
    line = toxvol.fails("explain", run, "--position", 1)
    assert "fills.parquet, fill 1: fee is " in line
    run = with_value("positions", "stop", 0, lambda x: x + 1)
    assert "positions.parquet, P-1: stop is " in toxvol.fails("explain", run, "--position", 1)


def test_what_cannot_be_explained_is_one_line(toxvol, runs, synthetic, tmp_path):
    run = runs / "a"
    assert "--at" in toxvol.fails("explain", run, code=2)
    toxvol.fails("explain", run, "--at", "2024-01-13", "--position", 1, code=2)
    assert "expected a UTC day" in toxvol.fails("explain", run, "--at", "noon", code=2)
    assert "before the first row, 2024-01-12T00:01:00Z; what lies before only warms up" in (
        toxvol.fails("explain", run, "--at", "2024-01-11T12:00")
    )
    assert "after the last row, 2024-01-15T00:00:00Z" in (
        toxvol.fails("explain", run, "--at", "2024-01-16")
    )
    assert "--position 9999: no such position; there are 1 to " in (
        toxvol.fails("explain", run, "--position", 9999)
    )
    assert "is not a run folder" in toxvol.fails("explain", tmp_path, "--position", 1)
    # Its data: where they were, or where they are said to be.
    moved = shutil.copytree(run, tmp_path / "moved")
    timing = json.loads((moved / "timing.json").read_text())
    (moved / "timing.json").write_text(json.dumps(timing | {"catalog": "/nowhere"}))
    assert "its catalog /nowhere is not there; name it with --catalog" in (
        toxvol.fails("explain", moved, "--position", 1)
    )
    (moved / "timing.json").write_text(json.dumps(timing | {"catalog": None}))
    assert "say where its data are with --raw, or --catalog" in (
        toxvol.fails("explain", moved, "--position", 1)
    )
    told = explain(toxvol, moved, "--position", 1, "--raw", synthetic)
    assert told["position"]["position_id"] == "P-1"


def test_a_hole_in_the_bars_is_named(toxvol, runs, tmp_path):
    copy = shutil.copytree(runs / "a", tmp_path / "hole")
    rows = pq.read_table(copy / "decisions.parquet")
    keep = [row not in (100, 101) for row in range(rows.num_rows)]
    pq.write_table(rows.filter(pa.array(keep)), copy / "decisions.parquet")
    told = toxvol.run("explain", copy, "--at", "2024-01-12T01:42:10").stdout
    assert "at 2024-01-12T01:42:00Z no decision was made, for the bar that ends there" in told
    assert "decision of the minute that ended at 2024-01-12T01:40:00Z" in told


def test_a_run_without_trades_explains_its_decisions(toxvol, synthetic_catalog, tmp_path):
    run = tmp_path / "none"
    toxvol.run(
        *("backtest", "--catalog", synthetic_catalog, "--preset", "A", *DAYS, "--out", run),
        *("--set", "alpha_a.enabled=false", "--set", "alpha_b.enabled=false"),
    )
    assert "this run took no position" in toxvol.fails("explain", run, "--position", 1)
    told = explain(toxvol, run, "--at", "2024-01-13")
    assert first_refusal(told["decision"]["steps"]) == "disabled"
    assert told["position"] is None and told["orders"] == []


def test_of_a_signal_of_ones_own_the_row_that_counted_is_told(toxvol, synthetic_catalog, tmp_path):
    first, minute = 1_705_017_600_000_000_000, 60_000_000_000  # 2024-01-12T00:00Z
    stamps = [first + (15 + 45 * i) * minute for i in range(90)]
    directions = [(1, 0, -1)[i % 3] for i in range(90)]
    sizes = [(1.0, None, 0.5)[i % 3] for i in range(90)]
    columns = {
        "ts_init": pa.array(stamps, pa.timestamp("ns", "UTC")),
        "direction": directions,
        "size": sizes,
    }
    pq.write_table(pa.table(columns), tmp_path / "my.parquet")
    run = tmp_path / "run"
    toxvol.run(
        *("backtest", "--catalog", synthetic_catalog, "--preset", "A", *DAYS, "--out", run),
        *("--signal", tmp_path / "my.parquet"),
    )
    closed = [p for p in table(run, "positions") if p["side"] == "short"]
    told = explain(toxvol, run, "--position", int(closed[0]["position_id"][2:]))
    assert told["strategy"] == "signal"
    own = told["decision"]["own_signal"]
    at = stamps.index(int(instant(own["ts_init"])))
    assert (own["direction"], own["size"]) == (-1, 0.5) == (directions[at], sizes[at])
    assert [step["question"] for step in told["decision"]["steps"]] == [
        *("boundary", "inputs", "known", "own_signal"),
    ]
    assert first_refusal(told["decision"]["steps"]) is None
    size = told["decision"]["size"]
    assert size["own_scale"] == 0.5
    assert size["wanted"] == pytest.approx(size["by_risk"] * 0.5 * size["spread_scale"])
    text = toxvol.run("explain", run, "--position", closed[0]["position_id"][2:]).stdout
    assert "direction -1, size 0.5" in text and "x 0.5 (your size)" in text
    # Between two rows, and none young enough.
    quiet = explain(toxvol, run, "--at", time_text(closed[0]["ts_open"] + timedelta(minutes=5)))
    assert quiet["decision"]["own_signal"] is None
    assert first_refusal(quiet["decision"]["steps"]) == "no_signal"


def test_of_an_order_script_the_order_is_explained(toxvol, window_catalog, tmp_path):
    (tmp_path / "orders.csv").write_text(SCRIPT)
    run = tmp_path / "script"
    toxvol.run(
        *("backtest", "--preset", "short", "--catalog", window_catalog, "--out", run),
        *("--orders", tmp_path / "orders.csv"),
    )
    orders = table(run, "orders")
    told = explain(toxvol, run, "--at", time_text(orders[-1]["ts_submit"].replace(microsecond=0)))
    assert told["decision"] is None and told["strategy"] == "script"
    assert told["orders"]
    assert told["remarks"] == ["an order script sent the orders: there is no decision to explain"]
    positions = table(run, "positions")
    if positions:
        assert explain(toxvol, run, "--position", 1)["position"]["position_id"] == "P-1"
