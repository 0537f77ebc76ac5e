"""Raw files into a catalog: counts, once and again, killed, in parallel, from ZIP."""

import csv
import decimal
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
import zipfile

import pyarrow.parquet as pq
from conftest import WINDOW
from tables import same_bytes


def manifest(catalog):
    return json.loads((catalog / "toxvol" / "manifest.json").read_text())


def csv_rows(path):
    with open(path) as lines:
        return sum(1 for _ in lines) - 1


def zipped(raw, target):
    """The same files as Binance publishes them: one ZIP each, with its checksum beside it."""
    import hashlib

    for path in sorted(raw.rglob("*.csv")):
        archive = (target / path.relative_to(raw)).with_suffix(".zip")
        archive.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
            z.write(path, path.name)
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        (archive.parent / (archive.name + ".CHECKSUM")).write_text(f"{digest}  {archive.name}")
    return target


def test_counts_in_the_catalog_equal_counts_in_the_csv(toxvol, window_catalog):
    for entry in manifest(window_catalog)["files"]:
        rows = csv_rows(WINDOW / entry["path"])
        assert entry["rows_read"] == rows
        assert entry["rows_read"] == entry["kept"] + entry["dropped"] + entry["quarantined"]
        for output in entry["outputs"]:
            assert pq.read_metadata(window_catalog / output["path"]).num_rows == output["rows"]


def test_arrow_reads_ticks_as_they_stand_in_the_csv(window_catalog):
    """The pages of these files are ours (docs/decisions/007-own-pages.md); this reader is not."""
    columns = {
        "bookTicker": {
            "bid_price": "best_bid_price",
            "ask_price": "best_ask_price",
            "bid_size": "best_bid_qty",
            "ask_size": "best_ask_qty",
            "ts_event": "transaction_time",
            "update_id": "update_id",
            "ts_sent": "event_time",
        },
        "aggTrades": {
            "price": "price",
            "size": "quantity",
            "trade_id": "agg_trade_id",
            "ts_event": "transact_time",
            "first_trade_id": "first_trade_id",
            "last_trade_id": "last_trade_id",
        },
    }
    seen = set()
    for entry in manifest(window_catalog)["files"]:
        if entry["kind"] not in columns or entry["kept"] != entry["rows_read"]:
            continue
        seen.add(entry["kind"])
        with open(WINDOW / entry["path"]) as lines:
            rows = list(csv.DictReader(lines))
        (output,) = entry["outputs"]
        table = pq.read_table(window_catalog / output["path"])
        for ours, theirs in columns[entry["kind"]].items():
            values = table[ours].to_pylist()
            texts = [row[theirs] for row in rows]
            if ours in ("ts_event", "ts_sent"):
                texts = [int(text) * 1_000_000 for text in texts]
            elif isinstance(values[0], bytes):
                values = [int.from_bytes(value, "little", signed=True) for value in values]
                texts = [int(decimal.Decimal(text) * 10**16) for text in texts]
            elif isinstance(values[0], int):
                texts = [int(text) for text in texts]
            assert values == texts, (entry["path"], ours)
    assert seen == set(columns)


def test_a_second_run_does_nothing(toxvol, window_catalog):
    before = {p: p.stat().st_mtime_ns for p in window_catalog.rglob("*.parquet")}
    said = toxvol.run("ingest", WINDOW, "--catalog", window_catalog).stdout
    assert "nothing to do" in said
    after = {
        p: p.stat().st_mtime_ns for p in window_catalog.rglob("*.parquet") if "data" in p.parts
    }
    assert all(before[p] == t for p, t in after.items())


def test_one_job_and_two_give_the_same_bytes(toxvol, synthetic, tmp_path):
    for jobs in (1, 2):
        toxvol.run("ingest", synthetic, "--catalog", tmp_path / str(jobs), "--jobs", jobs)
    assert same_bytes(tmp_path / "1", tmp_path / "2") == []


def test_a_killed_ingest_goes_on_to_the_same_bytes(toxvol, synthetic, synthetic_catalog, tmp_path):
    catalog = tmp_path / "catalog"
    killed = 0
    for pause in (0.05, 0.1, 0.2, 0.3):
        process = subprocess.Popen(
            [toxvol.path, "ingest", synthetic, "--catalog", catalog, "--jobs", "1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(pause)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed > 0, "the program was always faster than the kill"
    toxvol.run("ingest", synthetic, "--catalog", catalog, "--jobs", "1")
    assert same_bytes(catalog, synthetic_catalog) == []


def test_zip_gives_the_rows_of_csv(toxvol, window_catalog, tmp_path):
    raw = zipped(WINDOW, tmp_path / "raw")
    toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog")
    assert same_bytes(tmp_path / "catalog" / "data", window_catalog / "data") == []
    assert all(e["checksum"] == "ok" for e in manifest(tmp_path / "catalog")["files"])


def test_a_wrong_checksum_skips_the_file_and_keeps_the_rest(toxvol, tmp_path):
    raw = zipped(WINDOW, tmp_path / "raw")
    victim = sorted(raw.rglob("*bookTicker*05.zip.CHECKSUM"))[0]
    victim.write_text("0" * 64 + "  " + victim.name.removesuffix(".CHECKSUM"))
    done = toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog", check=False)
    assert done.returncode == 1
    assert "CHECKSUM_MISMATCH" in done.stdout + done.stderr
    kept = [e for e in manifest(tmp_path / "catalog")["files"] if e["kept"] > 0]
    assert len(kept) == 5


def test_a_truncated_zip_is_named(toxvol, tmp_path):
    raw = zipped(WINDOW, tmp_path / "raw")
    for victim in sorted(raw.rglob("*aggTrades*05.zip")):
        victim.write_bytes(victim.read_bytes()[:1000])
        (victim.parent / (victim.name + ".CHECKSUM")).unlink()
    done = toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog", check=False)
    assert done.returncode == 1
    assert "BTCUSDT-aggTrades-2023-04-05.zip" in done.stdout + done.stderr


def test_a_changed_source_is_noticed(toxvol, tmp_path):
    raw = tmp_path / "raw"
    shutil.copytree(WINDOW, raw)
    toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog")
    victim = sorted(raw.rglob("*1m-2023-04-05.csv"))[0]
    lines = victim.read_text().splitlines(keepends=True)
    victim.write_text("".join(lines[:-1]))
    said = toxvol.run("ingest", raw, "--catalog", tmp_path / "catalog")
    assert "other contents" in said.stdout + said.stderr
    fresh = tmp_path / "fresh"
    toxvol.run("ingest", raw, "--catalog", fresh)
    assert same_bytes(tmp_path / "catalog" / "data", fresh / "data") == []


def test_check_answers_for_raw_and_catalog(toxvol, window_catalog):
    raw = json.loads(toxvol.run("check", WINDOW, "--json", check=False).stdout)
    stored = json.loads(toxvol.run("check", window_catalog, "--json", check=False).stdout)
    assert raw and stored


def test_check_ends_with_a_command_that_runs(toxvol, tmp_path):
    best = json.loads(toxvol.run("check", WINDOW, "--json").stdout)["runs"][0]
    assert best["data"] == "quotes"
    assert best["presets"] == ["short"]
    text = toxvol.run("check", WINDOW).stdout
    assert best["command"].split() in [
        line.split() for line in text.replace("\\\n", "").splitlines()
    ]
    words = shlex.split(best["command"])
    assert words[0] == "toxvol"
    toxvol.run(*words[1:], "--out", tmp_path / "run")
    assert (tmp_path / "run" / "summary.json").is_file()
