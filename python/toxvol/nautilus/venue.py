"""What a run of ours asks of NautilusTrader's venue beyond its orders: funding, and its book."""

from nautilus_trader.model.identifiers import InstrumentId

from toxvol.nautilus.funding import FundingModule, FundingModuleConfig


def book_endpoint(instrument_id: InstrumentId) -> str:
    """The endpoint of the message bus that answers with bid + ask of the venue's book."""
    return f"toxvol.book.{instrument_id}"


class VenueModuleConfig(FundingModuleConfig, frozen=True):
    """`pays_funding` off: rates only reach the strategy."""

    pays_funding: bool = True


class VenueModule(FundingModule):
    """Pays funding, and tells the mid that a fill was made at: `ToxVolStrategy` writes it down."""

    def __init__(self, config: VenueModuleConfig) -> None:
        super().__init__(config)
        self._pays = config.pays_funding

    def register_base(self, portfolio, msgbus, cache, clock) -> None:
        super().register_base(portfolio, msgbus, cache, clock)
        msgbus.register(endpoint=book_endpoint(self.instrument_id), handler=self._tell_book)

    def _on_rate(self, data) -> None:
        if self._pays:
            super()._on_rate(data)

    def _tell_book(self, answer: list) -> None:
        bid = self.exchange.best_bid_price(self.instrument_id)
        ask = self.exchange.best_ask_price(self.instrument_id)
        if bid is not None and ask is not None:
            answer.append(bid.raw + ask.raw)
