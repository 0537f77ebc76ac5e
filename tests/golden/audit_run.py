#!/usr/bin/env python3
"""An independent audit of a run folder: the raw files and the orders, by the rules of the exchange.

    audit_run.py RUN RAW [--show N]

Prints the first differences with the rule concerned; exit code 1 if there is any.
"""

import argparse
import sys

from audit_exchange import Exchange
from audit_raw import Market, Run

# Columns that are compared, and where a difference in them comes from.
RULES = {
    "orders": {
        "order_id": "X2",
        "ts_arrive": "X2",
        "ts_accepted": "X4",
        "ts_done": "X4, X9, X19",
        "status": "X4, X9, X19",
        "reject_reason": "X4",
        "filled_qty": "fills",
        "avg_price": "Averages",
        "queue_ahead": "X10",
        "bid": "X3",
        "ask": "X3",
    },
    "commands": {"seq": "X2", "kind": "X2", "order_id": "X2", "outcome": "X19", "ts_arrive": "X2"},
    "fills": {
        "fill_id": "X2",
        "ts": "X2",
        "order_id": "X11",
        "rule": "the rule",
        "cause": "the rule",
        "side": "the rule",
        "price": "the rule",
        "qty": "the rule",
        "liquidity": "the rule",
        "fee": "Fee",
        "position_id": "Flip",
        "position_after": "Close/Open",
        "balance_after": "I1",
        "equity_after": "Mark",
        "slippage": "Averages",
        "mid_decision": "Averages",
        "mid_fill": "Mark",
        "ts_init": "X3",
    },
    "positions": dict.fromkeys(
        (
            "position_id",
            "side",
            "ts_open",
            "ts_close",
            "qty_max",
            "avg_entry",
            "avg_exit",
            "n_fills",
            "realised",
            "fees",
            "funding",
            "slippage",
            "net",
        ),
        "Close/Open",
    ),
    "equity": dict.fromkeys(
        (
            "seq",
            "ts",
            "cause",
            "mark",
            "position",
            "realised",
            "fees",
            "funding",
            "unrealised",
            "insurance",
            "equity",
            "margin",
            "drawdown",
        ),
        "I1, Mark",
    ),
}


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-12 * max(1.0, abs(a))
    return a == b


def compare(name, mine, theirs):
    """The differences of one table, in order; rows after a missing one are not compared."""
    found = []
    for i, (a, b) in enumerate(zip(mine, theirs)):
        wrong = [c for c in RULES[name] if not same(a[c], b[c])]
        if wrong:
            rule = RULES[name][wrong[0]]
            if name == "fills":
                rule = f"{a['rule']} / {b['rule']}"
            parts = ", ".join(f"{c}: audit {a[c]} run {b[c]}" for c in wrong)
            who = b.get("order_id") or b.get("position_id") or b.get("cause")
            found.append(
                f"{name} row {i + 1} ({who}, ts {b.get('ts') or b.get('ts_arrive') or b.get('ts_open')}) [{rule}] {parts}"
            )
    if len(mine) != len(theirs):
        longer, label = (mine, "audit") if len(mine) > len(theirs) else (theirs, "run")
        row = longer[min(len(mine), len(theirs))]
        shown = {c: row[c] for c in RULES[name]}
        found.append(
            f"{name}: audit {len(mine)} rows, run {len(theirs)}; first only in {label}: {shown}"
        )
    return found


def audit(folder, raw):
    """(differences, counts of what was exercised, the replayed exchange)."""
    run = Run(folder)
    market = Market(raw, run.symbol, run.inputs, run.begin, run.end)
    exchange = Exchange(run, market)
    exchange.replay()
    rows = {o.id: o.row() for o in [*exchange.orders.values(), *exchange.liquidations]}
    mine = {
        "commands": exchange.commands,
        "orders": [rows.pop(r["order_id"]) for r in run.orders if r["order_id"] in rows]
        + list(rows.values()),
        "fills": exchange.fills,
        "positions": [p.row() for p in exchange.ledger.positions],
        "equity": exchange.ledger.equity_rows,
    }
    found = []
    for name, table in mine.items():
        found += compare(name, table, getattr(run, name))
    return found, exchange.counted, exchange


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("raw")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    found, counted, exchange = audit(options.run, options.raw)
    print(", ".join(f"{k}: {v}" for k, v in sorted(counted.items())))
    print(f"{len(exchange.orders)} orders, {len(exchange.fills)} fills, {len(found)} differences")
    for line in found[: options.show]:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
