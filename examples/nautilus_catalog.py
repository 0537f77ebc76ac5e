"""A catalog of toxvol's in NautilusTrader: the proof, the objects, and the way without a catalog.

python examples/nautilus_catalog.py RAW CATALOG     (pip install 'toxvol[nautilus]', Python 3.11)
"""

import sys
from pathlib import Path

import toxvol.nautilus as tn
from nautilus_trader.persistence.wranglers import TradeTickDataWrangler

import toxvol


def main() -> None:
    raw, path = Path(sys.argv[1]), Path(sys.argv[2])
    toxvol.ingest(raw, catalog=path, progress=True)
    print(tn.check(path))

    catalog = tn.catalog(path)
    for contract in catalog.instruments():
        funding = catalog.custom_data(tn.FundingRateData, instrument_ids=[str(contract.id)])
        print(contract.id, len(funding), "funding settlements, the last:", funding[-1].data)

    # CSV → DataFrame → NautilusTrader's own wrangler, nothing stored.
    file = next(raw.rglob("BTCUSDT-aggTrades-*.csv"))
    frame = tn.AggTradesCSVLoader.load(file)
    print(frame.head())
    wrangler = TradeTickDataWrangler(tn.instrument("BTCUSDT", at=frame["ts"].iloc[0].isoformat()))
    print(wrangler.process(tn.AggTradesCSVLoader.for_wrangler(frame))[0])


if __name__ == "__main__":
    main()
