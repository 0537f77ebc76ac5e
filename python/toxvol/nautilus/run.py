"""A whole run inside NautilusTrader, with the keywords and the run folder of `toxvol.backtest`."""

import itertools
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from nautilus_trader.backtest.config import (
    BacktestDataConfig,
    BacktestEngineConfig,
    BacktestRunConfig,
    BacktestVenueConfig,
    ImportableLatencyModelConfig,
)
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.backtest.models import LatencyModel
from nautilus_trader.common.config import ImportableActorConfig, LoggingConfig
from nautilus_trader.model.data import Bar, CustomData, DataType, QuoteTick, TradeTick
from nautilus_trader.model.enums import AccountType, BookType, OmsType
from nautilus_trader.model.identifiers import ClientId, Venue
from nautilus_trader.model.objects import Money

import toxvol
from toxvol import _toxvol
from toxvol._errors import Error, UsageError
from toxvol._options import (
    Moment,
    Path,
    Paths,
    Progress,
    dotted,
    moment,
    path_text,
    path_texts,
    text,
)
from toxvol._run import Run
from toxvol._tables import Orders, order_script
from toxvol.nautilus._version import LARGEST_BALANCE, PROFILE
from toxvol.nautilus.data import FundingRateData, FuturesMetricsData, KlineFlowData
from toxvol.nautilus.instruments import bar_type, instrument_id
from toxvol.nautilus.loaders import (
    AggTradesCSVLoader,
    BookTickerCSVLoader,
    FundingCSVLoader,
    Klines1mCSVLoader,
    MetricsCSVLoader,
)
from toxvol.nautilus.preflight import preflight
from toxvol.nautilus.strategy import ToxVolConfig, ToxVolStrategy
from toxvol.nautilus.streaming import StreamingNode
from toxvol.nautilus.venue import VenueModule, VenueModuleConfig
from toxvol.nautilus.wranglers import (
    AggTradesWrangler,
    BookTickerWrangler,
    FundingRateWrangler,
    FuturesMetricsWrangler,
    KlineFlowWrangler,
    Klines1mWrangler,
)

_VENUE = "BINANCE"
_MILLISECOND = 10**6
_MINUTE = 60 * 10**9
#: Rows of a kind that are held at a time, unless all are.
CHUNK = 100_000


def run_node(
    *, catalog: Path,
    preset: str | None = None, config: Path | None = None, set: Mapping[str, Any] | None = None,
    symbol: str | None = None, from_: Moment | None = None, to: Moment | None = None,
    orders: Orders = None, trials: Path | None = None, out: Path | None = None,
    force: bool = False, chunk_size: int | None = CHUNK, progress: Progress = None,
) -> Run:  # fmt: skip
    """The strategy, or an order script, in NautilusTrader's BacktestNode on a catalog.

    The run folder is that of `toxvol.backtest` with the profile of the installed release
    (`exchange.profile = "nautilus_1_231"`, or `_1_221`), made of what NautilusTrader decides.
    `chunk_size` bounds memory for any window; None loads everything at once, as BacktestNode does by
    itself, for the same result. `orders` may be a table, as for `toxvol.backtest`.
    """
    with _playing({"catalog": path_text(catalog)}, **locals()) as strategy:
        _run_node(strategy, path_text(catalog), chunk_size)
        return Run(strategy.run_folder)


def _run_node(strategy: ToxVolStrategy, catalog: str, chunk_size: int | None) -> None:
    facts = strategy.facts
    run_config = BacktestRunConfig(
        engine=_engine_config(),
        venues=[_venue_config(facts)],
        data=_data_configs(catalog, facts),
        chunk_size=chunk_size,
        start=facts["begin"],  # not the first datum: a script may begin earlier
        raise_exception=True,
        dispose_on_completion=False,
    )
    for warning in preflight(
        run_config, instruments=[strategy.contract], by_day=chunk_size is not None
    ):
        warnings.warn(warning, stacklevel=3)
    node = StreamingNode([run_config])
    try:
        node.build()
        engine = node.get_engine(run_config.id)
        # The catalog's contract is of one day; this one is of the day on which trading starts.
        engine.add_instrument(strategy.contract)
        engine.add_strategy(strategy)
        node.run()
    finally:
        node.dispose()


def run_engine(
    *, raw: Paths,
    preset: str | None = None, config: Path | None = None, set: Mapping[str, Any] | None = None,
    symbol: str | None = None, from_: Moment | None = None, to: Moment | None = None,
    orders: Orders = None, trials: Path | None = None, out: Path | None = None,
    force: bool = False, progress: Progress = None,
) -> Run:  # fmt: skip
    """The same straight from Binance's files, in NautilusTrader's BacktestEngine; nothing stored.

    All rows of the window are in memory as Python objects: some 400 bytes each.
    """
    files = path_texts(raw)
    with _playing({"raw": files}, **locals()) as strategy:
        _run_engine(strategy, files, progress)
        return Run(strategy.run_folder)


def _run_engine(strategy: ToxVolStrategy, files: list[str], progress: Progress) -> None:
    facts, contract = strategy.facts, strategy.contract
    if LARGEST_BALANCE is not None and facts["deposit"] > LARGEST_BALANCE * 10**8:
        raise Error(
            f"run.equity_usdt {facts['deposit'] // 10**8}: with more than {LARGEST_BALANCE} "
            "NautilusTrader crashes in its account; start with less"
        )
    latency = facts["order_latency_ns"]
    engine = BacktestEngine(_engine_config())
    try:
        engine.add_venue(
            venue=Venue(_VENUE),
            oms_type=OmsType.NETTING,
            account_type=AccountType.MARGIN,
            starting_balances=[Money.from_raw(facts["deposit"] * 10**8, contract.quote_currency)],
            default_leverage=Decimal(facts["leverage"]),
            book_type=BookType.L1_MBP,
            bar_execution=_bars_only(facts),
            trade_execution=facts["trade_execution"],
            latency_model=LatencyModel(base_latency_nanos=latency) if latency else None,
            modules=[VenueModule(_module_config(facts))],
        )
        engine.add_instrument(contract)
        for rows in _objects(files, facts, contract, progress):
            if not rows:
                continue
            client_id = ClientId(_VENUE) if isinstance(rows[0], CustomData) else None
            engine.add_data(rows, client_id=client_id, sort=True)
        engine.add_strategy(strategy)
        engine.run(start=facts["begin"])
    finally:
        engine.dispose()


def _free_folder(name: str, force: bool) -> str:
    names = itertools.chain([name], (f"{name}-{i}" for i in itertools.count(2)))
    return next(free for free in names if force or not os.path.exists(free))


@contextmanager
def _playing(data: dict[str, Any], *, orders: Orders, **keywords: Any) -> Iterator[ToxVolStrategy]:
    """The strategy of a run with these keywords; what it leaves unfinished goes at the end."""
    with order_script(orders) as script:
        strategy = _strategy(data, script, **keywords)
        try:
            yield strategy
        finally:
            strategy.break_off()


def _strategy(
    data: dict[str, Any],
    script: str,
    *,
    preset: str | None,
    config: Path | None,
    set: Mapping[str, Any] | None,
    symbol: str | None,
    from_: Moment | None,
    to: Moment | None,
    trials: Path | None,
    out: Path | None,
    force: bool,
    progress: Progress,
    **_: Any,
) -> ToxVolStrategy:
    if preset and config:
        raise UsageError("preset, config: name one of them")
    if preset and preset not in toxvol.presets():
        raise UsageError(f"preset {preset}: unknown; there are {', '.join(toxvol.presets())}")
    values = dict(set or {}) | PROFILE
    named = symbol
    symbol = toxvol.config_show(config or preset, set=values)["run"]["symbol"]
    if named is not None and named != symbol:
        if "run.symbol" in dict(dotted(set or {})):
            raise UsageError(f"symbol={named}: set says {symbol}; name it once")
        symbol = named
    begin, end = moment(from_), moment(to)
    folder = path_text(out) or _free_folder(
        _toxvol.default_run_folder(
            preset=text(preset), from_=begin, to=end, orders=script, symbol=symbol, force=True
        )
        + "-nautilus",
        force,
    )
    strategy = ToxVolStrategy(
        ToxVolConfig(
            symbol=symbol,
            preset=preset,
            config=path_text(config) or None,
            set=values,
            from_=begin or None,
            to=end or None,
            orders=script or None,
            trials=path_text(trials) or None,
            out=folder,
            force=force,
            **data,
        ),
        progress,
    )
    if progress:
        strategy.on_minute = _minutes(progress, strategy.facts)
    return strategy


def _minutes(progress: Progress, facts: dict[str, Any]) -> Callable[[int], object]:
    """`progress` told of the minutes that are over, as the native run tells it."""
    start, total = facts["from"], (facts["to"] - facts["from"]) // _MINUTE

    def on_minute(ts: int) -> None:
        done = (ts - start) // _MINUTE
        if done <= 0:
            return
        if callable(progress):
            progress("nautilus", done, total, 0)
        elif sys.stderr.isatty() and (done % 60 == 0 or done == total):
            print(f"\rNautilusTrader {done:,} of {total:,} minutes", end="", file=sys.stderr)

    return on_minute


def _engine_config() -> BacktestEngineConfig:
    return BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True))


def _bars_only(facts: dict[str, Any]) -> bool:
    return not {"trades", "quotes"} & {*facts["inputs"]}


def _module_config(facts: dict[str, Any]) -> VenueModuleConfig:
    return VenueModuleConfig(
        instrument_id=instrument_id(facts["symbol"]), pays_funding=facts["pays_funding"]
    )


def _venue_config(facts: dict[str, Any]) -> BacktestVenueConfig:
    latency = facts["order_latency_ns"]
    module = {
        "instrument_id": str(instrument_id(facts["symbol"])),
        "pays_funding": facts["pays_funding"],
    }
    return BacktestVenueConfig(
        name=_VENUE,
        oms_type="NETTING",
        account_type="MARGIN",
        starting_balances=[f"{Decimal(facts['deposit']).scaleb(-8)} USDT"],
        default_leverage=float(facts["leverage"]),
        book_type="L1_MBP",
        bar_execution=_bars_only(facts),
        trade_execution=facts["trade_execution"],
        latency_model=ImportableLatencyModelConfig(
            latency_model_path="nautilus_trader.backtest.models:LatencyModel",
            config_path="nautilus_trader.backtest.config:LatencyModelConfig",
            config={"base_latency_nanos": latency},
        )
        if latency
        else None,
        modules=[
            ImportableActorConfig(
                actor_path="toxvol.nautilus.venue:VenueModule",
                config_path="toxvol.nautilus.venue:VenueModuleConfig",
                config=module,
            )
        ],
    )


def _data_configs(catalog: str, facts: dict[str, Any]) -> list[BacktestDataConfig]:
    # ns, inclusive. The bar that ends at `to` comes after it, when the venue is closed: the
    # strategy has it from its own reading. Its flow does come, so that time goes on to the end.
    common = {
        "catalog_path": catalog,
        "start_time": facts["begin"],
        "end_time": facts["to"] - 1,
    }
    after = {**common, "end_time": facts["to"] + _MILLISECOND}
    contract = str(instrument_id(facts["symbol"]))
    inputs = facts["inputs"]
    configs = []
    if "trades" in inputs:
        configs.append(BacktestDataConfig(data_cls=TradeTick, instrument_id=contract, **common))
    if "quotes" in inputs:
        configs.append(BacktestDataConfig(data_cls=QuoteTick, instrument_id=contract, **common))
    configs.append(
        BacktestDataConfig(data_cls=Bar, bar_types=[str(bar_type(facts["symbol"]))], **common)
    )
    custom = [(KlineFlowData, after)]
    if "metrics" in inputs:
        custom.append((FuturesMetricsData, common))
    if "funding" in inputs:
        custom.append((FundingRateData, common))
    configs += [
        BacktestDataConfig(data_cls=cls, instrument_id=contract, client_id=_VENUE, **window)
        for cls, window in custom
    ]
    return configs


def _objects(files: list[str], facts: dict[str, Any], contract: Any, progress: Progress):
    """NautilusTrader's objects of each kind in turn."""
    start, end = facts["begin"], facts["to"]
    symbol, inputs = facts["symbol"], facts["inputs"]

    def frame(loader, kind: str):
        table = _toxvol.read_market(
            raw=files, symbol=symbol, kind=kind, from_=start, to=end, progress=progress
        )
        return loader.shape(table.to_pandas())

    def custom(rows: list) -> list[CustomData]:
        return [CustomData(DataType(type(row)), row) for row in rows]

    if "trades" in inputs:
        yield AggTradesWrangler(contract).process(frame(AggTradesCSVLoader, "aggTrades"))
    if "quotes" in inputs:
        yield BookTickerWrangler(contract).process(frame(BookTickerCSVLoader, "bookTicker"))
    klines = frame(Klines1mCSVLoader, "klines")
    yield custom(KlineFlowWrangler(contract).process(klines))
    # Without the bar that ends at `to`: see _data_configs.
    inside = klines[klines["ts_init"].astype("int64") < end]
    yield Klines1mWrangler(bar_type(symbol), contract).process(inside)
    if "metrics" in inputs:
        yield custom(FuturesMetricsWrangler(contract).process(frame(MetricsCSVLoader, "metrics")))
    if "funding" in inputs:
        yield custom(FundingRateWrangler(contract).process(frame(FundingCSVLoader, "fundingRate")))
