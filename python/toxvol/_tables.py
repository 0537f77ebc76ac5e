"""What a person does with a table: a column as an array, rows in a notebook, orders out of one."""

import contextlib
import datetime
import decimal
import html
import math
import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from toxvol._errors import Error, UsageError

if TYPE_CHECKING:
    import numpy

Orders = Any  # a path, or a table (`__arrow_c_stream__`); None: the strategy

ORDER_COLUMNS = "id ts action side type tif price qty post_only reduce_only".split()
_NEEDED = ("id", "ts", "action")


def numpy_of(table: Any) -> "numpy.ndarray":
    """The one column of a table."""
    return table.to_arrow().column(0).to_numpy()


def html_of(table: Any) -> str:
    """All rows of a short table; of a long one the first and the last five."""
    most = 5
    rows = len(table)
    parts = [table] if rows <= 2 * most else [table.head(most), table.tail(most)]
    names = table.column_names
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = f"<tr>{'<td>…</td>' * len(names)}</tr>".join(_rows(part) for part in parts)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{rows:,} row{'' if rows == 1 else 's'} × {len(names)} columns</p>"
    )


def _rows(table: Any) -> str:
    import pyarrow

    columns = []
    for column in table.to_arrow().columns:
        if pyarrow.types.is_timestamp(column.type):  # Python's own times have no nanoseconds
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        columns.append(column.to_pylist())
    lines = zip(*columns)
    return "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell(value))}</td>" for value in line) + "</tr>"
        for line in lines
    )


def cell(value: Any) -> str:
    """One value for the eye."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").removesuffix("+00:00")
    return str(value)


@contextlib.contextmanager
def order_script(orders: Orders) -> Iterator[str]:
    """The path of an order script; a table's is gone afterwards."""
    if orders is None or isinstance(orders, (str, os.PathLike)):
        yield "" if orders is None else os.fspath(orders)
        return
    text = script_text(orders)
    with tempfile.TemporaryDirectory(prefix="toxvol-") as folder:
        path = os.path.join(folder, "orders.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            yield path
        except Error as error:  # nobody knows that file
            raise type(error)(str(error).replace(path, "orders"), error.code) from None


def script_text(orders: Any) -> str:
    """A table of orders as the CSV of docs/order_scripts.md. Columns may be missing but three."""
    if not hasattr(orders, "__arrow_c_stream__"):
        raise UsageError(
            "orders: a CSV file or a table (Arrow, pandas, Polars) is wanted, not "
            f"{type(orders).__module__}.{type(orders).__qualname__}"
        )
    import pyarrow

    table = pyarrow.table(orders)
    names = table.column_names
    strange = [name for name in names if name not in ORDER_COLUMNS]
    if strange and strange != ["__index_level_0__"]:  # pandas' own
        raise UsageError(
            f"orders: no column {strange[0]} in an order script; it has {', '.join(ORDER_COLUMNS)}"
        )
    for name in _NEEDED:
        if name not in names:
            raise UsageError(f"orders: the column {name} is missing (docs/order_scripts.md)")
    columns = [
        _column(table[name], pyarrow) if name in names else [""] * len(table)
        for name in ORDER_COLUMNS
    ]
    for flags in columns[-2:]:  # no word is no
        for row, action in enumerate(columns[ORDER_COLUMNS.index("action")]):
            flags[row] = flags[row] or ("0" if action == "submit" else "")
    return "".join(",".join(line) + "\n" for line in [ORDER_COLUMNS, *zip(*columns)])


def _column(column: Any, pyarrow: Any) -> list[str]:
    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.timestamp("ns", column.type.tz)).cast(pyarrow.int64())
    return [_field(value) for value in column.to_pylist()]


def _field(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return _plain(decimal.Decimal(repr(value)))
    return _plain(value) if isinstance(value, decimal.Decimal) else str(value)


def _plain(value: decimal.Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
