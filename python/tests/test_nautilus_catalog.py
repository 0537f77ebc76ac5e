"""The catalog in the installed NautilusTrader: native funding, older catalogs, nothing disturbed."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import toxvol.nautilus as tn
from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
)
from nautilus_trader.backtest.node import BacktestNode
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.data import FundingRateUpdate, TradeTick
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.serialization.arrow.schema import NAUTILUS_ARROW_SCHEMA
from nautilus_trader.trading.strategy import Strategy

import toxvol

PERP = InstrumentId.from_str("BTCUSDT-PERP.BINANCE")
reads_funding = pytest.mark.skipif(
    FundingRateUpdate not in NAUTILUS_ARROW_SCHEMA,
    reason="this NautilusTrader has no reader of FundingRateUpdate (1.231 has)",
)


class Plain(Strategy):
    """A strategy that has nothing of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[tuple[FundingRateUpdate, int]] = []
        self.trades: list[str] = []

    def on_start(self) -> None:
        self.subscribe_trade_ticks(PERP)
        if hasattr(self, "subscribe_funding_rates"):
            self.subscribe_funding_rates(PERP)

    def on_trade_tick(self, tick: TradeTick) -> None:
        self.trades.append(repr(tick))

    def on_funding_rate(self, update: FundingRateUpdate) -> None:
        self.updates.append((update, self.clock.timestamp_ns()))


def run(
    catalog: Path,
    *classes: type,
    node: type[BacktestNode] = BacktestNode,
    chunk_size: int | None = None,
) -> Plain:
    config = BacktestRunConfig(
        venues=[
            BacktestVenueConfig(
                name="BINANCE",
                oms_type="NETTING",
                account_type="MARGIN",
                base_currency="USDT",
                starting_balances=["100_000 USDT"],
            )
        ],
        data=[
            BacktestDataConfig(catalog_path=str(catalog), data_cls=cls, instrument_id=PERP)
            for cls in classes
        ],
        engine=BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)),
        chunk_size=chunk_size,
        raise_exception=True,
        dispose_on_completion=False,
    )
    runner = node([config])
    runner.build()
    strategy = Plain()
    runner.get_engines()[0].add_strategy(strategy)
    runner.run()
    return strategy


@reads_funding
def test_native_funding_says_what_our_class_says(catalog: Path) -> None:
    store = tn.catalog(catalog)
    ours = [item.data for item in store.custom_data(tn.FundingRateData)]
    theirs = store.query(FundingRateUpdate)
    assert len(theirs) == len(ours) > 0
    for update, own in zip(theirs, ours):
        assert update.instrument_id == own.instrument_id == PERP
        assert Decimal(update.rate) == Decimal(repr(own.funding_rate))
        assert update.interval == own.interval_hours * 60
        assert update.next_funding_ns is None
        assert update.ts_event == own.ts_event
        assert update.ts_init == own.ts_init + 1


@reads_funding
@pytest.mark.parametrize("chunk_size", [None, 1_000])
def test_a_strategy_with_nothing_of_ours_sees_funding(catalog: Path, chunk_size) -> None:
    node = BacktestNode if chunk_size is None else tn.StreamingNode
    seen = run(catalog, TradeTick, FundingRateUpdate, node=node, chunk_size=chunk_size)
    stored = ParquetDataCatalog(str(catalog)).query(FundingRateUpdate)
    assert [update for update, _ in seen.updates] == stored
    assert all(now == update.ts_init for update, now in seen.updates)
    assert seen.trades


@pytest.mark.parametrize("chunk_size", [None, 1_000])
def test_the_folder_of_native_funding_disturbs_nothing(
    catalog: Path, tmp_path: Path, chunk_size
) -> None:
    """For releases that cannot read it: all else is as where the folder is not."""
    without = Path(shutil.copytree(catalog, tmp_path / "without"))
    shutil.rmtree(without / "data" / "funding_rate_update")
    with_it = run(catalog, TradeTick, chunk_size=chunk_size)
    assert with_it.trades == run(without, TradeTick, chunk_size=chunk_size).trades != []
    assert with_it.updates == []
    stores = [ParquetDataCatalog(str(path)) for path in (catalog, without)]
    for query in ("instruments", "quote_ticks", "trade_ticks", "bars"):
        one, other = (getattr(store, query)() for store in stores)
        assert list(map(repr, one)) == list(map(repr, other)) != []
    for cls in (tn.FundingRateData, tn.FuturesMetricsData, tn.KlineFlowData):
        one, other = (store.custom_data(cls) for store in stores)
        assert list(map(repr, one)) == list(map(repr, other)) != []
    for name in ("reset_all_file_names", "consolidate_catalog"):
        copies = []
        for path in (catalog, without):
            copies.append(Path(shutil.copytree(path, tmp_path / f"{name}-{path.name}")))
            options = {} if name == "reset_all_file_names" else {"ensure_contiguous_files": False}
            getattr(ParquetDataCatalog(str(copies[-1])), name)(**options)
        with_files, without_files = (
            {str(file.relative_to(copy)) for file in (copy / "data").rglob("*.parquet")}
            for copy in copies
        )
        ours = {name for name in with_files if "funding_rate_update" in name}
        assert with_files - ours == without_files


def test_the_instrument_has_its_lot_size(catalog: Path) -> None:
    (stored,) = ParquetDataCatalog(str(catalog)).instruments()
    assert stored.lot_size == 1
    assert stored.lot_size == tn.instrument("BTCUSDT", catalog).lot_size


def test_a_plain_view_gives_the_same_objects(catalog: Path, tmp_path: Path) -> None:
    toxvol.catalog_view(catalog=catalog, out=tmp_path / "plain", plain=True)
    stores = [ParquetDataCatalog(str(path)) for path in (catalog, tmp_path / "plain")]
    for query in ("quote_ticks", "trade_ticks", "bars"):
        one, other = (getattr(store, query)() for store in stores)
        assert list(map(repr, one)) == list(map(repr, other)) != []


def test_an_older_catalog_is_named_and_upgraded(catalog: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(catalog, tmp_path / "older"))
    shutil.rmtree(older / "data" / "funding_rate_update")
    manifest = older / "toxvol" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 1}))
    for opened in (tn.catalog, tn.check, lambda path: tn.preflight_catalog(path, "BTCUSDT")):
        with pytest.raises(
            toxvol.Error, match="an older toxvol wrote this catalog.*catalog upgrade"
        ):
            opened(older)
    told = toxvol.catalog_upgrade(catalog=older)
    assert told["was_older"] and told["files_added"] > 0
    assert tn.check(older).ok
    assert not toxvol.catalog_upgrade(catalog=older)["was_older"]
