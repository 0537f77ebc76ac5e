"""A window read day by day gives what the whole window in memory gives."""

import shutil
import subprocess
import sys
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
)
from nautilus_trader.config import LoggingConfig
from nautilus_trader.model.data import DataType
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.trading.strategy import Strategy
from toxvol.nautilus.streaming import _merge

import toxvol

CONTRACT = tn.instrument("BTCUSDT", at="2024-01-01")
PERP = CONTRACT.id
BUILT_IN = ("QuoteTick", "TradeTick", "Bar")
OURS = ("FundingRateData", "FuturesMetricsData", "KlineFlowData")


class Recorder(Strategy):
    """Writes down each callback with the clock's time, and trades on some of them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple] = []
        self.quotes = 0

    def note(self, name: str, what: str) -> None:
        self.seen.append((name, self.clock.timestamp_ns(), what))

    def on_start(self) -> None:
        self.note("start", "")
        self.subscribe_quote_ticks(PERP)
        self.subscribe_trade_ticks(PERP)
        self.subscribe_bars(tn.bar_type("BTCUSDT"))
        for cls in (tn.FundingRateData, tn.FuturesMetricsData, tn.KlineFlowData):
            self.subscribe_data(DataType(cls), instrument_id=PERP)
        # Two timers of one instant, of which 1.221 lets only the first act at once, on the stamps of
        # metrics, so that some are at the end of a chunk.
        for name in ("first", "second"):
            self.clock.set_timer_ns(
                name,
                900 * 10**9,
                start_time_ns=_T0 + 900_000,
                stop_time_ns=_T0 + 48 * 3_600 * 10**9,
                callback=self.on_timer,
            )
        # Behind the last datum: never, with chunks or without.
        self.clock.set_time_alert_ns("late", _T0 + 1_000 * 3_600 * 10**9, self.on_timer)

    def on_stop(self) -> None:
        self.note("stop", "")

    def on_timer(self, event) -> None:
        self.note(event.name, "")
        self.cancel_all_orders(PERP)
        self.order(OrderSide.BUY if event.name == "first" else OrderSide.SELL)

    def on_quote_tick(self, tick) -> None:
        self.note("quote", repr(tick))
        self.quotes += 1
        if self.quotes % 500 == 0:
            side = OrderSide.BUY if self.quotes % 1_000 == 0 else OrderSide.SELL
            price = tick.bid_price if side == OrderSide.BUY else tick.ask_price
            self.submit_order(
                self.order_factory.limit(PERP, side, CONTRACT.make_qty("0.002"), price)
            )

    def on_trade_tick(self, tick) -> None:
        self.note("trade", repr(tick))

    def on_bar(self, bar) -> None:
        self.note("bar", repr(bar))

    def on_data(self, data) -> None:
        self.note("data", repr(data))

    def on_event(self, event) -> None:
        fill = getattr(event, "last_px", None)
        self.note(type(event).__name__, f"{fill} {getattr(event, 'last_qty', None)}")

    def order(self, side: OrderSide) -> None:
        self.submit_order(self.order_factory.market(PERP, side, CONTRACT.make_qty("0.001")))


_T0 = 1_704_067_200 * 10**9


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("days")
    toxvol.synth(
        out=root / "raw", from_="2024-01-01", days=2, klines_only_days=3, intensity=0.001, seed=3
    )
    toxvol.ingest(root / "raw", catalog=root / "catalog")
    return root / "catalog"


def config(store: Path, chunk_size: int | None, **changes) -> BacktestRunConfig:
    settings = {
        "engine": BacktestEngineConfig(
            logging=LoggingConfig(bypass_logging=True), run_analysis=False
        ),
        "venues": [
            BacktestVenueConfig(
                name="BINANCE", oms_type="NETTING", account_type="MARGIN",
                starting_balances=["100000 USDT"], default_leverage=10.0, bar_execution=False,
                trade_execution=True,
            )
        ],
        "data": data(store),
        "chunk_size": chunk_size,
        "raise_exception": True,
        "dispose_on_completion": False,
    }  # fmt: skip
    return BacktestRunConfig(**(settings | changes))


def data(store: Path, **changes) -> list[BacktestDataConfig]:
    built_in = [f"nautilus_trader.model.data:{name}" for name in BUILT_IN]
    ours = [f"toxvol.nautilus.data:{name}" for name in OURS]
    return [
        BacktestDataConfig(
            **({"catalog_path": str(store), "data_cls": name, "instrument_id": PERP} | changes),
            client_id="TOXVOL" if name in ours else None,
        )
        for name in built_in + ours
    ]


def seen(of: BacktestRunConfig, **options) -> tuple[list[tuple], object]:
    node = tn.StreamingNode([of], **options)
    node.build()
    strategy = Recorder()
    node.get_engine(of.id).add_strategy(strategy)
    (result,) = node.run()
    node.dispose()
    return strategy.seen, result


def assert_same(streamed: list[tuple], one_shot: list[tuple]) -> None:
    """Says the first difference only: pytest would take minutes over such lists."""
    for at, (left, right) in enumerate(zip(streamed, one_shot)):
        assert left == right, f"callback {at}"
    assert len(streamed) == len(one_shot)


@pytest.fixture(scope="module")
def whole(store: Path):
    one_shot, result = seen(config(store, None))
    names = {name for name, _, _ in one_shot}
    assert {"quote", "trade", "bar", "data", "first", "OrderFilled", "OrderCanceled"} <= names
    assert "late" not in names
    assert {name for name in OURS if any(name in what for _, _, what in one_shot)} == set(OURS)
    return one_shot, result


@pytest.mark.parametrize("chunk_size", [100, 5_000, 10_000_000])
def test_callbacks_and_fills_are_those_of_a_run_in_memory(store, whole, chunk_size) -> None:
    streamed, result = seen(config(store, chunk_size))
    assert_same(streamed, whole[0])
    for name in ("iterations", "total_events", "total_orders", "backtest_start", "backtest_end"):
        assert getattr(result, name) == getattr(whole[1], name)


def test_the_window_and_each_configurations_own_bounds_hold(store) -> None:
    window = {"start": _T0 + 7_200 * 10**9, "end": "2024-01-02T03:00:00.0008"}
    bounds = {"start_time": "2024-01-01T05:00:00", "end_time": "2024-01-02T12:00:00"}
    for extra in ({}, {"data": data(store, **bounds)}):
        one_shot, _ = seen(config(store, None, **window, **extra))
        streamed, _ = seen(config(store, 500, **window, **extra))
        assert_same(streamed, one_shot)
    quotes = [what for name, _, what in streamed if name == "quote"]
    assert len(quotes) > 100


def test_a_view_by_month_is_the_same(store, whole, tmp_path) -> None:
    toxvol.catalog_view(catalog=store, out=tmp_path / "view")
    streamed, _ = seen(config(tmp_path / "view", 1_000))
    assert_same(streamed, whole[0])


def test_a_day_without_data_is_no_error(store, whole, tmp_path) -> None:
    holed = Path(shutil.copytree(store, tmp_path / "holed"))
    for path in holed.glob("data/*/*/2024-01-02*.parquet"):
        path.unlink()
    days: list[tuple[int, int]] = []
    streamed, _ = seen(config(holed, 1_000), on_day=lambda *at: days.append(at))
    assert_same(streamed, seen(config(holed, None))[0])
    assert days[-1][0] == days[-1][1] == len(days)


def test_a_window_without_data_is_an_error(store) -> None:
    with pytest.raises(toxvol.Error, match=r"no Bar, .* from 2031-01-01 to the end; widen"):
        seen(config(store, 1_000, start="2031-01-01"))


def test_custom_data_without_a_client_is_an_error(store) -> None:
    configs = [item for item in data(store) if item.client_id]
    bare = BacktestDataConfig(str(store), configs[0].data_cls, instrument_id=PERP)
    with pytest.raises(toxvol.Error, match="FundingRateData: custom data needs a client_id"):
        seen(config(store, 1_000, data=[bare]))


def test_a_contract_that_the_catalog_lacks_is_an_error(store, tmp_path) -> None:
    bare = Path(shutil.copytree(store, tmp_path / "bare"))
    shutil.rmtree(bare / "data/crypto_perpetual")
    with pytest.raises(toxvol.Error, match="no instrument BTCUSDT-PERP.BINANCE for its QuoteTick"):
        seen(config(bare, 1_000))


def test_rows_out_of_order_are_an_error(store, tmp_path) -> None:
    mixed = Path(shutil.copytree(store, tmp_path / "mixed"))
    path = sorted(mixed.glob("data/quote_tick/*/*.parquet"))[0]
    table = pq.read_table(path)
    half = table.num_rows // 2
    swapped = pa.concat_tables([table.slice(half), table.slice(0, half)])
    pq.write_table(swapped.replace_schema_metadata(table.schema.metadata), path)
    with pytest.raises(toxvol.Error, match="rows of a file out of order"):
        seen(config(mixed, 100))


STOPPED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_nautilus_streaming as t

def stop(tick, strategy):
    if strategy.quotes == 100:
        {action}
    strategy.quotes += 1

t.Recorder.on_quote_tick = lambda self, tick: stop(tick, self)
strategy = t.Recorder()
of = t.config({store!r}, 50)
node = t.tn.StreamingNode([of])
node.build()
node.get_engine(of.id).add_strategy(strategy)
try:
    node.run()
except {error} as error:
    print(type(error).__name__, strategy.quotes, strategy.seen[-1][0])
node.dispose()
"""


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(
    ("action", "error", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGINT)", "KeyboardInterrupt", "KeyboardInterrupt 100 stop"),
        ("raise ValueError('no')", "ValueError", "ValueError 100"),
    ],
)
def test_it_can_be_stopped_amid_a_day(store, action, error, said) -> None:
    script = STOPPED.format(
        tests=str(Path(__file__).parent), store=str(store), action=action, error=error
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith(said)


def test_ties_go_in_the_order_of_the_configurations() -> None:
    class Row:
        def __init__(self, name: str, ts_init: int) -> None:
            self.name, self.ts_init = name, ts_init

        def __repr__(self) -> str:
            return f"{self.name}{self.ts_init}"

    def stream(name: str, *chunks: list[int]):
        return iter([[Row(name, ts) for ts in chunk] for chunk in chunks])

    merged = _merge([
        stream("a", [1, 2], [2, 2], [5]),
        stream("b", [2], [2, 5, 6, 9]),
        stream("c"),
        stream("d", [0, 2, 5, 9]),
    ])  # fmt: skip
    assert repr([row for batch in merged for row in batch]) == (
        "[d0, a1, a2, a2, a2, b2, b2, d2, a5, b5, d5, b6, b9, d9]"
    )
