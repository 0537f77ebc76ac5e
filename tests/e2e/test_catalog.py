"""The catalog's layout, bringing an older one up to date, and views of it."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from older import CUSTOM, make_older
from tables import same_bytes

CONTRACT = "BTCUSDT-PERP.BINANCE"
OWN_COLUMNS = {
    "quote_tick": ["update_id", "ts_sent"],
    "trade_tick": ["first_trade_id", "last_trade_id"],
}


def files(catalog, kind):
    found = sorted((catalog / "data" / kind).glob("*/*.parquet"))
    assert found, kind
    return found


def rows(catalog, kind):
    return [row for path in files(catalog, kind) for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def older(synthetic_catalog, tmp_path):
    return make_older(synthetic_catalog, tmp_path / "older")


# ---- the layout ----


def test_custom_files_name_their_class_and_have_unsigned_times(synthetic_catalog):
    names = {
        "custom_kline_flow_data": b"KlineFlowData",
        "custom_futures_metrics_data": b"FuturesMetricsData",
        "custom_funding_rate_data": b"FundingRateData",
    }
    for kind, name in names.items():
        for path in files(synthetic_catalog, kind):
            schema = pq.read_schema(path)
            assert schema.metadata[b"type_name"] == name
            assert schema.field("ts_event").type == pa.uint64()
            assert schema.field("ts_init").type == pa.uint64()
            assert set(pq.read_table(path)["type"].to_pylist()) == {name.decode()}


def test_the_instrument_has_the_lot_size_that_nautilus_trader_gives(synthetic_catalog):
    (row,) = rows(synthetic_catalog, "crypto_perpetual")
    assert row["lot_size"] == "1"
    assert list(row).index("lot_size") == list(row).index("multiplier") + 1


def test_funding_stands_in_nautilus_traders_own_type_too(synthetic_catalog):
    wanted = pa.schema(
        [
            pa.field("rate", pa.binary(), nullable=False),
            pa.field("interval", pa.uint16()),
            pa.field("next_funding_ns", pa.uint64()),
            pa.field("ts_event", pa.uint64(), nullable=False),
            pa.field("ts_init", pa.uint64(), nullable=False),
        ]
    )
    for path in files(synthetic_catalog, "funding_rate_update"):
        schema = pq.read_schema(path)
        assert schema.remove_metadata() == wanted
        assert schema.metadata[b"instrument_id"] == CONTRACT.encode() == path.parent.name.encode()
    ours = rows(synthetic_catalog, "custom_funding_rate_data")
    theirs = rows(synthetic_catalog, "funding_rate_update")
    assert len(theirs) == len(ours) > 20
    for own, row in zip(ours, theirs):
        text = json.loads(row["rate"])
        assert isinstance(text, str)
        assert Decimal(text) == Decimal(repr(own["funding_rate"]))
        assert row["interval"] == own["interval_hours"] * 60
        assert row["next_funding_ns"] is None, "the files do not say it"
        assert row["ts_event"] == own["ts_event"]
        assert row["ts_init"] == own["ts_init"] + 1


def test_the_manifest_names_the_funding_updates(synthetic_catalog):
    manifest = json.loads((synthetic_catalog / "toxvol" / "manifest.json").read_text())
    assert manifest["schema"] == 2
    named = {o["path"]: o["rows"] for entry in manifest["files"] for o in entry["outputs"]}
    for path in files(synthetic_catalog, "funding_rate_update"):
        assert named[str(path.relative_to(synthetic_catalog))] == pq.read_metadata(path).num_rows


# ---- an older catalog ----


def test_every_command_names_an_older_catalog_and_what_to_do(toxvol, synthetic, older, tmp_path):
    out = tmp_path / "out"
    design = tmp_path / "design.toml"
    design.write_text('base = "short"\ndesign = "grid"\n')
    before = {path: path.stat().st_mtime_ns for path in older.rglob("*")}
    for command in (
        ["check", older],
        ["backtest", "--catalog", older, "--preset", "short", "--out", out],
        ["factors", "--catalog", older, "--out", out],
        ["sweep", design, "--catalog", older, "--out", out],
        ["catalog", "view", "--catalog", older, "--out", out],
        ["ingest", synthetic, "--catalog", older],
        ["trials", older],
        ["try", older, "--out", out],
    ):
        line = toxvol.fails(*command)
        assert line == (
            f"toxvol: {older}: an older toxvol wrote this catalog; bring it up to date, without the "
            f"raw files: toxvol catalog upgrade {older}"
        ), command
        assert not out.exists(), command
    assert before == {path: path.stat().st_mtime_ns for path in older.rglob("*")}


def test_an_upgrade_ends_in_the_bytes_of_an_ingest(toxvol, synthetic_catalog, older):
    assert same_bytes(older, synthetic_catalog) != []
    told = json.loads(toxvol.run("catalog", "upgrade", older, "--json").stdout)
    assert told["was_older"]
    assert told["files_added"] == len(files(synthetic_catalog, "funding_rate_update"))
    changed = (*CUSTOM, "crypto_perpetual")
    assert told["files_rewritten"] == sum(len(files(older, kind)) for kind in changed)
    assert same_bytes(older, synthetic_catalog) == []
    toxvol.run("check", older, "--deep")


def test_an_upgrade_touches_neither_ticks_nor_bars(toxvol, older):
    kept = [p for kind in ("quote_tick", "trade_tick", "bar") for p in files(older, kind)]
    before = [(p, p.stat().st_mtime_ns, p.stat().st_ino) for p in kept]
    toxvol.run("catalog", "upgrade", older)
    assert before == [(p, p.stat().st_mtime_ns, p.stat().st_ino) for p in kept]


def test_a_second_upgrade_does_nothing(toxvol, synthetic_catalog, older):
    toxvol.run("catalog", "upgrade", older)
    before = {p: p.stat().st_mtime_ns for p in older.rglob("*") if p.is_file()}
    assert "nothing to do" in toxvol.run("catalog", "upgrade", older).stdout
    assert before == {p: p.stat().st_mtime_ns for p in older.rglob("*") if p.is_file()}


def test_the_layout_is_no_part_of_what_a_run_reads(toxvol, synthetic, synthetic_catalog, tmp_path):
    window = ["--preset", "short", "--from", "2024-01-16", "--to", "2024-01-16T06:00:00Z"]
    runs = []
    for name, source in (("raw", ["--raw", synthetic]), ("new", ["--catalog", synthetic_catalog])):
        toxvol.run("backtest", *source, *window, "--out", tmp_path / name)
        runs.append(json.loads((tmp_path / name / "run.json").read_text()))
    assert runs[0]["inputs"] == runs[1]["inputs"] != []
    assert runs[0]["fingerprint"] == runs[1]["fingerprint"]


def test_a_killed_upgrade_is_finished_by_the_next(toxvol, synthetic_catalog, older, tmp_path):
    command = [str(toxvol.path), "catalog", "upgrade"]
    whole = shutil.copytree(older, tmp_path / "whole")
    begun = time.monotonic()
    subprocess.run([*command, whole], check=True, capture_output=True)
    duration = time.monotonic() - begun
    chance = random.Random("upgrade 1")
    halfway = 0
    for trial in range(12):
        catalog = shutil.copytree(older, tmp_path / f"killed-{trial}")
        process = subprocess.Popen(
            [*command, catalog], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0, duration))
        process.send_signal(signal.SIGKILL)
        states = (older, synthetic_catalog)  # not begun, or done and not yet gone
        if process.wait() != 0 and all(same_bytes(catalog, state) != [] for state in states):
            halfway += 1
            assert "catalog upgrade" in toxvol.fails("check", catalog)
        subprocess.run([*command, catalog], check=True, capture_output=True)
        assert same_bytes(catalog, synthetic_catalog) == [], f"trial {trial}"
    assert halfway > 0, "the program was always faster than the kill"


def test_a_view_of_an_older_catalog_is_upgraded_too(toxvol, synthetic_catalog, tmp_path):
    view = tmp_path / "view"
    toxvol.run("catalog", "view", "--catalog", synthetic_catalog, "--out", view)
    older = make_older(view, tmp_path / "older")
    assert "catalog upgrade" in toxvol.fails("check", older)
    toxvol.run("catalog", "upgrade", older)
    assert same_bytes(older / "data", view / "data") == []


def test_a_damaged_file_is_named_and_left_alone(toxvol, older):
    victim = files(older, "custom_futures_metrics_data")[1]
    victim.write_bytes(files(older, "custom_futures_metrics_data")[0].read_bytes())
    before = victim.read_bytes()
    line = toxvol.fails("catalog", "upgrade", older)
    assert line.startswith(f"toxvol: {victim}: not the file that was written; remove it, upgrade")
    assert victim.read_bytes() == before
    victim.unlink()
    toxvol.run("catalog", "upgrade", older)


def test_two_upgrades_do_not_meet(toxvol, older):
    import fcntl

    with open(older / "toxvol" / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "is at work there" in toxvol.fails("catalog", "upgrade", older)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_a_catalog_that_cannot_be_written_is_told_in_a_line(toxvol, older, tmp_path):
    for parent in (older, *older.parents):
        if parent.stat().st_uid == 0 and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o055)
    program = shutil.copy(toxvol.path, "/tmp/toxvol-of-nobody-too")
    done = subprocess.run(
        [program, "catalog", "upgrade", older],
        capture_output=True,
        text=True,
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
    )
    os.unlink(program)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "Permission denied" in line
    assert line.endswith("copy it to where that is allowed and upgrade the copy")


def test_what_is_no_catalog_is_said(toxvol, tmp_path):
    assert "no catalog there" in toxvol.fails("catalog", "upgrade", tmp_path)


# ---- views ----


def test_a_view_has_the_rows_of_its_catalog(toxvol, synthetic_catalog, tmp_path):
    toxvol.run("catalog", "view", "--catalog", synthetic_catalog, "--out", tmp_path / "view")
    for folder in sorted((synthetic_catalog / "data").iterdir()):
        kind = folder.name
        assert rows(tmp_path / "view", kind) == rows(synthetic_catalog, kind), kind


def test_a_plain_view_lacks_the_columns_of_ours_and_nothing_else(
    toxvol, synthetic_catalog, tmp_path
):
    view = tmp_path / "plain"
    toxvol.run("catalog", "view", "--catalog", synthetic_catalog, "--out", view, "--plain")
    for folder in sorted((synthetic_catalog / "data").iterdir()):
        kind = folder.name
        own = OWN_COLUMNS.get(kind, [])
        wanted = rows(synthetic_catalog, kind)
        assert all(name in row for row in wanted for name in own)
        for row in wanted:
            for name in own:
                del row[name]
        assert rows(view, kind) == wanted, kind
    again = tmp_path / "again"
    toxvol.run("catalog", "view", "--catalog", view, "--out", again)
    assert same_bytes(view / "data", again / "data") == []
