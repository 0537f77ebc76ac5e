"""Orders where bars are all there is (N6)."""

from datetime import timedelta

import pytest
from absence import FIRST, KLINES, TICK, backtest, klines, ns, remove
from tables import table


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
