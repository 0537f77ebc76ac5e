"""The claim: the strategy decides and fills in NautilusTrader as natively.

Every table of both run folders is compared, raw for raw, and every case has fills.
"""

from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import toxvol.nautilus as tn
from nautilus_parity import DAY, MADE, NATIVE, NEAR, WINDOWS, both, hours, require_equal

import toxvol


@pytest.mark.parametrize("preset", ["short", "A", "B", "C"])
def test_every_preset_agrees_on_a_generated_week(preset: str, week: Path, tmp_path: Path) -> None:
    theirs, ours = both(week, tmp_path, preset=preset)
    require_equal(theirs, ours)
    if preset != "short":
        assert float(theirs.summary["funding"]) != 0


@pytest.mark.parametrize("order", ["post_only", "limit"])
def test_entries_at_the_touch_and_resting_targets_agree(
    order: str, week: Path, tmp_path: Path
) -> None:
    theirs, ours = both(
        week, tmp_path, preset="A", from_="2024-01-02", to="2024-01-05",
        set={"entry.order": order, "exit.tp_order": "limit"},
    )  # fmt: skip
    require_equal(theirs, ours)
    assert "maker" in theirs.fills.to_pandas()["liquidity"].tolist()


def test_any_chunk_size_and_the_engine_from_csv_give_the_same(
    one_day: Path, tmp_path: Path
) -> None:
    first, ours = both(one_day, tmp_path / "all", chunk_size=None, **MADE)
    require_equal(first, ours)
    for chunk_size in (500, 1_000_000):
        again = tn.run_node(
            catalog=one_day / "catalog", out=tmp_path / str(chunk_size), chunk_size=chunk_size,
            **MADE,
        )  # fmt: skip
        assert again.diff(first) == []
    require_equal(*both(one_day, tmp_path / "engine", engine=True, **MADE))


def test_funding_can_be_switched_off(week: Path, tmp_path: Path) -> None:
    theirs, ours = both(
        week, tmp_path, preset="A", from_="2024-01-02", to="2024-01-05",
        set={"costs.funding": False},
    )  # fmt: skip
    require_equal(theirs, ours)
    assert float(theirs.summary["funding"]) == 0


def test_the_fees_of_a_tier_and_the_discount_agree(one_day: Path, tmp_path: Path) -> None:
    plain, _ = both(one_day, tmp_path / "plain", **MADE)
    theirs, ours = both(
        one_day, tmp_path / "tier", set={"costs.tier": "VIP3", "costs.bnb_discount": True}, **MADE
    )
    require_equal(theirs, ours)
    fees = [run.fills.to_pandas().iloc[0] for run in (plain, theirs)]
    rates = [fee["fee"] / (fee["price"] * fee["qty"]) for fee in fees]
    assert rates == pytest.approx([5e-4, 3.2e-4 * 0.9], rel=1e-6)


@pytest.mark.parametrize("engine", [False, True])
def test_the_strategy_agrees_on_the_recorded_quotes(
    engine: bool, recorded: Path, tmp_path: Path
) -> None:
    """Seven rows, and four in 2024, warm even `short` up only if everything is asked for less."""
    start, end = WINDOWS["2023"]
    eager = {
        "thresholds.quantile_min_count": 2, "toxicity.z_min_count": 2, "pressure.z_min_count": 2,
        "volatility.z_min_count": 2, "crowding.theta": 9, "crowding.theta_exit": 8,
        "alpha_a.compression": 0.01, "alpha_a.pressure": 0.01, "toxicity.gate": "scale",
        "exit.max_hold": "1m",
    }  # fmt: skip
    theirs, ours = both(
        recorded, tmp_path, preset="short", set=eager, engine=engine, from_=start, to=end
    )
    require_equal(theirs, ours)


@pytest.mark.parametrize("engine", [False, True])
def test_the_strategy_agrees_on_the_recorded_day_of_trades(
    engine: bool, recorded: Path, tmp_path: Path
) -> None:
    require_equal(*both(recorded, tmp_path, preset="short", engine=engine, **DAY))


@pytest.mark.parametrize("preset", ["short", "A", "B", "C"])
def test_the_strategy_agrees_on_klines_alone(preset: str, recorded: Path, tmp_path: Path) -> None:
    theirs, ours = both(
        recorded, tmp_path, preset=preset, set=NEAR, from_="2023-09-01", to="2023-09-15"
    )
    require_equal(theirs, ours)


def test_the_strategy_runs_in_a_node_of_ones_own(one_day: Path, tmp_path: Path) -> None:
    """NautilusTrader's own BacktestNode, from a configuration of primitives."""
    from nautilus_trader.backtest.node import BacktestNode
    from nautilus_trader.config import (
        BacktestDataConfig,
        BacktestEngineConfig,
        BacktestRunConfig,
        BacktestVenueConfig,
        ImportableActorConfig,
        ImportableLatencyModelConfig,
        ImportableStrategyConfig,
        LoggingConfig,
    )
    from nautilus_trader.model.data import Bar, QuoteTick, TradeTick

    contract, catalog = "BTCUSDT-PERP.BINANCE", str(one_day / "catalog")
    data = {"catalog_path": catalog, "end_time": "2024-01-02T00:00:00.001"}
    strategy = ImportableStrategyConfig(
        strategy_path="toxvol.nautilus.strategy:ToxVolStrategy",
        config_path="toxvol.nautilus.strategy:ToxVolConfig",
        config={"catalog": catalog, "out": str(tmp_path / "theirs"), **MADE},
    )
    config = BacktestRunConfig(
        engine=BacktestEngineConfig(
            strategies=[strategy], logging=LoggingConfig(bypass_logging=True)
        ),
        venues=[
            BacktestVenueConfig(
                name="BINANCE", oms_type="NETTING", account_type="MARGIN",
                starting_balances=["100000 USDT"], default_leverage=10.0, bar_execution=False,
                latency_model=ImportableLatencyModelConfig(
                    latency_model_path="nautilus_trader.backtest.models:LatencyModel",
                    config_path="nautilus_trader.backtest.config:LatencyModelConfig",
                    config={"base_latency_nanos": 20_000_000},
                ),
                modules=[
                    ImportableActorConfig(
                        actor_path="toxvol.nautilus.venue:VenueModule",
                        config_path="toxvol.nautilus.venue:VenueModuleConfig",
                        config={"instrument_id": contract},
                    )
                ],
            )
        ],
        data=[
            BacktestDataConfig(data_cls=TradeTick, instrument_id=contract, **data),
            BacktestDataConfig(data_cls=QuoteTick, instrument_id=contract, **data),
            BacktestDataConfig(data_cls=Bar, bar_types=[str(tn.bar_type("BTCUSDT"))], **data),
            *(
                BacktestDataConfig(
                    data_cls=cls, instrument_id=contract, client_id="BINANCE", **data
                )
                for cls in (tn.KlineFlowData, tn.FuturesMetricsData, tn.FundingRateData)
            ),
        ],
        raise_exception=True,
    )  # fmt: skip
    BacktestNode([config]).run()
    ours = toxvol.backtest(catalog=one_day / "catalog", set=NATIVE, out=tmp_path / "ours", **MADE)
    require_equal(toxvol.Run(tmp_path / "theirs"), ours)


def test_a_subclass_that_hears_ticks_decides_the_same(
    one_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ticks reach the session without its methods only where those are ours."""
    from toxvol.nautilus import run

    heard = {"quotes": 0, "trades": 0}

    class Listening(tn.ToxVolStrategy):
        def on_quote_tick(self, tick) -> None:
            heard["quotes"] += 1
            super().on_quote_tick(tick)

        def on_trade_tick(self, tick) -> None:
            heard["trades"] += 1
            super().on_trade_tick(tick)

    ours = hours(one_day, tmp_path / "ours")
    monkeypatch.setattr(run, "ToxVolStrategy", Listening)
    theirs = hours(one_day, tmp_path / "theirs")
    assert theirs.fingerprint == ours.fingerprint
    assert heard["quotes"] > 0 and heard["trades"] > 0
