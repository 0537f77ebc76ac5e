"""Every configuration that was looked at is counted, once, before its result is there."""

import json
import shutil
import subprocess

import pytest
from tables import document, page_of, same_bytes
from test_backtest import SCRIPT

WEEK = ("--preset", "A", "--from", "2024-01-12", "--to", "2024-01-14")


@pytest.fixture
def catalog(synthetic_catalog, tmp_path):
    """One that nobody has looked at."""
    copy = shutil.copytree(synthetic_catalog, tmp_path / "catalog")
    for file in (copy / "toxvol").glob("trials.jsonl*"):
        file.unlink()
    return copy


def log_of(catalog):
    return [
        json.loads(line) for line in (catalog / "toxvol" / "trials.jsonl").read_text().splitlines()
    ]


def test_every_look_is_counted_once(toxvol, catalog, tmp_path):
    said = toxvol.run("backtest", "--catalog", catalog, *WEEK, "--out", tmp_path / "a").stdout
    assert f"the 1st configuration looked at on these hours (in {catalog} since " in said
    first = document(tmp_path / "a", "trials")
    assert (first["lines"], first["M"] + first["empty"], first["place"]) == (1, 1, 1)
    said = toxvol.run(
        "backtest", "--catalog", catalog, *WEEK, "--set", "exit.k_stop=4", "--out", tmp_path / "b"
    ).stdout
    assert "the 2nd configuration" in said
    toxvol.run("report", tmp_path / "b")
    assert (
        "the 2nd configuration looked at on these hours"
        in (tmp_path / "b" / "report.html").read_text()
    )
    # A report of the first run judges it by both, and by what the log says now.
    newest = log_of(catalog)[-1]["at"][:19]
    toxvol.run("report", tmp_path / "a")
    notes = " ".join(page_of(tmp_path / "a" / "report.html")["headline"]["notes"])
    listed = json.loads(toxvol.run("trials", catalog, "--json").stdout)["trials"][0]
    assert listed["id"] == first["id"] and first["M"] == 1 and listed["M"] == 2
    assert (
        f"; 2 with a result in the trial log as it is now, its newest trial being of {newest}Z"
        in notes
    )
    assert f"the best of 2 by luck has a probability of {listed['dsr_null']:.4f} (DSR" in notes
    assert notes.index("(DSR") < notes.index("(PSR)")
    page = (tmp_path / "a" / "report.html").read_bytes()
    toxvol.run("report", tmp_path / "a")
    assert (tmp_path / "a" / "report.html").read_bytes() == page
    toxvol.run("report", "--index", tmp_path)
    row = page_of(tmp_path / "index.html")["tables"][0]["rows"][0]
    assert row[7:10] == [f"{listed['dsr_null']:.4f}", "2", f"{newest}Z"]
    (tmp_path / "a" / "report.html").unlink()
    # Again: a line more, the same trial, and the same bytes but for the count.
    said = toxvol.run("backtest", "--catalog", catalog, *WEEK, "--out", tmp_path / "again").stdout
    assert "the 1st configuration" in said
    assert same_bytes(tmp_path / "a", tmp_path / "again") == []
    last = document(tmp_path / "again", "trials")
    assert (last["lines"], last["M"] + last["empty"], last["id"]) == (3, 2, first["id"])
    assert [line["kind"] for line in log_of(catalog)] == ["run"] * 3
    inference = document(tmp_path / "a", "inference")
    line = log_of(catalog)[0]
    assert (line["n"], line["positions"]) == (
        inference["net"]["n"],
        document(tmp_path / "a", "summary")["positions"],
    )
    if line["sharpe"] is not None:
        assert line["sharpe"] * 8760**0.5 == pytest.approx(inference["net"]["sharpe"])
        assert last["dsr_null"] <= inference["net"]["psr"]


def test_another_profile_and_other_hours(toxvol, catalog, tmp_path):
    toxvol.run("backtest", "--catalog", catalog, *WEEK, "--out", tmp_path / "a")
    toxvol.run(
        "backtest",
        "--catalog",
        catalog,
        *WEEK,
        "--set",
        "exchange.profile=nautilus_1_221",
        "--out",
        tmp_path / "b",
    )
    assert document(tmp_path / "b", "trials")["place"] == 2
    toxvol.run(
        "backtest",
        "--catalog",
        catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-14",
        "--to",
        "2024-01-16",
        "--out",
        tmp_path / "c",
    )
    later = document(tmp_path / "c", "trials")
    assert (later["lines"], later["place"], later["M"] + later["empty"]) == (3, 1, 1)


def test_an_order_script_is_logged_and_not_counted(toxvol, window_catalog, tmp_path):
    catalog = shutil.copytree(window_catalog, tmp_path / "catalog")
    for file in (catalog / "toxvol").glob("trials.jsonl*"):
        file.unlink()
    (tmp_path / "orders.csv").write_text(SCRIPT)
    said = toxvol.run(
        "backtest",
        "--preset",
        "short",
        "--catalog",
        catalog,
        "--orders",
        tmp_path / "orders.csv",
        "--out",
        tmp_path / "run",
    ).stdout
    assert "no trial: logged, not counted" in said
    assert log_of(catalog)[0]["kind"] == "script"
    assert document(tmp_path / "run", "trials")["M"] == 0


def test_a_band_before_it_makes_no_ablation_uncounted(toxvol, catalog, tmp_path):
    """Of one configuration and window the log has a line of the band, which is no trial (R21)."""
    common = ["--catalog", catalog, "--preset", "short", *WEEK[2:], "--resamples", 99]
    cell = ["--queues", "risk_averse", "--latencies", "20ms", "--tiers", "VIP0"]
    toxvol.run("band", *common, *cell, "--out", tmp_path / "band")
    design = tmp_path / "list.toml"
    design.write_text(
        'design = "list"\n[[variant]]\nname = "half"\ngroup = "gate"\n'
        'set = { "alpha_a.compression" = 0.5 }\n'
    )
    toxvol.run("ablation", "--design", design, *common, "--out", tmp_path / "ablation")
    kinds = [line["kind"] for line in log_of(catalog)]
    assert "band" in kinds and kinds[-3:] == ["ablation", "ablation", "study"]
    own = document(tmp_path / "ablation", "trials")
    assert own["words"].startswith("the ") and own["M"] + own["empty"] == 2


def test_raw_files_are_counted_where_a_file_is_named(toxvol, synthetic, tmp_path):
    said = toxvol.run("backtest", "--raw", synthetic, *WEEK, "--out", tmp_path / "a").stdout
    assert "trials not counted" in said
    assert document(tmp_path / "a", "trials")["log"] == "none"
    log = tmp_path / "mine.jsonl"
    toxvol.run("backtest", "--raw", synthetic, *WEEK, "--trials", log, "--out", tmp_path / "b")
    assert document(tmp_path / "b", "trials")["place"] == 1
    line = toxvol.fails(
        "backtest",
        "--raw",
        synthetic,
        *WEEK,
        "--trials",
        tmp_path / "none" / "x",
        "--out",
        tmp_path / "c",
    )
    assert f"--trials {tmp_path / 'none' / 'x'}: there is no folder {tmp_path / 'none'}" in line


def test_a_log_that_cannot_be_written_ends_no_run(toxvol, catalog, tmp_path):
    (catalog / "toxvol" / "trials.jsonl").mkdir()
    done = toxvol.run("backtest", "--catalog", catalog, *WEEK, "--out", tmp_path / "a")
    assert "trials not counted: " in done.stderr and "trials.jsonl" in done.stderr
    assert "trials not counted" in done.stdout
    assert document(tmp_path / "a", "trials")["log"] == "none"
    assert toxvol.run("verify", tmp_path / "a").returncode == 0


def test_the_list_has_all_trials_and_their_figures(toxvol, catalog, tmp_path):
    toxvol.run("backtest", "--catalog", catalog, *WEEK, "--out", tmp_path / "a")
    toxvol.run(
        "backtest", "--catalog", catalog, *WEEK, "--set", "exit.k_stop=4", "--out", tmp_path / "b"
    )
    with open(catalog / "toxvol" / "trials.jsonl", "a") as log:
        log.write('{"v":1,"id":"half a li')
    listed = json.loads(toxvol.run("trials", catalog, "--json").stdout)
    assert listed["damaged"] == 1 and listed["lines"] == 2
    assert [trial["place"] for trial in listed["trials"]] == [1, 2]
    last = document(tmp_path / "b", "trials")
    for key in ("id", "M", "empty", "dsr_null", "dsr", "sr0", "rank"):
        if key in listed["trials"][1]:
            assert listed["trials"][1][key] == last[key], key
    lines = toxvol.run("trials", catalog).stdout.splitlines()
    assert len(lines) == 4
    assert lines[2].endswith(last["id"][:12])
    assert lines[3].startswith(
        f"{catalog}/toxvol/trials.jsonl: 2 trials of 2 lines, 1 damaged, since 20"
    )
    assert "--study feed: no trial" in toxvol.fails("trials", catalog, "--study", "feed")
    toxvol.fails("trials", code=2)
    toxvol.fails("trials", tmp_path / "none")


def test_several_at_once_are_all_counted(toxvol, catalog, tmp_path):
    started = [
        subprocess.Popen(
            [
                toxvol.path,
                "backtest",
                "--catalog",
                catalog,
                *WEEK,
                "--set",
                f"exit.k_stop={k}",
                "--out",
                tmp_path / f"run{k}",
                "--quiet",
            ]
        )
        for k in (2, 3, 4)
    ]
    assert [process.wait(300) for process in started] == [0, 0, 0]
    assert len({line["id"] for line in log_of(catalog)}) == 3
    assert sorted(document(tmp_path / f"run{k}", "trials")["place"] for k in (2, 3, 4)) == [1, 2, 3]
