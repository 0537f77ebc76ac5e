"""toxvol and NautilusTrader: catalog, data classes, loaders, wranglers, strategy, runs.

Each part works without the others (docs/nautilus.md). Needs `pip install 'toxvol[nautilus]'`: 1.231.0
from Python 3.12 on, 1.221.0 on Python 3.11. `NAUTILUS_VERSION` is the release that is installed.
"""

from toxvol.nautilus._version import NAUTILUS_VERSION  # noqa: I001  (first: it says what is missing)
from toxvol.nautilus.catalog import catalog
from toxvol.nautilus.checklist import Checklist, Item, check
from toxvol.nautilus.data import (
    FundingRateData,
    FuturesMetricsData,
    KlineFlowData,
)
from toxvol.nautilus.funding import (
    FundingModule,
    FundingModuleConfig,
    FundingPayment,
    funding_topic,
)
from toxvol.nautilus.instruments import bar_type, instrument
from toxvol.nautilus.loaders import (
    AggTradesCSVLoader,
    BookTickerCSVLoader,
    FundingCSVLoader,
    Klines1mCSVLoader,
    MetricsCSVLoader,
)
from toxvol.nautilus.preflight import preflight, preflight_catalog
from toxvol.nautilus.run import run_engine, run_node
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

__all__ = [
    "AggTradesCSVLoader",
    "AggTradesWrangler",
    "BookTickerCSVLoader",
    "BookTickerWrangler",
    "Checklist",
    "FundingCSVLoader",
    "FundingModule",
    "FundingModuleConfig",
    "FundingPayment",
    "FundingRateData",
    "FundingRateWrangler",
    "FuturesMetricsData",
    "FuturesMetricsWrangler",
    "Item",
    "KlineFlowData",
    "KlineFlowWrangler",
    "Klines1mCSVLoader",
    "Klines1mWrangler",
    "MetricsCSVLoader",
    "NAUTILUS_VERSION",
    "StreamingNode",
    "ToxVolConfig",
    "ToxVolStrategy",
    "VenueModule",
    "VenueModuleConfig",
    "bar_type",
    "catalog",
    "check",
    "funding_topic",
    "instrument",
    "preflight",
    "preflight_catalog",
    "run_engine",
    "run_node",
]
