"""Order scripts fill in NautilusTrader as natively: every type near the market, with cancels."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nautilus_trader")

from nautilus_parity import DAY, NEAR, THOROUGH, WINDOWS, both, nanoseconds, require_equal

import toxvol
from toxvol import _toxvol


def compare_scripts(script: Callable[[int], Path], count: int, out: Path, **keywords: Any) -> None:
    """`count` scripts of those that `script` makes of a seed."""
    compared = 0
    for seed in range(2 * count):
        orders = script(seed)
        try:
            theirs, ours = both(out=out / str(seed), preset="short", orders=orders, **keywords)
        except toxvol.Error as error:
            assert "aborts" in str(error)
            continue
        require_equal(theirs, ours)
        assert theirs.summary["fills"] > 100
        compared += 1
        if compared == count:
            return
    pytest.fail(f"only {compared} scripts could be compared")


def random_orders(path: Path, raw: Path, symbol: str, kind: str, window: tuple[str, str],
                  seed: int, count: int, tick: int, lot: int, largest: int) -> Path:  # fmt: skip
    """A script of orders of every type near the market, with cancels. Tick and lot in 1e-3."""
    start, end = (int(nanoseconds(time)) for time in window)
    rows = _toxvol.read_market(
        raw=[str(raw)], symbol=symbol, kind=kind, from_=start, to=end, progress=None
    ).to_pandas()
    price = {"bookTicker": "bid", "aggTrades": "price", "klines": "close"}[kind]
    times, prices = rows["ts_init"].astype("int64").tolist(), rows[price].tolist()
    draw = random.Random(seed)
    lines, sent = [], []
    for at in sorted(draw.randrange(len(times)) for _ in range(count)):
        ts = times[at] + draw.choice((0, 0, 1, 500_000, 1_000_000, 37_000_000))
        if sent and draw.random() < 0.25:
            first, number = draw.choice(sent)
            lines.append((max(ts, first + 1), f"{number},{{}},cancel,,,,,,,"))
            continue
        number = len(sent) + 1
        sent.append((ts, number))
        quantity = lot * draw.randint(1, largest if draw.random() < 0.5 else 50)
        kind_of_order, tif, limit, post_only = "market", "gtc", "", 0
        if draw.random() < 2 / 3:
            kind_of_order = "limit"
            tif = draw.choice(("gtc", "gtc", "gtc", "ioc", "fok"))
            near = round(prices[at] * 1000 / tick) * tick + draw.randint(-8, 8) * tick
            limit = f"{near / 1000:.3f}"
            post_only = int(tif == "gtc" and draw.random() < 0.5)
        side, reduce_only = draw.choice(("buy", "sell")), int(draw.random() < 0.2)
        order = f"{side},{kind_of_order},{tif},{limit},{quantity / 1000:.3f}"
        lines.append((ts, f"{number},{{}},submit,{order},{post_only},{reduce_only}"))
    lines.sort(key=lambda line: line[0])
    text = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
    path.write_text(text + "".join(line.format(ts) + "\n" for ts, line in lines))
    return path


def test_every_refusal_is_called_the_same(recorded: Path, tmp_path: Path) -> None:
    start, end = WINDOWS["2023"]
    at = nanoseconds("2023-04-05T00:01:00.5Z")
    rows = [
        "buy,limit,gtc,28000.05,0.001,0,0",  # tick
        "buy,limit,gtc,28000.0,0.0015,0,0",  # lot
        "buy,limit,gtc,99000.0,0.001,1,0",  # post_only
        "sell,market,gtc,,0.001,0,1",  # reduce_only
        *["buy,limit,gtc,20000.0,0.001,0,0"] * 150,  # rate_limit
    ]
    script = tmp_path / "orders.csv"
    script.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
        + "".join(f"{n},{at},submit,{row}\n" for n, row in enumerate(rows, start=1))
        + f"900,{at + 5 * 10**9},submit,buy,market,gtc,,1,0,0\n"
    )
    theirs, ours = both(recorded, tmp_path, preset="short", orders=script, from_=start, to=end)
    require_equal(theirs, ours)
    reasons = theirs.orders.to_pandas()["reject_reason"].dropna()
    assert {*reasons} == {"tick", "lot", "post_only", "reduce_only", "rate_limit"}
    assert (reasons == "rate_limit").sum() == 52


@pytest.mark.parametrize("latency", ["0ms", "20ms"])
@pytest.mark.parametrize("trade_execution", [False, True])
@pytest.mark.parametrize("window", WINDOWS)
def test_scripts_agree_on_the_recorded_windows(
    window: str, trade_execution: bool, latency: str, recorded: Path, tmp_path: Path
) -> None:
    start, end = WINDOWS[window]
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "BTCUSDT", "bookTicker",
            (start, end), seed, count=400, tick=100, lot=1, largest=3000,
        ),
        3 if THOROUGH else 1, tmp_path, folder=recorded, from_=start, to=end,
        set={"exchange.trade_execution": trade_execution, "exchange.order_latency": latency},
    )  # fmt: skip


def test_a_script_agrees_on_the_recorded_day_of_trades(recorded: Path, tmp_path: Path) -> None:
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "BTCUSDT", "aggTrades",
            (DAY["from_"], DAY["to"]), seed, count=2000, tick=10, lot=1, largest=3000,
        ),
        1, tmp_path, folder=recorded, **DAY,
    )  # fmt: skip


@pytest.mark.parametrize("engine", [False, True])
def test_a_script_agrees_on_klines_alone(engine: bool, recorded: Path, tmp_path: Path) -> None:
    window = ("2023-09-01", "2023-09-08")
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "NEARUSDT", "klines", window, seed,
            count=2000, tick=1, lot=1000, largest=300,
        ),
        1, tmp_path, folder=recorded, set=NEAR, engine=engine, from_=window[0], to=window[1],
    )  # fmt: skip
