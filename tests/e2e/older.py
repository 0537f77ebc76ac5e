"""Catalogs as toxvol wrote them in layout 1, made of one of today (docs/data.md#layouts)."""

import hashlib
import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq

CUSTOM = ("custom_kline_flow_data", "custom_futures_metrics_data", "custom_funding_rate_data")


def make_older(catalog, target):
    """`target` gets the catalog, or a view, in layout 1."""
    shutil.copytree(catalog, target)
    shutil.rmtree(target / "data" / "funding_rate_update", ignore_errors=True)
    for kind in CUSTOM:
        for path in sorted((target / "data" / kind).glob("*/*.parquet")):
            write_older_custom(path)
    for path in sorted((target / "data" / "crypto_perpetual").glob("*/*.parquet")):
        table = pq.read_table(path)
        pq.write_table(table.drop_columns("lot_size"), path, compression="zstd")
    for path in sorted((target / "toxvol" / "sidecars").rglob("*.json")):
        told = json.loads(path.read_text())
        if any(kind in output["path"] for output in told["outputs"] for kind in CUSTOM):
            path.write_text(json.dumps(older_entry(told, target), indent=1))
    for path in sorted((target / "toxvol" / "sidecars").glob("*/*/*.json")):
        if path.parts[-3] in ("cross", "scale"):
            told = json.loads(path.read_text())
            inputs = of_scale(target, told) if told["kind"] == "scale" else of_cross(target, told)
            told["hash"] = "sha256:" + hashlib.sha256(inputs.encode()).hexdigest()
            path.write_text(json.dumps(told, indent=1) + "\n")
    manifest = target / "toxvol" / "manifest.json"
    if manifest.is_file():
        told = json.loads(manifest.read_text())
        told["schema"] = 1
        told["files"] = [older_entry(entry, target) for entry in told["files"]]
        manifest.write_text(json.dumps(told, indent=1))
    return target


def write_older_custom(path):
    table = pq.read_table(path)
    fields = [
        field.with_type(pa.int64()) if field.name.startswith("ts_") else field
        for field in table.schema
    ]
    keys = dict(table.schema.metadata)
    del keys[b"type_name"]
    pq.write_table(table.cast(pa.schema(fields, keys)), path, compression="zstd")


def older_entry(entry, catalog):
    """What a sidecar or the manifest says of one source file."""
    entry["outputs"] = [
        output for output in entry["outputs"] if "funding_rate_update" not in output["path"]
    ]
    for output in entry["outputs"]:
        contents = (catalog / output["path"]).read_bytes()
        output["bytes"] = len(contents)
        output["sha256"] = hashlib.sha256(contents).hexdigest()
    return entry


def hashes_of(catalog, kind, symbol, day=None):
    """Of the outputs of a kind, in the order of its sidecars."""
    folder = catalog / "toxvol" / "sidecars" / kind / symbol
    return "".join(
        output["sha256"]
        for path in sorted(folder.glob("*.json"))
        for output in json.loads(path.read_text())["outputs"]
        if day is None or output["unit"] == day
    )


def of_scale(catalog, told):
    return hashes_of(catalog, "metrics", told["symbol"])


def of_cross(catalog, told):
    return "".join(
        hashes_of(catalog, kind, told["symbol"], told["day"])
        for kind in ("aggTrades", "bookTicker", "klines")
    )
