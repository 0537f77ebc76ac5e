"""Makes the golden file of the installed NautilusTrader: the cases of strategy_cases.py run in it.

    python make_strategy_runs.py      (with toxvol[nautilus] installed)

A case in which NautilusTrader's process aborts is left out; the native engine names the order.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import toxvol.nautilus as tn
from strategy_cases import CASES, GOLDEN, digests, prepare, script_of
from toxvol.nautilus._version import PROFILE

import toxvol


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
            native = {**case.set, **PROFILE}
            try:
                toxvol.backtest(**keywords, set=native, out=folder / "native", force=True)
            except toxvol.Error as error:
                if "aborts" not in str(error):
                    raise
                print(f"{case_name}: left out: {error}")
                continue
            run = tn.run_node(**keywords, set=case.set, out=folder / "run", force=True)
            exact = toxvol.Run(run.path, exact=True).summary
            golden[case_name] = {
                "net": str(exact["net"]), "funding": str(exact["funding"]), **digests(run.path)
            }  # fmt: skip
            print(case_name, golden[case_name]["fills"]["rows"], "fills")
    GOLDEN[PROFILE["exchange.profile"]].write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
