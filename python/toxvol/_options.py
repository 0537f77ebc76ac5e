"""Keywords of Python → long options as the C++ side takes them."""

import datetime
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from toxvol._errors import UsageError

Path = str | os.PathLike[str]
Paths = Path | Iterable[Path]
Moment = str | datetime.date  # a datetime, and so a pandas.Timestamp, is a date
Signal = Any  # a path, a table (`__arrow_c_stream__`), or f(row) -> None | int | (int, float)
Progress = bool | Callable[[str, int, int, int], object] | None


def path_text(path: Path | None) -> str:
    return "" if path is None else os.fspath(path)


def signal_argument(given: Signal) -> Any:
    return os.fspath(given) if isinstance(given, os.PathLike) else given


def path_texts(paths: Paths) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        return [os.fspath(paths)]
    return [os.fspath(path) for path in paths]


def text(value: str | None) -> str:
    return "" if value is None else str(value)


def moment(value: Moment | Any | None) -> str:
    """A day or a time as the command takes it: UTC unless it says otherwise.

    `date`, `datetime`, `pandas.Timestamp` (its nanoseconds too), `numpy.datetime64`, and every form
    of ISO 8601; the C++ side reads those of a date and a time of day itself.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _iso_day(value)
    if not hasattr(value, "isoformat"):
        if type(value).__module__ != "numpy" or type(value).__name__ != "datetime64":
            raise UsageError(
                f"{value!r}: a day or a time is wanted, such as '2024-01-31', a date or a datetime"
            )
        return str(value)  # ISO 8601, UTC
    text = value.isoformat()
    if text == "NaT":
        raise UsageError("NaT: a day or a time is wanted, such as '2024-01-31'")
    return text


def _iso_day(text: str) -> str:
    """Week dates (2024-W05-3) and days of the year (2024-031) as the day that they are."""
    week = re.match(r"(\d{4})-?W(\d{2})(?:-?(\d))?(?=$|[T ])", text)
    of_year = re.match(r"(\d{4})-?(\d{3})(?=$|[T ])", text)
    try:
        if week:
            day = datetime.date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return day.isoformat() + text[week.end() :]
        if of_year:
            first = datetime.date(int(of_year[1]), 1, 1)
            day = first + datetime.timedelta(days=int(of_year[2]) - 1)
            if day.year == first.year:
                return day.isoformat() + text[of_year.end() :]
    except ValueError:
        pass  # the C++ side says what is wrong with it
    return text


def texts(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def config_sets(values: Mapping[str, Any] | None) -> list[str]:
    """`{"exit.k_stop": 2}` and `{"exit": {"k_stop": 2}}` are the same."""
    return [f"{key}={_value(value)}" for key, value in dotted(values or {})]


def market_and_config(
    *,
    catalog: Path | None,
    raw: Paths,
    preset: str | None,
    config: Path | None,
    set: Mapping[str, Any] | None,
    symbol: str | None,
    from_: Moment | None,
    to: Moment | None,
    **_: Any,
) -> dict[str, Any]:
    """What every run is told, of the keywords of a verb: where the rows are, which, and the
    configuration."""
    return {
        "catalog": path_text(catalog),
        "raw": path_texts(raw),
        "preset": text(preset),
        "config": path_text(config),
        "sets": config_sets(set),
        "symbol": text(symbol),
        "from_": moment(from_),
        "to": moment(to),
    }


def dotted(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The keys of tables in tables, with their dots, and their values."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from dotted(value, f"{before}{key}.")
        else:
            yield before + key, value


def _value(value: Any) -> str:
    """As it is typed after --set."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):  # NumPy's
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        items = (f'"{item}"' if isinstance(item, str) else _value(item) for item in value)
        return "[" + ", ".join(items) + "]"
    return str(value)
