"""A backtest of real rows and of generated ones, the same from everywhere."""

import json
import math
import re
import shutil
import statistics

import pyarrow.parquet as pq
import pytest
from conftest import ROOT, WINDOW
from tables import document, same_bytes, table
from test_ingest import zipped

OPEN_NS = 1_680_652_740_000_000_000  # 2023-04-04 23:59:00 UTC
SECOND = 1_000_000_000
HOUR = 3600 * SECOND

SCRIPT = f"""id,ts,action,side,type,tif,price,qty,post_only,reduce_only
1,{OPEN_NS},submit,buy,market,gtc,,0.5,0,0
2,{OPEN_NS + 10 * SECOND},submit,sell,limit,gtc,28153.1,0.2,0,1
3,{OPEN_NS + 70 * SECOND},submit,buy,limit,gtc,28140.0,0.1,1,0
3,{OPEN_NS + 90 * SECOND},cancel,,,,,,,
4,{OPEN_NS + 120 * SECOND},submit,sell,market,gtc,,1.5,0,0
5,{OPEN_NS + 200 * SECOND},submit,buy,market,gtc,,1,0,1
"""


@pytest.fixture(scope="session")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("script") / "orders.csv"
    path.write_text(SCRIPT)
    return path


def backtest(program, out, *args):
    program.run("backtest", "--preset", "short", "--out", out, *args)
    return out


@pytest.fixture(scope="session")
def script_run(toxvol, window_catalog, script, tmp_path_factory):
    return backtest(
        toxvol,
        tmp_path_factory.mktemp("runs") / "script",
        "--catalog",
        window_catalog,
        "--orders",
        script,
    )


@pytest.fixture(scope="session")
def strategy_run(toxvol, synthetic_catalog, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "strategy"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-19",
        "--out",
        out,
    )
    return out


def test_a_script_trades_on_real_rows(toxvol, script_run):
    fills = table(script_run, "fills")
    assert len(fills) >= 4
    assert {f["rule"] for f in fills} >= {"X6"}
    assert all(f["fee"] > 0 for f in fills)
    assert "sound" in toxvol.run("verify", script_run).stdout


def test_the_page_about_order_scripts_is_true(toxvol, tmp_path):
    page = (ROOT / "docs" / "order_scripts.md").read_text()
    (tmp_path / "orders.csv").write_text(re.search(r"```csv\n(.*?)```", page, re.S).group(1))
    command = re.search(r"```\ntoxvol (backtest .*?)\n```", page, re.S).group(1).split()
    command[command.index("tests/data/window")] = WINDOW
    said = toxvol.run(*command, cwd=tmp_path).stdout
    run = tmp_path / "runs" / "script"
    assert "order script" in said and "not_toxic" not in said
    assert document(run, "run")["strategy"] == "script"
    orders = table(run, "orders")
    assert [order["order_id"] for order in orders] == ["O-1", "O-2", "O-3", "O-4"]
    for order in orders:
        price = f"{order['avg_price'].normalize():f}" if order["avg_price"] else "–"
        row = f"| {order['order_id'][2:]} | {order['status']} | {order['filled_qty'].normalize():f}, {price} |"
        assert row in page, row
    toxvol.run("report", run)
    assert "ORDER SCRIPT" in (run / "report.html").read_text()


def test_the_summary_counts_the_findings_of_its_days(toxvol, window_catalog, script_run, tmp_path):
    findings = [
        f
        for f in pq.read_table(window_catalog / "toxvol" / "quality.parquet").to_pylist()
        if f["day"]
    ]
    assert findings
    wanted = {}
    for f in findings:
        wanted[f["code"]] = wanted.get(f["code"], 0) + f["count"]
    assert document(script_run, "summary")["quality"] == wanted
    later = backtest(
        toxvol,
        tmp_path / "later",
        "--catalog",
        window_catalog,
        "--from",
        "2023-04-05",
        "--to",
        "2023-04-06",
    )
    assert sum(document(later, "summary")["quality"].values()) < sum(wanted.values())


def test_the_strategy_trades_and_loses_its_fees(toxvol, strategy_run):
    summary = document(strategy_run, "summary")
    assert summary["fills"] > 0
    assert float(summary["fees"]) > 0
    assert len(table(strategy_run, "decisions")) == 7 * 1440
    assert document(strategy_run, "run")["synthetic"] is True
    assert "sound" in toxvol.run("verify", strategy_run).stdout


def test_the_program_uses_no_openssl(toxvol):
    """libparquet exports one of its own, on which no other may run, nor it on another."""
    import subprocess

    def listing(option):
        return subprocess.run(
            ["readelf", "-W", option, toxvol.path], capture_output=True, text=True, check=True
        ).stdout

    assert "libparquet" in listing("--dynamic") and "libcrypto" not in listing("--dynamic")
    assert "EVP_" not in listing("--dyn-syms")


def test_two_runs_of_one_command_are_the_same(toxvol, synthetic_catalog, strategy_run, tmp_path):
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-19",
        "--out",
        tmp_path / "again",
    )
    assert same_bytes(strategy_run, tmp_path / "again") == []


def test_gcc_and_clang_are_the_same(
    toxvol_clang, synthetic, synthetic_catalog, strategy_run, script, script_run, tmp_path
):
    catalog = tmp_path / "catalog"
    toxvol_clang.run("ingest", synthetic, "--catalog", catalog, "--jobs", 1)
    assert same_bytes(catalog, synthetic_catalog) == []
    toxvol_clang.run(
        "backtest",
        "--catalog",
        catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-19",
        "--out",
        tmp_path / "strategy",
    )
    assert same_bytes(strategy_run, tmp_path / "strategy") == []
    backtest(toxvol_clang, tmp_path / "script", "--raw", WINDOW, "--orders", script)
    assert same_bytes(script_run, tmp_path / "script", but=("summary.json",)) == []


def test_catalog_csv_and_zip_give_one_fingerprint(toxvol, script, script_run, tmp_path):
    wanted = document(script_run, "run")["fingerprint"]
    plain = backtest(toxvol, tmp_path / "csv", "--raw", WINDOW, "--orders", script)
    packed = backtest(
        toxvol, tmp_path / "zip", "--raw", zipped(WINDOW, tmp_path / "raw"), "--orders", script
    )
    assert document(plain, "run")["fingerprint"] == wanted
    assert document(packed, "run")["fingerprint"] == wanted
    assert "no difference" in toxvol.run("diff", plain, packed).stdout


def test_factors_are_the_decisions_less_the_decision(
    toxvol, synthetic_catalog, strategy_run, tmp_path
):
    toxvol.run(
        "factors",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-19",
        "--out",
        tmp_path / "f.parquet",
    )
    factors = pq.read_table(tmp_path / "f.parquet")
    decisions = pq.read_table(strategy_run / "decisions.parquet").select(factors.column_names)
    assert factors.equals(decisions)


def test_an_existing_run_is_kept_unless_forced(toxvol, window_catalog, script, tmp_path):
    out = backtest(toxvol, tmp_path / "run", "--catalog", window_catalog, "--orders", script)
    before = (out / "run.json").read_bytes()
    line = toxvol.fails("backtest", "--catalog", window_catalog, "--preset", "short", "--out", out)
    assert "--force" in line
    assert (out / "run.json").read_bytes() == before
    backtest(toxvol, out, "--catalog", window_catalog, "--force")
    assert (out / "run.json").read_bytes() != before


@pytest.mark.parametrize(
    "left_out, mode",
    [
        ("bookTicker", "no_quotes"),
        ("metrics", "no_metrics"),
        ("fundingRate", "no_funding"),
        ("aggTrades,bookTicker", "klines+no_quotes"),
    ],
)
def test_every_degraded_mode_runs_and_says_so(toxvol, synthetic_catalog, tmp_path, left_out, mode):
    kinds = [
        k
        for k in ("aggTrades", "bookTicker", "klines", "metrics", "fundingRate")
        if k not in left_out.split(",")
    ]
    listed = "[" + ", ".join(f'"{k}"' for k in kinds) + "]"
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-18",
        "--set",
        f"run.inputs={listed}",
        "--out",
        out,
    )
    assert {d["mode"] for d in table(out, "decisions")} == {mode}
    assert document(out, "summary")["fills"] > 0
    assert "sound" in toxvol.run("verify", out).stdout


@pytest.mark.parametrize(
    "setting",
    [
        "entry.order=post_only",
        "entry.order=limit",
        "exit.tp_order=limit",
        "entry.fill=same_close",
        "exchange.queue=proportional",
        "exchange.data_latency=recorded",
        "exchange.order_latency=lognormal:20ms:0.5",
        "toxicity.gate=scale",
        "toxicity.classifier=bvc",
        "toxicity.vpin_of=residual",
        "volatility.diurnal=true",
        "pressure.ofi_window=events:500",
        "guards.on_flip=reduce:0.5",
        "crowding.d_oi_sign=multiplier",
        "crowding.d_oi_grid=minutes",
        "crowding.funding_centre=minutes",
        "crowding.leave=funding",
        "z.scale=trailing",
        "z.scale=plain",
        "data.agg_delay=100ms",
    ],
)
def test_every_alternative_runs(toxvol, synthetic_catalog, tmp_path, setting):
    out = tmp_path / "run"
    toxvol.run(
        "backtest",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "A",
        "--from",
        "2024-01-12",
        "--to",
        "2024-01-18",
        "--set",
        setting,
        "--out",
        out,
    )
    assert "sound" in toxvol.run("verify", out).stdout
    if setting != "entry.order=post_only":
        assert document(out, "summary")["fills"] > 0


def hours_of(run):
    """Net and px of each whole hour, cut from equity.parquet here."""
    samples = {}
    for row in table(run, "equity"):
        if row["cause"] in ("start", "minute", "end"):
            samples[row["ts"].value] = row
    times = sorted(samples)
    boundaries = range(-(-times[0] // HOUR) * HOUR, times[-1] + 1, HOUR)
    at = [samples[max(t for t in times if t <= b)] for b in boundaries]
    net, px = [], []
    for a, b in zip(at, at[1:]):
        change = b["equity"] - a["equity"]
        net.append(float(change / a["equity"]))
        px.append(
            float((change + b["fees"] - a["fees"] - b["funding"] + a["funding"]) / a["equity"])
        )
    return net, px


def test_hours_are_those_of_equity(strategy_run):
    inference = document(strategy_run, "inference")
    for part, returns in zip(("net", "px"), hours_of(strategy_run)):
        assert inference[part]["n"] == len(returns) == 7 * 24
        assert inference[part]["mean_bp_day"] == pytest.approx(
            statistics.fmean(returns) * 24e4, rel=1e-9
        )
        sharpe = statistics.fmean(returns) / statistics.stdev(returns)
        assert inference[part]["sharpe"] == pytest.approx(sharpe * 8760**0.5, rel=1e-9)
        assert (
            inference[part]["mean_lo"] < inference[part]["mean_bp_day"] < inference[part]["mean_hi"]
        )


def test_an_interval_of_fixed_b_is_the_only_difference(toxvol, strategy_run, tmp_path):
    run = tmp_path / "run"
    asked = document(strategy_run, "timing")["argv"][1:]
    asked[asked.index("--out") + 1] = run
    toxvol.run(*asked, "--interval", "fixed_b")
    assert document(run, "run")["fingerprint"] == document(strategy_run, "run")["fingerprint"]
    usual, said = document(strategy_run, "inference"), document(run, "inference")
    assert said.pop("interval") == "fixed_b" and "interval" not in usual
    for part, returns in zip(("net", "px"), hours_of(run)):
        n, mean = len(returns), statistics.fmean(returns)
        lags = math.ceil(1.3 * n**0.5)
        x = [value - mean for value in returns]
        gamma = [sum(a * b for a, b in zip(x[k:], x)) / n for k in range(lags)]
        variance = gamma[0] + 2 * sum((1 - k / lags) * gamma[k] for k in range(1, lags))
        b = lags / n
        half = (1.96 + 2.9694 * b + 0.416 * b**2 - 0.5324 * b**3) * (variance / n) ** 0.5
        assert said[part]["mean_lo"] == pytest.approx((mean - half) * 24e4, rel=1e-9)
        assert said[part]["mean_hi"] == pytest.approx((mean + half) * 24e4, rel=1e-9)
        for name in ("mean_lo", "mean_hi", "sharpe_lo", "sharpe_hi", "block"):
            assert said[part].pop(name) != usual[part].pop(name), name
    assert said == usual
    assert toxvol.run("verify", run).stdout.endswith("sound\n")
    wrong = toxvol.run(*asked, "--force", "--interval", "bca", check=False)
    assert wrong.returncode == 2
    assert wrong.stderr == "toxvol: --interval bca: percentile or fixed_b\n"


def test_a_tampered_figure_is_found(toxvol, script_run, tmp_path):
    copy = shutil.copytree(script_run, tmp_path / "copy")
    said = document(copy, "inference")
    wanted = said["positions"]["n"]
    said["positions"]["n"] += 1
    (copy / "inference.json").write_text(json.dumps(said))
    done = toxvol.run("verify", copy, check=False)
    assert done.returncode == 1
    assert (
        done.stdout == f"inference.json: positions.n is {wanted + 1}, the tables make it {wanted}\n"
    )
