"""How much of a result is the fill model: the same orders under both profiles, and in between.

    python examples/fill_model.py --catalog CATALOG --from 2024-01-01 --to 2024-01-08 --preset A

The strategy runs once, under the preset. Its orders and cancels become an order script of absolute
times, which is replayed under each of VARIANTS; the table is Markdown. In place of the strategy:
`--orders passive` (a post-only order at the touch on both sides every `--every` seconds, canceled
after `--life`), `--orders market` (MARKET, buying and selling in turn) or a script of your own.
Where the data has several symbols, `--set run.symbol=BTCUSDT` names one. Needs Python 3.11, pyarrow
and the `toxvol` command; docs/parity.md, "What the fill model is worth", reads the numbers.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only"
SECOND = 1_000_000_000  # ns
MONEY = ("gross", "slippage", "fees", "funding", "net", "open")

# The first is what the others are compared with.
VARIANTS = {
    "realistic": {},
    "queue = proportional": {"exchange.queue": "proportional"},
    "queue = optimistic": {"exchange.queue": "optimistic"},
    "order_latency = 0": {"exchange.order_latency": "0s"},
    "impact = 0": {"exchange.impact_ticks_per_level": "0"},
    "nautilus_1_221": {"exchange.profile": "nautilus_1_221"},
    "nautilus, order_latency = 0": {
        "exchange.profile": "nautilus_1_221",
        "exchange.order_latency": "0s",
    },
    "nautilus, trade_execution": {
        "exchange.profile": "nautilus_1_221",
        "exchange.trade_execution": "true",
    },
}


class Market:
    """Runs `toxvol backtest` over one window of one market; `fixed` are its options."""

    def __init__(self, toxvol: str | Path, fixed: list[str]):
        self.toxvol, self.fixed = toxvol, fixed

    def run(self, out: Path, settings: dict[str, str], orders: Path | None = None) -> Path:
        """A run folder; raises RuntimeError with the command's own line."""
        settings = {"exchange.profile": "realistic"} | settings
        given = [f"--set={key}={value}" for key, value in settings.items()]
        script = ["--orders", str(orders)] if orders else []
        command = [str(self.toxvol), "--quiet", "backtest", *self.fixed, *given, *script]
        done = subprocess.run(
            [*command, "--out", str(out), "--force"], capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return out


def table(run: Path, name: str) -> list[dict]:
    """Rows of a table of a run folder; money is Decimal, times are integer ns."""
    read = pq.read_table(run / f"{name}.parquet")
    for i, field in enumerate(read.schema):
        if pa.types.is_timestamp(field.type):
            read = read.set_column(i, field.name, read.column(i).cast(pa.int64()))
    return read.to_pylist()


def line_of(number: int, ts: int, order: dict, qty: Decimal) -> str:
    """A submit of an order script."""
    price = "" if order["price"] is None else f"{order['price']:f}"
    flags = f"{order['post_only']:d},{order['reduce_only']:d}"
    kind = f"{order['side']},{order['type']},{order['tif']}"
    return f"{number},{ts},submit,{kind},{price},{qty:f},{flags}"


def script_of(run: Path) -> str:
    """The commands of a run as an order script, in the order in which they were given.

    A script cannot say that an order replaces another (X19), so it holds what became of it: the
    quantity that was left, and nothing where the order replaced was filled first. A liquidation is
    no command and comes again by itself. Raises ValueError for orders that act when they are given
    (`entry.fill = same_close`, exits inside a bar): a script cannot give those.
    """
    orders = {order["order_id"]: order for order in table(run, "orders")}
    lines = [HEADER]
    for command in table(run, "commands"):
        order = orders[command["order_id"]]
        if order["reject_reason"] == "replaced":
            continue
        if command["ts_arrive"] is not None and command["ts_arrive"] <= command["ts_sent"]:
            raise ValueError(f"{order['order_id']} acted when it was given; no script can do that")
        number = int(order["order_id"].removeprefix("O-"))
        if command["kind"] == "cancel":
            lines.append(f"{number},{command['ts_sent']},cancel,,,,,,,")
            continue
        replaced = orders.get(order["replaces"])
        filled = replaced["filled_qty"] if replaced else Decimal(0)
        lines.append(line_of(number, command["ts_sent"], order, order["qty"] - filled))
    return "\n".join(lines) + "\n"


def passive_script(market: Market, out: Path, times: list[int], life: int, qty: Decimal) -> str:
    """Post-only orders at the touch that is seen at each time, canceled `life` ns later."""
    # What is seen is asked of the program: orders of one tick are in nobody's way.
    probe = {"side": "buy", "type": "limit", "tif": "gtc", "price": Decimal(1)}
    probe |= {"post_only": 1, "reduce_only": 0}
    asked = [line_of(i + 1, ts, probe, qty) for i, ts in enumerate(times)]
    asked += [f"{i + 1},{times[-1] + 1},cancel,,,,,,," for i in range(len(times))]
    script = out / "probe.csv"
    script.write_text("\n".join([HEADER, *asked]) + "\n")
    rows = []
    for i, seen in enumerate(table(market.run(out / "probe", {}, script), "orders")):
        for number, side, price in ((2 * i + 1, "buy", "bid"), (2 * i + 2, "sell", "ask")):
            if seen[price] is None:
                continue
            order = probe | {"side": side, "price": seen[price]}
            rows.append((seen["ts_submit"], number, line_of(number, seen["ts_submit"], order, qty)))
            end = seen["ts_submit"] + life
            rows.append((end, number, f"{number},{end},cancel,,,,,,,"))
    return "\n".join([HEADER, *(row for _, _, row in sorted(rows))]) + "\n"


def market_script(times: list[int], qty: Decimal) -> str:
    """MARKET orders of `qty`, buying and selling in turn; flat at the end."""
    order = {"type": "market", "tif": "gtc", "price": None, "post_only": 0, "reduce_only": 0}
    sides = ("buy", "sell")
    times = times[: len(times) // 2 * 2]
    lines = [line_of(i + 1, ts, order | {"side": sides[i % 2]}, qty) for i, ts in enumerate(times)]
    return "\n".join([HEADER, *lines]) + "\n"


def bp(part: Decimal, whole: Decimal) -> Decimal | None:
    return None if whole == 0 else 10_000 * part / whole


def mids_seen(run: Path) -> dict[str, Decimal | None]:
    """By order, the sum of bid and ask that the strategy had seen when it gave the order."""
    return {
        order["order_id"]: None if order["bid"] is None else order["bid"] + order["ask"]
        for order in table(run, "orders")
    }


def measure(run: Path, mids: dict[str, Decimal | None]) -> dict:
    """What a run's fills came to: sums are exact, money is USDT.

    `slippage` counts from `mids`, so that it is comparable between runs: a script gives a command
    before it sees the datum of the same instant that made the strategy give it, and the parity
    profile has no data latency. gross = net + slippage + fees − funding. `open` is what the position left at the end has gained
    at the mid, `result` is net + open.
    """
    summary = json.loads((run / "summary.json").read_text())
    fills = table(run, "fills")
    notional = sum((fill["price"] * fill["qty"] for fill in fills), Decimal(0))
    maker = [fill["price"] * fill["qty"] for fill in fills if fill["liquidity"] == "maker"]
    slippage = Decimal(0)
    for fill in fills:
        mid = mids.get(fill["order_id"])
        worse = Decimal(0) if mid is None else (2 * fill["price"] - mid) * fill["qty"] / 2
        slippage += worse if fill["side"] == "buy" else -worse
    net, fees, funding = (Decimal(summary[key]) for key in ("net", "fees", "funding"))
    result = Decimal(summary["end_equity"]) - Decimal(summary["start_equity"])
    return {
        "orders": summary["orders"],
        "fills": len(fills),
        "qty": sum((fill["qty"] for fill in fills), Decimal(0)),
        "notional": notional,
        "maker": None if not fills else sum(maker, Decimal(0)) / notional,
        "fees": fees,
        "slippage": slippage,
        "gross": net + slippage + fees - funding,
        "funding": funding,
        "net": net,
        "open": result - net,
        "result": result,
    }


def report(runs: dict[str, Path], seen: Path) -> str:
    """The table, a row for each variant; slippage from the quotes that the run `seen` saw."""
    head = ["variant", "filled / canceled / rejected", "fills", "qty", "traded", "maker"]
    head += [*MONEY, "bp of traded", "− first, bp of its traded"]
    lines = ["| " + " | ".join(head) + " |", "|---|---" + "|---:" * (len(head) - 2) + "|"]
    first, mids = None, mids_seen(seen)
    for name, run in runs.items():
        m = measure(run, mids)
        first = first or m
        own = bp(m["result"], m["notional"])
        against = bp(m["result"] - first["result"], first["notional"])
        cells = [name, " / ".join(str(m["orders"][k]) for k in ("filled", "canceled", "rejected"))]
        cells += [str(m["fills"]), f"{m['qty'].normalize():f}", f"{m['notional']:.0f}"]
        cells += ["–" if m["maker"] is None else f"{100 * m['maker']:.1f} %"]
        cells += [f"{m[key]:.2f}" for key in MONEY]
        cells += ["–" if x is None else f"{x:+.3f}" for x in (own, against)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def outcomes(run: Path) -> dict[str, dict]:
    """By order: what it filled, what that cost (cash paid, fee included) and the first fill."""
    found = {}
    for order in table(run, "orders"):
        found[order["order_id"]] = order | {"cash": Decimal(0), "at": [], "rules": set()}
    for fill in table(run, "fills"):
        order = found[fill["order_id"]]
        paid = fill["price"] * fill["qty"]
        order["cash"] += fill["fee"] + (paid if fill["side"] == "buy" else -paid)
        order["at"].append(fill["ts"])
        order["rules"].add(fill["rule"] or fill["liquidity"])
    return found


def differences(a: Path, b: Path) -> list[str]:
    """Orders that the two runs filled differently, a line each."""
    lines, other = [], outcomes(b)
    for name, x in outcomes(a).items():
        y = other.get(name)
        if y is None or (x["filled_qty"], x["cash"]) == (y["filled_qty"], y["cash"]):
            continue
        said = [f"{name} {x['side']} {x['type']} {x['qty']:f} @ {x['price'] or 'market'}:"]
        for side in (x, y):
            first = f" from {side['at'][0]}" if side["at"] else ""
            why = ",".join(sorted(side["rules"])) or side["reject_reason"] or side["status"]
            said.append(f"{side['filled_qty']:f} @ {side['avg_price'] or '-'} ({why}){first}")
        lines.append(" | ".join(said))
    return lines


def nanoseconds(text: str) -> int:
    """Of a UTC day or time, as the command takes them; whole seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--catalog", help="a catalog made by `toxvol ingest`")
    source.add_argument("--raw", nargs="+", help="Binance's files themselves")
    parser.add_argument("--from", dest="begin", required=True, help="UTC day or time")
    parser.add_argument("--to", dest="end", required=True, help="exclusive")
    parser.add_argument("--preset", default="short", help="A, B, C or short (the default)")
    parser.add_argument("--set", action="append", default=[], help="key=value, for every run")
    parser.add_argument("--orders", default="strategy", help="strategy, passive, market, or a file")
    parser.add_argument("--qty", type=Decimal, default=Decimal("0.1"), help="base units an order")
    parser.add_argument("--every", type=int, default=5, help="seconds between orders")
    parser.add_argument("--life", type=int, default=5, help="seconds to a passive order's cancel")
    parser.add_argument("--out", type=Path, default=Path("fill_model"), help="folder of the runs")
    parser.add_argument("--show", action="store_true", help="list the orders that differ")
    parser.add_argument("--toxvol", default=os.environ.get("TOXVOL", "toxvol"), help="the command")
    args = parser.parse_args()
    if shutil.which(args.toxvol) is None:
        parser.error(f"--toxvol {args.toxvol}: there is no such command; give its path")

    data = ["--catalog", args.catalog] if args.catalog else ["--raw", *args.raw]
    window = ["--from", args.begin, "--to", args.end, "--preset", args.preset]
    market = Market(args.toxvol, [*data, *window, *(f"--set={pair}" for pair in args.set)])
    args.out.mkdir(parents=True, exist_ok=True)
    script = args.out / "orders.csv"
    life = args.life * SECOND
    begin, end = nanoseconds(args.begin) + SECOND, nanoseconds(args.end) - life - SECOND
    times = list(range(begin, end, args.every * SECOND))
    seen = args.out / "0"
    try:
        if args.orders == "strategy":
            seen = market.run(args.out / "strategy", {})
            script.write_text(script_of(seen))
        elif args.orders == "passive":
            script.write_text(passive_script(market, args.out, times, life, args.qty))
        elif args.orders == "market":
            script.write_text(market_script(times, args.qty))
        else:
            shutil.copyfile(args.orders, script)
        runs = {}
        for i, (name, settings) in enumerate(VARIANTS.items()):
            runs[name] = market.run(args.out / str(i), settings, script)
    except (RuntimeError, ValueError, OSError) as error:
        sys.exit(f"fill_model: {error}")
    print(report(runs, seen))
    if args.show:
        print("\n".join(differences(runs["realistic"], runs["nautilus_1_221"])))


if __name__ == "__main__":
    main()
