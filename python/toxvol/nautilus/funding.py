"""Funding, which NautilusTrader 1.x does not simulate, as the parity profile of ours pays it."""

from dataclasses import dataclass

from nautilus_trader.backtest.config import SimulationModuleConfig
from nautilus_trader.backtest.modules import SimulationModule
from nautilus_trader.core.nautilus_pyo3 import FIXED_PRECISION
from nautilus_trader.model.enums import PositionSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.objects import Money

from toxvol._errors import Error
from toxvol.nautilus.data import FundingRateData

_RATE = 10**8
_UNIT = 10 ** (FIXED_PRECISION - 8)  # NautilusTrader's raws of one of ours (1e-8)


def funding_topic(instrument_id: InstrumentId) -> str:
    """The topic of the message bus on which each `FundingPayment` appears."""
    return f"toxvol.funding.{instrument_id}"


@dataclass(frozen=True, slots=True)
class FundingPayment:
    """One payment that has been booked; `amount` is negative if paid, positive if received."""

    instrument_id: InstrumentId
    rate: int  # 1e-8
    amount: Money
    balance: Money  # the account's total after it
    ts: int  # ns


class FundingModuleConfig(SimulationModuleConfig, frozen=True):
    """The perpetual whose `FundingRateData` is paid."""

    instrument_id: InstrumentId


class FundingModule(SimulationModule):
    """Pays floor(-position · mark · rate), in 1e-8, at each `FundingRateData` of its instrument.

    The mark is the mid of the exchange's book. It pays after the commands of the datum's own
    instant, so an order sent in `on_data` of the settlement, without latency, counts. Nothing
    happens without a position or with a side of the book unknown. The metadata of the data's
    configuration do not matter, nor whether anyone subscribes.
    """

    def __init__(self, config: FundingModuleConfig) -> None:
        super().__init__(config)
        self.instrument_id = config.instrument_id
        self._due: FundingRateData | None = None
        self._is_idle_else = all(
            getattr(type(self), name) is getattr(FundingModule, name)
            for name in ("pre_process", "process")
        )

    def register_base(self, portfolio, msgbus, cache, clock) -> None:
        # A venue's modules are never started, so this is the place to subscribe. The data engine's
        # topic depends on the metadata of the data's configuration; the pattern covers each.
        super().register_base(portfolio, msgbus, cache, clock)
        msgbus.subscribe(topic=f"data.{FundingRateData.__name__}*", handler=self._on_rate)

    def _on_rate(self, data: FundingRateData) -> None:
        if data.instrument_id == self.instrument_id:
            self._due = data
            self._join()

    def process(self, ts_now: int) -> None:
        if self._due is not None:
            rate, self._due = round(self._due.funding_rate * _RATE), None
            self._pay(rate, ts_now)
        self._leave()

    # The venue calls each of its modules twice a tick, and there is something to do three times a
    # day: so the module is among them only then.

    def _join(self) -> None:
        modules = self.exchange.modules
        if not any(module is self for module in modules):
            modules.append(self)

    def _leave(self) -> None:
        """Called while the venue goes through its modules: only the last may go, else the one
        behind it would be passed over. Nor one that does more than is done here."""
        modules = self.exchange.modules
        if self._is_idle_else and modules and modules[-1] is self:
            modules.pop()

    def _pay(self, rate: int, ts_now: int) -> None:
        positions = self.cache.positions_open(instrument_id=self.instrument_id)
        exchange = self.exchange
        bid = exchange.best_bid_price(self.instrument_id)
        ask = exchange.best_ask_price(self.instrument_id)
        if not positions or bid is None or ask is None or exchange.is_frozen_account:
            return
        contract = self.cache.instrument(self.instrument_id)
        if contract.is_inverse:
            raise Error(
                f"FundingModule: {self.instrument_id} is inverse; only linear perpetuals are paid"
            )
        held = sum(
            item.quantity.raw if item.side == PositionSide.LONG else -item.quantity.raw
            for item in positions
        )
        # Integers only, like the native engine: two raws and a rate in 1e-8, twice the mark.
        amount = -held * (bid.raw + ask.raw) * rate // (2 * 10 ** (2 * FIXED_PRECISION))
        paid = Money.from_raw(amount * _UNIT, contract.settlement_currency)
        exchange.adjust_account(paid)
        balance = exchange.get_account().balance_total(paid.currency)
        self.msgbus.publish(
            topic=funding_topic(self.instrument_id),
            msg=FundingPayment(self.instrument_id, rate, paid, balance, ts_now),
        )

    def log_diagnostics(self, logger) -> None:
        pass

    def reset(self) -> None:
        self._due = None
