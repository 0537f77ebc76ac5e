from decimal import Decimal

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


def test_a_run_shows_itself(run: toxvol.Run) -> None:
    page = run._repr_html_()
    assert page.startswith("<table>") and "synthetic" in page
    assert run.summary["net"] in page
    assert "BTCUSDT" in repr(run)


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
