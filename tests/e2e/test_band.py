"""`toxvol band` as the command runs it: one strategy under several assumptions about its fills."""

import datetime
import itertools
import json
import signal
import subprocess
import time

import pyarrow.parquet as pq
import pytest
from tables import page_of

QUEUES = ("risk_averse", "proportional", "optimistic")
HOUR = datetime.timedelta(hours=1)
#: Half a day with quotes, in which preset short trades.
WINDOW = ("--from", "2024-01-12T06:00", "--to", "2024-01-12T18:00", "--preset", "short")
MONEY = ("gross", "slippage", "fees", "funding", "net")


def rows(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def study(folder):
    return json.loads((folder / "study.json").read_text())


def backtest_of(toxvol, catalog, row, out, *more):
    """The separate run of a cell."""
    sets = {
        "exchange.queue": row["queue"],
        "exchange.order_latency": row["order_latency"],
        "costs.tier": row["tier"],
    }
    command = ["backtest", "--catalog", catalog, *more, "--out", out, "--trials", out.parent / "l"]
    for key, value in sets.items():
        command += ["--set", f"{key}={value}"]
    toxvol.run(*command)
    return out


def hourly(run):
    """Equity of the last sample at or before each whole hour (R2), from the run's own table."""
    samples = [
        (row["ts"], row["equity"])
        for row in rows(run, "equity")
        if row["cause"] in ("start", "minute", "end")
    ]
    first, last = samples[0][0], samples[-1][0]
    hour = first.replace(minute=0, second=0, microsecond=0)
    if hour < first:
        hour += HOUR
    curve = {}
    while hour <= last:
        curve[hour] = [equity for ts, equity in samples if ts <= hour][-1]
        hour += HOUR
    return curve


@pytest.fixture(scope="module")
def resting(toxvol, synthetic_catalog, tmp_path_factory):
    """A band of a strategy whose entries rest, and the separate run of each of its cells."""
    folder = tmp_path_factory.mktemp("resting")
    base = (*WINDOW, "--set", "entry.order=post_only")
    toxvol.run(
        "band",
        "--catalog",
        synthetic_catalog,
        *base,
        "--latencies",
        "20ms,100ms",
        "--tiers",
        "VIP0,VIP3",
        "--out",
        folder / "band",
        "--trials",
        folder / "log",
    )
    cells = rows(folder / "band", "band")
    runs = [
        backtest_of(toxvol, synthetic_catalog, row, folder / str(i), *base)
        for i, row in enumerate(cells)
    ]
    return folder / "band", cells, runs


def test_every_cell_is_the_separate_backtest(resting):
    _, cells, runs = resting
    assert [(c["queue"], c["order_latency"], c["tier"]) for c in cells] == list(
        itertools.product(QUEUES, ("20ms", "100ms"), ("VIP0", "VIP3"))
    )
    for cell, run in zip(cells, runs, strict=True):
        info = json.loads((run / "run.json").read_text())
        summary = json.loads((run / "summary.json").read_text())
        assert cell["fingerprint"] == info["fingerprint"]
        assert cell["config_sha256"] == info["config_sha256"]
        assert [float(cell[part]) for part in MONEY] == [float(summary[part]) for part in MONEY]
        assert cell["fills"] == len(rows(run, "fills"))
    assert [c["base"] for c in cells] == [True] + 11 * [False]
    assert len({c["fills"] for c in cells}) > 1, "the queue decides who is filled"


def test_it_shades_the_report_of_the_same_run_beside_it(toxvol, resting):
    band, _, runs = resting
    for run, is_shaded in ((runs[0], True), (runs[-1], False)):
        toxvol.run("report", run)
        equity = page_of(run / "report.html")["chart_data"]["charts"][0]
        labels = [one["label"] for one in equity["series"]]
        assert equity["id"] == "equity" and labels[-1] == "equity"
        shades = [one["style"] for one in equity["series"]].count("shade")
        assert shades == (3 if is_shaded else 0), "only of its own identity"
        (run / "report.html").unlink()


def test_a_cell_names_the_first_one_with_the_same_fills(resting):
    _, cells, runs = resting
    fills = [(rows(run, "fills"), rows(run, "equity")) for run in runs]
    for i, cell in enumerate(cells):
        first = fills.index(fills[i])
        named = " ".join(cells[first][c] for c in ("queue", "order_latency", "tier"))
        assert cell["same_as"] == (None if first == i else named)


def test_the_hourly_ranges_are_those_of_the_separate_runs(resting):
    band, cells, runs = resting
    curves = [hourly(run) for run in runs]
    base = curves[0]

    def ends(ts, members):
        values = [curve[ts] for cell, curve in zip(cells, curves, strict=True) if members(cell)]
        return [min(values), max(values)]

    table = rows(band, "band_equity")
    assert [row["ts"] for row in table] == sorted(base) and len(table) == 13
    for row in table:
        ts = row["ts"]
        wanted = [base[ts]]
        wanted += ends(ts, lambda c: (c["order_latency"], c["tier"]) == ("20ms", "VIP0"))
        wanted += ends(ts, lambda c: c["tier"] == "VIP0")
        wanted += ends(ts, lambda c: True)
        assert list(row.values())[1:] == wanted
    assert table[-1]["all_hi"] > table[-1]["all_lo"]


def test_the_words_are_those_of_the_table(resting):
    band, cells, _ = resting
    net = [float(cell["net"]) for cell in cells]
    signs = {(x > 0) - (x < 0) for x in net}
    assert study(band)["verdict"] == (
        f"net between {min(net):.2f} and {max(net):.2f} USDT; "
        f"{sum(x > 0 for x in net)} of 12 assumptions earn; "
        f"the sign does {'' if len(signs) > 1 else 'not '}depend on them"
    )


def test_cells_are_logged_and_never_counted(resting):
    band, _, _ = resting
    lines = [json.loads(line) for line in (band.parent / "log").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["band"] * 12
    assert {line["study"] for line in lines} == {study(band)["id"]}
    # The run of the same configuration is a trial all the same.
    figures = json.loads((band.parent / "0" / "trials.json").read_text())
    assert figures["M"] == 1


def test_without_resting_orders_each_queue_is_the_same_run(toxvol, synthetic_catalog, tmp_path):
    log = tmp_path / "log"
    said = json.loads(
        toxvol.run(
            "band",
            "--catalog",
            synthetic_catalog,
            *WINDOW,
            "--tiers",
            "VIP0",
            "--latencies",
            "5ms,20ms",
            "--out",
            tmp_path / "band",
            "--trials",
            log,
            "--json",
        ).stdout
    )
    cells = rows(tmp_path / "band", "band")
    assert [c["same_as"] for c in cells] == [
        None,
        None,
        *2 * ["risk_averse 5ms VIP0", "risk_averse 20ms VIP0"],
    ]
    assert len(log.read_text().splitlines()) == 2, "two were run"
    assert said["cells"] == study(tmp_path / "band")["cells"]
    assert (said["ok"], said["assumptions"], said["failed"]) == (6, 6, 0)
    last = backtest_of(toxvol, synthetic_catalog, cells[5], tmp_path / "run", *WINDOW)
    assert cells[5]["fingerprint"] == json.loads((last / "run.json").read_text())["fingerprint"]
    assert cells[5]["fills"] > 0


def test_the_configurations_own_assumption_is_added_first(toxvol, window_catalog, tmp_path):
    said = toxvol.run(
        "band",
        "--catalog",
        window_catalog,
        "--preset",
        "short",
        "--set",
        "exchange.order_latency=7ms",
        "--out",
        tmp_path / "b",
    ).stdout.splitlines()
    cells = rows(tmp_path / "b", "band")
    assert len(cells) == 28
    assert (cells[0]["order_latency"], cells[0]["base"]) == ("7ms", True)
    assert not any(c["base"] for c in cells[1:])
    assert len(said) == 1 + 28 + 2
    assert said[1].endswith("the configuration's own")
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        "band.parquet",
        "band_equity.parquet",
        "design.json",
        "study.json",
    ]


def test_equal_values_are_one(toxvol, window_catalog, tmp_path):
    command = ("band", "--catalog", window_catalog, "--preset", "short", "--tiers", "VIP0,VIP0")
    toxvol.run(*command, "--latencies", "20ms,20000us", "--out", tmp_path / "b")
    assert len(rows(tmp_path / "b", "band")) == 3


def test_usual_tiers_that_have_no_fees_are_left_out(toxvol, tmp_path):
    """Of a contract without a table of its own only VIP0 is known."""
    toxvol.run(
        "synth", "--out", tmp_path / "raw", "--symbol", "ABCUSDT", "--from", "2024-01-10",
        "--days", 1, "--klines-only-days", 0, "--intensity", 0.003, "--start-price", 40000,
    )  # fmt: skip
    toxvol.run("ingest", tmp_path / "raw", "--catalog", tmp_path / "cat")
    command = ("band", "--catalog", tmp_path / "cat", "--symbol", "ABCUSDT", "--preset", "short")
    done = toxvol.run(*command, "--queues", "optimistic", "--out", tmp_path / "b")
    assert "without VIP3, VIP6" in done.stderr
    # The configuration's own risk-averse queue, and the optimistic one at three latencies.
    assert [c["tier"] for c in rows(tmp_path / "b", "band")] == 4 * ["VIP0"]


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("--queues", "front"), 2, "--queues front: expected one of risk_averse"),
        (("--latencies", "20ms,fast"), 2, "--latencies fast: expected"),
        (("--latencies", "recorded"), 2, "--latencies recorded: expected"),
        (("--tiers", "gold"), 2, "--tiers gold: expected VIP0 … VIP9"),
        (("--tiers", "VIP0,VIP9"), 1, "--tiers VIP9: costs.tier"),
        (("--set", "exchange.profile=nautilus_1_221"), 1, "realistic"),
        (
            ("--set", 'run.inputs=["aggTrades","klines"]', "--queues", "risk_averse,optimistic"),
            2,
            "--queues risk_averse,optimistic: without quotes",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    toxvol, window_catalog, tmp_path, flags, code, words
):
    out = tmp_path / "b"
    command = ("band", "--catalog", window_catalog, "--preset", "short", "--out", out, *flags)
    assert words in toxvol.fails(*command, code=code)
    assert not out.exists()


def test_without_quotes_the_queues_fill_alike(toxvol, synthetic_catalog, tmp_path):
    base = (
        *WINDOW,
        "--set",
        "entry.order=post_only",
        "--set",
        'run.inputs=["aggTrades","klines"]',
    )
    out = tmp_path / "band"
    toxvol.run(
        "band",
        "--catalog",
        synthetic_catalog,
        *base,
        "--latencies",
        "20ms",
        "--tiers",
        "VIP0",
        "--out",
        out,
    )
    cells = rows(out, "band")
    assert cells[0]["fills"] > 0
    assert [c["same_as"] for c in cells] == [None] + 2 * ["risk_averse 20ms VIP0"]
    for i in (1, 2):
        run = backtest_of(toxvol, synthetic_catalog, cells[i], tmp_path / str(i), *base)
        assert cells[i]["fingerprint"] == json.loads((run / "run.json").read_text())["fingerprint"]


def test_a_killed_band_goes_on_to_the_same_bytes(toxvol, synthetic_catalog, tmp_path):
    command = [
        toxvol.path,
        "band",
        "--catalog",
        synthetic_catalog,
        *WINDOW,
        "--set",
        "entry.order=post_only",
        "--trials",
        tmp_path / "log",
    ]
    whole = tmp_path / "whole"
    subprocess.run([*command, "--out", whole], check=True, capture_output=True)
    killed = tmp_path / "killed"
    for delay in (0.2, 0.6, 1.2, 2.0):
        process = subprocess.Popen(
            [*command, "--out", killed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = subprocess.run([*command, "--out", killed], check=True, capture_output=True)
    names = sorted(path.name for path in whole.iterdir())
    assert sorted(path.name for path in killed.iterdir()) == names
    for name in names:
        assert (killed / name).read_bytes() == (whole / name).read_bytes(), name
    again = subprocess.run([*command, "--out", killed], check=True, capture_output=True)
    assert again.stdout == last.stdout, "a finished band is read, not run"


def test_ctrl_c_leaves_what_goes_on(toxvol, synthetic_catalog, tmp_path):
    command = [
        toxvol.path,
        "band",
        "--catalog",
        synthetic_catalog,
        *WINDOW,
        "--out",
        tmp_path / "b",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not (tmp_path / "b" / "design.json").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode in (0, 130)
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "b" / "study.json").exists()


def test_another_study_in_the_folder_is_refused(toxvol, window_catalog, tmp_path):
    command = ("band", "--catalog", window_catalog, "--preset", "short", "--out", tmp_path / "b")
    toxvol.run(*command, "--tiers", "VIP0")
    assert "--force" in toxvol.fails(*command)
    toxvol.run(*command, "--force")
