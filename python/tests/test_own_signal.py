"""A signal of one's own from Python: tables and functions (docs/own_signals.md)."""

import _thread
import importlib.util
import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import toxvol

WINDOW = {"preset": "short", "from_": "2024-01-01", "to": "2024-01-01T08:00"}


def wish(ts: int) -> int:
    """Long, flat, short, flat: a quarter of an hour each."""
    return (1, 0, -1, 0)[ts // 900_000_000_000 % 4]


@pytest.fixture
def backtest(catalog: Path, tmp_path: Path) -> Callable[..., toxvol.Run]:
    def run(name: str, signal: Any, **more: Any) -> toxvol.Run:
        return toxvol.backtest(
            catalog=catalog, out=tmp_path / name, signal=signal, **WINDOW, **more
        )

    return run


@pytest.fixture(scope="session")
def table(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """A wish for each decision row."""
    out = tmp_path_factory.mktemp("rows") / "run"
    run = toxvol.backtest(catalog=catalog, out=out, **WINDOW)
    decisions = pa.table(run.decisions).to_pydict()
    stamps = [ts for ts, decides in zip(decisions["ts"], decisions["decides"]) if decides]
    times = pa.array(stamps, pa.timestamp("ns", "UTC"))
    sides = [wish(ns) for ns in times.cast(pa.int64()).to_pylist()]
    return pa.table({"ts_init": times, "direction": pa.array(sides, pa.int8())})


def body(run: toxvol.Run) -> tuple[str, dict[str, Any], dict[str, str]]:
    """What identifies a run on a signal, and what it did."""
    return run.fingerprint, run.info["signal"], run.summary["by_alpha"]


def test_a_file_a_frame_and_a_function_are_one_signal(
    backtest: Callable[..., toxvol.Run], table: pa.Table, tmp_path: Path
) -> None:
    pl = pytest.importorskip("polars")
    asked = []

    def ask(row: dict[str, Any]) -> int:
        asked.append(row["ts"])
        return wish(row["ts"])

    pq.write_table(table, tmp_path / "my.parquet")
    file = backtest("file", tmp_path / "my.parquet")
    runs = {
        "text": backtest("text", str(tmp_path / "my.parquet")),
        "arrow": backtest("arrow", table),
        "pandas": backtest("pandas", table.to_pandas()),
        "polars": backtest("polars", pl.from_arrow(table)),
        "index": backtest("index", table.to_pandas().set_index("ts_init")),
        "function": backtest("function", ask),
        "kept": backtest("kept", file.signal),
    }
    assert file.summary["positions"] > 0 and set(file.summary["by_alpha"]) == {"signal"}
    assert file.verify() == []
    assert asked == pa.table(table)["ts_init"].cast(pa.int64()).to_pylist()
    facts = body(file)
    for name, run in runs.items():
        assert run.verify() == [], name
        if name == "kept":  # without the row at the end of the window, which the file had
            assert (run.fingerprint, run.summary) == (file.fingerprint, file.summary)
        else:
            assert body(run) == facts, name
            assert file.diff(run) == [], name
        assert run.trials["id"] == file.trials["id"], name


def test_a_function_sees_what_is_known_and_nothing_else(
    backtest: Callable[..., toxvol.Run],
) -> None:
    seen: list[dict[str, Any]] = []

    def ask(row: dict[str, Any]) -> None:
        seen.append(row)

    run = backtest("run", ask)
    decisions = pa.table(run.decisions)
    assert list(seen[0]) == [
        name for name in decisions.column_names if name not in ("alpha", "direction", "reason")
    ]
    rows = [row for row in decisions.to_pylist() if row["decides"]]
    assert len(rows) == len(seen) > 100
    for row, known in zip(rows, seen):
        assert known["ts"] == pd.Timestamp(row["ts"]).value
        for name, value in known.items():
            if name not in ("ts", "ts_init"):
                assert value == row[name] and type(value) is type(row[name]), name
    assert run.summary["fills"] == 0
    assert run.info["signal"]["rows"] == 0


def test_a_function_gives_a_size_too(backtest: Callable[..., toxvol.Run]) -> None:
    numpy = pytest.importorskip("numpy")
    whole = backtest("whole", lambda row: wish(row["ts"]))
    half = backtest("half", lambda row: (numpy.int8(wish(row["ts"])), 0.5))
    none = backtest("none", lambda row: (wish(row["ts"]), None))
    assert none.fingerprint == whole.fingerprint
    first = [pa.table(run.orders).to_pylist()[0]["qty_uncapped"] for run in (whole, half)]
    assert first[1] == pytest.approx(first[0] / 2, rel=0.01)


def test_the_position_is_known_to_a_function(backtest: Callable[..., toxvol.Run]) -> None:
    positions = set()

    def ask(row: dict[str, Any]) -> int:
        positions.add(math.copysign(1, row["position"]) if row["position"] else 0)
        return wish(row["ts"])

    backtest("run", ask)
    assert positions == {-1, 0, 1}


@pytest.mark.parametrize(
    "answer",
    [2, -2, 1.0, True, "long", (), (1,), (1, 2, 3), (1, 0.0), (1, 100.5), (1, math.nan), (1, "x"),
     (None, 1.0), 2**70, [1, 1.0], object()],
)  # fmt: skip
def test_a_wrong_answer_is_one_line_with_its_time(
    backtest: Callable[..., toxvol.Run], tmp_path: Path, answer: Any
) -> None:
    with pytest.raises(
        toxvol.Error, match="signal at 2024-01-01T00:03:00Z: the function gave"
    ) as caught:
        backtest(
            "run", lambda row: answer if row["ts"] % 3_600_000_000_000 == 180_000_000_000 else 0
        )
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_an_exception_of_a_function_comes_out_as_it_is(
    backtest: Callable[..., toxvol.Run], tmp_path: Path
) -> None:
    class Mine(Exception):
        pass

    def ask(row: dict[str, Any]) -> int:
        if row["ts"] % 3_600_000_000_000 == 0:
            raise Mine("enough")
        return 1

    with pytest.raises(Mine, match="enough") as caught:
        backtest("run", ask)
    assert caught.traceback[-1].name == "ask"
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_interrupts_a_function(backtest: Callable[..., toxvol.Run], tmp_path: Path) -> None:
    def ask(row: dict[str, Any]) -> int:
        _thread.interrupt_main()
        time.sleep(0.01)
        return 1

    with pytest.raises(KeyboardInterrupt):
        backtest("run", ask)
    assert not (tmp_path / "run").exists()


def test_a_malformed_frame_is_the_commands_line(
    backtest: Callable[..., toxvol.Run], table: pa.Table
) -> None:
    frame = table.to_pandas()
    wrong = frame.assign(direction=frame["direction"] * 2)
    with pytest.raises(toxvol.Error, match="signal: row 1: direction"):
        backtest("run", wrong[wrong["direction"] != 0])
    with pytest.raises(toxvol.Error, match=r"timestamp\[us.*as_unit"):
        backtest("run", frame.assign(ts_init=frame["ts_init"].dt.as_unit("us")))
    with pytest.raises(toxvol.Error, match="no column ts_init"):
        backtest("run", frame[["direction"]])
    for nothing in ([1, 2], 7, {"ts_init": []}):
        with pytest.raises(toxvol.UsageError, match="a Parquet file, a table"):
            backtest("run", nothing)
    with pytest.raises(toxvol.UsageError, match="name one of them"):
        backtest("run", frame, orders="x.csv")


def test_columns_that_are_not_looked_at_are_a_warning(
    backtest: Callable[..., toxvol.Run], table: pa.Table
) -> None:
    with pytest.warns(UserWarning, match="signal: not looked at: note; a signal has"):
        backtest("run", table.append_column("note", pa.array(["x"] * len(table))))


def test_a_study_takes_a_frame_or_a_function(
    catalog: Path, table: pa.Table, tmp_path: Path
) -> None:
    design = tmp_path / "design.toml"
    design.write_text('design = "grid"\n[[axis]]\nkey = "exit.k_stop"\nvalues = [1, 3]\n')
    common = {"catalog": catalog, "design": design, **WINDOW}
    swept = toxvol.sweep(**common, out=tmp_path / "sweep", signal=table.to_pandas())
    assert swept["ok"] == 2
    points = pa.table(toxvol.read_table(tmp_path / "sweep" / "sweep.parquet")).to_pylist()
    for point in points:
        run = toxvol.backtest(
            catalog=catalog,
            signal=table,
            set={"exit.k_stop": float(point["exit.k_stop"])},
            out=tmp_path / str(point["point"]),
            **WINDOW,
        )
        assert run.fingerprint == point["fingerprint"]
    asked = []

    def ask(row: dict[str, Any]) -> int:
        asked.append(row["position"])
        return wish(row["ts"])

    toxvol.sweep(**common, out=tmp_path / "asked", signal=ask)
    assert set(asked) == {None} and len(asked) == len(table), "once, before there is a position"
    again = pa.table(toxvol.read_table(tmp_path / "asked" / "sweep.parquet")).to_pylist()
    assert [row["net"] for row in again] == [point["net"] for point in points]
    kept = pq.read_table(tmp_path / "asked" / "signal.parquet")
    assert kept.to_pylist() == pq.read_table(tmp_path / "sweep" / "signal.parquet").to_pylist()


def test_a_band_goes_around_a_signal(catalog: Path, table: pa.Table, tmp_path: Path) -> None:
    common = {"catalog": catalog, "signal": table, **WINDOW}
    said = toxvol.band(**common, tiers=["VIP0"], out=tmp_path / "band", resamples=99)
    run = toxvol.backtest(**common, out=tmp_path / "run")
    own = [cell for cell in said["cells"] if cell["base"]]
    assert len(said["cells"]) > 1 and len(own) == 1
    exact = toxvol.Run(run.path, exact=True).summary
    assert own[0]["net"] == str(exact["net"]) and own[0]["fills"] == run.summary["fills"] > 0


def half_the_range(rows: toxvol.Table) -> Callable[[dict[str, Any]], int]:
    """Above the middle of the closes that it learned from: short; below: long."""
    closes = pa.table(rows).to_pandas()["close"]
    middle = (closes.min() + closes.max()) / 2

    def idea(row: dict[str, Any]) -> int:
        return 0 if row["ts"] // 60_000_000_000 % 7 else 1 if row["close"] < middle else -1

    return idea


@pytest.fixture
def walk(catalog: Path, tmp_path: Path) -> Callable[..., tuple[Path, dict[str, Any]]]:
    def run(
        name: str, signal: Any, axes: str = "", rule: str = "min_positions = 0", **more: Any
    ) -> tuple[Path, dict[str, Any]]:
        design = tmp_path / f"{name}.toml"
        windows = '[walkforward]\ntrain = "4h"\ntest = "2h"\npurge = "1h"\n'
        design.write_text(axes + windows + rule + "\n")
        said = toxvol.walkforward(
            design=design,
            catalog=catalog,
            preset="short",
            from_="2024-01-01",
            to="2024-01-01T11:00",
            resamples=99,
            out=tmp_path / name,
            signal=signal,
            **more,
        )
        return tmp_path / name, said

    return run


def test_a_fitted_signal_is_what_each_fold_said_of_its_days(
    walk: Callable[..., tuple[Path, dict[str, Any]]], catalog: Path, tmp_path: Path
) -> None:
    out, _ = walk("study", half_the_range)
    folds = pq.read_table(out / "folds.parquet").to_pylist()
    assert len(folds) == 3
    common = {"catalog": catalog, "preset": "short"}
    parts = []
    for k, fold in enumerate(folds):
        train = {"from_": f"{fold['train_from']:%FT%T}", "to": f"{fold['train_to']:%FT%T}"}
        test = {"from_": f"{fold['test_from']:%FT%T}", "to": f"{fold['test_to']:%FT%T}"}
        idea = half_the_range(toxvol.factors(**common, **train, out=tmp_path / f"{k}.parquet"))
        rows = pa.table(
            toxvol.factors(**common, **test, out=tmp_path / f"test{k}.parquet")
        ).to_pandas()
        said = [idea({"ts": ts.value, "close": close}) for ts, close in zip(rows.ts, rows.close)]
        parts.append(pd.DataFrame({"ts_init": rows.ts, "direction": said}))
        training = toxvol.backtest(**common, **train, signal=idea, out=tmp_path / f"train{k}")
        assert toxvol.Run(training.path, exact=True).summary["net"] == fold["is_net"]
    whole = pd.concat(parts, ignore_index=True)
    hours = {"from_": f"{folds[0]['test_from']:%FT%T}", "to": f"{folds[-1]['test_to']:%FT%T}"}
    plain = toxvol.backtest(**common, **hours, signal=whole, out=tmp_path / "plain")
    stitched = toxvol.Run(out / "oos")
    assert stitched.verify() == []
    assert stitched.summary["fills"] > 0
    assert pa.table(stitched.fills).to_pylist() == pa.table(plain.fills).to_pylist()
    assert stitched.info["signal"]["sha256"] == plain.info["signal"]["sha256"]
    study = json.loads((out / "study.json").read_text())
    # Without candidates nothing is chosen: the base on the same rows is the same run.
    assert study["trailing"]["net"] == study["stitched"]["net"]
    per_day = {way: study[way]["net"]["mean_bp_day"] for way in ("stitched", "sample")}
    assert per_day["stitched"] == pytest.approx(plain.inference["net"]["mean_bp_day"])
    sample = half_the_range(toxvol.factors(**common, **hours, out=tmp_path / "all.parquet"))
    seen = toxvol.backtest(**common, **hours, signal=sample, out=tmp_path / "sample")
    assert per_day["sample"] == pytest.approx(seen.inference["net"]["mean_bp_day"])
    assert seen.summary["net"] != plain.summary["net"]


def test_a_flat_fold_trades_nothing_whatever_the_signal_says(
    walk: Callable[..., tuple[Path, dict[str, Any]]],
) -> None:
    out, _ = walk("study", half_the_range, rule='min_positions = 100000\nfallback = "flat"')
    assert {fold["status"] for fold in pq.read_table(out / "folds.parquet").to_pylist()} == {"flat"}
    stitched = toxvol.Run(out / "oos")
    assert stitched.verify() == []
    assert stitched.summary["funnel"]["not_toxic"] > 0, "signals stand"
    assert stitched.summary["orders"]["submitted"] == 0
    assert stitched.summary["reasons"]["disabled"] > 0
    assert [fold["entries"] for fold in stitched.info["config"]["folds"]] == [False] * 3
    when = next(
        row["ts"] for row in pa.table(stitched.decisions).to_pylist() if row["reason"] == "disabled"
    )
    told = toxvol.explain(stitched.path, at=f"{when:%FT%T}")
    assert told["decision"]["row"]["reason"] == "disabled"
    assert told["decision"]["guards"][0]["question"] == "enabled"


def test_a_fitted_signal_goes_on_where_it_was_stopped_and_tells_when_it_changed(
    walk: Callable[..., tuple[Path, dict[str, Any]]],
) -> None:
    calls = []

    def fit(rows: toxvol.Table) -> Callable[[dict[str, Any]], int]:
        calls.append(len(rows))
        return half_the_range(rows)

    axes = 'design = "grid"\n[[axis]]\nkey = "exit.k_stop"\nvalues = [1, 3]\n'
    out, first = walk("study", fit, axes)
    assert calls == [240, 240, 240, 360], "the training windows, and all test windows at once"
    before = {path.name: path.read_bytes() for path in out.glob("*.parquet")}
    assert walk("study", fit, axes)[1] == first
    assert {path.name: path.read_bytes() for path in out.glob("*.parquet")} == before
    with pytest.raises(toxvol.Error, match="another signal"):
        walk("study", lambda rows: lambda row: 1, axes)


def test_what_cannot_be_fitted_is_one_line(
    walk: Callable[..., tuple[Path, dict[str, Any]]], table: pa.Table
) -> None:
    with pytest.raises(toxvol.UsageError, match="a function of the training rows"):
        walk("rows", table)
    with pytest.raises(toxvol.UsageError, match="gave 1 of the training rows"):
        walk("one", lambda rows: 1)
    with pytest.raises(toxvol.UsageError, match="signal.mode is the same for all folds"):
        axes = 'design = "grid"\n[[axis]]\nkey = "signal.mode"\nvalues = ["entry", "target"]\n'
        walk("mode", half_the_range, axes)
    with pytest.raises(toxvol.Error, match="alpha_a.compression has no effect"):
        axes = 'design = "grid"\n[[axis]]\nkey = "alpha_a.compression"\nvalues = [0.5, 0.7]\n'
        walk("idle", half_the_range, axes)


def example(source: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(source / "examples"))
    spec = importlib.util.spec_from_file_location(name, source / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_three_lines_on_real_minutes_end_in_a_verdict(
    source: Path,
    real_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = example(source, "own_signal", monkeypatch)
    monkeypatch.setattr(sys, "argv", ["own_signal.py", str(real_data), str(tmp_path)])
    module.main()
    said = capsys.readouterr().out
    run = toxvol.Run(tmp_path / "run")
    assert run.verify() == []
    assert run.summary["positions"] >= 10
    assert run.info["symbol"] == "NEARUSDT" and not run.info["synthetic"]
    assert run.trials["words"] in said and "verdict: " in said
    assert (tmp_path / "run" / "report.html").is_file()


def test_a_fitted_signal_is_judged_on_days_it_has_not_seen(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("sklearn")
    module = example(source, "own_signal_fitted", monkeypatch)
    learned: list[pd.Timestamp] = []
    fit = module.fit

    def watched(rows: toxvol.Table) -> Any:
        learned.append(rows.to_pandas()["ts"].iloc[-1])
        return fit(rows)

    monkeypatch.setattr(module, "fit", watched)
    monkeypatch.setattr(sys, "argv", ["own_signal_fitted.py", str(tmp_path)])
    module.main()
    said = capsys.readouterr().out
    # No training row reaches into the test rows, which nothing saw.
    folds = toxvol.read_table(tmp_path / "walk" / "folds.parquet").to_pandas()
    assert len(folds) == 3
    assert all(last < first for last, first in zip(learned, folds["test_from"]))
    assert learned[3] == folds["test_to"].iloc[-1], "and `sample` learned from them all"
    run = toxvol.Run(tmp_path / "walk" / "oos")
    assert run.verify() == []
    assert run.summary["positions"] >= 10
    assert "verdict: " in said and "no edge found" in said  # there is nothing in that market
    assert run.trials["words"] in said
