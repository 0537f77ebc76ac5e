"""A synthetic market, its catalog, one run and its tables: everything from Python.

python examples/python_backtest.py [FOLDER]
"""

import sys
from pathlib import Path

import toxvol


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "example")
    toxvol.synth(
        out=folder / "raw", from_="2024-01-01", days=2, intensity=0.01, force=True, progress=True
    )
    report = toxvol.ingest(folder / "raw", catalog=folder / "catalog", progress=True)
    for kind in report["kinds"]:
        print(f"{kind['kind']:12} {kind['rows_read']:>9} rows = {kind['kept']:>9} kept")

    run = toxvol.backtest(
        catalog=folder / "catalog",
        preset="short",
        set={"exit.k_stop": 2.5},
        out=folder / "run",
        force=True,
        progress=True,
    )
    print(run)
    fills = run.fills.to_pandas()
    print(fills.groupby("liquidity")["fee"].sum())
    print("violations:", run.verify())
    print("report:", run.report())


if __name__ == "__main__":
    main()
