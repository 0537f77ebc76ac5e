"""Rows for `hft_bench.py`: reads bookTicker and aggTrades, and writes what all sides load.

    quotes.i64    a quote is (ms, bid in ticks, bid size in lots, ask in ticks, ask size in lots)
    trades.i64    a trade is (ms, price in ticks, size in lots, side of the aggressor: 1 or -1)
    events.npy    the same as hftbacktest's events; trades before the quotes of their millisecond
    levels.npy    the same, but a level that a better one has overtaken stays as it was last shown

hftbacktest's exchange ignores DEPTH_BBO_EVENT, so a quote becomes events of depth: the new level
first, then the old one with size 0 (the other order is three times slower, for the depth then has
to search for the best price). Runs in the peer's environment.
"""

import argparse
import json
import pathlib

import numpy as np
import polars as pl
from hftbacktest import (
    BUY_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    LOCAL_EVENT,
    SELL_EVENT,
    TRADE_EVENT,
)
from hftbacktest.types import event_dtype
from numba import njit

TICK, LOT = 0.1, 0.001
MS = 1_000_000


def read(path, columns, rows):
    """At most `rows` rows as int64 columns, by time."""
    table = pl.read_csv(path, columns=list(columns), n_rows=rows)
    result = np.empty((len(table), len(columns)), np.int64)
    for at, (name, unit) in enumerate(columns.items()):
        column = table[name].to_numpy()
        if unit is None:
            result[:, at] = column
        else:
            result[:, at] = np.rint(column / unit)
            if np.abs(result[:, at] * unit - column).max() > unit / 1e3:
                raise SystemExit(f"{path}: {name}: not whole in units of {unit}")
    return result[np.argsort(result[:, 0], kind="stable")]


def market(folder, rows):
    """Quotes and trades of the day that has most quotes, over the time that has both."""
    days = sorted(folder.rglob("*-bookTicker-*.csv"), key=lambda path: path.stat().st_size)
    other = days[-1].name.replace("bookTicker", "aggTrades")
    quotes = read(
        days[-1],
        {
            "transaction_time": None,
            "best_bid_price": TICK,
            "best_bid_qty": LOT,
            "best_ask_price": TICK,
            "best_ask_qty": LOT,
        },
        rows,
    )
    trades = read(
        next(folder.rglob(other)),
        {"transact_time": None, "price": TICK, "quantity": LOT, "is_buyer_maker": None},
        rows,
    )
    trades[:, 3] = 1 - 2 * trades[:, 3]
    begin = max(quotes[0, 0], trades[0, 0])
    end = min(quotes[-1, 0], trades[-1, 0])
    cut = [table[(table[:, 0] >= begin) & (table[:, 0] <= end)] for table in (quotes, trades)]
    return (*cut, days[-1].name)


def tile(table, times, span):
    """`times` copies, one after another."""
    tiled = np.tile(table, (times, 1))
    tiled[:, 0] += np.repeat(np.arange(times) * span, len(table))
    return tiled


@njit
def put(out, n, kind, ms, delay, tick, lots):
    event = out[n]
    event.ev = kind
    event.exch_ts = ms * MS
    event.local_ts = ms * MS + delay
    event.px = tick * TICK
    event.qty = lots * LOT
    return n + 1


@njit
def level(out, n, kind, row, side, delay, held, count, keep):
    """The events of one side (1 bid, -1 ask); `held[:count]` are its prices, the best last."""
    at = 1 if side == 1 else 3
    price, lots = row[at], row[at + 1]
    if count == 0 or price != held[count - 1]:
        n = put(out, n, kind, row[0], delay, price, lots)
        while count > 0 and (not keep or (held[count - 1] - price) * side > 0):
            count -= 1
            if held[count] != price:
                n = put(out, n, kind, row[0], delay, held[count], 0)
        if count == 0 or held[count - 1] != price:
            held[count] = price
            count += 1
    else:
        n = put(out, n, kind, row[0], delay, price, lots)
    return n, count


@njit
def convert(quotes, trades, delay, keep, bids, asks, buys, sells):
    """`keep`: as in levels.npy."""
    out = np.zeros(len(quotes) * 4 + len(trades), event_dtype)
    n = j = 0
    bid_prices, ask_prices = np.zeros(1 << 20, np.int64), np.zeros(1 << 20, np.int64)
    bid_count = ask_count = 0
    last = np.zeros(5, np.int64)
    for row in quotes:
        while j < len(trades) and trades[j, 0] <= row[0]:
            kind = buys if trades[j, 3] > 0 else sells
            n = put(out, n, kind, trades[j, 0], delay, trades[j, 1], trades[j, 2])
            j += 1
        # Rising, the ask goes first, so that the book never crosses.
        for turn in range(2):
            if (turn == 0) == (row[1] > last[1]):
                if row[3] != last[3] or row[4] != last[4]:
                    n, ask_count = level(out, n, asks, row, -1, delay, ask_prices, ask_count, keep)
            elif row[1] != last[1] or row[2] != last[2]:
                n, bid_count = level(out, n, bids, row, 1, delay, bid_prices, bid_count, keep)
        last = row
    while j < len(trades):
        kind = buys if trades[j, 3] > 0 else sells
        n = put(out, n, kind, trades[j, 0], delay, trades[j, 1], trades[j, 2])
        j += 1
    return out[:n]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("raw", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--rows", type=int, help="read at most so many of each kind")
    parser.add_argument("--tiles", type=int, default=1)
    parser.add_argument("--data-latency", type=int, default=1, help="ms")
    args = parser.parse_args()

    quotes, trades, name = market(args.raw, args.rows)
    span = int(max(quotes[-1, 0], trades[-1, 0]) - min(quotes[0, 0], trades[0, 0])) + 10
    quotes, trades = tile(quotes, args.tiles, span), tile(trades, args.tiles, span)
    both = np.uint64(EXCH_EVENT | LOCAL_EVENT)
    kinds = [
        both | np.uint64(kind | side)
        for kind in (DEPTH_EVENT, TRADE_EVENT)
        for side in (BUY_EVENT, SELL_EVENT)
    ]
    args.out.mkdir(exist_ok=True)
    quotes.tofile(args.out / "quotes.i64")
    trades.tofile(args.out / "trades.i64")
    delay = args.data_latency * MS
    np.save(args.out / "levels.npy", convert(quotes, trades, delay, True, *kinds))
    events = convert(quotes, trades, delay, False, *kinds)
    np.save(args.out / "events.npy", events)
    # The first decision once everybody has seen a quote; the last one before the last row is seen.
    first = (int(quotes[0, 0]) + args.data_latency) // 1000 * 1000 + 1000
    last = int(max(quotes[-1, 0], trades[-1, 0])) + args.data_latency
    print(
        json.dumps(
            {
                "name": name,
                "quotes": len(quotes),
                "trades": len(trades),
                "events": len(events),
                "first": first,
                "decisions": (last - first) // 1000,
                "low": int(min(quotes[:, 1].min(), trades[:, 1].min())),
                "high": int(max(quotes[:, 3].max(), trades[:, 1].max())),
            }
        )
    )


if __name__ == "__main__":
    main()
