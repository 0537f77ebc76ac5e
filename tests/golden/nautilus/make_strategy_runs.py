"""Makes strategy_runs.json: the cases of strategy_cases.py run in NautilusTrader 1.221.0.

    python make_strategy_runs.py      (with toxvol[nautilus] installed, on Python 3.11)

A case in which NautilusTrader's process aborts is left out; the native engine names the order.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import toxvol
import toxvol.nautilus as tn
from strategy_cases import CASES, GOLDEN, digests, prepare, script_of


def command(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "toxvol", "--quiet", *map(str, arguments)], check=True)


def main() -> None:
    golden = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, command)
        for case_name, case in CASES.items():
            keywords = {
                "catalog": folder / case.data,
                "preset": case.preset,
                "from_": case.from_,
                "to": case.to,
                "orders": script_of(case, folder),
            }
            native = {**case.set, "exchange.profile": "nautilus_1_221"}
            try:
                toxvol.backtest(**keywords, set=native, out=folder / "native", force=True)
            except toxvol.Error as error:
                if "aborts" not in str(error):
                    raise
                print(f"{case_name}: left out: {error}")
                continue
            run = tn.run_node(**keywords, set=case.set, out=folder / "run", force=True)
            golden[case_name] = {
                "net": run.summary["net"], "funding": run.summary["funding"], **digests(run.path)
            }  # fmt: skip
            print(case_name, golden[case_name]["fills"]["rows"], "fills")
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
