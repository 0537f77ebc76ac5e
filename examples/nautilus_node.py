"""The strategy in NautilusTrader's BacktestNode, and the native engine beside it.

    python examples/nautilus_node.py CATALOG [KEY=VALUE…]   (pip install 'toxvol[nautilus]')

For instance, a catalog of the recorded day without quotes, traded by the preset for short windows:

    toxvol ingest RAW --catalog CATALOG
    python examples/nautilus_node.py CATALOG preset=short from_=2020-02-22 to=2020-02-23
"""

import sys
import time

import toxvol.nautilus as tn

import toxvol


def main() -> None:
    catalog = sys.argv[1]
    window = dict(argument.split("=", 1) for argument in sys.argv[2:])

    start = time.perf_counter()
    theirs = tn.run_node(
        catalog=catalog, out="runs/nautilus-node", force=True, progress=True, **window
    )
    middle = time.perf_counter()
    ours = toxvol.backtest(
        catalog=catalog,
        set={"exchange.profile": theirs.info["profile"]},  # that of the installed release
        out="runs/native",
        force=True,
        **window,
    )
    end = time.perf_counter()

    print(theirs)
    print(ours)
    print("decisions, orders, fills, money equal:", theirs.fingerprint == ours.fingerprint)
    print(f"NautilusTrader {middle - start:.2f} s, native {end - middle:.2f} s")
    for difference in theirs.diff(ours):
        print("  differs:", difference)
    print("report:", theirs.report())


if __name__ == "__main__":
    main()
