"""The checklist passes on a catalog of ours, and no fault gets by."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import pyarrow as pa
import pyarrow.parquet as pq
import toxvol.nautilus as tn


@pytest.fixture
def copy(catalog: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalog, tmp_path / "catalog"))


def file_of(catalog: Path, folder: str) -> Path:
    return sorted((catalog / "data" / folder).glob("*/*.parquet"))[0]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    table = pq.read_table(path)
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), path)


def failures(catalog: Path) -> list[str]:
    return [str(item) for item in tn.check(catalog).items if not item.ok]


def test_a_catalog_of_ours_passes(catalog: Path) -> None:
    checklist = tn.check(catalog)
    assert checklist.ok, checklist
    text = str(checklist)
    for kind in ("aggTrades", "bookTicker", "klines", "metrics", "fundingRate"):
        assert f"[x] {kind}: " in text


def test_the_command_prints_it(catalog: Path, copy: Path) -> None:
    shown = subprocess.run(
        ["toxvol", "check", "--nautilus", catalog], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == str(tn.check(catalog))
    file_of(copy, "bar").unlink()
    failed = subprocess.run(
        ["toxvol", "check", copy, "--nautilus", "--json"], capture_output=True, text=True
    )
    assert failed.returncode == 1
    assert not json.loads(failed.stdout)["ok"]


def test_a_real_catalog_passes(real_data: Path, tmp_path: Path) -> None:
    import toxvol

    toxvol.ingest(real_data, catalog=tmp_path / "real")
    checklist = tn.check(tmp_path / "real")
    assert checklist.ok, checklist


def test_disordered_rows_are_found(copy: Path) -> None:
    rewrite(
        file_of(copy, "quote_tick"),
        lambda table: table.take([1, 0, *range(2, table.num_rows)]),
    )
    assert any("does not ascend" in line or "ts_" in line for line in failures(copy))


def test_a_wrong_name_is_found(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    path.rename(path.with_name(path.name.replace("2024-01-01T23", "2024-01-01T22")))
    assert any("the name should be" in line for line in failures(copy))


def test_a_lost_row_is_found(copy: Path) -> None:
    rewrite(file_of(copy, "bar"), lambda table: table.slice(0, table.num_rows - 1))
    lines = failures(copy)
    assert any("the name should be" in line for line in lines)
    assert any(line.startswith("[ ] klines") for line in lines)


def test_another_identifier_is_found(copy: Path) -> None:
    path = file_of(copy, "quote_tick")
    table = pq.read_table(path)
    metadata = {**table.schema.metadata, b"instrument_id": b"ETHUSDT-PERP.BINANCE"}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    assert any("ETHUSDT-PERP.BINANCE instead of" in line for line in failures(copy))


def test_another_precision_is_found(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    table = pq.read_table(path)
    metadata = {**table.schema.metadata, b"price_precision": b"2"}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    assert any("precisions (2, 3)" in line for line in failures(copy))


def test_rows_without_a_source_are_found(copy: Path) -> None:
    path = copy / "toxvol/manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = [file for file in manifest["files"] if file["kind"] != "fundingRate"]
    path.write_text(json.dumps(manifest))
    assert any("manifest: does not name data/custom_funding" in line for line in failures(copy))


def test_a_row_that_csv_has_and_the_catalog_lacks_is_found(copy: Path) -> None:
    path = copy / "toxvol/manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][0]["rows_read"] += 1
    path.write_text(json.dumps(manifest))
    assert any(line.startswith("[ ] aggTrades") for line in failures(copy))


def test_many_files_are_warned_of(tmp_path: Path, catalog: Path) -> None:
    folder = tmp_path / "many/data/bar/X"
    folder.mkdir(parents=True)
    for day in range(61):
        (folder / f"{day}.parquet").touch()
    with pytest.warns(UserWarning, match="catalog view --by month"):
        tn.catalog(tmp_path / "many")


def test_what_is_no_catalog_is_refused(tmp_path: Path) -> None:
    import toxvol

    with pytest.raises(toxvol.Error, match="no catalog"):
        tn.check(tmp_path)
    with pytest.raises(toxvol.Error, match="no catalog"):
        tn.catalog(tmp_path)
