"""The installed NautilusTrader, and what depends on its release."""

import sys
from importlib import metadata

from toxvol import _toxvol

#: Releases whose files and fills were verified → the profile that imitates each.
PROFILES: dict[str, str] = _toxvol.nautilus_profiles()


def _installed() -> str:
    try:
        found = metadata.version("nautilus_trader")
    except metadata.PackageNotFoundError:
        found = "none"
    if found in PROFILES:
        return found
    offer = "1.231.0"
    if sys.version_info < (3, 12):
        offer = "1.221.0 on Python 3.11; 1.231.0 needs Python 3.12 or later"
    raise ImportError(
        f"toxvol.nautilus needs nautilus_trader {' or '.join(PROFILES)} and found {found}: "
        f"pip install 'toxvol[nautilus]' takes {offer}"
    )


#: The one that is installed.
NAUTILUS_VERSION = _installed()
#: NautilusTrader is the venue, so the run is of this profile whatever the configuration says.
PROFILE = {"exchange.profile": PROFILES[NAUTILUS_VERSION]}

#: Whether whoever takes a chunk of its Rust reader has to free it. In 1.221 the chunk frees itself,
#: and a second time is the end of the process.
CHUNKS_LEAK = NAUTILUS_VERSION != "1.221.0"
#: Whether timers go on to a run's end when its data are over; to the year 2100 where that is not
#: given and the data come bit by bit. 1.221 is over with its data.
RINGS_WITHOUT_DATA = NAUTILUS_VERSION != "1.221.0"
#: Above it the account of 1.221 may not add up: total − locked ≠ free. 1.231 reckons in integers.
LARGEST_BALANCE = 10**7 if NAUTILUS_VERSION == "1.221.0" else None
