"""Everything in the folder of real data runs (TOXVOL_DATA; skipped without it)."""

import pytest
from tables import document, table


@pytest.fixture(scope="module")
def real_catalog(toxvol, real_data, tmp_path_factory):
    catalog = tmp_path_factory.mktemp("real") / "catalog"
    toxvol.run("ingest", real_data, "--catalog", catalog)
    return catalog


def script(path, start_s, prices=(), qty="0.5"):
    lines = [
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only",
        f"1,{start_s * 10**9},submit,buy,market,gtc,,{qty},0,0",
        f"2,{(start_s + 60) * 10**9},submit,sell,market,gtc,,{qty},0,1",
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    "begin, end, start",
    [
        ("2023-04-04", "2023-04-06", 1_680_652_740),
        ("2024-08-08", "2024-08-09", 1_723_161_300),
        ("2020-02-22", "2020-02-23", 1_582_329_600 + 43_200),
    ],
)
def test_scripts_fill_on_every_recorded_window(toxvol, real_catalog, tmp_path, begin, end, start):
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        real_catalog,
        "--preset",
        "short",
        "--from",
        begin,
        "--to",
        end,
        "--orders",
        script(tmp_path / "orders.csv", start),
        "--out",
        out,
    )
    assert len(table(out, "fills")) >= 2
    assert "sound" in toxvol.run("verify", out).stdout


def test_the_short_preset_decides_on_the_settlement_window(toxvol, real_catalog, tmp_path):
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        real_catalog,
        "--preset",
        "short",
        "--from",
        "2023-04-04",
        "--to",
        "2023-04-06",
        "--out",
        out,
    )
    decisions = table(out, "decisions")
    assert len(decisions) == 7
    assert {d["mode"] for d in decisions} == {"no_metrics"}


def test_a_day_of_trades_without_quotes_is_traded(toxvol, real_catalog, tmp_path):
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        real_catalog,
        "--preset",
        "short",
        "--from",
        "2020-02-22",
        "--to",
        "2020-02-23",
        "--out",
        out,
    )
    assert document(out, "summary")["fills"] > 0
    assert {d["mode"] for d in table(out, "decisions")} == {"no_quotes+no_metrics"}


def test_three_months_of_klines_are_traded(toxvol, real_catalog, tmp_path):
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        real_catalog,
        "--preset",
        "A",
        "--set",
        "run.symbol=NEARUSDT",
        "--from",
        "2023-08-20",
        "--to",
        "2023-11-01",
        "--out",
        out,
    )
    summary = document(out, "summary")
    assert summary["fills"] > 0
    assert float(summary["net"]) < float(summary["gross"])
    assert document(out, "run")["instrument"]["source"] == "inferred"
