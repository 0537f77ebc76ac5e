"""NautilusTrader 2.0's own migrator takes a plain view: every row of every kind arrives.

The pre-release is pinned and lives in an environment of its own, which is made once. Where there is
no Python for it or no network, the test is skipped and says why.
"""

import json
import subprocess
from collections import Counter

import pyarrow.parquet as pq
import pytest
from conftest import ROOT

# Folders of the two formats.
FOLDERS = {
    "quote_tick": "quotes",
    "trade_tick": "trades",
    "bar": "bars",
    "crypto_perpetual": "crypto_perpetual",
    "funding_rate_update": "funding_rates",
    "custom_kline_flow_data": "custom/KlineFlowData",
    "custom_futures_metrics_data": "custom/FuturesMetricsData",
    "custom_funding_rate_data": "custom/FundingRateData",
}
MIGRATE = """
import sys
from nautilus_trader.persistence import ParquetDataCatalog
print(ParquetDataCatalog(sys.argv[2]).migrate_from_legacy_parquet_path(sys.argv[1]))
"""


@pytest.fixture(scope="session")
def nautilus_2():
    """The interpreter of an environment with the pinned pre-release."""
    made = subprocess.run(
        [ROOT / "scripts" / "nautilus_env.sh", "--pre"], capture_output=True, text=True, check=True
    )
    if not made.stdout:
        pytest.skip(made.stderr.splitlines()[-1].removeprefix("SKIPPED: "))
    release = made.stdout.split()[0]
    return ROOT / "build" / f"nautilus-{release}" / "bin" / "python"


def migrate(python, source, target):
    target.mkdir()
    return subprocess.run(
        [python, "-c", MIGRATE, source, target], capture_output=True, text=True, timeout=600
    )


def counts(catalog, folders):
    return Counter(
        {
            folder: sum(
                pq.read_metadata(path).num_rows
                for path in (catalog / "data" / folder).glob("*/*.parquet")
            )
            for folder in folders
        }
    )


def test_the_migration_takes_every_row_of_a_plain_view(
    toxvol, synthetic_catalog, nautilus_2, tmp_path
):
    plain = tmp_path / "plain"
    toxvol.run("catalog", "view", "--catalog", synthetic_catalog, "--out", plain, "--plain")
    assert {p.name for p in (plain / "data").iterdir()} == set(FOLDERS)
    done = migrate(nautilus_2, plain, tmp_path / "two")
    assert done.returncode == 0, done.stderr
    before = counts(plain, FOLDERS)
    after = counts(tmp_path / "two", FOLDERS.values())
    assert all(rows > 0 for rows in before.values()), before
    assert after == {FOLDERS[folder]: rows for folder, rows in before.items()}
    assert int(done.stdout) == sum(before.values())
    # And against what Binance's files gave.
    manifest = json.loads((synthetic_catalog / "toxvol" / "manifest.json").read_text())
    stored = sum(output["rows"] for file in manifest["files"] for output in file["outputs"])
    assert sum(before.values()) == stored + before["crypto_perpetual"]


def test_the_migrated_rows_say_the_same(toxvol, window_catalog, nautilus_2, tmp_path):
    """Prices, sizes and times of every quote and trade of the recorded window."""
    plain = tmp_path / "plain"
    toxvol.run("catalog", "view", "--catalog", window_catalog, "--out", plain, "--plain")
    done = migrate(nautilus_2, plain, tmp_path / "two")
    assert done.returncode == 0, done.stderr
    columns = {
        "quote_tick": ("bid_price", "ask_price", "bid_size", "ask_size"),
        "trade_tick": ("price", "size"),
    }
    for folder, names in columns.items():
        old = pq.read_table(plain / "data" / folder)
        new = pq.read_table(tmp_path / "two" / "data" / FOLDERS[folder])
        for name in names:
            raws = [int.from_bytes(v, "little", signed=True) for v in old[name].to_pylist()]
            assert [int(v.scaleb(16)) for v in new[name].to_pylist()] == raws, name
        for name in ("ts_event", "ts_init"):
            assert new[name].cast("int64").to_pylist() == old[name].to_pylist(), name


def test_a_catalog_that_is_not_plain_is_refused_by_the_migrator(
    window_catalog, nautilus_2, tmp_path
):
    """Why there are plain views; should this fail one day, they are no longer needed."""
    done = migrate(nautilus_2, window_catalog, tmp_path / "two")
    assert done.returncode != 0
    assert "trade_tick" in done.stderr or "quote_tick" in done.stderr
