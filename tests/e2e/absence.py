"""Takes parts of a market away, and runs what is left (test_absence*.py)."""

import os
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
from tables import document, table

ALL = 'run.inputs=["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]'
KLINES = 'run.inputs=["klines"]'
HOUR, MINUTE = 3600 * 10**9, 60 * 10**9
FIRST, LAST = "2023-10-20", "2023-11-03"
TICK = 0.1


def copy(raw, folder):
    return shutil.copytree(raw, folder, copy_function=os.link)


def files(raw, kind, begin="0", end="9"):
    """The files of one kind for days (or months) in [begin, end)."""
    word = {"klines": "1m"}.get(kind, kind)
    return [
        p
        for p in sorted(raw.rglob(f"*-{word}-*.csv"))
        if begin <= p.stem.split(f"-{word}-")[1] < end
    ]


def remove(raw, kind, *span):
    for path in files(raw, kind, *span):
        path.unlink()
    return raw


def rewrite(path, change):
    header, *rows = path.read_text().splitlines(keepends=True)
    path.unlink()
    path.write_text("".join([header, *(line for line in map(change, rows) if line)]))


def cut(raw, kind, *span, hours=(10, 16)):
    """No rows from 10 to 16 h (trades and quotes: their time is the sixth column)."""
    for path in files(raw, kind, *span):
        rewrite(
            path,
            lambda row: None
            if hours[0] <= int(row.split(",")[5]) // 3_600_000 % 24 < hours[1]
            else row,
        )
    return raw


class Outcome:
    def __init__(self, folder, done):
        self.folder, self.said = folder, done.stdout + done.stderr
        self.warned = done.stderr
        self.summary, self.run = document(folder, "summary"), document(folder, "run")
        self.inputs = set(self.run["config"]["run"]["inputs"])
        self.absent, self.overdue = (
            self.summary["degraded_minutes"][k] for k in ("absent", "overdue")
        )

    def rows(self, *columns):
        read = pq.read_table(self.folder / "decisions.parquet", columns=["ts", *columns])
        return read.set_column(0, "ts", read["ts"].cast(pa.int64())).to_pylist()

    def entries(self):
        return [o for o in table(self.folder, "orders") if o["role"] == "entry"]


def backtest(toxvol, out, source, begin, end, *settings, preset="A", symbol=None):
    where = "--catalog" if (source / "toxvol").is_dir() else "--raw"
    more = ["--set", f"run.symbol={symbol}"] if symbol else []
    for setting in settings:
        more += ["--set", setting]
    return Outcome(
        out,
        toxvol.run(
            "backtest",
            where,
            source,
            "--preset",
            preset,
            "--from",
            begin,
            "--to",
            end,
            "--out",
            out,
            *more,
        ),
    )


def ns(moment):
    """Of a datetime, or of ISO text in UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86400 + since.seconds) * 10**6 + since.microseconds) * 1000 + getattr(
        moment, "nanosecond", 0
    )


def in_hole(ts):
    """The rows of minutes from 10 to 16 h."""
    return 10 * HOUR < ts % (24 * HOUR) <= 16 * HOUR


def klines(raw, symbol="BTCUSDT"):
    """Open time in ns -> (open, high, low, close, volume, taker-buy volume)."""
    bars = {}
    for path in files(raw, "klines"):
        for line in path.read_text().splitlines()[1:]:
            cells = line.split(",")
            bars[int(cells[0]) * 10**6] = tuple(float(cells[i]) for i in (1, 2, 3, 4, 5, 9))
    return bars


def findings(catalog, code):
    found = pq.read_table(catalog / "toxvol" / "quality.parquet").to_pylist()
    return [f for f in found if f["code"] == code]
