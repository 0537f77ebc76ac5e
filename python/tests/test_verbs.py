import _thread
import inspect
import json
import pickle
import subprocess
import threading
from pathlib import Path

import pytest
from toxvol._errors import in_python

import toxvol


def test_ingest_says_what_the_command_says(market: Path, tmp_path: Path) -> None:
    report = toxvol.ingest(market, catalog=tmp_path / "catalog", jobs=1)
    kinds = {kind["kind"]: kind for kind in report["kinds"]}
    assert set(kinds) == {"aggTrades", "bookTicker", "klines", "metrics", "fundingRate"}
    assert kinds["klines"]["rows_read"] == 3 * 1440
    assert report["findings"]["BOOK_INTERLEAVED"] > 0
    assert report["skipped"] == []
    again = toxvol.ingest(market, catalog=tmp_path / "catalog")
    assert again["ingested"] == 0


def test_a_folder_is_tried_in_one_call(market: Path, tmp_path: Path) -> None:
    run = toxvol.try_folder(market, catalog=tmp_path / "catalog", out=tmp_path / "run")
    assert run.info["preset"] == "short" and run.verify() == []
    assert (run.path / "report.html").exists()
    with pytest.raises(toxvol.Error, match="none of Binance's"):
        toxvol.try_folder(tmp_path / "run")


def test_a_symbol_is_a_keyword_of_its_own(catalog: Path, tmp_path: Path) -> None:
    run = toxvol.backtest(catalog=catalog, preset="short", symbol="BTCUSDT", out=tmp_path / "run")
    assert run.info["symbol"] == "BTCUSDT"
    with pytest.raises(toxvol.UsageError, match="capitals: BTCUSDT"):
        toxvol.backtest(catalog=catalog, symbol="btcusdt")


def test_a_setting_that_is_none_is_an_error_and_harms_nothing(
    catalog: Path, tmp_path: Path
) -> None:
    # Seen to end the process: members of the request were destroyed twice.
    verbs = {
        toxvol.factors: {},
        toxvol.backtest: {},
        toxvol.poison: {},
        toxvol.band: {"out": tmp_path / "x"},
    }
    for verb, more in verbs.items():
        with pytest.raises(toxvol.UsageError, match="preset, config: name one of them"):
            verb(catalog=catalog, preset="A", config=tmp_path / "x.toml", **more)
        with pytest.raises(toxvol.Error, match="capitals: BTCUSDT"):
            verb(catalog=catalog, symbol="btcusdt", **more)


def test_check_counts_a_folder_of_files(market: Path, catalog: Path) -> None:
    assert not toxvol.check(market)["catalog"]
    report = toxvol.check(catalog, deep=True)
    assert report["catalog"] and report["errors"] == []


def test_a_run_is_sound_and_equal_to_the_same_from_raw_files(
    run: toxvol.Run, market: Path, tmp_path: Path
) -> None:
    assert toxvol.verify(run) == []
    raw = toxvol.backtest(raw=market, preset="short", out=tmp_path / "raw")
    assert raw.fingerprint == run.fingerprint
    assert all("quality" in line or "summary" in line for line in run.diff(raw))


def test_poison_says_what_the_command_says(catalog: Path) -> None:
    window = {"from_": "2024-01-01T12:00", "to": "2024-01-01T18:00"}
    found = toxvol.poison(catalog=catalog, preset="short", **window, trials=2)
    assert found["verdict"].startswith("unchanged") and found["changed"] == 0
    assert len(found["trials"]) == 2 and found["compared"]["decisions"] > 0
    seen = []

    def direction(row: object) -> int:
        seen.append(row)
        return (-1) ** (len(seen) // 7)  # not of its row alone: no two runs are the same

    with pytest.raises(toxvol.Error, match="a signal's function must give the same answer"):
        toxvol.poison(catalog=catalog, preset="short", **window, trials=2, signal=direction)
    with pytest.raises(toxvol.UsageError, match="trials=0: at least 1"):
        toxvol.poison(catalog=catalog, trials=0)


def test_settings_are_those_of_the_command(catalog: Path, tmp_path: Path) -> None:
    run = toxvol.backtest(
        catalog=catalog,
        preset="short",
        set={"exit.k_stop": 3, "alpha_b.enabled": False, "run.seed": 5},
        out=tmp_path / "run",
    )
    config = run.info["config"]
    assert config["exit"]["k_stop"] == 3.0
    assert config["alpha_b"]["enabled"] is False
    assert toxvol.config_show("short")["alpha_b"]["enabled"] is True


def test_factors_gives_a_row_a_minute(catalog: Path, tmp_path: Path) -> None:
    table = toxvol.factors(catalog=catalog, preset="short", out=tmp_path / "factors.parquet")
    assert len(table) == 1440
    assert "vpin" in table.column_names


def test_every_point_of_a_study_is_the_separate_run(catalog: Path, tmp_path: Path) -> None:
    design = tmp_path / "design.toml"
    design.write_text(
        'design = "grid"\n[[axis]]\nkey = "alpha_a.compression"\nvalues = [0.6, 0.7]\n'
    )
    swept = toxvol.sweep(design=design, catalog=catalog, preset="short", out=tmp_path / "sweep")
    assert (swept["ok"], swept["failed"], swept["left_out"]) == (2, 0, 0)
    pa = pytest.importorskip("pyarrow")
    table = pa.table(toxvol.read_table(tmp_path / "sweep" / "sweep.parquet")).to_pylist()
    for row in table:
        run = toxvol.backtest(
            catalog=catalog,
            preset="short",
            out=tmp_path / str(row["point"]),
            set={"alpha_a.compression": float(row["alpha_a.compression"])},
        )
        assert run.fingerprint == row["fingerprint"]
    ablated = toxvol.ablation(
        catalog=catalog,
        preset="short",
        groups=["alpha", "exit"],
        out=tmp_path / "ablation",
    )
    assert ablated["failed"] == 0 and ablated["verdict"]
    on_two = toxvol.ablation(
        catalog=catalog, presets=["short", "A"], groups="alpha", out=tmp_path / "on_two"
    )
    assert on_two["failed"] == 0 and "With A as the base, " in on_two["verdict"]
    with pytest.raises(toxvol.UsageError, match="presets=: a name is missing"):
        toxvol.ablation(catalog=catalog, presets=[], out=tmp_path / "none")
    with pytest.raises(toxvol.UsageError, match="presets=D: no such preset"):
        toxvol.ablation(catalog=catalog, presets="D", out=tmp_path / "none")


def test_a_band_tells_the_net_of_every_assumption(catalog: Path, tmp_path: Path) -> None:
    told = toxvol.band(
        catalog=catalog,
        preset="short",
        latencies=["20ms", "100ms"],
        tiers="VIP0",
        out=tmp_path / "band",
    )
    assert told["assumptions"] == len(told["cells"]) == 6
    assert "assumptions earn; the sign does" in told["verdict"]
    hours = toxvol.read_table(tmp_path / "band" / "band_equity.parquet")
    assert hours.column_names == "ts base q_lo q_hi ql_lo ql_hi all_lo all_hi".split()
    with pytest.raises(toxvol.UsageError, match="queues=front: expected"):
        toxvol.band(catalog=catalog, preset="short", queues="front", out=tmp_path / "no")


def test_the_keywords_are_the_long_options() -> None:
    help_text = subprocess.run(
        ["toxvol", "--help-all"], capture_output=True, text=True, check=True
    ).stdout
    beside = {"progress", "raw", "path", "run", "folder"}  # progress, and positional arguments
    for verb in (
        toxvol.try_folder,
        toxvol.ingest,
        toxvol.check,
        toxvol.factors,
        toxvol.backtest,
        toxvol.synth,
        toxvol.ablation,
        toxvol.band,
    ):
        for name in inspect.signature(verb).parameters.keys() - beside:
            option = "--" + name.rstrip("_").replace("_", "-")
            assert f"{option} " in help_text or f"{option}\n" in help_text, (verb, option)


def test_a_failed_job_raises_the_commands_line(run: toxvol.Run, catalog: Path) -> None:
    with pytest.raises(toxvol.Error, match="exists: choose another out=") as caught:
        toxvol.backtest(catalog=catalog, preset="short", out=run.path)
    assert not isinstance(caught.value, ValueError)
    assert caught.value.code == "exists"
    command = subprocess.run(
        ["toxvol", "backtest", "--catalog", catalog, "--preset", "short", "--out", run.path],
        capture_output=True,
        text=True,
    )
    assert command.returncode == 1
    said = command.stderr.removeprefix("toxvol: ").rstrip("\n")
    assert "--out" in said and in_python(said) == str(caught.value)


def test_a_wrong_argument_is_a_value_error(catalog: Path) -> None:
    with pytest.raises(ValueError, match="unknown key x.y") as caught:
        toxvol.backtest(catalog=catalog, set={"x.y": 1})
    assert isinstance(caught.value, toxvol.UsageError)
    assert caught.value.code == "usage"
    with pytest.raises(toxvol.UsageError, match="catalog=DIR and raw=DIR"):
        toxvol.backtest(preset="short")
    with pytest.raises(toxvol.UsageError):
        toxvol.config_check("A", set={"exit.k_stop": "wide"})
    with pytest.raises(TypeError):
        toxvol.backtest(catalog=catalog, strategy="mine")  # type: ignore[call-arg]


def test_an_error_says_in_a_word_what_kind_it_is(tmp_path: Path) -> None:
    with pytest.raises(toxvol.Error) as caught:
        toxvol.backtest(catalog=tmp_path / "nowhere", preset="short")
    assert caught.value.code == "not_found"
    mine = tmp_path / "mine.toml"
    mine.write_text("[crowding]\ntheta_exit = 2\n")
    with pytest.raises(toxvol.Error, match="mine.toml:2: crowding.theta_exit") as caught:
        toxvol.config_check(mine)
    assert caught.value.code == "config"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy), copy.code) == (toxvol.Error, str(caught.value), "config")


def test_progress_is_told(catalog: Path, tmp_path: Path) -> None:
    seen = []
    toxvol.backtest(
        catalog=catalog,
        preset="short",
        out=tmp_path / "run",
        progress=lambda stage, done, total, rows: seen.append((stage, done, total, rows)),
    )
    assert all(stage and 0 <= done <= total for stage, done, total, _ in seen)
    stage, done, total, rows = seen[-1]  # the end is always told
    assert done == total == 1440 and rows > 1440


def test_an_exception_in_progress_stops_the_work(tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        toxvol.synth(out=tmp_path / "raw", from_="2024-01-01", days=30, progress=refuse)
    assert not (tmp_path / "raw").exists()


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_stops_the_work_and_leaves_nothing(tmp_path: Path) -> None:
    timer = threading.Timer(0.4, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        toxvol.synth(out=tmp_path / "raw", from_="2024-01-01", days=30)
    assert list(tmp_path.iterdir()) == []


def test_other_threads_run_meanwhile(catalog: Path, tmp_path: Path) -> None:
    count = 0
    over = threading.Event()

    def counter() -> None:
        nonlocal count
        while not over.is_set():
            count += 1
            over.wait(0.001)

    thread = threading.Thread(target=counter)
    thread.start()
    try:
        toxvol.backtest(catalog=catalog, preset="short", out=tmp_path / "run")
    finally:
        over.set()
        thread.join()
    assert count > 10


def test_a_run_is_evaluated(catalog: Path, tmp_path: Path) -> None:
    run = toxvol.backtest(catalog=catalog, preset="short", out=tmp_path / "run")
    said = toxvol.evaluate(run, seed=3, resamples=99)
    folder = tmp_path / "run-evaluate"
    assert said == json.loads((folder / "study.json").read_text())
    assert (said["kind"], said["seed"], said["resamples"]) == ("evaluate", 3, 99)
    assert said["rows"] == run.decisions.to_arrow().num_rows
    with pytest.raises(toxvol.Error, match="force=True"):
        toxvol.evaluate(run)
    again = toxvol.evaluate(run, out=folder, force=True, seed=3, resamples=99)
    assert again == said
    with pytest.raises(toxvol.UsageError, match="resamples=5"):
        toxvol.evaluate(run, out=tmp_path / "other", resamples=5)


def test_runs_are_compared_and_explained(catalog: Path, tmp_path: Path) -> None:
    a = toxvol.backtest(catalog=catalog, preset="short", out=tmp_path / "a")
    b = toxvol.backtest(catalog=catalog, preset="short", out=tmp_path / "b", set={"exit.k_stop": 3})
    said = toxvol.compare([a, b.path], unit="15m")
    assert [one["run"] for one in said["runs"]] == [str(a.path), str(b.path)]
    assert said["runs"][1]["against_first"]["n"] == said["runs"][0]["n"]
    folder = tmp_path / "compared"
    assert toxvol.compare([a, b.path], unit="15m", out=folder) == said
    assert toxvol.report(folder) == folder / "report.html"
    assert "toxvol" in (folder / "report.html").read_text()
    with pytest.raises(toxvol.UsageError, match="two run folders"):
        toxvol.compare([a])
    rows = a.decisions.to_arrow()
    at = rows["ts"][rows.num_rows - 1].as_py().isoformat()
    told = toxvol.explain(a, at=at)
    assert told["decision"]["row"]["reason"] == rows["reason"][rows.num_rows - 1].as_py()
    with pytest.raises(toxvol.UsageError, match="at="):
        toxvol.explain(a)
    with pytest.raises(toxvol.Error, match="position=100000"):
        toxvol.explain(a, position=100000)
