"""Each misuse that NautilusTrader accepts in silence, once, with its message."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import pyarrow as pa
import pyarrow.parquet as pq
import toxvol.nautilus as tn
from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
    ImportableFeeModelConfig,
    ImportableLatencyModelConfig,
)
from nautilus_trader.config import ImportableActorConfig, ImportableStrategyConfig
from nautilus_trader.core import nautilus_pyo3
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from toxvol.nautilus._version import LARGEST_BALANCE
from toxvol.nautilus.catalog import file_name

import toxvol

PERP = "BTCUSDT-PERP.BINANCE"
BARS = f"{PERP}-1-MINUTE-LAST-EXTERNAL"
QUOTE, TRADE, BAR = (f"nautilus_trader.model.data:{name}" for name in
                     ("QuoteTick", "TradeTick", "Bar"))  # fmt: skip
FUNDING, METRICS, FLOW = (f"toxvol.nautilus.data:{name}" for name in
                          ("FundingRateData", "FuturesMetricsData", "KlineFlowData"))  # fmt: skip
OURS = (FUNDING, METRICS, FLOW)


@pytest.fixture
def copy(catalog: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalog, tmp_path / "catalog"))


def data(catalog: Path, name: str, **changes) -> BacktestDataConfig:
    settings = {"instrument_id": PERP} | ({"client_id": "TOXVOL"} if name in OURS else {})
    return BacktestDataConfig(catalog_path=str(catalog), data_cls=name, **(settings | changes))


def run_config(catalog: Path, *kinds: BacktestDataConfig, venue=None, **changes):
    settings = {
        "venues": [
            BacktestVenueConfig(
                name="BINANCE", oms_type="NETTING", account_type="MARGIN",
                **({"starting_balances": ["1e6 USDT"], "bar_execution": False} | (venue or {})),
            )
        ],
        "data": list(kinds) or [data(catalog, name) for name in (QUOTE, TRADE, BAR, *OURS)],
        "raise_exception": True,
    }  # fmt: skip
    return BacktestRunConfig(**(settings | changes))


def error_of(config: BacktestRunConfig, **options) -> str:
    with pytest.raises(toxvol.Error) as caught:
        tn.preflight(config, **options)
    text = str(caught.value)
    assert "\n" not in text and ";" in text  # one line that says what to do
    return text


def file_of(catalog: Path, folder: str) -> Path:
    return sorted((catalog / "data" / folder).glob("*/*.parquet"))[0]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table], **options) -> None:
    table = pq.read_table(path)
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), path, **options)


def with_metadata(path: Path, **changes: str) -> None:
    table = pq.read_table(path)
    metadata = table.schema.metadata | {k.encode(): v.encode() for k, v in changes.items()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_a_sound_configuration_and_catalog_pass(catalog: Path) -> None:
    assert tn.preflight(run_config(catalog)) == []
    assert tn.preflight_catalog(catalog, "BTCUSDT") == []


# ---- the configuration ----


def test_the_width_of_raws(catalog: Path, monkeypatch) -> None:
    monkeypatch.setattr(nautilus_pyo3, "PRECISION_BYTES", 8)
    assert "raws have 8 bytes, the catalog's 16" in error_of(run_config(catalog))


def test_errors_that_only_go_to_the_log(catalog: Path) -> None:
    (warning,) = tn.preflight(run_config(catalog, raise_exception=False))
    assert "raise_exception is off" in warning


def test_a_balance_that_crashes(catalog: Path) -> None:
    large = run_config(catalog, venue={"starting_balances": ["10000001 USDT"]})
    if LARGEST_BALANCE is None:  # from 1.231 on the account bears it
        assert tn.preflight(large) == []
    else:
        text = error_of(large)
        assert text.startswith("venue BINANCE: a starting balance of 10000001.00000000 USDT")
    assert tn.preflight(run_config(catalog, venue={"starting_balances": ["10000000 USDT"]})) == []


def test_bars_that_move_the_market_beside_ticks(catalog: Path) -> None:
    text = error_of(run_config(catalog, venue={"bar_execution": True}))
    assert "bar_execution is on beside QuoteTick, TradeTick" in text
    alone = run_config(catalog, data(catalog, BAR), venue={"bar_execution": True})
    assert tn.preflight(alone) == []


def latency(**config: int) -> ImportableLatencyModelConfig:
    return ImportableLatencyModelConfig(
        latency_model_path="nautilus_trader.backtest.models:LatencyModel",
        config_path="nautilus_trader.backtest.config:LatencyModelConfig",
        config=config,
    )


def test_a_latency_of_a_second_by_default(catalog: Path) -> None:
    text = error_of(run_config(catalog, venue={"latency_model": latency(insert_latency_nanos=1)}))
    assert "latency_model without base_latency_nanos, which then is 1,000,000,000" in text
    chosen = {"latency_model": latency(base_latency_nanos=10**6)}
    assert tn.preflight(run_config(catalog, venue=chosen)) == []


def funding_module() -> dict:
    return {
        "modules": [
            ImportableActorConfig(
                actor_path="toxvol.nautilus.funding:FundingModule",
                config_path="toxvol.nautilus.funding:FundingModuleConfig",
                config={"instrument_id": PERP},
            )
        ]
    }


def test_a_funding_module_without_rates(catalog: Path) -> None:
    text = error_of(run_config(catalog, data(catalog, QUOTE), venue=funding_module()))
    assert f"FundingModule of {PERP} without its FundingRateData" in text
    assert tn.preflight(run_config(catalog, venue=funding_module())) == []


def test_custom_data_without_a_client(catalog: Path) -> None:
    text = error_of(run_config(catalog, data(catalog, FLOW, client_id=None)))
    assert text.startswith("data of KlineFlowData: custom data without a client_id")


def test_metadata_that_hide_data(catalog: Path) -> None:
    kind = data(catalog, METRICS, metadata={"instrument_id": PERP})
    (warning,) = tn.preflight(run_config(catalog, kind))
    assert "only a subscription with the same gets any" in warning
    engine = BacktestEngineConfig(
        strategies=[
            ImportableStrategyConfig(
                strategy_path="toxvol.nautilus.strategy:ToxVolStrategy",
                config_path="toxvol.nautilus.strategy:ToxVolConfig",
                config={},
            )
        ]
    )
    assert "leave it out" in error_of(run_config(catalog, kind, engine=engine))


def test_an_identifier_that_is_not_there(catalog: Path) -> None:
    text = error_of(run_config(catalog, data(catalog, QUOTE, instrument_id="BTCUSDT.BINANCE")))
    assert "no BTCUSDT.BINANCE in" in text and f"it has {PERP}" in text
    text = error_of(
        run_config(catalog, data(catalog, BAR, instrument_id=None, bar_types=[f"{PERP}-5-MINUTE-"
                                                                      "LAST-EXTERNAL"]))
    )  # fmt: skip
    assert "5-MINUTE" in text


def test_no_identifier_at_all(catalog: Path, copy: Path) -> None:
    assert tn.preflight(run_config(catalog, data(catalog, QUOTE, instrument_id=None))) == []
    shutil.copytree(copy / "data/quote_tick" / PERP, copy / "data/quote_tick/ETHUSDT-PERP.BINANCE")
    text = error_of(run_config(copy, data(copy, QUOTE, instrument_id=None)))
    assert "no instrument_id, so all 2 of" in text
    shutil.rmtree(copy / "data/quote_tick")
    assert "none in" in error_of(run_config(copy, data(copy, QUOTE, instrument_id=None)))


def test_bar_types_that_nobody_asked_for(copy: Path) -> None:
    more = f"{PERP}-1-MINUTE-MARK-EXTERNAL"
    shutil.copytree(copy / "data/bar" / BARS, copy / "data/bar" / more)
    for path in (copy / "data/bar" / more).glob("*.parquet"):
        with_metadata(path, bar_type=more)
    one = data(copy, BAR, instrument_id=None, bar_types=[BARS])
    (warning,) = tn.preflight(run_config(copy, one))
    assert f"without chunk_size {more} is read as well" in warning
    # As it is:
    assert {str(bar.bar_type) for bar in ParquetDataCatalog(str(copy)).query(**one.query)} == {
        BARS, more,
    }  # fmt: skip
    assert tn.preflight(run_config(copy, one, chunk_size=100)) == []


def test_an_end_that_cuts_a_bar(catalog: Path) -> None:
    minute = 1_704_110_400 * 10**9  # 2024-01-01 12:00
    for end in ("2024-01-01T12:00:00", minute + 799_999):
        text = error_of(run_config(catalog, data(catalog, BAR, end_time=end)))
        assert f"arrives 800,000 ns after it; end at {minute + 800_000}" in text
    assert "the bar of the minute" in error_of(run_config(catalog, end="2024-01-01T12:00:00"))
    assert "arrives 799,999 ns" in error_of(
        run_config(catalog, data(catalog, FLOW), end="2024-01-01T12:00:00")
    )
    for end in (minute - 1, minute + 800_000, None):
        assert tn.preflight(run_config(catalog, data(catalog, BAR, end_time=end))) == []


def test_a_window_without_rows(catalog: Path) -> None:
    text = error_of(run_config(catalog, data(catalog, BAR), start="2031-01-01"))
    assert "no rows from 2031-01-01T00:00:00.000000000Z to the end; widen the window" in text
    (warning,) = tn.preflight(run_config(catalog, data(catalog, METRICS), start="2031-01-01"))
    assert "no rows from 2031" in warning
    text = error_of(run_config(catalog, start="2024-01-02", end="2024-01-01"))
    assert "ends 2024-01-01T00:00:00.000000000Z, before it starts" in text


# ---- the instrument ----


def test_an_instrument_that_the_catalog_lacks(copy: Path) -> None:
    shutil.rmtree(copy / "data/crypto_perpetual")
    assert f"no instrument {PERP}, so its data is passed over" in error_of(run_config(copy))
    ours = tn.instrument("BTCUSDT", at="2024-01-01")
    assert tn.preflight(run_config(copy), instruments=[ours]) == []


def put(copy: Path, contract) -> None:
    shutil.rmtree(copy / "data/crypto_perpetual")
    ParquetDataCatalog(str(copy)).write_data([contract])


def test_fees_of_the_test_instrument(copy: Path) -> None:
    put(copy, TestInstrumentProvider.btcusdt_perp_binance())
    text = error_of(run_config(copy))
    assert "taker fee 0.00018 are those of NautilusTrader's test instrument" in text
    assert "test instrument" in _message(lambda: tn.preflight_catalog(copy, "BTCUSDT"))
    own = ImportableFeeModelConfig(
        fee_model_path="nautilus_trader.backtest.models:FixedFeeModel",
        config_path="nautilus_trader.backtest.config:FixedFeeModelConfig",
        config={"commission": "1 USDT"},
    )
    assert tn.preflight(run_config(copy, venue={"fee_model": own})) == []


def test_fees_of_another_day(copy: Path) -> None:
    ours = CryptoPerpetual.to_dict(tn.instrument("BTCUSDT", copy))
    put(copy, CryptoPerpetual.from_dict(ours | {"taker_fee": "0.0004"}))  # until 2021
    (warning,) = tn.preflight(run_config(copy, data(copy, QUOTE), start="2024-01-01"))
    assert "taker fee 0.0004, and Binance's were 0.0002 and 0.0005 (VIP0) 2024-01-01" in warning
    put(copy, tn.instrument("BTCUSDT", copy, tier="VIP3"))
    assert tn.preflight(run_config(copy, data(copy, QUOTE))) == []


def test_another_precision_than_the_files(copy: Path) -> None:
    with_metadata(file_of(copy, "trade_tick"), price_precision="2")
    assert "price_precision 2 and the instrument's is 1" in error_of(run_config(copy))


# ---- the files ----


def _message(call: Callable[[], object]) -> str:
    with pytest.raises(toxvol.Error) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize(
    ("order", "row"),
    [([0, 2, 1], 2), ([0, *range(50, 100), *range(1, 50)], 51)],
    ids=["in a row group", "row groups"],
)
@pytest.mark.parametrize("statistics", [True, False])
def test_rows_out_of_order(copy: Path, order: list[int], row: int, statistics: bool) -> None:
    path = file_of(copy, "quote_tick")
    rewrite(
        path,
        lambda table: table.take([*order, *range(len(order), table.num_rows)]),
        row_group_size=50,
        write_statistics=statistics,
    )
    of_files = _message(lambda: tn.preflight_catalog(copy, "BTCUSDT"))
    for text in (error_of(run_config(copy)), of_files):
        assert f"{path}: row {row} is of" in text
        assert "before the row above it, and NautilusTrader takes files for sorted" in text
    # Its rows are of 2024-01-01: another window does not read them.
    text = _message(lambda: tn.preflight_catalog(copy, "BTCUSDT", start="2024-01-03"))
    assert "no rows from 2024-01-03" in text


def test_a_name_that_hides_rows(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    path.rename(path.with_name(path.name.replace("2024-01-01T23", "2024-01-01T22")))
    text = error_of(run_config(copy))
    assert f"queries go by the name; rename it to {path.name}" in text


def test_a_name_that_nobody_can_read(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    path.rename(path.with_name("foo_bar.parquet"))
    assert "the name is not <first>_<last>.parquet" in error_of(run_config(copy))


def test_files_that_overlap(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    table = pq.read_table(path).slice(0, 10)
    stamps = table.column("ts_init").to_pylist()
    pq.write_table(table, path.with_name(file_name(stamps[0], stamps[-1])))
    assert f"before {path.with_name(file_name(stamps[0], stamps[-1])).name} ends" in error_of(
        run_config(copy)
    )


def test_rows_of_another_contract(copy: Path) -> None:
    with_metadata(file_of(copy, "quote_tick"), instrument_id="ETHUSDT-PERP.BINANCE")
    assert "instrument_id ETHUSDT-PERP.BINANCE in a folder of" in error_of(run_config(copy))


def test_raws_of_another_width(copy: Path) -> None:
    path = file_of(copy, "quote_tick")
    narrow = pa.array([bytes(8)] * pq.read_table(path).num_rows, pa.binary(8))
    rewrite(path, lambda table: table.set_column(0, table.field(0).name, narrow))
    assert "has 8 bytes and this NautilusTrader reads 16" in error_of(run_config(copy))


def test_many_files(copy: Path) -> None:
    path = file_of(copy, "trade_tick")
    table = pq.read_table(path)
    path.unlink()
    for at in range(61):
        part = table.slice(at, 1)
        stamp = part.column("ts_init")[0].as_py()
        pq.write_table(part, path.with_name(file_name(stamp, stamp)))
    (warning,) = tn.preflight(run_config(copy))
    assert "61 files in one query" in warning
    assert tn.preflight(run_config(copy), by_day=True) == []


def test_what_is_no_catalog(tmp_path: Path, catalog: Path) -> None:
    assert "no catalog" in error_of(run_config(tmp_path))
    assert "no data of ETHUSDT-PERP.BINANCE" in _message(
        lambda: tn.preflight_catalog(catalog, "ETHUSDT")
    )
