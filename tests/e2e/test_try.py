"""`toxvol try`: any folder leads to a result, or to one line that says why not."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import WINDOW
from tables import document, same_bytes


@pytest.fixture
def place(tmp_path):
    """A folder of raw files with room beside it."""

    def make(files):
        for path in files:
            target = tmp_path / "raw" / path.name
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
        return tmp_path / "raw"

    return make


def tried(toxvol, folder, *args, **kwargs):
    return json.loads(toxvol.run("try", folder, "--json", *args, **kwargs).stdout)


def test_recorded_minutes_with_quotes(toxvol, place, tmp_path):
    folder = place(WINDOW.rglob("*.csv"))
    said = tried(toxvol, folder)
    assert (said["symbol"], said["data"], said["preset"]) == ("BTCUSDT", "quotes", "short")
    assert said["catalog"] == str(tmp_path / "raw-catalog")
    assert (tmp_path / "raw-runs" / "BTCUSDT-short" / "report.html").exists()
    assert "sound" in toxvol.run("verify", said["run"]).stdout


def test_too_few_minutes_are_told_without_the_preset_that_was_taken(toxvol, place):
    done = toxvol.run("try", place(WINDOW.rglob("*.csv")))
    assert "14 minutes of data are needed first; start earlier, with data for it\n" in done.stdout


def test_a_file_that_is_skipped_is_told_and_the_exit_code_says_so(toxvol, place):
    folder = place(WINDOW.rglob("*.csv"))
    damaged = folder / "BTCUSDT-aggTrades-2023-04-06.zip"
    damaged.write_bytes(b"PK nothing")
    done = toxvol.run("try", folder, check=False)
    assert done.returncode == 1
    assert f"{damaged} skipped (FILE_TRUNCATED)" in done.stderr and "report.html" in done.stdout


def test_it_prints_commands_that_do_the_same(toxvol, place, tmp_path):
    folder = place(WINDOW.rglob("*.csv")).rename(tmp_path / "it's mine")
    text = toxvol.run("try", folder).stdout
    commands = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    assert [command.split()[1] for command in commands] == ["ingest", "backtest", "report"]
    run = tmp_path / "it's mine-runs" / "BTCUSDT-short"
    shutil.copytree(run, tmp_path / "kept")
    shutil.rmtree(run)
    shutil.rmtree(tmp_path / "it's mine-catalog")
    for command in commands:
        subprocess.run(
            ["bash", "-c", command.replace("toxvol", str(toxvol.path), 1)],
            check=True,
            capture_output=True,
        )
    assert same_bytes(run, tmp_path / "kept", but=("summary.json",)) == []
    assert "What to try next" in text
    for command in text.split("What to try next:\n")[1].splitlines():
        subprocess.run(
            ["bash", "-c", command.strip().replace("toxvol", str(toxvol.path), 1)],
            check=True,
            capture_output=True,
            cwd=tmp_path,
        )


def fingerprint_of(answer):
    return json.loads((Path(answer["run"]) / "run.json").read_text())["fingerprint"]


def test_twice_is_once(toxvol, place):
    folder = place(WINDOW.rglob("*.csv"))
    first = tried(toxvol, folder)
    fingerprint = fingerprint_of(first)
    assert tried(toxvol, folder) == first
    assert fingerprint_of(first) == fingerprint
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        "raw",
        "raw-catalog",
        "raw-runs",
    ]


def test_a_single_file_is_left_with_its_neighbours_as_they_are(toxvol, place, tmp_path):
    folder = place(WINDOW.rglob("*.csv"))
    before = sorted(folder.iterdir())
    klines = next(path for path in before if "-1m-" in path.name)
    (tmp_path / "here").mkdir()
    toxvol.run("try", klines, cwd=tmp_path / "here")
    assert sorted(folder.iterdir()) == before
    assert len(list((tmp_path / "here").iterdir())) == 2, "its catalog and its runs"


def test_an_out_that_is_taken_is_told_before_any_work(toxvol, place, tmp_path):
    (tmp_path / "taken").mkdir()
    error = toxvol.fails("try", place(WINDOW.rglob("*.csv")), "--out", tmp_path / "taken")
    assert error == f"toxvol: {tmp_path}/taken exists: choose another --out, or none"
    assert not (tmp_path / "raw-catalog").exists()


def test_a_catalog_is_run_as_it_is(toxvol, window_catalog, tmp_path):
    said = tried(toxvol, window_catalog, "--out", tmp_path / "run")
    assert [command.split()[1] for command in said["commands"]] == ["backtest", "report"]
    assert document(tmp_path / "run", "run")["symbol"] == "BTCUSDT"
    assert "exists" in toxvol.fails("try", window_catalog, "--out", tmp_path / "run")


def test_days_enough_take_a_preset_that_means_something(toxvol, synthetic):
    said = tried(toxvol, synthetic)
    assert (said["data"], said["preset"]) == ("quotes", "C")
    assert (said["from"], said["to"]) == ("2024-01-10", "2024-01-19")


def test_a_day_of_real_trades(toxvol, real_data, place):
    said = tried(toxvol, place(real_data.rglob("BTCUSDT-*2020-02*.csv")))
    assert (said["data"], said["preset"], said["from"], said["to"]) == (
        "trades",
        "short",
        "2020-02-22",
        "2020-02-23",
    )


def test_klines_alone_and_the_contract_that_is_asked_for(toxvol, real_data, place):
    folder = place([*real_data.rglob("NEARUSDT-1m-2023-08.csv"), *WINDOW.rglob("*.csv")])
    said = tried(toxvol, folder, "--symbol", "NEARUSDT")
    assert (said["symbol"], said["data"], said["preset"]) == ("NEARUSDT", "klines", "C")
    assert "it holds BTCUSDT, NEARUSDT" in toxvol.fails("try", folder, "--symbol", "ETHUSDT")


def test_mixed_days_take_the_richest_that_is_long_enough(toxvol, real_data, tmp_path):
    text = toxvol.run("try", real_data, cwd=tmp_path).stdout
    assert "with quotes: 7 minutes at most in one stretch" in text
    assert "takes BTCUSDT, 1 day (2020-02-22) with trades" in text
    assert (tmp_path / "raw-runs" / "BTCUSDT-short" / "report.html").exists()


def test_a_read_only_folder_is_left_alone(toxvol, place, tmp_path):
    folder = place(WINDOW.rglob("*.csv"))
    closed = tmp_path / "closed"
    closed.mkdir()
    folder = folder.rename(closed / "raw")
    closed.chmod(0o555)
    here = tmp_path / "here"
    here.mkdir()
    said = tried(toxvol, closed / "raw", cwd=here)
    assert said["catalog"] == str(here / "raw-catalog")
    assert [path.name for path in closed.iterdir()] == ["raw"]
    closed.chmod(0o755)


@pytest.mark.parametrize(
    "files, said",
    [
        ({}, "none of Binance's USD-M futures files in it"),
        ({"notes.txt": "hello"}, "none of Binance's USD-M futures files in it"),
        ({"BTCUSDT-aggTrades-2024-01-02.csv": "x"}, "no klines of BTCUSDT: a minute is a kline"),
        ({"spot/daily/BTCUSDT-1m-2024-01-02.csv": "x"}, "a spot file; toxvol reads USD-M futures"),
    ],
)
def test_a_useless_folder_is_one_line(toxvol, tmp_path, files, said):
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    line = toxvol.fails("try", folder)
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_a_folder_that_is_not_there(toxvol, tmp_path):
    assert "no such folder" in toxvol.fails("try", tmp_path / "nowhere")
