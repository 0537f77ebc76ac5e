"""The claim: the strategy, and scripts, decide and fill in NautilusTrader as natively.

Every table of both run folders is compared, raw for raw, and every case has fills. The profile is
that of the installed release.
"""

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nautilus_trader")

import toxvol.nautilus as tn

import toxvol
from toxvol import _toxvol

NATIVE = {
    "exchange.profile": {"1.221.0": "nautilus_1_221", "1.231.0": "nautilus_1_231"}[
        tn.NAUTILUS_VERSION
    ]
}
WINDOWS = {
    "2023": ("2023-04-04T23:59:00Z", "2023-04-05T00:06:00Z"),  # a funding settlement inside
    "2024": ("2024-08-08T23:55:00Z", "2024-08-09T00:00:00Z"),
}
DAY = {"from_": "2020-02-22", "to": "2020-02-23"}
NEAR = {"run.symbol": "NEARUSDT"}


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated week at low intensity with all five kinds: raw/ and catalog/."""
    folder = tmp_path_factory.mktemp("week")
    toxvol.synth(
        out=folder / "raw",
        from_="2024-01-01",
        days=7,
        klines_only_days=40,
        intensity=0.004,
        seed=12,
    )
    toxvol.ingest(folder / "raw", catalog=folder / "catalog")
    return folder


@pytest.fixture(scope="session")
def recorded(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded data: raw/ is a link to them."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "raw").symlink_to(real_data)
    toxvol.ingest(real_data, catalog=folder / "catalog")
    return folder


def both(
    folder: Path,
    out: Path,
    *,
    set: Mapping[str, Any] | None = None,
    engine: bool = False,
    chunk_size: int | None = 20_000,
    **keywords: Any,
) -> tuple[toxvol.Run, toxvol.Run]:
    """The run in NautilusTrader and the native one, which goes first: it says where
    NautilusTrader's process would abort (docs/parity.md)."""
    data = {"raw": folder / "raw"} if engine else {"catalog": folder / "catalog"}
    ours = toxvol.backtest(**data, out=out / "ours", set={**(set or {}), **NATIVE}, **keywords)
    if engine:
        theirs = tn.run_engine(raw=folder / "raw", out=out / "theirs", set=set, **keywords)
    else:
        theirs = tn.run_node(
            catalog=folder / "catalog", out=out / "theirs", set=set, chunk_size=chunk_size,
            **keywords,
        )  # fmt: skip
    return theirs, ours


def require_equal(theirs: toxvol.Run, ours: toxvol.Run) -> None:
    assert theirs.diff(ours) == ['run.json: engine is "nautilus" in A, "native" in B']
    assert theirs.fingerprint == ours.fingerprint
    assert theirs.info["engine_version"] == tn.NAUTILUS_VERSION
    assert theirs.info["profile"] == NATIVE["exchange.profile"]
    assert theirs.verify() == []
    assert theirs.summary["fills"] > 0


def compare_scripts(script: Callable[[int], Path], count: int, out: Path, **keywords: Any) -> None:
    """`count` scripts of those that `script` makes of a seed."""
    compared = 0
    for seed in range(2 * count):
        orders = script(seed)
        try:
            theirs, ours = both(out=out / str(seed), preset="short", orders=orders, **keywords)
        except toxvol.Error as error:
            assert "aborts" in str(error)
            continue
        require_equal(theirs, ours)
        assert theirs.summary["fills"] > 100
        compared += 1
        if compared == count:
            return
    pytest.fail(f"only {compared} scripts could be compared")


def random_orders(path: Path, raw: Path, symbol: str, kind: str, window: tuple[str, str],
                  seed: int, count: int, tick: int, lot: int, largest: int) -> Path:  # fmt: skip
    """A script of orders of every type near the market, with cancels. Tick and lot in 1e-3."""
    start, end = (int(_ns(time)) for time in window)
    rows = _toxvol.read_market([str(raw)], symbol, kind, start, end, None).to_pandas()
    price = {"bookTicker": "bid", "aggTrades": "price", "klines": "close"}[kind]
    times, prices = rows["ts_init"].astype("int64").tolist(), rows[price].tolist()
    draw = random.Random(seed)
    lines, sent = [], []
    for at in sorted(draw.randrange(len(times)) for _ in range(count)):
        ts = times[at] + draw.choice((0, 0, 1, 500_000, 1_000_000, 37_000_000))
        if sent and draw.random() < 0.25:
            first, number = draw.choice(sent)
            lines.append((max(ts, first + 1), f"{number},{{}},cancel,,,,,,,"))
            continue
        number = len(sent) + 1
        sent.append((ts, number))
        quantity = lot * draw.randint(1, largest if draw.random() < 0.5 else 50)
        kind_of_order, tif, limit, post_only = "market", "gtc", "", 0
        if draw.random() < 2 / 3:
            kind_of_order = "limit"
            tif = draw.choice(("gtc", "gtc", "gtc", "ioc", "fok"))
            near = round(prices[at] * 1000 / tick) * tick + draw.randint(-8, 8) * tick
            limit = f"{near / 1000:.3f}"
            post_only = int(tif == "gtc" and draw.random() < 0.5)
        side, reduce_only = draw.choice(("buy", "sell")), int(draw.random() < 0.2)
        order = f"{side},{kind_of_order},{tif},{limit},{quantity / 1000:.3f}"
        lines.append((ts, f"{number},{{}},submit,{order},{post_only},{reduce_only}"))
    lines.sort(key=lambda line: line[0])
    text = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
    path.write_text(text + "".join(line.format(ts) + "\n" for ts, line in lines))
    return path


def _ns(time: str) -> int:
    import pandas as pd

    return pd.Timestamp(time).value


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


def test_any_chunk_size_and_the_engine_from_csv_give_the_same(week: Path, tmp_path: Path) -> None:
    window = {"from_": "2024-01-03", "to": "2024-01-04", "preset": "short"}
    first, ours = both(week, tmp_path / "all", chunk_size=None, **window)
    require_equal(first, ours)
    for chunk_size in (500, 1_000_000):
        again = tn.run_node(
            catalog=week / "catalog", out=tmp_path / str(chunk_size), chunk_size=chunk_size,
            **window,
        )  # fmt: skip
        assert again.diff(first) == []
    require_equal(*both(week, tmp_path / "engine", engine=True, **window))


def test_funding_can_be_switched_off(week: Path, tmp_path: Path) -> None:
    theirs, ours = both(
        week, tmp_path, preset="A", from_="2024-01-02", to="2024-01-05",
        set={"costs.funding": False},
    )  # fmt: skip
    require_equal(theirs, ours)
    assert float(theirs.summary["funding"]) == 0


def test_the_fees_of_a_tier_and_the_discount_agree(week: Path, tmp_path: Path) -> None:
    window = {"preset": "short", "from_": "2024-01-03", "to": "2024-01-04"}
    plain, _ = both(week, tmp_path / "plain", **window)
    theirs, ours = both(
        week, tmp_path / "tier", set={"costs.tier": "VIP3", "costs.bnb_discount": True}, **window
    )
    require_equal(theirs, ours)
    fees = [run.fills.to_pandas().iloc[0] for run in (plain, theirs)]
    rates = [fee["fee"] / (fee["price"] * fee["qty"]) for fee in fees]
    assert rates == pytest.approx([5e-4, 3.2e-4 * 0.9], rel=1e-6)


def test_every_refusal_is_called_the_same(recorded: Path, tmp_path: Path) -> None:
    start, end = WINDOWS["2023"]
    at = _ns("2023-04-05T00:01:00.5Z")
    rows = [
        "buy,limit,gtc,28000.05,0.001,0,0",  # tick
        "buy,limit,gtc,28000.0,0.0015,0,0",  # lot
        "buy,limit,gtc,99000.0,0.001,1,0",  # post_only
        "sell,market,gtc,,0.001,0,1",  # reduce_only
        *["buy,limit,gtc,20000.0,0.001,0,0"] * 150,  # rate_limit
    ]
    script = tmp_path / "orders.csv"
    script.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
        + "".join(f"{n},{at},submit,{row}\n" for n, row in enumerate(rows, start=1))
        + f"900,{at + 5 * 10**9},submit,buy,market,gtc,,1,0,0\n"
    )
    theirs, ours = both(recorded, tmp_path, preset="short", orders=script, from_=start, to=end)
    require_equal(theirs, ours)
    reasons = theirs.orders.to_pandas()["reject_reason"].dropna()
    assert {*reasons} == {"tick", "lot", "post_only", "reduce_only", "rate_limit"}
    assert (reasons == "rate_limit").sum() == 52


@pytest.mark.parametrize("latency", ["0ms", "20ms"])
@pytest.mark.parametrize("trade_execution", [False, True])
@pytest.mark.parametrize("window", WINDOWS)
def test_scripts_agree_on_the_recorded_windows(
    window: str, trade_execution: bool, latency: str, recorded: Path, tmp_path: Path
) -> None:
    start, end = WINDOWS[window]
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "BTCUSDT", "bookTicker",
            (start, end), seed, count=400, tick=100, lot=1, largest=3000,
        ),
        3, tmp_path, folder=recorded, from_=start, to=end,
        set={"exchange.trade_execution": trade_execution, "exchange.order_latency": latency},
    )  # fmt: skip


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


def test_a_script_agrees_on_the_recorded_day_of_trades(recorded: Path, tmp_path: Path) -> None:
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "BTCUSDT", "aggTrades",
            (DAY["from_"], DAY["to"]), seed, count=2000, tick=10, lot=1, largest=3000,
        ),
        1, tmp_path, folder=recorded, **DAY,
    )  # fmt: skip


@pytest.mark.parametrize("preset", ["short", "A", "B", "C"])
def test_the_strategy_agrees_on_klines_alone(preset: str, recorded: Path, tmp_path: Path) -> None:
    theirs, ours = both(
        recorded, tmp_path, preset=preset, set=NEAR, from_="2023-09-01", to="2023-09-15"
    )
    require_equal(theirs, ours)


@pytest.mark.parametrize("engine", [False, True])
def test_a_script_agrees_on_klines_alone(engine: bool, recorded: Path, tmp_path: Path) -> None:
    window = ("2023-09-01", "2023-09-08")
    compare_scripts(
        lambda seed: random_orders(
            tmp_path / f"orders-{seed}.csv", recorded / "raw", "NEARUSDT", "klines", window, seed,
            count=2000, tick=1, lot=1000, largest=300,
        ),
        1, tmp_path, folder=recorded, set=NEAR, engine=engine, from_=window[0], to=window[1],
    )  # fmt: skip


def test_the_strategy_runs_in_a_node_of_ones_own(week: Path, tmp_path: Path) -> None:
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

    window = {"from_": "2024-01-03", "to": "2024-01-04"}
    contract, catalog = "BTCUSDT-PERP.BINANCE", str(week / "catalog")
    data = {"catalog_path": catalog, "end_time": "2024-01-04T00:00:00.001"}
    strategy = ImportableStrategyConfig(
        strategy_path="toxvol.nautilus.strategy:ToxVolStrategy",
        config_path="toxvol.nautilus.strategy:ToxVolConfig",
        config={"preset": "short", "catalog": catalog, "out": str(tmp_path / "theirs"), **window},
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
    ours = toxvol.backtest(
        catalog=week / "catalog", preset="short", set=NATIVE, out=tmp_path / "ours", **window
    )
    require_equal(toxvol.Run(tmp_path / "theirs"), ours)


def test_a_subclass_that_hears_ticks_decides_the_same(
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

    ours = day(week, tmp_path / "ours")
    monkeypatch.setattr(run, "ToxVolStrategy", Listening)
    theirs = day(week, tmp_path / "theirs")
    assert theirs.fingerprint == ours.fingerprint
    assert heard["quotes"] > 0 and heard["trades"] > 0


# ---- what goes wrong ----


def day(week: Path, out: Path, **keywords: Any) -> toxvol.Run:
    return tn.run_node(
        catalog=week / "catalog", out=out, preset="short", from_="2024-01-03",
        to="2024-01-03T02:00:00Z", **keywords,
    )  # fmt: skip


def test_wrong_words_are_told_as_the_command_tells_them(week: Path, tmp_path: Path) -> None:
    common = {"catalog": week / "catalog", "out": tmp_path / "run"}
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


def test_an_existing_run_folder_is_kept_without_force(week: Path, tmp_path: Path) -> None:
    first = day(week, tmp_path / "run")
    before = first.fingerprint
    with pytest.raises(toxvol.Error, match="exists"):
        day(week, tmp_path / "run")
    assert toxvol.Run(tmp_path / "run").fingerprint == before
    assert day(week, tmp_path / "run", force=True).fingerprint == before


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
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toxvol.nautilus import run

    configs = run._data_configs

    def without_metrics(catalog: str, facts: dict) -> list:
        every = configs(catalog, facts)
        return [item for item in every if item.data_type is not tn.FuturesMetricsData]

    monkeypatch.setattr(run, "_data_configs", without_metrics)
    with pytest.raises(toxvol.Error, match="gave 0 of [0-9]+ rows of metrics"):
        day(week, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", [False, True])
def test_a_balance_is_refused_where_it_crashes_nautilus_trader(
    engine: bool, week: Path, tmp_path: Path
) -> None:
    def run() -> tuple[toxvol.Run, toxvol.Run]:
        return both(
            week, tmp_path, preset="short", from_="2024-01-03", to="2024-01-04", engine=engine,
            set={"run.equity_usdt": 20_000_000},
        )  # fmt: skip

    if tn.NAUTILUS_VERSION == "1.221.0":
        with pytest.raises(toxvol.Error, match="start with less"):
            run()
    else:  # reckons in integers
        require_equal(*run())


def test_an_interrupted_run_leaves_nothing(week: Path, tmp_path: Path) -> None:
    told = []

    def progress(stage: str, done: int, total: int, rows: int) -> None:
        told.append((stage, done, total))
        if stage == "nautilus" and done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        day(week, tmp_path / "run", progress=progress)
    assert told[-1] == ("nautilus", 30, 120)
    assert list(tmp_path.iterdir()) == []


def test_a_strategy_without_our_reading_says_what_it_was_given(week: Path, tmp_path: Path) -> None:
    """ToxVolStrategy alone: no catalog, no run folder, no venue module."""
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.enums import AccountType, OmsType
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money

    catalog = tn.catalog(week / "catalog")
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USDT)],
        bar_execution=False,
    )  # fmt: skip
    contract = tn.instrument("BTCUSDT", catalog=week / "catalog", at="2024-01-01")
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
def test_a_tick_that_is_wrong_ends_the_run(listens: bool, week: Path, tmp_path: Path) -> None:
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
