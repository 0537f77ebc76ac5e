"""One side of `hft_bench.py`: hftbacktest from Python, with its fastest depth. Prints one line of
JSON; `--detail FILE` gets what became of each order."""

import argparse
import json
import time

import numpy as np
from hftbacktest import (
    FILLED,
    GTC,
    GTX,
    LIMIT,
    MARKET,
    BacktestAsset,
    ROIVectorMarketDepthBacktest,
)
from numba import njit

TICK, LOT = 0.1, 0.001
MS = 1_000_000
SECOND = 1_000 * MS


@njit
def hear(hbt, fills, detail):
    """What has become of the orders; forgets those that are done."""
    orders = hbt.orders(0).values()
    while orders.has_next():
        order = orders.get()
        if order.status == FILLED:
            fills[0 if order.order_id % 3 else 1] += 1
            if len(detail) > 0:
                row = detail[order.order_id]
                row[0] = round(order.exec_qty / LOT)
                row[1] = order.exch_timestamp // MS
                row[2] = order.exec_price_tick
    hbt.clear_inactive_orders(0)


@njit
def play(hbt, first, decisions, qty, detail):
    """Each second, half a millisecond late: cancels both orders, posts a BUY at the bid and a SELL
    at the ask, and sends one MARKET. Gives the fills of makers and takers, and a digest of what it
    saw."""
    fills = np.zeros(2, np.int64)
    digest = np.uint64(0)
    hbt.elapse(0)  # the clock begins with the first row
    for k in range(decisions):
        hbt.elapse(first + k * SECOND - hbt.current_timestamp)
        hear(hbt, fills, detail)
        orders = hbt.orders(0).values()
        while orders.has_next():
            order = orders.get()
            if order.cancellable:
                hbt.cancel(0, order.order_id, False)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        # Of this depth best_bid_qty is the bid's price (2.4.4).
        shown = bid + 3 * ask + 5 * round(depth.bid_qty_at_tick(bid) / LOT)
        shown += 7 * round(depth.ask_qty_at_tick(ask) / LOT)
        digest = digest * np.uint64(1_000_003) + np.uint64(shown)
        number = 3 * k + 1
        hbt.submit_buy_order(0, number, depth.best_bid, qty, GTX, LIMIT, False)
        hbt.submit_sell_order(0, number + 1, depth.best_ask, qty, GTX, LIMIT, False)
        if k % 2 == 0:
            hbt.submit_buy_order(0, number + 2, depth.best_ask, qty, GTC, MARKET, False)
        else:
            hbt.submit_sell_order(0, number + 2, depth.best_bid, qty, GTC, MARKET, False)
    while hbt.elapse(SECOND) == 0:
        pass
    hear(hbt, fills, detail)
    return fills, digest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    for name in ("first", "decisions", "order_latency", "data_latency", "lots", "low", "high"):
        parser.add_argument(name, type=int)
    parser.add_argument("trades", type=int)
    parser.add_argument("--events", default="events.npy")
    parser.add_argument("--detail")
    args = parser.parse_args()
    events = np.load(f"{args.folder}/{args.events}")

    def run(trades, detail):
        asset = (
            BacktestAsset()
            .data(events)
            .linear_asset(1.0)
            .constant_order_latency(args.order_latency * MS, args.data_latency * MS)
            .risk_adverse_queue_model()
            .no_partial_fill_exchange()
            .trading_value_fee_model(0.0002, 0.0005)
            .tick_size(TICK)
            .lot_size(LOT)
            .last_trades_capacity(trades)
            .roi_lb((args.low - 1_000) * TICK)
            .roi_ub((args.high + 1_000) * TICK)
        )
        hbt = ROIVectorMarketDepthBacktest([asset])
        first = args.first * MS + MS // 2
        begin, cpu = time.perf_counter(), time.process_time()
        fills, digest = play(hbt, first, args.decisions, args.lots * LOT, detail)
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        found = {
            "seconds": seconds,
            "cpu": cpu,
            "maker": int(fills[0]),
            "taker": int(fills[1]),
            "digest": int(digest),
            "fee": hbt.state_values(0).fee,
        }
        if trades:
            found["trades"] = len(hbt.last_trades(0))
        hbt.close()
        return found

    # The first run compiles, and counts the trades that were seen.
    orders = 3 * args.decisions + 1 if args.detail else 0
    detail = np.zeros((orders, 3), np.int64)
    checked = run(args.trades, detail)
    if args.detail:
        detail.tofile(args.detail)
    timed = run(0, np.zeros((0, 3), np.int64))
    timed["trades"] = checked["trades"]
    print(json.dumps(timed))


if __name__ == "__main__":
    main()
