"""Random markets and orders in NautilusTrader and in the native engine, raw for raw.

The profile is that of the installed release.

Runs where nautilus_trader can be imported and TOXVOL_PARITY_REPLAY names the program
`toxvol_parity_replay`; the golden logs, which the C++ tests replay, stand in elsewhere.
TOXVOL_PARITY_SEEDS (default 300) says how many cases, TOXVOL_PARITY_FIRST the first seed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")
REPLAY = os.environ.get("TOXVOL_PARITY_REPLAY")
if not REPLAY:
    pytest.skip("TOXVOL_PARITY_REPLAY names no program", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).parent))
from cases import (  # noqa: E402
    Case,
    random_bars_case,
    random_case,
    scripted,
    throttle_case,
)
from make_logs import END, RELEASE, run, run_all  # noqa: E402

SEEDS = int(os.environ.get("TOXVOL_PARITY_SEEDS", "300"))
FIRST = int(os.environ.get("TOXVOL_PARITY_FIRST", "1000"))


def native(cases: list[Case]) -> list[str]:
    text = END.join(case.text() for case in cases)
    done = subprocess.run([REPLAY, RELEASE], input=text, capture_output=True, text=True, check=True)
    return ["aborts\n" if log.startswith("aborts") else log for log in done.stdout.split(END)[:-1]]


def differs(case: Case) -> bool:
    """Of a case that NautilusTrader can play: it begins with the first datum."""
    first = min((int(line.split(",")[1]) for line in case.orders), default=0)
    is_case = bool(case.data) and int(case.data[0].split(",")[1]) <= max(first, 1)
    return is_case and native([case])[0] != run(case)


def shrunk(case: Case) -> Case:
    """The same failure with as few lines as leaving out one at a time gives."""
    smaller = True
    while smaller:
        smaller = False
        for i in reversed(range(len(case.orders))):
            one = case.without(set(), {i})
            ids = {line.split(",")[0] for line in one.orders if ",submit," in line}
            if all(line.split(",")[0] in ids for line in one.orders) and differs(one):
                case, smaller = one, True
        for i in reversed(range(len(case.data))):
            if len(case.data) > 1 and differs(one := case.without({i}, set())):
                case, smaller = one, True
    return case


def require_equal(cases: list[Case]) -> int:
    """The number of fills that were compared."""
    fills = 0
    for case, ours, theirs in zip(cases, native(cases), run_all(cases), strict=True):
        fills += theirs.count("fill,")
        if ours != theirs:
            small = shrunk(case)
            pytest.fail(
                f"{small.text()}# NautilusTrader\n{run(small)}# native\n{native([small])[0]}"
            )
    return fills


def test_the_worked_examples_agree() -> None:
    assert require_equal(list(scripted().values())) > 150


def test_random_markets_and_orders_agree() -> None:
    fills = require_equal([random_case(seed) for seed in range(FIRST, FIRST + SEEDS)])
    print(f"{SEEDS} cases, {fills} fills compared")
    assert fills > SEEDS


def test_random_bars_and_orders_agree() -> None:
    cases = [random_bars_case(seed) for seed in range(FIRST, FIRST + max(SEEDS // 5, 20))]
    fills = require_equal(cases)
    print(f"{len(cases)} cases of bars, {fills} fills compared")
    assert fills > len(cases)


def test_throttled_orders_agree() -> None:
    cases = [throttle_case(seed) for seed in range(FIRST, FIRST + max(SEEDS // 10, 20))]
    require_equal(cases)
    refused = sum(log.count("rejected,") for log in native(cases))
    print(f"{len(cases)} throttled cases, {refused} refusals compared")
    assert refused > 20 * len(cases)
