import datetime
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import toxvol


@pytest.mark.parametrize("name", toxvol.TABLES)
def test_every_table_crosses_without_pyarrow_in_between(run: toxvol.Run, name: str) -> None:
    table = run.table(name)
    arrow = pa.table(table)
    assert arrow.num_rows == len(table)
    assert arrow.column_names == table.column_names
    assert pa.schema(table) == arrow.schema


def test_floats_are_the_nearest_to_the_decimals(run: toxvol.Run) -> None:
    floats = pa.table(run.fills)
    exact = pa.table(run.table("fills", exact=True))
    assert exact.schema.field("price").type == pa.decimal128(18, 8)
    compared = 0
    for field in exact.schema:
        if not pa.types.is_decimal(field.type):
            assert floats[field.name].equals(exact[field.name])
            continue
        for number, decimal in zip(floats[field.name].to_pylist(), exact[field.name].to_pylist()):
            assert (number is None) == (decimal is None)
            if decimal is not None:
                assert number == float(Decimal(decimal))
                compared += 1
    assert compared > len(floats)


def test_exact_runs_keep_decimals(run: toxvol.Run) -> None:
    exact = toxvol.Run(run.path, exact=True)
    assert pa.table(exact.fills).schema.field("fee").type == pa.decimal128(18, 8)


def test_a_table_may_be_taken_more_than_once(run: toxvol.Run) -> None:
    fills = run.fills
    first = pa.table(fills)
    second = pa.table(fills)
    del fills
    assert first.equals(second)


def test_pandas_takes_it(run: toxvol.Run) -> None:
    frame = run.equity.to_pandas()
    assert str(frame["ts"].dtype) == "datetime64[ns, UTC]"
    assert frame["equity"].iloc[-1] == float(run.summary["end_equity"])


def test_polars_takes_it(run: toxvol.Run) -> None:
    polars = pytest.importorskip("polars")
    assert polars.DataFrame(run.fills).height == run.summary["fills"]


def test_duckdb_takes_it(run: toxvol.Run) -> None:
    duckdb = pytest.importorskip("duckdb")
    fills = run.fills  # noqa: F841 (the query names it)
    assert duckdb.sql("select count(*) from fills").fetchall() == [(run.summary["fills"],)]


def test_a_column_is_an_array(run: toxvol.Run) -> None:
    table = run.decisions
    arrow = pa.table(table)
    assert table["close"].dtype == np.float64
    assert table["close"].tolist() == arrow["close"].to_pylist()
    assert table["ts"].dtype == np.dtype("datetime64[ns]")
    assert table["ts"].astype("int64").tolist() == arrow["ts"].cast(pa.int64()).to_pylist()
    absent = np.isnan(table["vpin"])
    assert absent.tolist() == [value is None for value in arrow["vpin"].to_pylist()]
    assert absent.any() and not absent.all()
    assert table["reason"].tolist() == arrow["reason"].to_pylist()
    with pytest.raises(KeyError, match="f99: no such column; there are ts"):
        table["f99"]


def test_rows_and_columns_are_cut_out(run: toxvol.Run) -> None:
    table = run.decisions
    whole = pa.table(table)
    rows = len(table)
    assert pa.table(table.head()).equals(whole.slice(0, 5))
    assert pa.table(table.head(3)).equals(whole.slice(0, 3))
    assert pa.table(table.tail(2)).equals(whole.slice(rows - 2))
    assert (len(table.head(10 * rows)), len(table.tail(10 * rows))) == (rows, rows)
    assert (len(table.head(0)), len(table.tail(0)), len(table.head(-1))) == (0, 0, 0)
    assert pa.table(table[10:20]).equals(whole.slice(10, 10))
    assert pa.table(table[-3:]).equals(whole.slice(rows - 3))
    assert len(table[20:10]) == 0
    assert pa.table(table[["reason", "ts"]]).equals(whole.select(["reason", "ts"]))
    with pytest.raises(ValueError, match="no step"):
        table[::2]
    with pytest.raises(TypeError):
        table[0]


def test_a_table_knows_its_names(run: toxvol.Run) -> None:
    table = run.fills
    assert list(table) == table.keys() == table.column_names
    assert "fee" in table and "fees" not in table
    columns = dict(table.head(2))
    assert list(columns) == table.column_names
    assert columns["fee"].tolist() == table["fee"][:2].tolist()


def test_a_table_shows_itself(run: toxvol.Run) -> None:
    page = run.decisions._repr_html_()
    rows = len(run.decisions)
    assert page.count("<tr>") == 1 + 5 + 1 + 5  # names, first, …, last
    assert f"<p>{rows:,} rows × {len(run.decisions.column_names)} columns</p>" in page
    assert "<th>f1</th>" in page and "2024-01-01 00:01:00" in page
    short = run.decisions.head(3)._repr_html_()
    assert short.count("<tr>") == 1 + 3 and "<p>3 rows" in short
    assert "<p>1 row ×" in run.decisions.head(1)._repr_html_()
    assert "<p>0 rows" in run.decisions.head(0)._repr_html_()


def test_a_run_shows_itself(run: toxvol.Run) -> None:
    page = run._repr_html_()
    assert page.startswith("<table>") and "synthetic" in page
    assert f">{run.summary['net']:.8g}<" in page
    assert "BTCUSDT" in repr(run)


def test_a_run_draws_its_equity(run: toxvol.Run) -> None:
    page = run._repr_html_()
    equity = run.equity["equity"]
    assert f"equity, USDT: {equity.min():,.2f} to {equity.max():,.2f}<" in page
    points = re.search(r"<polyline [^>]*points='([^']*)'", page)[1].split()
    heights = [float(point.split(",")[1]) for point in points]
    places = [float(point.split(",")[0]) for point in points]
    assert places == sorted(places) and len(points) > 100
    # The lowest and the highest equity are at the bottom and at the top, and neither is lost.
    assert (min(heights), max(heights)) == (18.0, 178.0)
    assert page.endswith("</svg>")
    assert toxvol.Run(run.path, exact=True)._repr_html_().endswith("</svg>")


def test_numbers_are_numbers(run: toxvol.Run) -> None:
    summary = run.summary
    assert type(summary["net"]) is float and type(summary["fills"]) is int
    assert all(type(group["net"]) is float for group in summary["by_exit"].values())
    exact = toxvol.Run(run.path, exact=True).summary
    assert type(exact["net"]) is Decimal
    assert exact["net"] == exact["gross"] - exact["slippage"] - exact["fees"] + exact["funding"]
    assert float(exact["net"]) == summary["net"]
    assert not [key for key, value in summary.items() if isinstance(value, str)]


def test_returns_are_those_of_the_inference(run: toxvol.Run) -> None:
    pandas = pytest.importorskip("pandas")
    hours = run.returns("1h")
    told = run.inference
    assert isinstance(hours, pandas.Series) and len(hours) == told["net"]["n"] > 20
    assert hours.mean() * 24 * 1e4 == pytest.approx(told["net"]["mean_bp_day"], rel=1e-9)
    assert hours.index.tz is None
    assert hours.index[0] == pandas.Timestamp(told["from"]).tz_localize(None)
    assert set(np.diff(hours.index)) == {np.timedelta64(1, "h")}
    equity = run.equity.to_pandas().set_index("ts")["equity"]
    before = equity[: hours.index[3].tz_localize("UTC")].iloc[-1]
    after = equity[: hours.index[4].tz_localize("UTC")].iloc[-1]
    assert hours.iloc[3] == pytest.approx(after / before - 1, abs=1e-12)
    days = run.returns()
    assert len(days) == 1 and days.index[0] == pandas.Timestamp("2024-01-01")
    with pytest.raises(toxvol.UsageError, match="unit=2h: one of 1m"):
        run.returns("2h")


def test_factors_are_a_table_without_a_file(catalog: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = toxvol.factors(catalog=catalog, preset="short")
    assert list(tmp_path.iterdir()) == []
    file = toxvol.factors(catalog=catalog, preset="short", out=tmp_path / "factors.parquet")
    assert pa.table(table).equals(pa.table(file))


ORDERS = {
    "id": [1, 2, 2],
    "ts": [datetime.datetime(2024, 1, 1, 3, minute) for minute in (0, 1, 5)],
    "action": ["submit", "submit", "cancel"],
    "side": ["buy", "buy", None],
    "type": ["market", "limit", None],
    "tif": ["gtc", "gtc", None],
    "price": [None, 40_500.0, None],
    "qty": [0.01, 0.004, None],
    "post_only": [False, True, None],
}


def test_orders_may_be_a_table(catalog: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    file = tmp_path / "orders.csv"
    file.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
        "1,1704078000000000000,submit,buy,market,gtc,,0.01,0,0\n"
        "2,1704078060000000000,submit,buy,limit,gtc,40500,0.004,1,0\n"
        "2,1704078300000000000,cancel,,,,,,,\n"
    )
    wanted = toxvol.backtest(
        catalog=catalog, preset="short", orders=file, out=tmp_path / "file"
    ).fingerprint
    indexed = pandas.DataFrame(ORDERS, index=[7, 8, 9])
    for number, table in enumerate((indexed, polars.DataFrame(ORDERS), pa.table(ORDERS))):
        run = toxvol.backtest(
            catalog=catalog, preset="short", orders=table, out=tmp_path / str(number)
        )
        assert run.fingerprint == wanted
    assert pa.table(run.orders)["status"].to_pylist() == ["filled", "canceled"]


def test_wrong_orders_are_said_of_the_table(catalog: Path, tmp_path: Path) -> None:
    def refused(table: object) -> str:
        with pytest.raises(toxvol.Error) as caught:
            toxvol.backtest(catalog=catalog, preset="short", orders=table, out=tmp_path / "no")
        return str(caught.value)

    assert refused(pa.table({**ORDERS, "side": ["up", "buy", None]})).startswith("orders:2")
    assert "no column sides in an order script" in refused(pa.table({**ORDERS, "sides": [1] * 3}))
    assert "the column ts is missing" in refused(pa.table({"id": [1], "action": ["submit"]}))
    assert "a CSV file or a table" in refused(42)


def test_what_is_no_run_is_refused(tmp_path) -> None:
    with pytest.raises(toxvol.Error, match="no run folder"):
        toxvol.Run(tmp_path)
    with pytest.raises(toxvol.Error, match="no such table"):
        toxvol.Run.table(toxvol.Run.__new__(toxvol.Run), "trades")
    with pytest.raises(toxvol.Error, match="missing.parquet: cannot read the table"):
        toxvol.read_table(tmp_path / "missing.parquet")


def test_the_report_is_one_page(run: toxvol.Run, tmp_path) -> None:
    page = toxvol.report(run, out=tmp_path / "page.html")
    assert "<html" in page.read_text(encoding="utf-8")
