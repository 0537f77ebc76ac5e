"""Three lines of an idea on real minutes, and what they are worth.

python examples/own_signal.py RAW [FOLDER]     RAW: Binance's files, with klines of NEARUSDT

The idea: what has moved far in an hour goes back. docs/own_signals.md
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import toxvol


def idea(minutes: pd.DataFrame) -> pd.DataFrame:
    """The three lines: a move of an hour, in its usual size; against it when it is large."""
    move = np.log(minutes["close"]).diff(60) / (minutes["sigma"] * np.sqrt(60))
    direction = -np.sign(move).where(move.abs() > 2.5, 0.0).fillna(0.0).astype("int8")
    return pd.DataFrame({"ts_init": minutes["ts"], "direction": direction})


def verdict(run: toxvol.Run) -> str:
    """What the numbers allow to say, and not more; the bars are those of docs/statistics.md."""
    net, px, trials = run.inference["net"], run.inference["px"], run.trials
    closed = run.inference["positions"]["n"]

    def bp(series: dict) -> str:
        if series["mean_lo"] is None:
            return "no interval"
        mean, low, high = series["mean_bp_day"], series["mean_lo"], series["mean_hi"]
        return f"{mean:.1f} bp a day, 95 % between {low:.1f} and {high:.1f}"

    lines = [
        f"{closed} positions in {net['n']} hours; this is {trials['words'] or 'not counted'}",
        f"before fees and funding: {bp(px)}",
        f"after them:              {bp(net)}",
    ]
    if trials["dsr_null"] is not None:
        lines.append(
            f"probability that it is more than the luck of so many tries: {trials['dsr_null']:.3f}"
        )
    if net["n"] < 30 or closed < 10 or net["sharpe_lo"] is None:
        lines.append("verdict: too little data")
    elif trials["dsr_null"] is None:
        lines.append("verdict: none, for nobody counted how often one looked")
    elif trials["dsr_null"] >= 0.95 and net["sharpe_lo"] > 0:
        lines.append("verdict: an edge after costs, in this window")
    elif net["sharpe_lo"] > 0:
        lines.append("verdict: positive, but not beyond the luck of so many tries")
    elif px["sharpe_lo"] > 0 and net["sharpe_hi"] < 0:
        lines.append("verdict: perhaps an edge before costs; they eat it")
    elif px["sharpe_lo"] > 0:
        lines.append("verdict: perhaps an edge before costs; after them it cannot be told")
    elif net["sharpe_hi"] < 0:
        lines.append("verdict: a loss after costs, and no edge found before them")
    else:
        lines.append("verdict: no edge found, before costs or after them")
    return "\n".join(lines)


def main() -> None:
    raw, folder = sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "example")
    catalog = folder / "catalog"
    window = {"symbol": "NEARUSDT", "from_": "2023-09-01", "to": "2023-11-01"}
    toxvol.ingest(raw, catalog=catalog, symbol="NEARUSDT")
    minutes = toxvol.factors(
        catalog=catalog, preset="B", **window, out=folder / "minutes.parquet", force=True
    ).to_pandas()
    run = toxvol.backtest(
        catalog=catalog,
        preset="B",
        set={"run.cadence": "1m"},
        **window,
        signal=idea(minutes),
        out=folder / "run",
        force=True,
    )
    print(verdict(run))
    print("report:", run.report())


if __name__ == "__main__":
    main()
