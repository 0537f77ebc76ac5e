"""A signal of one's own, as the command takes it (R57, docs/own_signals.md)."""

import json
import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tables import document, same_bytes, table

MINUTE = 60_000_000_000
FIRST = 1_705_017_600_000_000_000  # 2024-01-12T00:00Z
WINDOW = ["--preset", "short", "--from", "2024-01-12", "--to", "2024-01-13"]
UTC = pa.timestamp("ns", "UTC")

DESIGN = """
design = "grid"
[[axis]]
key = "exit.k_stop"
values = [1.0, 3.0]
[[axis]]
key = "signal.mode"
values = ["entry", "target"]
"""
VARIANTS = """
design = "list"
[[variant]]
name = "gate"
group = "gate"
set = { "alpha_a.compression" = 0.5 }
[[variant]]
name = "wide"
group = "exit"
set = { "exit.k_stop" = 4 }
"""


def rows(n=95, every=15, start=FIRST + 15 * MINUTE):
    """Long, flat, short, flat …, each known at the end of a minute; sizes 1, 0.5 or none."""
    return {
        "ts_init": pa.array([start + i * every * MINUTE for i in range(n)], UTC),
        "direction": pa.array([(1, 0, -1, 0)[i % 4] for i in range(n)], pa.int8()),
        "size": pa.array([(1.0, None, 0.5, None)[i % 4] for i in range(n)], pa.float64()),
    }


def write(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def signal(tmp_path):
    return write(tmp_path / "my.parquet", **rows())


@pytest.fixture
def backtest(toxvol, synthetic_catalog, tmp_path):
    def run(name, signal, *options, **how):
        out = tmp_path / name
        command = ["backtest", "--catalog", synthetic_catalog, *WINDOW, "--out", out]
        if signal is not None:
            command += ["--signal", signal]
        done = toxvol.run(*command, *options, **how)
        return out, done

    return run


def test_a_run_follows_the_signal_and_says_so(toxvol, backtest, signal, tmp_path):
    out, done = backtest("run", signal)
    assert "signal     your own, 95 rows: 95 stood at a decision" in done.stdout
    info = document(out, "run")
    assert info["strategy"] == "signal"
    facts = info["signal"]
    assert {k: facts[k] for k in ("rows", "used", "stale", "ignored")} == {
        "rows": 95,
        "used": 95,
        "stale": 0,
        "ignored": 0,
    }
    decisions = table(out, "decisions")
    wished = dict(
        zip(*(c.to_pylist() for c in pq.read_table(signal, columns=["ts_init", "direction"])))
    )
    stands = {row["ts"]: row["direction"] for row in decisions if row["alpha"] == "signal"}
    assert stands == {ts: d for ts, d in wished.items() if d and ts in stands}
    assert len(stands) >= 40
    assert {row["alpha"] for row in decisions} == {None, "signal"}
    positions = table(out, "positions")
    assert positions and {row["alpha"] for row in positions} == {"signal"}
    assert list(document(out, "summary")["by_alpha"]) == ["signal"]
    assert toxvol.run("verify", out).returncode == 0
    toxvol.run("report", out, "--out", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert "A SIGNAL OF YOUR OWN" in page and "The signal is the user" in page
    kept = pq.read_table(out / "signal.parquet")
    assert kept.column("size").to_pylist() == [
        1.0 if s is None else s for s in rows()["size"].to_pylist()
    ]


def test_the_rows_that_a_run_kept_are_the_same_signal(toxvol, backtest, signal):
    first, _ = backtest("first", signal)
    second, _ = backtest("second", first / "signal.parquet")
    assert same_bytes(first, second) == []
    assert toxvol.run("diff", first, second).returncode == 0


def test_a_signal_is_a_trial_of_its_own(toxvol, synthetic_catalog, signal, tmp_path):
    log = tmp_path / "log.jsonl"

    def trial(name, path, *options):
        command = ["backtest", "--catalog", synthetic_catalog, *WINDOW, "--trials", log]
        toxvol.run(*command, "--signal", path, "--out", tmp_path / name, *options)
        return json.loads(log.read_text().splitlines()[-1])

    one = trial("one", signal)
    assert one["kind"] == "signal"
    assert trial("again", signal)["id"] == one["id"]
    # What lies outside of the window, and columns that are not looked at, make no other trial.
    more = rows(100, start=FIRST - 15 * MINUTE * 2)
    inside = {name: pa.concat_arrays([more[name].slice(0, 2), rows()[name]]) for name in more}
    longer = write(tmp_path / "longer.parquet", **inside, note=pa.array(["x"] * 97))
    assert trial("longer", longer)["id"] == one["id"]
    other = dict(rows())
    other["direction"] = pa.array([-d for d in other["direction"].to_pylist()], pa.int8())
    assert trial("other", write(tmp_path / "other.parquet", **other))["id"] != one["id"]
    identities = [document(tmp_path / name, "run") for name in ("one", "longer", "other")]
    assert identities[0]["fingerprint"] == identities[1]["fingerprint"]
    assert identities[0]["fingerprint"] != identities[2]["fingerprint"]
    assert identities[1]["signal"]["ignored"] == 2


def test_a_study_is_judged_by_the_trial_on_its_own_rows(
    toxvol, synthetic_catalog, signal, tmp_path
):
    """One configuration on another signal is another trial (R22)."""
    log = tmp_path / "log.jsonl"
    common = ["--catalog", synthetic_catalog, *WINDOW, "--trials", log]
    toxvol.run("backtest", *common, "--signal", signal, "--out", tmp_path / "run")
    other = dict(rows())
    other["direction"] = pa.array([-d for d in other["direction"].to_pylist()], pa.int8())
    path = write(tmp_path / "other.parquet", **other)
    design = tmp_path / "list.toml"
    design.write_text(VARIANTS)
    study = tmp_path / "study"
    toxvol.run("ablation", "--design", design, *common, "--signal", path, "--out", study)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["signal", "ablation", "ablation", "study"]
    base = next(line for line in lines[1:3] if line["config"] == lines[0]["config"])
    assert document(study, "trials")["id"] == base["id"] != lines[0]["id"]


def test_rows_outside_and_other_columns_are_told_once(backtest, tmp_path):
    path = write(
        tmp_path / "my.parquet",
        **rows(98, start=FIRST - 2 * 15 * MINUTE),
        note=pa.array(["x"] * 98),
        p=pa.array([0.0] * 98),
    )
    _, done = backtest("run", path)
    assert done.stderr.count("not looked at: note, p;") == 1
    assert "2 of 98 rows lie outside of [2024-01-12T00:00:00Z, 2024-01-13T00:00:00Z)" in done.stderr


def test_an_empty_file_is_a_run_without_trades(toxvol, backtest, tmp_path):
    out, done = backtest("run", write(tmp_path / "my.parquet", **rows(0)))
    assert document(out, "summary")["fills"] == 0
    assert document(out, "run")["signal"]["rows"] == 0
    assert "your signal had none" in done.stderr
    assert toxvol.run("verify", out).returncode == 0


def test_in_mode_target_the_position_follows(toxvol, backtest, signal):
    out, _ = backtest("run", signal, "--set", "signal.mode=target", "--set", "signal.max_age=15m")
    roles = {row["role"] for row in table(out, "orders")}
    assert "opposite" in roles
    assert toxvol.run("verify", out).returncode == 0


def test_a_row_that_is_too_old_is_counted(backtest, tmp_path):
    # Known half a minute before the bar that decides: too old with ten seconds.
    path = write(tmp_path / "my.parquet", **rows(96, start=FIRST + MINUTE // 2))
    out, _ = backtest("run", path, "--set", "signal.max_age=10s")
    facts = document(out, "run")["signal"]
    assert (facts["rows"], facts["used"], facts["stale"]) == (96, 0, 96)


def test_a_sweep_on_a_signal_equals_the_separate_backtests(
    toxvol, synthetic_catalog, backtest, signal, tmp_path
):
    design = tmp_path / "design.toml"
    design.write_text(DESIGN)
    command = ["sweep", design, "--catalog", synthetic_catalog, *WINDOW, "--signal", signal]
    toxvol.run(*command, "--out", tmp_path / "sweep")
    points = table(tmp_path / "sweep", "sweep")
    assert len(points) == 4 and {p["status"] for p in points} == {"ok"}
    for point in points:
        sets = [f"exit.k_stop={point['exit.k_stop']}", f"signal.mode={point['signal.mode']}"]
        options = [word for one in sets for word in ("--set", one.replace('"', ""))]
        out, _ = backtest(f"point{point['point']}", signal, *options)
        assert document(out, "run")["fingerprint"] == point["fingerprint"]
    assert (tmp_path / "sweep" / "signal.parquet").exists()
    toxvol.run(*command, "--out", tmp_path / "sweep")  # finished: nothing to do
    other = write(tmp_path / "other.parquet", **rows(48))
    command[-1] = other
    assert "--force" in toxvol.fails(*command, "--out", tmp_path / "sweep")


def test_variants_that_choose_a_direction_are_not_applicable_to_a_signal(
    toxvol, synthetic_catalog, signal, tmp_path
):
    design = tmp_path / "design.toml"
    design.write_text(VARIANTS)
    command = ["ablation", "--design", design, "--catalog", synthetic_catalog, *WINDOW]
    toxvol.run(*command, "--signal", signal, "--out", tmp_path / "a")
    made = {row["variant"]: row for row in table(tmp_path / "a", "ablation")}
    assert made["gate"]["status"] == "not_applicable"
    assert "alpha_a.compression = 0.5 has no effect" in made["gate"]["note"]
    assert made["wide"]["status"] == made["base"]["status"] == "ok"
    assert made["wide"]["decisions_changed"] == 0


def test_an_axis_that_chooses_a_direction_is_refused(toxvol, synthetic_catalog, signal, tmp_path):
    design = tmp_path / "design.toml"
    design.write_text(
        'design = "grid"\n[[axis]]\nkey = "pressure.z_window"\nvalues = ["1h", "2h"]\n'
    )
    line = toxvol.fails(
        "sweep",
        design,
        "--catalog",
        synthetic_catalog,
        *WINDOW,
        "--signal",
        signal,
        "--out",
        tmp_path / "s",
        code=2,
    )
    assert "axis pressure.z_window has no effect with a signal of your own" in line


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--orders", "x.csv"], "--orders, --signal: name one of them"),
        (["--set", "alpha_a.compression=0.7"], "alpha_a.compression = 0.7: has no effect with"),
        (["--set", "signal.max_age=0s"], 'signal.max_age = "0s"'),
        (["--set", "signal.mode=both"], "entry | target"),
    ],
)
def test_options_that_do_not_go_with_a_signal_are_refused(
    toxvol, synthetic_catalog, signal, tmp_path, options, said
):
    command = ["backtest", "--catalog", synthetic_catalog, *WINDOW, "--signal", signal]
    assert said in toxvol.fails(*command, *options, "--out", tmp_path / "run", code=2)
    assert not (tmp_path / "run").exists()


def test_settings_of_a_signal_without_one_are_refused(toxvol, synthetic_catalog, tmp_path):
    command = ["backtest", "--catalog", synthetic_catalog, *WINDOW, "--out", tmp_path / "run"]
    line = toxvol.fails(*command, "--set", "signal.mode=target", code=2)
    assert "has no effect without --signal" in line


def three(**changes):
    columns = rows(3) | {name: value for name, value in changes.items() if value is not None}
    return {name: columns[name] for name in columns if changes.get(name, 1) is not None}


NS = pa.array([FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE], pa.int64())
REFUSED = {
    "ts_init missing": (three(ts_init=None), "no column ts_init"),
    "direction missing": (three(direction=None), "no column direction"),
    "in microseconds": (
        three(ts_init=NS.cast(UTC).cast(pa.timestamp("us", "UTC"))),
        "timestamp[us",
    ),
    "another timezone": (
        three(ts_init=NS.cast(pa.timestamp("ns", "Asia/Tokyo"))),
        "another timezone than UTC",
    ),
    "no timezone": (three(ts_init=NS.cast(pa.timestamp("ns"))), "without a timezone"),
    "a text": (three(ts_init=pa.array(["a", "b", "c"])), "column ts_init is string"),
    "real times": (three(ts_init=pa.array([1.0, 2.0, 3.0])), "column ts_init is double"),
    "real directions": (three(direction=pa.array([1.0, 0.0, 1.0])), "column direction is double"),
    "truth values": (three(direction=pa.array([True, False, True])), "column direction is bool"),
    "whole sizes": (three(size=pa.array([1, 1, 1])), "column size is int64"),
    "a null time": (
        three(ts_init=pa.array([FIRST, None, FIRST + 1], UTC)),
        "row 2: ts_init is null",
    ),
    "a null direction": (
        three(direction=pa.array([1, 1, None], pa.int16())),
        "row 3: direction is null",
    ),
    "NaN": (three(size=pa.array([1.0, math.nan, 1.0])), "row 2: size is NaN"),
    "infinite": (three(size=pa.array([1.0, math.inf, 1.0])), "row 2: size inf"),
    "no size": (three(size=pa.array([1.0, 0.0, 1.0])), "row 2: size 0: above 0"),
    "too large": (three(size=pa.array([1.0, 1.0, 100.1])), "row 3: size 100.1"),
    "direction 2": (three(direction=pa.array([1, 2, 0], pa.int64())), "row 2: direction 2"),
    "direction -2": (three(direction=pa.array([1, -2, 0], pa.int32())), "row 2: direction -2"),
    "direction of 64 bits": (
        three(direction=pa.array([1, 2**64 - 1, 0], pa.uint64())),
        "row 2: direction",
    ),
    "twice": (three(ts_init=pa.array([FIRST, FIRST, FIRST + 1], pa.int64())), "row 2: ts_init"),
    "back": (three(ts_init=pa.array([FIRST, FIRST + 2, FIRST + 1], pa.int64())), "row 3: ts_init"),
    "milliseconds": (
        three(ts_init=pa.array([FIRST // 10**6 + i for i in range(3)], pa.int64())),
        "row 1: ts_init 1705017600000 is 1970-01-01",
    ),
    "too early": (three(ts_init=pa.array([0, 1, 2], pa.int64())), "outside 2017 to 2100"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_signal_is_refused_in_one_line(toxvol, synthetic_catalog, tmp_path, name):
    columns, said = REFUSED[name]
    path = write(tmp_path / "my.parquet", **columns)
    line = toxvol.fails(
        "backtest",
        "--catalog",
        synthetic_catalog,
        *WINDOW,
        "--signal",
        path,
        "--out",
        tmp_path / "run",
    )
    assert said in line and "my.parquet" in line
    assert not (tmp_path / "run").exists()


def test_a_column_that_stands_twice_is_refused(toxvol, synthetic_catalog, tmp_path):
    columns = list(rows(3).values())
    table = pa.table([columns[0], columns[1], columns[1]], ["ts_init", "direction", "direction"])
    pq.write_table(table, tmp_path / "my.parquet")
    line = toxvol.fails(
        "backtest",
        "--catalog",
        synthetic_catalog,
        *WINDOW,
        "--signal",
        tmp_path / "my.parquet",
        "--out",
        tmp_path / "run",
    )
    assert "2 columns are called direction" in line


@pytest.mark.parametrize("content", [b"", b"ts_init,direction\n", b"PAR1" + b"\0" * 64])
def test_what_is_no_parquet_file_is_refused_in_one_line(
    toxvol, synthetic_catalog, tmp_path, content
):
    path = tmp_path / "my.parquet"
    path.write_bytes(content)
    command = ["backtest", "--catalog", synthetic_catalog, *WINDOW, "--signal", path]
    assert "my.parquet" in toxvol.fails(*command, "--out", tmp_path / "run")
    path.unlink()
    assert "my.parquet: no such file" in toxvol.fails(*command, "--out", tmp_path / "run")


@pytest.mark.parametrize("kind", [pa.int8, pa.int16, pa.int32, pa.int64])
def test_any_integer_type_and_integer_nanoseconds_are_the_same_signal(backtest, tmp_path, kind):
    stamps = rows()["ts_init"]
    columns = {
        "direction": rows()["direction"].cast(kind()),
        "ts_init": stamps if kind is pa.int8 else stamps.cast(pa.int64()),
        "size": rows()["size"],
    }
    out, _ = backtest("typed", write(tmp_path / "typed.parquet", **columns))
    plain, _ = backtest("plain", write(tmp_path / "plain.parquet", **rows()))
    assert document(out, "run")["fingerprint"] == document(plain, "run")["fingerprint"]


def test_unsigned_directions_are_taken(backtest, tmp_path):
    columns = rows() | {"direction": pa.array(np.arange(95) % 2, pa.uint8())}
    out, _ = backtest("run", write(tmp_path / "my.parquet", **columns))
    assert {row["direction"] for row in table(out, "decisions")} == {None, 1}
