"""`toxvol backtest --signal` against the independent implementation of R57."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import reference_signal as ref
from compare_signal import QUICK, ROOT, compare, read
from compare_signal import program as call
from markets import copy, defective, market, program, without_hours  # noqa: F401 (fixtures)

DAY = 1_705_017_600_000_000_000  # 2024-01-12
MINUTE = 60_000_000_000
# Keys that change nothing with a signal of one's own are refused where they are typed.
MOOT = ("pressure", "toxicity", "crowding")
CASES = {
    "as shipped": [],
    "young rows alone": ["signal.max_age=20s"],
    "older rows, a delay": ["signal.max_age=7m", "run.cadence=5m", "data.bar_delay=2s"],
    "the position follows": ["signal.mode=target", "signal.max_age=90s"],
    "klines": ['run.inputs=["klines"]', "signal.max_age=3m", "signal.mode=target"],
}


def wishes(seed):
    """Rows at any time, some exactly where a bar becomes known, some outside of the window."""
    draw = random.Random(seed)
    times = {DAY + draw.randrange(-2 * 60, 50 * 60) * MINUTE for _ in range(300)}
    times |= {DAY + draw.randrange(48 * 3600 * 10**9) for _ in range(900)}
    for _ in range(300):  # C2: to the nanosecond
        bar = DAY + draw.randrange(48 * 60) * MINUTE + 800_000
        times.add(bar + draw.choice([-1, 0, 1, 2 * 10**9 - 1, 2 * 10**9]))
        times.add(bar - draw.choice([60, 90, 420]) * 10**9 + draw.choice([-1, 0]))
    return [(t, draw.choice([-1, 0, 1, 1])) for t in sorted(times)]


def judge(program, raw, changes, rows, folder):
    """Decisions of the program and of the reference; what differs."""
    path = folder / "my.parquet"
    table = {
        "ts_init": pa.array([t for t, _ in rows], pa.timestamp("ns", "UTC")),
        "direction": pa.array([d for _, d in rows], pa.int8()),
    }
    pq.write_table(pa.table(table), path)
    preset = ROOT / "presets" / "A.toml"
    changes = [c for c in QUICK if not c.startswith(MOOT)] + changes
    sets = [word for change in changes for word in ("--set", change)]
    call(
        program,
        "backtest",
        "--raw",
        raw,
        "--config",
        preset,
        *sets,
        "--signal",
        path,
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-14",
        "--out",
        folder / "run",
    )
    theirs = read(folder / "run" / "decisions.parquet")
    config = ref.load_config(preset, changes)
    ticks = ref.load_ticks(ROOT / "presets" / "instruments" / "BTCUSDT-PERP.toml")
    positions = dict(zip(theirs["ts"], theirs["position"]))
    ours = ref.reference(raw, config, "2024-01-12", "2024-01-14", ticks, (rows, positions))
    wrong = [c for c in compare(ours, theirs, ["alpha", "direction", "reason", "sigma"]) if c.bad]
    said = json.loads((folder / "run" / "run.json").read_text())["signal"]
    del said["sha256"]
    return ours, wrong, said


@pytest.mark.parametrize("case", CASES)
def test_decisions_follow_the_file(program, market, tmp_path, case):
    ours, wrong, said = judge(program, market, CASES[case], wishes(1), tmp_path)
    assert not wrong, "\n".join(map(str, wrong))
    assert said == ours.attrs["signal"]
    counts = ours["reason"].value_counts()
    assert counts["signal"] > 50 and counts["no_signal"] > 20
    assert said["used"] > 50 and said["ignored"] > 0
    assert (said["stale"] > 0) == (case == "young rows alone")


def test_what_is_overdue_comes_first_unless_the_row_closes(program, market, tmp_path):
    raw = without_hours(copy(market, tmp_path / "raw"), "metrics", 3, 6)
    # Open when metrics become overdue at 03:11, and closed two minutes later.
    begin, end = DAY + 180 * MINUTE, DAY + 200 * MINUTE
    rows = [row for row in wishes(2) if not begin <= row[0] < end]
    rows += [(DAY + 185 * MINUTE, 1), (DAY + 193 * MINUTE, 0)]
    held = ["signal.mode=target", "signal.max_age=30m", "exit.max_hold=4h"]
    held += ["exit.k_stop=50", "exit.k_tp=50"]
    ours, wrong, _ = judge(program, raw, held, sorted(rows), tmp_path)
    assert not wrong, "\n".join(map(str, wrong))
    blind = ours["mode"].str.contains("no_metrics")
    assert (blind & (ours["reason"] == "no_metrics")).sum() > 50
    assert (blind & (ours["reason"] == "no_signal")).any(), "the row that closes"


def test_gaps_and_defects_agree(program, defective, tmp_path):
    ours, wrong, said = judge(program, defective, ["signal.mode=target"], wishes(3), tmp_path)
    assert not wrong, "\n".join(map(str, wrong))
    assert said == ours.attrs["signal"]


def test_the_comparison_notices_one_changed_row(program, market, tmp_path):
    rows = wishes(4)
    ours, wrong, _ = judge(program, market, [], rows, tmp_path)
    assert not wrong
    place = next(i for i in ours.index if ours["alpha"][i] == "signal")
    ours.loc[place, "direction"] = -ours.loc[place, "direction"]
    theirs = read(tmp_path / "run" / "decisions.parquet")
    assert [c.name for c in compare(ours, theirs, ["direction"]) if c.bad] == ["direction"]
