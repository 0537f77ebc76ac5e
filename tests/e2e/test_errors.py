"""Bad input is normal: one line, the right exit code, nothing half-written, earlier results kept."""

import os
import shutil

import pytest
from conftest import WINDOW

QUOTES = "futures/daily/bookTicker/BTCUSDT-bookTicker-2023-04-05.csv"
TRADES = "futures/daily/aggTrades/BTCUSDT-aggTrades-2023-04-05.csv"
BARS = "futures/daily/klines_1m/BTCUSDT-1m-2023-04-05.csv"


@pytest.fixture
def raw(tmp_path):
    shutil.copytree(WINDOW, tmp_path / "raw")
    return tmp_path / "raw"


def edit(path, change):
    lines = path.read_text().splitlines()
    path.write_text("\n".join(change(lines)) + "\n")


def replace(line, column, value):
    fields = line.split(",")
    fields[column] = value
    return ",".join(fields)


def ingest(toxvol, raw, catalog, *flags):
    done = toxvol.run("ingest", raw, "--catalog", catalog, *flags, check=False)
    assert "terminate called" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_missing_folder(toxvol, tmp_path):
    line = toxvol.fails("ingest", tmp_path / "nowhere", "--catalog", tmp_path / "c")
    assert "nowhere" in line
    assert not (tmp_path / "c" / "data").exists()


def test_a_folder_without_our_files(toxvol, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "notes.txt").write_text("hello")
    toxvol.fails("ingest", tmp_path / "raw", "--catalog", tmp_path / "c")


@pytest.mark.parametrize(
    "name, change, said",
    [
        ("empty file", lambda lines: [], "mpty"),
        (
            "header of another kind",
            lambda lines: ["id,price,qty,quote_qty,time,is_buyer_maker"] + lines[1:],
            "take the file away",
        ),
        ("missing column", lambda lines: [line.rsplit(",", 1)[0] for line in lines], "header"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_ingested(
    toxvol, raw, tmp_path, name, change, said
):
    edit(raw / TRADES, change)
    if name == "empty file":
        (raw / TRADES).write_text("")
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert code == 1, text
    assert "BTCUSDT-aggTrades-2023-04-05.csv" in text and said in text
    assert list((tmp_path / "c" / "data" / "quote_tick").rglob("*.parquet"))


@pytest.mark.parametrize(
    "column, value, what",
    [
        (1, "28x55.1", "28x55.1"),
        (1, "0", "0"),
        (1, "-1", "-1"),
        (2, "", "quantity"),
        (5, "17", "transact_time"),
        (6, "maybe", "maybe"),
    ],
)
def test_a_bad_row_is_counted_with_its_place_and_the_rest_kept(
    toxvol, raw, tmp_path, column, value, what
):
    edit(raw / TRADES, lambda lines: lines[:10] + [replace(lines[10], column, value)] + lines[11:])
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert "BAD_ROW" in text and "line 11" in text and what in text, text
    strict_code, strict = ingest(toxvol, raw, tmp_path / "strict", "--strict")
    assert strict_code == 1
    assert ":11:" in strict or "line 11" in strict, strict


def test_a_crossed_quote_is_quarantined(toxvol, raw, tmp_path):
    edit(raw / QUOTES, lambda lines: lines[:5] + [replace(lines[5], 1, "28200.0")] + lines[6:])
    _, text = ingest(toxvol, raw, tmp_path / "c")
    assert "CROSSED_QUOTE" in text


def test_crlf_and_bom_change_nothing(toxvol, raw, window_catalog, tmp_path):
    for path in raw.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert code == 0, text
    from tables import same_bytes

    assert same_bytes(tmp_path / "c" / "data", window_catalog / "data") == []


def test_microseconds_are_read_and_said(toxvol, raw, tmp_path):
    edit(
        raw / TRADES,
        lambda lines: [lines[0]] + [replace(x, 5, x.split(",")[5] + "000") for x in lines[1:]],
    )
    _, text = ingest(toxvol, raw, tmp_path / "c")
    assert "UNIT_MICROSECONDS" in text


def test_a_line_of_100_megabytes_is_one_bad_row(toxvol, raw, tmp_path):
    with open(raw / TRADES, "a") as out:
        for _ in range(100):
            out.write("9" * 1_000_000)
        out.write("\n")
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert "BAD_ROW" in text and "terminate" not in text


def test_two_different_files_of_one_day_are_both_named(toxvol, raw, tmp_path):
    other = raw / "copy" / "BTCUSDT-1m-2023-04-05.csv"
    other.parent.mkdir()
    other.write_text("".join((raw / BARS).read_text().splitlines(keepends=True)[:-1]))
    line = toxvol.fails("ingest", raw, "--catalog", tmp_path / "c")
    assert "copy" in line and "klines_1m" in line


def test_the_same_file_twice_is_no_error(toxvol, raw, tmp_path):
    (raw / "copy").mkdir()
    shutil.copy(raw / BARS, raw / "copy")
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert code == 0, text


def test_daily_files_win_over_monthly_ones(toxvol, raw, window_catalog, tmp_path):
    monthly = raw / "futures" / "monthly" / "klines" / "BTCUSDT-1m-2023-04.csv"
    monthly.parent.mkdir(parents=True)
    shutil.copy(raw / BARS, monthly)
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert code == 0, text


def test_spot_and_coin_m_are_refused_in_one_line(toxvol, raw, tmp_path):
    spot = (
        raw / "data" / "spot" / "daily" / "klines" / "BTCUSDT" / "1m" / "BTCUSDT-1m-2023-04-07.csv"
    )
    coin = (
        raw
        / "data"
        / "futures"
        / "cm"
        / "daily"
        / "klines"
        / "BTCUSD_PERP"
        / "1m"
        / "BTCUSD_PERP-1m-2023-04-07.csv"
    )
    for path in (spot, coin):
        path.parent.mkdir(parents=True)
        shutil.copy(raw / BARS, path)
    code, text = ingest(toxvol, raw, tmp_path / "c")
    assert "spot" in text and "COIN-M" in text
    assert code in (0, 1)


def test_an_unwritable_output(toxvol, raw):
    toxvol.fails("ingest", raw, "--catalog", "/proc/nowhere/catalog")
    toxvol.fails("backtest", "--raw", raw, "--preset", "short", "--out", "/proc/nowhere/run")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_a_full_disk_is_one_line(toxvol, raw, tmp_path):
    # A file size limit stands in for the full disk: the write fails half-way.
    import resource
    import subprocess

    done = subprocess.run(
        [toxvol.path, "ingest", raw, "--catalog", tmp_path / "c"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert done.stderr.strip().splitlines()[-1].startswith("toxvol: ")
    leftovers = [p for p in (tmp_path / "c").rglob("*") if p.is_file() and ".tmp" in p.name]
    assert leftovers == []


@pytest.mark.parametrize(
    "args, code, said",
    [
        (["backtest", "--preset", "Z"], 2, "--preset"),
        (["backtest", "--preset", "short", "--set", "exit.k_stopp=1"], 2, "exit.k_stop"),
        (["backtest", "--preset", "short", "--set", "exit.k_stop=x"], 2, "exit.k_stop"),
        (["backtest", "--preset", "short", "--from", "2023-13-01"], 2, "--from"),
        (
            ["backtest", "--preset", "short", "--from", "2030-01-01", "--to", "2030-01-02"],
            1,
            "klines",
        ),
        (["backtest", "--preset", "short", "--set", "run.symbol=ETHUSDT"], 1, "ETHUSDT"),
        (["backtest", "--preset", "short", "--orders", "/nowhere.csv"], 1, "nowhere.csv"),
        (["backtest", "--config", "/nowhere.toml"], 1, "nowhere.toml"),
        (["backtest", "--no-such-flag"], 2, "no-such-flag"),
    ],
)
def test_wrong_requests_of_a_backtest(toxvol, window_catalog, tmp_path, args, code, said):
    line = toxvol.fails(*args, "--catalog", window_catalog, "--out", tmp_path / "run", code=code)
    assert said in line
    assert not (tmp_path / "run").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_file_is_named_with_its_line(toxvol, tmp_path):
    path = tmp_path / "c.toml"
    path.write_text('[exit]\nk_stop = "two"\n')
    line = toxvol.fails("config", "check", path)
    assert "c.toml:2" in line and "exit.k_stop" in line


def test_a_catalog_that_is_none(toxvol, tmp_path):
    toxvol.fails("backtest", "--catalog", tmp_path, "--preset", "short", "--out", tmp_path / "run")


def test_an_order_script_is_named_with_line_and_column(toxvol, window_catalog, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n1,1,submit,up,market,gtc,,1,0,0\n"
    )
    line = toxvol.fails(
        "backtest",
        "--catalog",
        window_catalog,
        "--preset",
        "short",
        "--orders",
        path,
        "--out",
        tmp_path / "run",
    )
    assert "orders.csv:2:" in line and "up" in line


def test_interrupting_leaves_nothing_half_written(toxvol, synthetic_catalog, tmp_path):
    import signal
    import subprocess
    import time

    process = subprocess.Popen(
        [
            toxvol.path,
            "backtest",
            "--catalog",
            synthetic_catalog,
            "--preset",
            "A",
            "--from",
            "2024-01-10",
            "--to",
            "2024-01-19",
            "--out",
            tmp_path / "run",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not any(tmp_path.iterdir()) and process.poll() is None:  # until it has begun
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("the run was over before the signal")
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1] == "toxvol: interrupted", "a backtest begins anew"
    assert list(tmp_path.iterdir()) == []
