"""Configuration and raw files, in plain arrays (C4, G9, T3)."""

import datetime
import pathlib
import re
import tomllib

import numpy as np
import pandas as pd

UNIT = 10**8  # prices and quantities are integers of 1e-8
MINUTE = 60_000  # ms
DAY = 1440  # minutes
MS_DAY = 86_400_000
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
KINDS = ["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]
COLUMNS = {
    "aggTrades": "agg_trade_id price quantity first_trade_id last_trade_id transact_time is_buyer_maker",
    "bookTicker": "update_id best_bid_price best_bid_qty best_ask_price best_ask_qty transaction_time event_time",
    "klines": "open_time open high low close volume close_time quote_volume count taker_buy_volume"
    " taker_buy_quote_volume ignore",
    "metrics": "create_time symbol sum_open_interest sum_open_interest_value count_toptrader_long_short_ratio"
    " sum_toptrader_long_short_ratio count_long_short_ratio sum_taker_long_short_vol_ratio",
    "fundingRate": "calc_time funding_interval_hours last_funding_rate",
}
TIME = {
    "aggTrades": "transact_time",
    "bookTicker": "transaction_time",
    "klines": "open_time",
    "fundingRate": "calc_time",
}


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ns|us|ms|s|m|h|d)", text).groups()
    return int(number) * SECONDS[unit]


def minutes(text):
    return round(seconds(text) / 60)


PRESET_A = pathlib.Path(__file__).resolve().parents[3] / "presets" / "A.toml"


def load_config(path, changes=()):
    """A TOML file over preset A, which holds every key, and `key=value` changes, as `--set` takes them."""
    config = tomllib.loads(PRESET_A.read_text())
    for section, values in tomllib.loads(pathlib.Path(path).read_text()).items():
        config[section].update(values)
    for change in changes:
        key, value = change.split("=", 1)
        section, name = key.split(".")
        try:
            config[section][name] = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            config[section][name] = value
    return config


def load_ticks(path):
    """(ms, tick in 1e-8) of the instrument table: the first holds for all earlier times."""
    table = tomllib.loads(pathlib.Path(path).read_text())
    return [
        (round(t["from"].timestamp() * 1000), round(float(t["value"]) * UNIT))
        for t in table["tick"]
    ]


def to_ms(day):
    if isinstance(day, str):
        day = datetime.datetime.fromisoformat(day.replace("Z", "+00:00"))
    if day.tzinfo is None:
        day = day.replace(tzinfo=datetime.UTC)
    return round(day.timestamp() * 1000)


def files_of(raw, symbol, kind):
    """(begin of its span in ms, is it of one day?, path) of every file, the daily ones first."""
    word = "1m" if kind == "klines" else kind
    pattern = re.compile(rf"{symbol}-{word}-(\d{{4}}-\d{{2}}(?:-\d{{2}})?)\.csv")
    result = []
    for path in sorted(pathlib.Path(raw).rglob("*.csv"), key=lambda p: (-len(p.name), p.name)):
        found = pattern.fullmatch(path.name)
        if found and not re.search("mark|index|premium", str(path.parent.relative_to(raw)), re.I):
            date = found.group(1)
            result.append((to_ms(date if len(date) == 10 else date + "-01"), len(date) == 10, path))
    return result


def read_file(path, kind):
    with open(path) as file:
        header = 0 if not re.match(r"[-0-9]", file.read(1) or "0") or kind == "metrics" else None
    return pd.read_csv(path, header=header, names=None if header == 0 else COLUMNS[kind].split())


def read_kind(raw, symbol, kind, first_ms, last_ms):
    """Rows of one kind with the day of their file; of one day, its daily file wins over the monthly one."""
    frames, daily = [], set()
    for begin, one_day, path in files_of(raw, symbol, kind):
        if begin >= last_ms + MS_DAY or begin + (2 if one_day else 32) * MS_DAY < first_ms:
            continue
        frame = read_file(path, kind)
        frame["file_day"] = begin
        if kind == "klines":
            day = frame.open_time // MS_DAY
            if one_day:
                daily.add(begin // MS_DAY)
            else:
                frame = frame[~day.isin(daily)]
        frames.append(frame)
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=COLUMNS[kind].split())
    )


def klines_span(raw, symbol):
    """N1: the first open and the last end."""
    opens = [
        frame.open_time
        for _, _, path in files_of(raw, symbol, "klines")
        for frame in [read_file(path, "klines")]
    ]
    return int(min(o.min() for o in opens)), int(max(o.max() for o in opens)) + MINUTE


def days_of(raw, symbol, kind):
    """N1: the UTC days that the files of a kind are for; a month of funding has all of its days."""
    days = set()
    for begin, one_day, path in files_of(raw, symbol, kind):
        if one_day:
            days.add(begin // MS_DAY)
        elif kind == "fundingRate":
            days.update(range(begin // MS_DAY, month_after(begin) // MS_DAY))
        else:
            days.update(read_file(path, kind)[TIME[kind]] // MS_DAY)
    return days


def month_after(begin_ms):
    day = datetime.datetime.fromtimestamp(begin_ms / 1000, datetime.UTC)
    return to_ms((day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1))


def first_time(raw, symbol, kind):
    """The first price of quotes or trades in all there is; None without any."""
    for _, _, path in sorted(files_of(raw, symbol, kind)):
        frame = read_file(path, kind)
        if kind == "bookTicker":
            frame = usable(frame)
        if len(frame):
            return int(frame[TIME[kind]].min())
    return None


def usable(q):
    """G9."""
    return q[(q.best_ask_price > q.best_bid_price) & (q.best_bid_qty > 0) & (q.best_ask_qty > 0)]


def units(column):
    return np.rint(column.to_numpy(float) * UNIT).astype(np.int64)


def scaled(stamps, open_interest):
    """N9: which stamps are more than a factor 10 away from the last accepted one of the last 7 days."""
    values = pd.to_numeric(open_interest, errors="coerce").to_numpy(float)
    result = np.zeros(len(stamps), bool)
    accepted = None
    for i, (stamp, value) in enumerate(zip(stamps, values)):
        if not value > 0:
            continue  # C5: blank
        if accepted is not None and stamp - accepted[0] <= 7 * MS_DAY:
            result[i] = value > 10 * accepted[1] or 10 * value < accepted[1]
        if not result[i]:
            accepted = stamp, value
    return result


def load(raw, symbol, first_ms, last_ms):
    data = {}
    k = read_kind(raw, symbol, "klines", first_ms, last_ms)
    k = k.drop_duplicates("open_time").sort_values("open_time")
    data["klines"] = k[(k.open_time >= first_ms) & (k.open_time < last_ms)]
    a = read_kind(raw, symbol, "aggTrades", first_ms, last_ms).drop_duplicates("agg_trade_id")
    a = a.sort_values(["transact_time", "agg_trade_id"])  # T3
    data["aggTrades"] = a[(a.transact_time >= first_ms) & (a.transact_time < last_ms)].assign(
        event=lambda x: x.transact_time
    )
    q = usable(read_kind(raw, symbol, "bookTicker", first_ms, last_ms))
    q = q.drop_duplicates("update_id").sort_values(["transaction_time", "update_id"])
    data["bookTicker"] = q[(q.transaction_time >= first_ms) & (q.transaction_time < last_ms)]
    m = read_kind(raw, symbol, "metrics", 0, last_ms)
    if len(m):
        label = (
            pd.to_datetime(m.create_time, utc=True).astype("datetime64[ms, UTC]").astype("int64")
        )
        late = m.file_day >= to_ms("2026-06-25")  # C4, E14
        m["stamp"] = label + np.where(late, 300_000, 0)
        m = m.drop_duplicates("stamp").sort_values("stamp")
        m = m[~scaled(m.stamp.to_numpy(), m.sum_open_interest)]
        m = m[(m.stamp >= first_ms) & (m.stamp < last_ms)]
    data["metrics"] = m
    f = read_kind(raw, symbol, "fundingRate", first_ms, last_ms).drop_duplicates("calc_time")
    f = f.sort_values("calc_time")
    data["fundingRate"] = f[(f.calc_time >= first_ms) & (f.calc_time < last_ms)]
    return data
