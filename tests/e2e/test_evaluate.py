"""`toxvol evaluate`, as a user calls it."""

import json
import shutil
import signal
import subprocess

import pyarrow.parquet as pq
import pytest
from tables import document, page_of, same_bytes, table

TABLES = ("forecasts", "compression", "decay", "vpin", "markouts")


@pytest.fixture(scope="module")
def run(toxvol, synthetic_catalog, tmp_path_factory):
    """Three days with entries that rest."""
    out = tmp_path_factory.mktemp("evaluated") / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--set",
        "entry.order=post_only",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-15",
        "--out",
        out,
    )
    return out


@pytest.fixture(scope="module")
def evaluated(toxvol, run):
    said = toxvol.run("evaluate", run, "--resamples", 199)
    return run.with_name("run-evaluate"), said.stdout


def test_it_leaves_tables_and_says_what_they_come_to(evaluated, run):
    folder, said = evaluated
    names = {path.name for path in folder.iterdir()}
    assert names == {"study.json", *(f"{name}.parquet" for name in TABLES)}
    study = document(folder, "study")
    assert study["fingerprint"] == document(run, "run")["fingerprint"]
    assert study["rows"] == 3 * 1440
    for sentence in study["verdicts"].values():
        for words in sentence.split("; "):
            assert words in said
    assert said.splitlines()[-1] == f"{folder}  (toxvol report {folder})"
    for name in TABLES:
        metadata = pq.read_schema(folder / f"{name}.parquet").metadata
        assert metadata[b"toxvol.schema"] == b"1"
        assert table(folder, name), name
    assert len(table(folder, "decay")) == 5 * 13 * 4 * 3


def test_it_becomes_a_page_and_a_part_of_the_runs(toxvol, evaluated, run, tmp_path):
    folder, _ = evaluated
    out = tmp_path / "page.html"
    assert toxvol.run("report", folder, "--out", out).stdout.strip() == str(out)
    page = page_of(out)
    toxvol.run("report", run, "--out", tmp_path / "run.html")
    found = [t for t in page_of(tmp_path / "run.html")["results"] if t["title"] == "Evaluation"]
    assert [row[0] for row in found[0]["rows"]] == list(document(folder, "study")["verdicts"])
    parts = {part["id"] for part in page["parts"]}
    assert parts >= {"forecasts", "compression", "decay", "vpin", "makers", "costs", "horizon"}
    assert "not_applicable" not in json.dumps(page)


def test_json_is_the_document(toxvol, run, tmp_path):
    out = tmp_path / "out"
    said = toxvol.run("evaluate", run, "--out", out, "--resamples", 199, "--json").stdout
    assert json.loads(said) == document(out, "study")


def test_a_seed_gives_the_same_bytes_and_another_one_others(toxvol, evaluated, run, tmp_path):
    out = tmp_path / "out"
    toxvol.run("evaluate", run, "--out", out, "--resamples", 199)
    assert same_bytes(out, evaluated[0]) == []
    toxvol.run("evaluate", run, "--out", out, "--resamples", 199, "--seed", 2, "--force")
    assert "decay.parquet" in same_bytes(out, evaluated[0])


def test_no_trial_is_counted(toxvol, evaluated, synthetic_catalog, run, tmp_path):
    log = synthetic_catalog / "toxvol" / "trials.jsonl"
    before = log.read_bytes()
    toxvol.run("evaluate", run, "--out", tmp_path / "out", "--resamples", 99)
    assert log.read_bytes() == before


def test_without_quotes_and_trades_it_says_what_it_cannot_tell(toxvol, synthetic_catalog, tmp_path):
    run = tmp_path / "bars"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--set",
        'run.inputs=["klines"]',
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-14",
        "--out",
        run,
    )
    said = json.loads(toxvol.run("evaluate", run, "--resamples", 99, "--json").stdout)
    assert said["verdicts"]["vpin"].startswith("not measured, because the run has no trades")
    assert said["inputs"] == ["klines"]
    assert min(row["horizon_s"] for row in said["decay"]) == 60
    assert {row["classifier"] for row in said["vpin"]["regressions"]} == {"aggressor", "bvc_1m"}
    assert said["makers"]["markouts"] == []


def test_nothing_after_the_window_is_read(toxvol, synthetic, run, evaluated, tmp_path):
    """The same from a market whose files end with the run's last day."""
    raw = tmp_path / "raw"
    shutil.copytree(synthetic, raw)
    for path in raw.rglob("*2024-01-1[5-9]*"):
        path.unlink()
    out = tmp_path / "out"
    toxvol.run("evaluate", run, "--raw", raw, "--out", out, "--resamples", 199)
    assert same_bytes(out, evaluated[0]) == []


def test_what_cannot_be_evaluated_is_one_line(toxvol, evaluated, run, synthetic, tmp_path):
    assert "--force" in toxvol.fails("evaluate", run)
    assert "is not a run folder" in toxvol.fails("evaluate", tmp_path)
    line = toxvol.fails("evaluate", run, "--resamples", 5, "--out", tmp_path / "o", code=2)
    assert "--resamples 5" in line
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    line = toxvol.fails("evaluate", run, "--out", tmp_path / "mine", "--force")
    assert "is not a folder of evaluate (no decay.parquet)" in line
    line = toxvol.fails("evaluate", run, "--catalog", tmp_path / "none", "--out", tmp_path / "o")
    assert str(tmp_path / "none") in line
    raw = tmp_path / "other"
    shutil.copytree(synthetic, raw)
    klines = next(raw.rglob("*-1m-2024-01-13*"))
    rows = klines.read_text().splitlines()
    cells = rows[100].split(",")
    cells[4] = cells[2]  # closes at its high
    rows[100] = ",".join(cells)
    klines.write_text("\n".join(rows) + "\n")
    line = toxvol.fails("evaluate", run, "--raw", raw, "--out", tmp_path / "o")
    assert "row of 2024-01-13T01:40:00Z: its kline is another" in line
    assert not (tmp_path / "o").exists()
    assert not list(tmp_path.glob(".o.partial-*"))


def test_of_an_order_script_the_factors_are_evaluated(toxvol, synthetic_catalog, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
        "1,1705060800000000000,submit,buy,market,gtc,,0.01,0,0\n"
    )
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--orders",
        orders,
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-13",
        "--out",
        out,
    )
    said = json.loads(toxvol.run("evaluate", out, "--resamples", 99, "--json").stdout)
    assert said["capacity"]["ladder_note"] == "not_applicable: an order script"
    assert said["capacity"]["ladder_multiple"] is None
    assert said["makers"]["note"] == "not_applicable: no entry order rested"
    assert said["verdicts"]["makers"] == "not measured, because no entry order rested"
    assert said["verdicts"]["capacity"].endswith("other sizes were not tried (an order script)")
    assert any(row["ic"] is not None for row in said["decay"])


def test_an_interrupt_leaves_nothing(toxvol, run, tmp_path):
    out = tmp_path / "out"
    job = subprocess.Popen(
        [toxvol.path, "evaluate", run, "--out", out, "--resamples", "19999"],
        stderr=subprocess.PIPE,
        text=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        job.wait(2)
    job.send_signal(signal.SIGINT)
    assert job.wait(60) == 130, job.stderr.read()
    assert list(tmp_path.iterdir()) == []
