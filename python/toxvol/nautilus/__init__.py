"""toxvol and NautilusTrader 1.221: catalog, data classes, loaders, wranglers, strategy, runs.

Each part works without the others (docs/nautilus.md). Needs `pip install 'toxvol[nautilus]'` on
Python 3.11.
"""

from importlib import metadata as _metadata

#: The one release whose files and fills were verified, the last for Python 3.11.
NAUTILUS_VERSION = "1.221.0"


def _check_nautilus() -> None:
    try:
        found = _metadata.version("nautilus_trader")
    except _metadata.PackageNotFoundError:
        found = "none"
    if found != NAUTILUS_VERSION:
        raise ImportError(
            f"toxvol.nautilus needs nautilus_trader {NAUTILUS_VERSION} and found {found}: "
            "pip install 'toxvol[nautilus]' on Python 3.11"
        )


_check_nautilus()

from toxvol.nautilus.catalog import catalog  # noqa: E402
from toxvol.nautilus.checklist import Checklist, Item, check  # noqa: E402
from toxvol.nautilus.data import (  # noqa: E402
    FundingRateData,
    FuturesMetricsData,
    KlineFlowData,
)
from toxvol.nautilus.funding import (  # noqa: E402
    FundingModule,
    FundingModuleConfig,
    FundingPayment,
    funding_topic,
)
from toxvol.nautilus.instruments import bar_type, instrument  # noqa: E402
from toxvol.nautilus.loaders import (  # noqa: E402
    AggTradesCSVLoader,
    BookTickerCSVLoader,
    FundingCSVLoader,
    Klines1mCSVLoader,
    MetricsCSVLoader,
)
from toxvol.nautilus.preflight import preflight, preflight_catalog  # noqa: E402
from toxvol.nautilus.run import run_engine, run_node  # noqa: E402
from toxvol.nautilus.strategy import ToxVolConfig, ToxVolStrategy  # noqa: E402
from toxvol.nautilus.streaming import StreamingNode  # noqa: E402
from toxvol.nautilus.venue import VenueModule, VenueModuleConfig  # noqa: E402
from toxvol.nautilus.wranglers import (  # noqa: E402
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
