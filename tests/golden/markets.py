"""The program under test and generated markets, whole and with parts taken out."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOXVOL = pathlib.Path(os.environ.get("TOXVOL", ROOT / "build" / "release" / "toxvol"))
HOUR = 3_600_000
TIME_COLUMN = {"aggTrades": 5, "bookTicker": 5}


@pytest.fixture(scope="session")
def program():
    if not TOXVOL.exists():
        pytest.skip(f"make build: {TOXVOL} is not there")
    return TOXVOL


def synth(program, folder, *more, before=10):
    subprocess.run(
        [
            program,
            "--quiet",
            "synth",
            "--out",
            folder,
            "--symbol",
            "BTCUSDT",
            "--klines-only-days",
            str(before),
            "--intensity",
            "0.002",
            *more,
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="session")
def market(program, tmp_path_factory):
    return synth(
        program,
        tmp_path_factory.mktemp("market") / "raw",
        "--from",
        "2024-01-10",
        "--days",
        "4",
        "--seed",
        "11",
    )


@pytest.fixture(scope="session")
def one_day(program, tmp_path_factory):
    return synth(
        program,
        tmp_path_factory.mktemp("day") / "raw",
        "--from",
        "2024-01-12",
        "--days",
        "1",
        "--seed",
        "11",
        before=2,
    )


@pytest.fixture(scope="session")
def two_months(program, tmp_path_factory):
    return synth(
        program,
        tmp_path_factory.mktemp("months") / "raw",
        "--from",
        "2024-01-30",
        "--days",
        "4",
        "--seed",
        "13",
    )


@pytest.fixture(scope="session")
def defective(program, tmp_path_factory):
    """Missing minutes, minutes without volume, holes and doubles in every kind."""
    return synth(
        program,
        tmp_path_factory.mktemp("defective") / "raw",
        "--from",
        "2024-01-10",
        "--days",
        "4",
        "--seed",
        "12",
        "--faults",
        "KLINE_MISSING,KLINE_FLAT_ZERO,OI_ZERO,METRICS_DUPLICATE,CROSSED_QUOTE,DUPLICATE_ROW",
    )


def files_of(raw, kind, *dates):
    """The files of a kind; with dates, only those of these days or months."""
    names = {"klines": "1m"}
    return [
        p
        for p in sorted(raw.rglob(f"*-{names.get(kind, kind)}-*.csv"))
        if not dates or any(p.stem.endswith(date) for date in dates)
    ]


def copy(raw, folder):
    """A market whose files may be changed; those that are not stay the same files."""
    return shutil.copytree(raw, folder, copy_function=os.link)


def rewrite(path, keep):
    """The rows of one file for which `keep` gives a line; it may be another line."""
    header, *rows = path.read_text().splitlines(keepends=True)
    lines = [line for line in map(keep, rows) if line]
    path.unlink()
    path.write_text("".join([header, *lines]))


def without_seconds(raw, kind, of, first, last):
    """In each stretch of so many seconds, no rows from its `first` second to its `last`."""
    for path in files_of(raw, kind):
        rewrite(
            path,
            lambda row: None
            if first <= int(row.split(",")[TIME_COLUMN[kind]]) // 1000 % of < last
            else row,
        )
    return raw


def without_hours(raw, kind, first, last, *dates):
    """No rows from `first` to `last` o'clock."""

    def keep(row):
        cells = row.split(",")
        if kind == "metrics":
            hour = int(cells[0][11:13])
        else:
            hour = int(cells[TIME_COLUMN[kind]]) // HOUR % 24
        return None if first <= hour < last else row

    for path in files_of(raw, kind, *dates):
        rewrite(path, keep)
    return raw
