"""Runs `toxvol factors` and `toxvol backtest`, and compares them with reference_signal.py.

    python compare_signal.py --toxvol build/release/toxvol --raw RAW --preset A --from 2024-01-12 --to 2024-01-19
        [--catalog CATALOG] [--set key=value]…

Numbers agree within 1e-9 relative or 1e-12 absolute (less where a column's values are small), nulls
and words exactly, decisions wherever no value is within 1e-9 of its threshold.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import reference_signal as ref

ROOT = pathlib.Path(__file__).resolve().parents[2]
AFTER_SIGNAL = {
    "gap",
    "stale_quote",
    "daily_loss",
    "in_position",
    "regime_exit",
    "spread",
    "cap",
    "min_notional",
    "enter_long",
    "enter_short",
}
# short windows, so that four days of ticks reach every rule
QUICK = [
    "run.warmup=10d",
    "volatility.z_window=1d",
    "volatility.z_min_count=300",
    "pressure.z_window=1d",
    "pressure.z_min_count=300",
    "toxicity.z_window=1d",
    "toxicity.z_min_count=300",
    "toxicity.tau_window=1d",
    "crowding.funding_min_count=5",
]
BY_CHOICE = (
    "toxic",
    "f2",
    "alpha",
    "direction",
    "reason",
)  # follow from a comparison with a threshold


def read(path):
    """Decimals as integers of 1e-8 (null: −1), times as ns, everything else as it is."""
    frame = {}
    table = pq.read_table(path)
    for name in table.column_names:
        column = table[name]
        if str(column.type).startswith("decimal"):
            frame[name] = [-1 if v is None else int(v.scaleb(8)) for v in column.to_pylist()]
        elif str(column.type).startswith("timestamp"):
            frame[name] = column.cast("int64").to_pylist()
        elif str(column.type) == "double":
            frame[name] = column.to_numpy()
        else:
            frame[name] = column.to_pylist()
    return pd.DataFrame(frame)


def near(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return np.abs(a - b) <= 1e-9 * np.maximum(1, np.abs(b))


def excused(ours):
    """Rows where a rounding may decide."""
    p = np.abs(ours["p"].to_numpy(float))
    return (
        (near(ours["t"], ours["tau_t"]) & (ours["t"] != ours["tau_t"]))
        | (near(ours["f1"], ours["q_f1"]) & (ours["f1"] != ours["q_f1"]))
        | (near(p, ours["q_p"]) & (p != ours["q_p"]))
        | (near(p, ours["q_b"]) & (p != ours["q_b"]))
        | (near(p, 0))
    )


class Column:
    """What became of one column."""

    def __init__(self, name, rows, filled, deviation, bad, first):
        self.name, self.rows, self.filled, self.deviation, self.bad, self.first = (
            name,
            rows,
            filled,
            deviation,
            bad,
            first,
        )

    def __str__(self):
        text = f"{self.name:14} rows {self.rows:6} filled {self.filled:6} max deviation {self.deviation:.1e}"
        return text + (f"  MISMATCHES {self.bad}: {self.first}" if self.bad else "")


def show(ns):
    return str(pd.Timestamp(int(ns), tz="UTC"))


def compare_numbers(name, ours, theirs, ts, forgiven):
    a, b = np.asarray(ours, float), np.asarray(theirs, float)
    null_differs = np.isnan(a) != np.isnan(b)
    both = ~np.isnan(a) & ~np.isnan(b)
    scale = min(1.0, float(np.median(np.abs(a[both]))) if both.any() else 1.0)
    gap = np.where(both, np.abs(a - b), 0)
    big = gap > np.maximum(1e-9 * np.abs(a), 1e-12 * scale)
    wrong = (null_differs | big) & ~forgiven
    relative = gap / np.maximum(np.abs(np.where(both, a, 1)), 1e-3 * scale + 1e-300)
    first = ""
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        first = f"{show(ts[i])} ours {a[i]!r} theirs {b[i]!r}"
    return Column(
        name, len(a), int(both.sum()), float(relative.max(initial=0)), int(wrong.sum()), first
    )


def compare_words(name, ours, theirs, ts, forgiven):
    def word(v):
        return None if v is None or v != v else v

    pairs = [(word(a), word(b)) for a, b in zip(ours, theirs)]
    if name == "reason":
        wrong = [
            i
            for i, (a, b) in enumerate(pairs)
            if not (b in AFTER_SIGNAL if a == "signal" else a == b) and not forgiven[i]
        ]
    else:
        wrong = [i for i, (a, b) in enumerate(pairs) if a != b and not forgiven[i]]
    first = (
        f"{show(ts[wrong[0]])} ours {pairs[wrong[0]][0]!r} theirs {pairs[wrong[0]][1]!r}"
        if wrong
        else ""
    )
    return Column(name, len(pairs), sum(a is not None for a, _ in pairs), 0.0, len(wrong), first)


def compare(ours, theirs, names):
    result = []
    if list(ours["ts"]) != list(theirs["ts"]):
        mine, other = set(ours["ts"]), set(theirs["ts"])
        only = [f"only ours {show(t)}" for t in sorted(mine - other)] + [
            f"only theirs {show(t)}" for t in sorted(other - mine)
        ]
        result.append(Column("rows", len(ours), len(theirs), 0.0, len(only), ", ".join(only[:3])))
        ours = ours[ours["ts"].isin(other)].reset_index(drop=True)
        theirs = theirs[theirs["ts"].isin(mine)].reset_index(drop=True)
    ts = ours["ts"].to_numpy()
    forgiven = excused(ours).to_numpy()
    none = np.zeros(len(ts), bool)
    for name in names:
        judge = compare_numbers if ours[name].dtype == float else compare_words
        result.append(
            judge(name, ours[name], theirs[name], ts, forgiven if name in BY_CHOICE else none)
        )
    return result


def compare_facts(ours, folder):
    """What a run says of itself as a whole (N1, N2, N10), against the reference's."""
    run, summary = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("run", "summary")
    )
    said = {
        "from": ref.to_ms(run["from"]),
        "to": ref.to_ms(run["to"]),
        "inputs": sorted(run["config"]["run"]["inputs"]),
        "degraded_minutes": {
            group: {word: n for word, n in summary["degraded_minutes"].get(group, {}).items() if n}
            for group in ("absent", "overdue")
        },
        "funnel": {step: summary["funnel"][step] for step in ours["funnel"]},
    }
    result = [
        Column(name, 1, 1, 0.0, int(ours[name] != value), f"ours {ours[name]} theirs {value}")
        for name, value in said.items()
    ]
    for step, most in ours["funnel_at_most"].items():
        n = summary["funnel"][step]
        result.append(
            Column(f"funnel {step}", 1, 1, 0.0, int(n > most), f"ours at most {most} theirs {n}")
        )
    return result


def program(toxvol, *args):
    done = subprocess.run([str(toxvol), "--quiet", *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"toxvol {' '.join(map(str, args))}: exit {done.returncode}: {done.stderr.strip()}"
        )


def run_both(toxvol, raw, preset, begin, end, catalog=None, changes=(), backtest=True, ticks=None):
    """All columns of one case."""
    path = pathlib.Path(preset)
    path = path if path.suffix == ".toml" else ROOT / "presets" / f"{preset}.toml"
    config = ref.load_config(path, changes)
    ticks = ticks or ref.load_ticks(ROOT / "presets" / "instruments" / "BTCUSDT-PERP.toml")
    ours = ref.reference(raw, config, begin, end, ticks)
    source = ["--catalog", catalog] if catalog else ["--raw", raw]
    common = [*source, "--config", path, "--from", begin, "--to", end]
    for change in changes:
        common += ["--set", change]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        program(toxvol, "factors", *common, "--out", folder / "f.parquet")
        theirs = read(folder / "f.parquet")
        names = list(theirs.columns)  # every column that the program writes
        result = compare(ours, theirs, names)
        if backtest:
            program(toxvol, "backtest", *common, "--out", folder / "run")
            decisions = read(folder / "run" / "decisions.parquet")
            again = compare(ours, decisions, names + ["decides", "alpha", "direction", "reason"])
            result += [c for c in again if c.bad or c.name not in names]
            result += compare_facts(ours.attrs, folder / "run")
    return result, ours


def agree(toxvol, raw, preset, begin, end, changes=()):
    """For tests: nothing differs. Gives back the reference's table."""
    result, ours = run_both(toxvol, raw, preset, begin, end, changes=changes)
    wrong = [str(column) for column in result if column.bad]
    assert not wrong, "\n".join(wrong)
    assert len(ours) > 0
    return ours


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--toxvol", default=ROOT / "build" / "release" / "toxvol")
    parser.add_argument("--raw", required=True)
    parser.add_argument("--catalog")
    parser.add_argument("--preset", required=True)
    parser.add_argument("--from", dest="begin", required=True)
    parser.add_argument("--to", dest="end", required=True)
    parser.add_argument("--set", dest="changes", action="append", default=[])
    parser.add_argument("--no-backtest", action="store_true")
    parser.add_argument("--brief", action="store_true", help="only what disagrees")
    args = parser.parse_args()
    result, ours = run_both(
        args.toxvol,
        args.raw,
        args.preset,
        args.begin,
        args.end,
        args.catalog,
        args.changes,
        not args.no_backtest,
    )
    bad = [c for c in result if c.bad]
    for column in bad if args.brief else result:
        print(column)
    reasons = ours["reason"].value_counts().to_dict()
    print(
        f"{args.preset} {' '.join(args.changes)}: {len(ours)} rows, {len(result) - len(bad)} columns agree, "
        f"{len(bad)} differ; reasons {reasons}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
