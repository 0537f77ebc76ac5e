#!/usr/bin/env python3
"""Asks the program about itself: do its intervals hold the truth, does luck pass for skill?

Markets are generated from one recipe with seeds 1 … N, so that what is true of them is known (rules
R60–R62 of docs/statistics.md). Each seed is generated, run and judged on its own; what it came to
is one line in OUT/<question>.jsonl, and the same command goes on where it was stopped.

    truth.py intervals --plant none --seeds 50        a week of ticks, one run a seed
    truth.py intervals --plant none --seeds 400 --klines   sixty days of klines
    truth.py intervals --seeds 400 --klines --interval fixed_b   the other intervals (R65)
    truth.py discovery --seeds 100 --klines           a sweep of 64 points a seed
    truth.py show                                     the tables of docs/truth.md

Level 95 %, 1,999 resamples, hourly units, seeds as counted: nothing is drawn again until it passes.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[1]
TOXVOL = os.environ.get("TOXVOL", str(ROOT / "build" / "release" / "toxvol"))
FIRST_DAY = "2024-01-10"
MOMENTUM_BP = "60"


def call(*args):
    done = subprocess.run([TOXVOL, "--quiet", *map(str, args)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"truth: toxvol {' '.join(map(str, args))}: {done.stderr.strip()}")


def market(folder, seed, plant, klines):
    """Generates one; its raw folder and what a run of it is told."""
    raw = folder / "raw"
    planted = ["--plant", plant] if plant != "none" else []
    if plant == "momentum":
        planted += ["--edge-bp", MOMENTUM_BP]
    length = ["--klines-only-days", "91", "--days", "1"] if klines else ["--days", "7"]
    call(
        "synth",
        "--out",
        raw,
        "--symbol",
        "BTCUSDT",
        "--from",
        FIRST_DAY,
        "--seed",
        seed,
        "--intensity",
        "0.01",
        *length,
        *planted,
    )
    told = ["--raw", raw]
    if klines:
        told += ["--from", "2023-11-11", "--to", FIRST_DAY]
        told += ["--set", 'run.inputs=["klines","metrics","fundingRate"]']
    else:
        told += ["--from", FIRST_DAY, "--to", "2024-01-17"]
    return told


def intervals_of(seed, options):
    """Of one run: mean and interval of net and of px, and whether an edge was found."""
    with tempfile.TemporaryDirectory(prefix="truth-") as name:
        folder = pathlib.Path(name)
        told = market(folder, seed, options.plant, options.klines)
        told += ["--config", ROOT / "presets" / "truth.toml", "--interval", options.interval]
        call("backtest", *told, "--out", folder / "run")
        found = json.loads((folder / "run" / "inference.json").read_text())
    line = {"seed": seed}
    for series in ("net", "px"):
        for figure in ("mean_bp_day", "mean_lo", "mean_hi", "sharpe_lo"):
            line[f"{series}_{figure}"] = found[series][figure]
    return line


def discovery_of(seed, options):
    """Of a sweep on a market: what is said of the best of 64 points, judged by px."""
    with tempfile.TemporaryDirectory(prefix="truth-") as name:
        folder = pathlib.Path(name)
        told = market(folder, seed, options.plant, options.klines)
        design = ROOT / "presets" / "truth-sweep.toml"
        call("sweep", design, *told, "--out", folder / "sweep")
        return {"seed": seed, **judged_by_px(folder / "sweep")}


def judged_by_px(folder):
    px = json.loads((folder / "study.json").read_text())["px"]
    best = px["best"] or {}
    return {
        "psr": best.get("psr"),
        "dsr_null": best.get("dsr_null"),
        "dsr": best.get("dsr"),
        "spa_p": px["spa"]["p_consistent"],
        "pbo": px["pbo"] and px["pbo"]["pbo"],
    }


QUESTIONS = {"intervals": intervals_of, "discovery": discovery_of}


def file_of(question, options):
    name = f"{question}-{options.plant}-{'klines' if options.klines else 'ticks'}"
    if options.interval != "percentile":
        name += f"-{options.interval}"
    return options.out / f"{name}.jsonl"


def ask(question, options):
    """Runs the seeds that are not answered yet."""
    path = file_of(question, options)
    options.out.mkdir(parents=True, exist_ok=True)
    known = {line["seed"] for line in lines_of(path)}
    seeds = [seed for seed in range(1, options.seeds + 1) if seed not in known]
    with ThreadPoolExecutor(options.jobs) as pool, path.open("a") as file:
        answers = pool.map(lambda seed: QUESTIONS[question](seed, options), seeds)
        for count, line in enumerate(answers, 1):
            file.write(json.dumps(line) + "\n")
            file.flush()
            print(f"\r{path.stem}: {len(known) + count} of {options.seeds}", end="", flush=True)
    print()
    print(table_of(question, path, options.seeds))


def lines_of(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def coverage(lines, series):
    """R60: how many intervals hold the mean of the figure over the other seeds."""
    known = [line for line in lines if line[f"{series}_mean_lo"] is not None]
    total = sum(line[f"{series}_mean_bp_day"] for line in known)
    held = 0
    for line in known:
        truth = (total - line[f"{series}_mean_bp_day"]) / (len(known) - 1)
        held += line[f"{series}_mean_lo"] <= truth <= line[f"{series}_mean_hi"]
    return held, len(known)


def mean_and_error(lines, name):
    values = [line[name] for line in lines if line[name] is not None]
    return statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))


def table_of(question, path, seeds):
    lines = [line for line in lines_of(path) if line["seed"] <= seeds]
    if question == "discovery":
        sure = [
            sum((line[name] or 0) >= 0.95 for line in lines) for name in ("psr", "dsr_null", "dsr")
        ]
        spa = sum(line["spa_p"] is not None and line["spa_p"] <= 0.05 for line in lines)
        pbo, error = mean_and_error(lines, "pbo")
        counts = " | ".join(map(str, [*sure, spa]))
        return f"| {path.stem} | {len(lines)} | {counts} | {pbo:.3f} ± {error:.3f} |"
    parts = []
    for series in ("net", "px"):
        held, of = coverage(lines, series)
        mean, error = mean_and_error(lines, f"{series}_mean_bp_day")
        parts.append(f"{held} of {of} | {mean:+.2f} ± {error:.2f}")
    found = sum((line["px_sharpe_lo"] or 0) > 0 for line in lines)
    return f"| {path.stem} | {len(lines)} | " + " | ".join(parts) + f" | {found} |"


def complaints(path, seeds, plant):
    """R61 for the result as filled; net is told only (docs/truth.md says why)."""
    lines = [line for line in lines_of(path) if line["seed"] <= seeds]
    held, of = coverage(lines, "px")
    if not 0.89 * of <= held:
        yield f"px: {held} of {of} intervals hold the truth, less than 89 %"
    mean, error = mean_and_error(lines, "px_mean_bp_day")
    if plant == "none" and abs(mean) > 3 * error:
        yield f"px: {mean:+.2f} ± {error:.2f} bp a day without an edge: something leaks"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("question", choices=[*QUESTIONS, "show"])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--plant", choices=["none", "momentum"], default="none")
    parser.add_argument("--klines", action="store_true", help="sixty days of klines, no ticks")
    parser.add_argument("--interval", choices=["percentile", "fixed_b"], default="percentile")
    parser.add_argument("--check", action="store_true", help="exit code 1 where R61 does not hold")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "truth")
    options = parser.parse_args()
    if options.question == "discovery" and options.interval != "percentile":
        parser.error("--interval: of `intervals` alone; a study's are percentiles")
    if options.question == "intervals" and options.seeds < 2:
        parser.error("--seeds: 2 at least; what an interval should hold is the mean of the others")
    if options.question != "show":
        ask(options.question, options)
        if options.check:
            path = file_of(options.question, options)
            found = list(complaints(path, options.seeds, options.plant))
            return "\n".join(found) or 0
        return 0
    for path in sorted(options.out.glob("*.jsonl")):
        if path.stat().st_size == 0:  # the first seed is not done yet
            continue
        print(table_of(path.stem.split("-")[0], path, options.seeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
