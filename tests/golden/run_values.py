"""What the runs of complete data say, column by column: run_values.json, and how it is made.

    python run_values.py TOXVOL [--write]     compares, or with --write makes the file anew

A digest a column, so that a change of the program shows which columns it changed; columns that are
new since the file was written are no difference. test_run_values.py compares in every test run.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "run_values.json"
TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")
FACTS = ("positions", "fills", "gross", "fees", "funding", "net", "end_equity", "sharpe_annual")
FIVE = '["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]'

SYNTH = [
    "--symbol",
    "BTCUSDT",
    "--from",
    "2024-01-10",
    "--days",
    "8",
    "--seed",
    "7",
    "--intensity",
    "0.003",
]
# Nothing of the days before the ticks, which have klines, metrics and funding alone: complete data.
TICKS = ["--from", "2024-01-12", "--to", "2024-01-18", "--set", "run.warmup=2d"]
KLINES = ["--from", "2024-01-10", "--to", "2024-01-18"]
CASES = {
    "A": ["--preset", "A", *TICKS],
    "B": ["--preset", "B", *TICKS],
    "C": ["--preset", "C", *TICKS],
    "short": ["--preset", "short", *TICKS],
    "resting": [
        "--preset",
        "short",
        *TICKS,
        "--set",
        "entry.order=post_only",
        "--set",
        "exit.tp_order=limit",
    ],
    "scaled": ["--preset", "A", *TICKS, "--set", "toxicity.gate=scale", "--set", "size.rule=sigma"],
    "parity": ["--preset", "short", *TICKS, "--set", "exchange.profile=nautilus_1_221"],
    "no_quotes": [
        "--preset",
        "short",
        *TICKS,
        "--set",
        "run.inputs=" + FIVE.replace('"bookTicker", ', ""),
    ],
    "klines": ["--preset", "A", *KLINES, "--set", 'run.inputs=["klines", "fundingRate"]'],
}


def prepare(program, folder):
    subprocess.run([program, "--quiet", "synth", "--out", folder / "raw", *SYNTH], check=True)
    subprocess.run(
        [program, "--quiet", "ingest", folder / "raw", "--catalog", folder / "catalog"], check=True
    )
    return folder / "catalog"


def values(run):
    """Of a run folder: a digest of each column's values, and the figures that people look at."""
    summary = json.loads((run / "summary.json").read_text())
    found = {"summary": {fact: summary[fact] for fact in FACTS}}
    for name in TABLES:
        table = pq.read_table(run / f"{name}.parquet")
        found[name] = {
            column: hashlib.sha256(repr(table[column].to_pylist()).encode()).hexdigest()[:16]
            for column in table.column_names
        }
        found[name]["rows"] = table.num_rows
    return found


def run(program, catalog, case, out):
    command = [program, "--quiet", "backtest", "--catalog", catalog, *CASES[case], "--out", out]
    if not any(word.startswith("run.inputs") for word in command if isinstance(word, str)):
        command += ["--set", f"run.inputs={FIVE}"]
    subprocess.run(command, check=True)
    return values(out)


def differences(golden, found):
    """`table.column` of everything in `golden` that `found` does not repeat."""
    return [
        f"{table}.{column}: {value} became {found[table].get(column)}"
        for table, columns in golden.items()
        for column, value in columns.items()
        if found[table].get(column) != value
    ]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    made = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        catalog = prepare(program, folder)
        for case in CASES:
            made[case] = run(program, catalog, case, folder / case)
            print(case, made[case]["summary"])
            changed = {line.split(":")[0] for line in differences(golden.get(case, {}), made[case])}
            print("    changed:", ", ".join(sorted(changed)) or "nothing")
    if "--write" in sys.argv:
        GOLDEN.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
