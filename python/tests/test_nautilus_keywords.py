"""`run_node` and `run_engine` take what `toxvol.backtest` takes, in the forms of Python."""

from datetime import date, datetime
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import pandas as pd
import toxvol.nautilus as tn

import toxvol

ORDERS = pd.DataFrame({
    "id": [1, 2],
    "ts": pd.to_datetime(["2024-01-01T01:00:00Z", "2024-01-01T01:30:00Z"]),
    "action": "submit",
    "side": ["buy", "sell"],
    "type": "market",
    "tif": "gtc",
    "qty": 0.01,
})  # fmt: skip


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("keywords")
    toxvol.synth(
        out=root / "raw", from_=date(2024, 1, 1), days=1, klines_only_days=0, intensity=0.002
    )
    toxvol.ingest(root / "raw", catalog=root / "catalog")
    return root


@pytest.mark.parametrize("where", ["catalog", "raw"])
def test_a_table_of_orders_times_and_a_symbol(market: Path, where: str, tmp_path: Path) -> None:
    keywords = {
        where: market / where, "symbol": "BTCUSDT", "from_": date(2024, 1, 1),
        "to": datetime(2024, 1, 1, 2), "orders": ORDERS, "preset": "short",
    }  # fmt: skip
    run = tn.run_node if where == "catalog" else tn.run_engine
    theirs = run(**keywords, out=tmp_path / "theirs")
    assert len(theirs.fills) >= 2
    assert list(theirs.orders["order_id"]) == ["O-1", "O-2"]
    profile = f"nautilus_{'_'.join(tn.NAUTILUS_VERSION.split('.')[:2])}"
    native = toxvol.backtest(**keywords, set={"exchange.profile": profile}, out=tmp_path / "native")
    assert theirs.fingerprint == native.fingerprint


def test_two_symbols_are_an_error(market: Path, tmp_path: Path) -> None:
    for one in ({"run.symbol": "BTCUSDT"}, {"run": {"symbol": "BTCUSDT"}}):
        with pytest.raises(
            toxvol.UsageError, match="symbol=ETHUSDT: set says BTCUSDT; name it once"
        ):
            tn.run_node(catalog=market / "catalog", symbol="ETHUSDT", set=one, out=tmp_path / "run")
    with pytest.raises(toxvol.Error, match="nothing of ETHUSDT; it holds BTCUSDT"):
        tn.run_node(catalog=market / "catalog", symbol="ETHUSDT", out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
