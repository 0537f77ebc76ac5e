"""What goes wrong in a run inside NautilusTrader is told, and leaves nothing behind."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("nautilus_trader")

import toxvol.nautilus as tn
from nautilus_parity import MADE, both, hours, require_equal

import toxvol


def test_wrong_words_are_told_as_the_command_tells_them(one_day: Path, tmp_path: Path) -> None:
    common = {"catalog": one_day / "catalog", "out": tmp_path / "run"}
    for keywords, message in (
        ({"preset": "Z"}, "preset Z: unknown; there are A, B, C, short"),
        ({"catalog": tmp_path}, "no catalog there"),
        ({"preset": "short", "orders": tmp_path / "none.csv"}, "cannot read the order script"),
        ({"set": {"exchange.order_latency": "lognormal:20ms:0.5"}}, "latency is a constant"),
        ({"set": {"run.symbol": "ETHUSDT"}}, "nothing of ETHUSDT; it holds BTCUSDT"),
    ):
        with pytest.raises(toxvol.Error, match=message):
            tn.run_node(**{**common, **keywords})
    assert list(tmp_path.iterdir()) == []


def test_an_existing_run_folder_is_kept_without_force(one_day: Path, tmp_path: Path) -> None:
    first = hours(one_day, tmp_path / "run")
    before = first.fingerprint
    with pytest.raises(toxvol.Error, match="exists"):
        hours(one_day, tmp_path / "run")
    assert toxvol.Run(tmp_path / "run").fingerprint == before
    assert hours(one_day, tmp_path / "run", force=True).fingerprint == before


def test_files_that_hide_their_rows_are_found_before_the_run(week: Path, tmp_path: Path) -> None:
    shutil.copytree(week / "catalog", tmp_path / "week" / "catalog")
    folder = tmp_path / "week" / "catalog/data/quote_tick/BTCUSDT-PERP.BINANCE"
    file = sorted(folder.glob("2024-01-03*"))[0]
    file.rename(folder / file.name.replace("2024-01-03", "2023-01-03"))
    with pytest.raises(toxvol.Error, match="queries go by the name; rename it to 2024-01-03"):
        tn.run_node(
            catalog=tmp_path / "week/catalog", out=tmp_path / "run", preset="short",
            from_="2024-01-02", to="2024-01-04",
            # By its name the day is not there, so that quotes would be left out, and told.
            set={"run.inputs": ["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]},
        )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["week"]


def test_rows_that_do_not_arrive_are_an_error(
    one_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toxvol.nautilus import run

    configs = run._data_configs

    def without_metrics(catalog: str, facts: dict) -> list:
        every = configs(catalog, facts)
        return [item for item in every if item.data_type is not tn.FuturesMetricsData]

    monkeypatch.setattr(run, "_data_configs", without_metrics)
    with pytest.raises(toxvol.Error, match="gave 0 of [0-9]+ rows of metrics"):
        hours(one_day, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", [False, True])
def test_a_balance_is_refused_where_it_crashes_nautilus_trader(
    engine: bool, one_day: Path, tmp_path: Path
) -> None:
    def run() -> tuple[toxvol.Run, toxvol.Run]:
        return both(one_day, tmp_path, engine=engine, set={"run.equity_usdt": 20_000_000}, **MADE)

    if tn.NAUTILUS_VERSION == "1.221.0":
        with pytest.raises(toxvol.Error, match="start with less"):
            run()
    else:  # reckons in integers
        require_equal(*run())


def test_an_interrupted_run_leaves_nothing(one_day: Path, tmp_path: Path) -> None:
    told = []

    def progress(stage: str, done: int, total: int, rows: int) -> None:
        told.append((stage, done, total))
        if stage == "nautilus" and done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hours(one_day, tmp_path / "run", progress=progress)
    assert told[-1] == ("nautilus", 30, 120)
    assert list(tmp_path.iterdir()) == []


def test_a_strategy_without_our_reading_says_what_it_was_given(
    one_day: Path, tmp_path: Path
) -> None:
    """ToxVolStrategy alone: no catalog, no run folder, no venue module."""
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.enums import AccountType, OmsType
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money

    catalog = tn.catalog(one_day / "catalog")
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USDT)],
        bar_execution=False,
    )  # fmt: skip
    contract = tn.instrument("BTCUSDT", catalog=one_day / "catalog", at="2024-01-01")
    engine.add_instrument(contract)
    window = {"start": "2024-01-01", "end": "2024-01-02T00:00:01Z"}
    engine.add_data(catalog.trade_ticks([str(contract.id)], **window))
    engine.add_data(catalog.quote_ticks([str(contract.id)], **window))
    bars = catalog.bars([str(tn.bar_type("BTCUSDT"))], **window)
    engine.add_data(bars)
    strategy = tn.ToxVolStrategy(
        tn.ToxVolConfig(
            preset="short", inputs=("trades", "quotes", "bars"), out=str(tmp_path / "run")
        )
    )
    engine.add_strategy(strategy)
    with pytest.raises(toxvol.Error, match="KlineFlowData"):
        engine.run()
    engine.dispose()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("listens", [False, True])
def test_a_tick_that_is_wrong_ends_the_run(listens: bool, one_day: Path, tmp_path: Path) -> None:
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.data import QuoteTick
    from nautilus_trader.model.enums import AccountType, OmsType
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money

    class Listening(tn.ToxVolStrategy):
        def on_quote_tick(self, tick) -> None:
            super().on_quote_tick(tick)

    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USDT)],
        bar_execution=False,
    )  # fmt: skip
    contract = tn.instrument("BTCUSDT", at="2024-01-01")
    engine.add_instrument(contract)
    start = 1_704_067_200_000_000_000
    price, qty = contract.make_price, contract.make_qty
    # Seen later, of earlier: no market's data, and nothing that NautilusTrader minds.
    engine.add_data(
        [
            QuoteTick(contract.id, price(42000), price(42000.1), qty(1), qty(1), at, start + i)
            for i, at in enumerate((start, start - 1_000_000))
        ]
    )
    strategy = (Listening if listens else tn.ToxVolStrategy)(
        tn.ToxVolConfig(preset="short", inputs=("quotes", "bars"), out=str(tmp_path / "run"))
    )
    engine.add_strategy(strategy)
    with pytest.raises(toxvol.Error, match="earlier than what came before it"):
        engine.run()
    engine.dispose()
    assert strategy.run_folder is None and list(tmp_path.iterdir()) == []
