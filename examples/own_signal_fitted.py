"""A signal that scikit-learn fits, judged only on days that the fit has not seen.

python examples/own_signal_fitted.py [FOLDER]     needs scikit-learn

`fit` learns from the rows of a training window and gives a function of one row. toxvol calls it
for each fold of a walk-forward and trades what it said of the days that follow.
docs/own_signals.md
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from own_signal import verdict
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import toxvol

FEATURES = ["f1", "z_svi", "z_vpin", "sigma", "fund_z"]
AHEAD = 30  # minutes that an outcome reaches ahead
SURE = 0.53  # what a probability must reach before it is a wish

DESIGN = """
[walkforward]
train = "10d"
test = "5d"
min_positions = 0
"""


def fit(rows: toxvol.Table) -> Callable[[dict[str, Any]], int]:
    """Everything that is learned is learned here, from these rows alone."""
    train = rows.to_pandas()
    later = train["close"].shift(-AHEAD)  # of the last minutes it lies outside, and is not known
    train["rises"] = (later > train["close"]).where(later.notna())
    train = train.dropna(subset=[*FEATURES, "rises"])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1))
    model.fit(train[FEATURES].to_numpy(), train["rises"].astype(bool))
    print(f"{len(train)} rows to learn from, until {train['ts'].iloc[-1]:%Y-%m-%d %H:%M}")

    def idea(row: dict[str, Any]) -> int:
        known = [row[name] for name in FEATURES]
        if None in known:
            return 0
        up = model.predict_proba([known])[0, 1]
        return 1 if up > SURE else -1 if up < 1 - SURE else 0

    return idea


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "example")
    # A market of minutes in which nothing is to be found: the verdict should say so.
    toxvol.synth(
        out=folder / "raw",
        from_="2024-02-01",
        days=1,
        klines_only_days=40,
        intensity=0.002,
        seed=3,
        force=True,
    )
    catalog = folder / "catalog"
    toxvol.ingest(folder / "raw", catalog=catalog)
    design = folder / "design.toml"
    design.write_text(DESIGN)
    toxvol.walkforward(
        design=design,
        catalog=catalog,
        preset="A",
        set={"run.inputs": ["klines", "fundingRate"], "run.cadence": "5m"},
        from_="2024-01-07",
        to="2024-02-01",
        signal=fit,
        out=folder / "walk",
        force=True,
    )
    folds = toxvol.read_table(folder / "walk" / "folds.parquet").to_pandas()
    print(pd.DataFrame({"in sample": folds["is_net"], "out of sample": folds["oos_net"]}))
    study = json.loads((folder / "walk" / "study.json").read_text())
    print(*study["lines"], sep="\n")
    run = toxvol.Run(folder / "walk" / "oos")
    print(verdict(run))
    print("report:", run.report())


if __name__ == "__main__":
    main()
