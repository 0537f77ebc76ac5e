"""The auditor over holes: runs of scripted orders that cross hours without quotes, without trades, and on bars."""

import subprocess

import audit_scripts
import pytest
from audit_raw import ONE, Market, iso_ms
from markets import (  # noqa: F401 (fixtures)
    copy,
    files_of,
    one_day,
    program,
    without_hours,
    without_seconds,
)
from test_audit import agrees

DAY = ("2024-01-12", "2024-01-13")
HOURS = ("2024-01-12T09:00:00Z", "2024-01-12T14:00:00Z")  # the holes are from 10 to 13 h
TICKS = {"bookTicker", "aggTrades"}


def scripted(program, raw, folder, seed, inputs, n=400, settings=()):
    """A run of a seeded script around the holes, with the quantities of this thin market."""
    whole = Market(raw, "BTCUSDT", inputs | {"klines_1m"}, iso_ms(DAY[0]), iso_ms(DAY[1]))
    lines = audit_scripts.script(
        whole, seed, n, ONE // 10, ONE // 1000, 2 * ONE, *map(iso_ms, HOURS)
    )
    script, out = folder / "script.csv", folder / "run"
    script.write_text("\n".join(lines) + "\n")
    kinds = ", ".join(f'"{kind}"' for kind in sorted({"klines", "fundingRate", *inputs}))
    command = [
        program,
        "--quiet",
        "backtest",
        "--raw",
        raw,
        "--preset",
        "short",
        "--orders",
        script,
        "--from",
        DAY[0],
        "--to",
        DAY[1],
        "--out",
        out,
        "--set",
        f"run.inputs=[{kinds}]",
        "--set",
        "run.equity_usdt=1000000",
    ]
    for setting in settings:
        command += ["--set", setting]
    subprocess.run(command, check=True)
    return out


@pytest.mark.parametrize("queue", ["risk_averse", "proportional", "optimistic"])
def test_orders_cross_hours_without_quotes(program, one_day, tmp_path, queue):
    raw = without_hours(copy(one_day, tmp_path / "raw"), "bookTicker", 10, 13)
    out = scripted(program, raw, tmp_path, 21, TICKS, settings=[f"exchange.queue={queue}"])
    agrees(out, raw, "N4 waits", "N4 served", "fill X6", "fill X9", "fill X13", "fill X16")


def test_orders_meet_quotes_seconds_older_than_the_trades(program, one_day, tmp_path):
    raw = without_seconds(copy(one_day, tmp_path / "raw"), "bookTicker", 6, 1, 5)
    out = scripted(program, raw, tmp_path, 26, TICKS, n=1200)
    agrees(
        out,
        raw,
        "N4 worse than the quote",
        "N4 waits",
        "N4 served",
        "fill X6",
        "fill X9",
        "fill X16",
    )


def test_orders_cross_hours_without_quotes_and_trades(program, one_day, tmp_path):
    raw = copy(one_day, tmp_path / "raw")
    for kind in TICKS:
        without_hours(raw, kind, 10, 13)
    out = scripted(program, raw, tmp_path, 22, TICKS)
    agrees(out, raw, "N4 waits", "N4 served", "fill X6", "fill X22", "X19 cancel")


@pytest.mark.parametrize("age", ["1s", "10s", "5m"])
def test_orders_cross_hours_without_trades(program, one_day, tmp_path, age):
    """Trades alone: before and behind the hole they are the touch, inside it the bars' opens are."""
    raw = copy(one_day, tmp_path / "raw")
    for path in files_of(raw, "bookTicker"):
        path.unlink()
    without_hours(raw, "aggTrades", 10, 13)
    out = scripted(
        program, raw, tmp_path, 23, {"aggTrades"}, settings=[f"exchange.max_touch_age={age}"]
    )
    agrees(
        out,
        raw,
        "N4 waits",
        "N4 served",
        "fill X6",
        "fill X13",
        "fill X22",
        "X21 size by the minute",
    )


def test_a_hole_in_trades_leaves_the_quotes(program, one_day, tmp_path):
    raw = without_hours(copy(one_day, tmp_path / "raw"), "aggTrades", 10, 13)
    agrees(
        scripted(program, raw, tmp_path, 24, TICKS),
        raw,
        "N4 waits",
        "N4 served",
        "fill X6",
        "fill X16",
    )


@pytest.mark.parametrize(
    "entry, required",
    [
        ("open", ["N6 first second", "fill X22", "X22 maker limit", "X22 taker limit"]),
        ("arrival", ["fill X22", "X22 maker limit"]),
    ],
)
def test_orders_on_bars_alone(program, one_day, tmp_path, entry, required):
    """Half of the script is moved into the first two seconds of its minute, both sides of 1,000 ms."""
    raw = one_day
    whole = Market(raw, "BTCUSDT", {"klines_1m"}, iso_ms(DAY[0]), iso_ms(DAY[1]))
    header, *lines = audit_scripts.script(
        whole, 25, 300, ONE // 10, ONE // 1000, 2 * ONE, *map(iso_ms, HOURS)
    )
    moved, minute = [], 60 * 10**9
    for line in lines:
        number, ts, rest = line.split(",", 2)
        ts = int(ts)
        if int(number) % 2:  # less 20 ms of latency and the millisecond of X2
            ts = ts // minute * minute + (0, 1, 978, 979, 980, 1500)[int(number) // 2 % 6] * 10**6
        moved.append((ts, f"{number},{ts},{rest}"))
    script, out = tmp_path / "script.csv", tmp_path / "run"
    script.write_text(
        "\n".join([header, *(line for _, line in sorted(moved, key=lambda m: m[0]))]) + "\n"
    )
    subprocess.run(
        [
            program,
            "--quiet",
            "backtest",
            "--raw",
            raw,
            "--preset",
            "short",
            "--orders",
            script,
            "--from",
            DAY[0],
            "--to",
            DAY[1],
            "--out",
            out,
            "--set",
            'run.inputs=["klines", "fundingRate"]',
            "--set",
            "run.equity_usdt=1000000",
            "--set",
            f"exchange.bar_entry={entry}",
        ],
        check=True,
    )
    agrees(out, raw, *required)
