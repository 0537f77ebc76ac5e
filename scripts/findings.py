#!/usr/bin/env python3
"""Makes the figures of docs/findings.md and docs/findings_generated.md again: runs what is missing,
then prints their tables.

    findings.py [--only TEXT]     all, or the steps with TEXT in their name (build/findings/)
    findings.py show              the tables alone

Needs build/release/toxvol, the recorded data (TOXVOL_DATA) and .venv for reading Parquet.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOXVOL = os.environ.get("TOXVOL", str(ROOT / "build" / "release" / "toxvol"))
DATA = pathlib.Path(os.environ.get("TOXVOL_DATA", ROOT.parent / "shared" / "data" / "raw"))
OUT = ROOT / "build" / "findings"
MARKETS = {
    "none": [],
    "momentum": ["--plant", "momentum", "--edge-bp", "60"],
    "crowding": ["--plant", "crowding", "--edge-bp", "60"],
}
MONTH = ["--from", "2024-01-10", "--to", "2024-02-10"]
NEAR = ["--symbol", "NEARUSDT", "--from", "2023-09-01", "--to", "2023-11-01"]
WINDOWS = {  # of BTCUSDT, all that is recorded of it
    "2020-02-22": ("2020-02-22", "2020-02-23"),
    "2023-04-05": ("2023-04-04", "2023-04-06"),
    "2024-03-30": ("2024-03-30", "2024-03-31"),
    "2024-08-08": ("2024-08-08", "2024-08-09"),
}
SEEDS = range(2, 10)  # of the market with crowding, beside the first
FEW = ["--resamples", "199"]  # of evaluate, whose tables are long
GRID = """base = "A"
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.6, 0.7, 0.8, 0.9]
[[axis]]
key = "alpha_a.pressure"
values = [0.6, 0.7, 0.8, 0.9]
[walkforward]
train = "{train}"
test = "{test}"
"""


def steps():
    """Name, folder that the step leaves, arguments of toxvol."""
    real = ["--catalog", OUT / "real" / "catalog"]
    yield "real ingest", "real/catalog", ["ingest", DATA, *real]
    for preset in "ABC":
        run = ["backtest", *real, *NEAR, "--preset", preset]
        yield f"real near {preset}", f"real/near-{preset}", run
    yield "real near evaluate", "real/near-A-evaluate", ["evaluate", OUT / "real" / "near-A", *FEW]
    yield "real near ablation", "real/near-ablation", ["ablation", *real, *NEAR, "--preset", "A"]
    walk = ["walkforward", design("near", "30d", "7d"), *real, "--symbol", "NEARUSDT"]
    walk += ["--from", "2023-08-08", "--to", "2023-11-01"]
    yield "real near walk", "real/near-walk", walk
    for name, (begin, end) in WINDOWS.items():
        run = ["backtest", *real, "--symbol", "BTCUSDT", "--preset", "short"]
        yield f"real btc {name}", f"real/{name}", [*run, "--from", begin, "--to", end]
        evaluate = ["evaluate", OUT / "real" / name, *FEW]
        yield f"real btc {name} evaluate", f"real/{name}-evaluate", evaluate
    for name, plant in MARKETS.items():
        made = ["--catalog", OUT / name / "catalog"]
        yield f"{name} synth", f"{name}/raw", synth(1, plant)
        yield f"{name} ingest", f"{name}/catalog", ["ingest", OUT / name / "raw", *made]
        yield f"{name} A", f"{name}/A", ["backtest", *made, *MONTH, "--preset", "A"]
        yield f"{name} evaluate", f"{name}/A-evaluate", ["evaluate", OUT / name / "A", *FEW]
        ablation = ["ablation", *made, *MONTH, "--preset", "A"]
        yield f"{name} ablation", f"{name}/ablation", ablation
        walk = ["walkforward", design(name, "12d", "4d"), *made, *MONTH]
        yield f"{name} walk", f"{name}/walk", walk
        band = ["band", *made, *MONTH, "--preset", "A", "--set", "entry.order=post_only"]
        yield f"{name} band", f"{name}/band", band
    for seed in SEEDS:
        name = f"crowding{seed}"
        made = ["--catalog", OUT / name / "catalog"]
        yield f"{name} synth", f"{name}/raw", synth(seed, MARKETS["crowding"])
        yield f"{name} ingest", f"{name}/catalog", ["ingest", OUT / name / "raw", *made]
        yield f"{name} A", f"{name}/A", ["backtest", *made, *MONTH, "--preset", "A"]


def synth(seed, plant):
    month = ["--symbol", "BTCUSDT", "--from", "2024-01-10", "--days", "31"]
    return ["synth", *month, "--seed", seed, "--intensity", "0.01", *plant]


def design(name, train, test):
    path = OUT / f"{name}-grid.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GRID.format(train=train, test=test))
    return path


def is_made(folder):
    is_study = folder.name.endswith(("ablation", "walk", "band", "evaluate"))
    return (folder / "study.json").exists() if is_study else folder.exists()


def make(only):
    for name, place, args in steps():
        folder = OUT / place
        if only not in name or is_made(folder):
            continue
        folder.parent.mkdir(parents=True, exist_ok=True)
        told = [] if args[0] == "ingest" else ["--out", folder]
        command = [TOXVOL, *map(str, [*args, *told])]
        print(f"\n$ {' '.join(['toxvol', *command[1:]])}", flush=True)
        done = subprocess.run(command)
        # A study whose points could not all be run is there, and ends with 1.
        if done.returncode != 0 and not (folder / "study.json").exists():
            sys.exit(f"findings: {name}: exit code {done.returncode}")
        if name.endswith(" ingest") and args[1] != DATA:
            shutil.rmtree(args[1])
            args[1].mkdir()  # made, and no longer needed


def document(path):
    return json.loads((OUT / path).read_text())


def table(path):
    return pq.read_table(OUT / path).to_pylist()


def figure(value, lo, hi, digits=0):
    if value is None:
        return "–"
    text = f"{value:+.{digits}f}"
    return text if lo is None else f"{text} ({lo:+.{digits}f} to {hi:+.{digits}f})"


def worth(path):
    """Of closed positions: what the decisions earned at their mids, in bp of the notional, with 1.96
    standard errors, as if positions did not depend on each other."""
    closed = [p for p in table(f"{path}/positions.parquet") if p["ts_close"] is not None]
    if len(closed) < 10:
        return "–"
    bp = [
        1e4 * float(p["realised"] + (p["slippage"] or 0)) / float(p["qty_max"] * p["avg_entry"])
        for p in closed
    ]
    mean, error = statistics.fmean(bp), statistics.stdev(bp) / len(bp) ** 0.5
    return figure(mean, mean - 1.96 * error, mean + 1.96 * error, 1)


def run_row(path):
    told, found = document(f"{path}/summary.json"), document(f"{path}/inference.json")
    px, net, fee = found["px"], found["net"], found["break_even"]
    before = figure(px["mean_bp_day"], px["mean_lo"], px["mean_hi"])
    after = figure(net["mean_bp_day"], net["mean_lo"], net["mean_hi"])
    even = figure(fee["fee_bp"], fee["lo"], fee["hi"], 1)
    return f"| {path} | {px['n']} | {told['positions']} | {worth(path)} | {before} | {after} | {even} |"


def ablation_rows(path, column, most=12):
    """The variants that differ most surely: `d_` of net, `pxd_` of the result as filled."""
    rows = [r for r in table(f"{path}/ablation.parquet") if r["base"] != r["variant"]]
    ran = [r for r in rows if r["status"] == "ok" and r["group"] != "world"]
    judged = [r for r in ran if r[f"{column}_p_rw"] is not None]
    judged.sort(key=lambda r: (r[f"{column}_p_rw"], -abs(r[f"{column}_t"] or 0)))
    sure = sum(r[f"{column}_p_rw"] <= 0.05 for r in judged)
    yield f"{path}, {column}: {len(ran)} ran, {len(judged)} judged, {sure} with adjusted p <= .05"
    for r in judged[:most]:
        d = figure(r[f"{column}_mean_bp_day"], r[f"{column}_lo"], r[f"{column}_hi"], 1)
        yield (
            f"| {r['variant']} | {r['positions']} | {d} | {r[f'{column}_p']:.4f} "
            f"| {r[f'{column}_p_rw']:.4f} |"
        )


def alpha_rows(path):
    """Which of the two ideas earned it."""
    closed = [p for p in table(f"{path}/positions.parquet") if p["ts_close"] is not None]
    for alpha in sorted({p["alpha"] for p in closed if p["alpha"]}):
        own = [p["net"] for p in closed if p["alpha"] == alpha]
        yield f"{path}, alpha {alpha}: {len(own)} closed positions, net {sum(own):+.0f} USDT"


def gain_rows(path):
    """The variants whose own interval of net lies above zero, and how far fees explain net."""
    rows = [r for r in table(f"{path}/ablation.parquet") if r["status"] == "ok"]
    chosen = [r for r in rows if r["group"] != "world" and r["mean_bp_day"] is not None]
    for r in chosen:
        if r["mean_lo"] is None or r["mean_lo"] <= 0:
            continue
        net = figure(r["mean_bp_day"], r["mean_lo"], r["mean_hi"], 1)
        px = figure(r["px_mean_bp_day"], r["px_mean_lo"], r["px_mean_hi"], 1)
        yield (
            f"  above zero: {r['variant']}, {r['positions']} positions, net {net}, px {px}, "
            f"dsr_null {r['dsr_null']:.3f}, dsr {r['dsr']:.3f}"
        )
    fees, net = [float(r["fees"]) for r in chosen], [r["mean_bp_day"] for r in chosen]
    if len(set(fees)) > 1 and len(set(net)) > 1:
        share = statistics.correlation(fees, net) ** 2
        yield f"  fees explain {share:.0%} of the variance of net over {len(chosen)} configurations"


def walk_rows(path):
    """Each fold, and what was chosen out of sample with its intervals."""
    for r in table(f"{path}/folds.parquet"):
        yield (
            f"  fold {r['fold']}: compression {r['alpha_a.compression']}, pressure "
            f"{r['alpha_a.pressure']}, {figure(r['is_mean_bp_day'], None, None)} in sample, "
            f"{figure(r['oos_mean_bp_day'], None, None)} out of it"
        )
    yield "  " + run_row(f"{path}/oos")


def band_rows(path):
    """The run under each assumption."""
    for r in table(f"{path}/band.parquet"):
        net = figure(r["mean_bp_day"], r["mean_lo"], r["mean_hi"])
        yield (
            f"  {r['queue']} {r['order_latency']} {r['tier']}: {r['net']:+.0f} USDT, {net} bp a day, "
            f"{r['positions']} positions"
        )


def show():
    print(
        "\n| run | hours | positions | at mids, bp | px | net | break-even fee |\n"
        + "|---" * 7
        + "|"
    )
    runs = [f"real/near-{p}" for p in "ABC"] + [f"real/{name}" for name in WINDOWS]
    for path in [*runs, *(f"{name}/A" for name in [*MARKETS, *(f"crowding{n}" for n in SEEDS)])]:
        if (OUT / path).exists():
            print(run_row(path))
    for path in [f"{name}/A" for name in MARKETS]:
        if (OUT / path).exists():
            print("\n".join(alpha_rows(path)))
    studies = sorted(p.parent for p in OUT.glob("*/*/study.json"))
    for folder in studies:
        path = folder.relative_to(OUT)
        study = document(path / "study.json")
        verdicts = study.get("verdicts") or {"verdict": study.get("verdict")}
        print(f"\n{path}: M {study.get('M')}, different {study.get('n_hat')}")
        for name, words in [*verdicts.items(), *enumerate(study.get("lines", []))]:
            print(f"  {name}: {words}")
        if path.name.endswith("ablation"):
            for column in ("d", "pxd"):
                print("\n".join(ablation_rows(path, column)))
            print("\n".join(gain_rows(path)))
        if path.name.endswith("walk"):
            print("\n".join(walk_rows(path)))
        if path.name.endswith("band"):
            print("\n".join(band_rows(path)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["make", "show"], default="make")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if options.what == "make":
        make(options.only)
    show()


if __name__ == "__main__":
    main()
