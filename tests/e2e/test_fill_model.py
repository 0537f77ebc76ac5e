"""examples/fill_model.py: a run as an order script, and the same orders under both profiles."""

import subprocess
import sys
from decimal import Decimal

import pytest
from conftest import ROOT, WINDOW
from tables import document

sys.path.insert(0, str(ROOT / "examples"))
import fill_model

WEEK = ["--from", "2024-01-12", "--to", "2024-01-19"]
NAUTILUS = {"exchange.profile": "nautilus_1_221"}
TICK = Decimal("0.1")


def market_of(toxvol, catalog, *options):
    return fill_model.Market(toxvol.path, ["--catalog", str(catalog), *WEEK, *options])


def replay(market, folder, settings):
    """The strategy's run, its orders as a script, and that script's run."""
    run = market.run(folder / "strategy", settings)
    script = folder / "orders.csv"
    script.write_text(fill_model.script_of(run))
    return run, script, market.run(folder / "replay", settings, script)


def fills_of(run):
    """Without what depends on the quote seen: a script does not see what made the strategy act."""
    return [
        {k: v for k, v in fill.items() if k not in ("mid_decision", "slippage")}
        for fill in fill_model.table(run, "fills")
    ]


@pytest.mark.parametrize(
    "preset, settings",
    [
        ("A", {}),
        ("short", {"entry.order": "post_only", "exit.tp_order": "limit"}),
        (
            "short",
            {
                "entry.order": "post_only",
                "exchange.order_latency": "lognormal:20ms:0.5",
                "exchange.data_latency": "lognormal:10ms:0.5",
            },
        ),
    ],
)
def test_a_run_replayed_as_a_script_fills_exactly_the_same(
    toxvol, synthetic_catalog, tmp_path, preset, settings
):
    run, _, again = replay(
        market_of(toxvol, synthetic_catalog, "--preset", preset), tmp_path, settings
    )
    assert len(fills_of(run)) > 20
    assert fills_of(again) == fills_of(run)
    theirs, ours = (fill_model.measure(r, fill_model.mids_seen(run)) for r in (run, again))
    assert (ours["net"], ours["slippage"], ours["gross"]) == (
        theirs["net"],
        theirs["slippage"],
        theirs["gross"],
    )
    assert theirs["slippage"] == Decimal(document(run, "summary")["slippage"])
    assert theirs["gross"] == Decimal(document(run, "summary")["gross"])
    if "entry.order" in settings:
        old = {o["order_id"]: o for o in fill_model.table(run, "orders")}
        assert any(o["replaces"] and old[o["replaces"]]["filled_qty"] > 0 for o in old.values())


def test_the_parity_profile_fills_the_same_orders_otherwise(toxvol, synthetic_catalog, tmp_path):
    market = market_of(toxvol, synthetic_catalog, "--preset", "short")
    run, script, _ = replay(market, tmp_path, {})
    parity = market.run(tmp_path / "parity", NAUTILUS, script)
    at_once = market.run(tmp_path / "at-once", NAUTILUS | {"exchange.order_latency": "0s"}, script)
    assert fill_model.differences(run, parity) != []
    mids = fill_model.mids_seen(run)
    ours, theirs = fill_model.measure(run, mids), fill_model.measure(parity, mids)
    assert theirs["orders"] == ours["orders"]
    assert theirs["qty"] == ours["qty"]
    assert theirs["net"] != ours["net"]
    for folder in (parity, at_once):
        by_order = {}
        for fill in fill_model.table(folder, "fills"):
            by_order.setdefault(fill["order_id"], []).append(fill)
        for fills in by_order.values():  # the top of the book, and the rest a tick worse
            worse = TICK if fills[0]["side"] == "buy" else -TICK
            assert [f["price"] - fills[0]["price"] for f in fills] == [0, worse][: len(fills)]
        assert any(len(fills) == 2 for fills in by_order.values())
    late = [o["ts_arrive"] - o["ts_submit"] for o in fill_model.table(parity, "orders")]
    assert min(late) >= 20_000_000
    assert max(late) > 1_000_000_000  # an order that is due waits for a datum


def test_an_order_that_acts_at_once_is_no_script(toxvol, synthetic_catalog, tmp_path):
    market = market_of(toxvol, synthetic_catalog, "--preset", "A")
    run = market.run(tmp_path / "run", {"entry.fill": "same_close"})
    with pytest.raises(ValueError, match="O-1 acted when it was given"):
        fill_model.script_of(run)


@pytest.mark.parametrize(
    "orders, name, is_more",
    [("passive", "queue = optimistic", True), ("market", "nautilus_1_221", False)],
)
def test_the_program_prints_every_variant(toxvol, tmp_path, orders, name, is_more):
    done = subprocess.run(
        [
            sys.executable,
            ROOT / "examples" / "fill_model.py",
            "--raw",
            WINDOW,
            "--from",
            "2023-04-04T23:59:00Z",
            "--to",
            "2023-04-05T00:05:00Z",
            "--orders",
            orders,
            "--qty",
            "5",
            "--out",
            tmp_path,
            "--toxvol",
            toxvol.path,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()]
    table = {row[0]: dict(zip(rows[0], row)) for row in rows[2:]}
    assert list(table) == list(fill_model.VARIANTS)
    for row in table.values():
        gross, slippage, fees, funding, net = (Decimal(row[k]) for k in fill_model.MONEY[:-1])
        assert abs(gross - slippage - fees + funding - net) <= Decimal("0.03")
        assert row["maker"] == ("100.0 %" if orders == "passive" else "0.0 %")
    fills, others = int(table["realistic"]["fills"]), int(table[name]["fills"])
    assert (others > fills) is is_more and fills > 0 and others > 0
    assert Decimal(table["realistic"]["− first, bp of its traded"]) == 0
