"""Minute rows that a run keeps in the catalog: a later run reads ticks only where an order needs
them, and leaves the same bytes as one that goes through every tick (docs/engine.md#known-minutes).
"""

import json
import os
import random
import shutil

import pytest

TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")


@pytest.fixture(scope="module")
def market(toxvol, tmp_path_factory):
    folder = tmp_path_factory.mktemp("minutes")
    toxvol.run(
        "synth", "--out", folder / "raw", "--from", "2024-01-10", "--days", 3,
        "--intensity", 0.05, "--klines-only-days", 10, "--seed", 4,
        "--plant", "momentum",
    )  # fmt: skip
    toxvol.run("ingest", folder / "raw", "--catalog", folder / "catalog")
    return folder / "catalog"


@pytest.fixture
def catalog(market, tmp_path):
    return shutil.copytree(market, tmp_path / "catalog", ignore=shutil.ignore_patterns("minutes"))


def run(toxvol, catalog, out, *args, minutes="keep"):
    """run.json of a backtest of two days and a half."""
    window = ["--from", "2024-01-10", "--to", "2024-01-12T12:00", "--minutes", minutes]
    toxvol.run("backtest", "--catalog", catalog, "--out", out, *window, *args)
    return json.loads((out / "run.json").read_text())


def same(a, b):
    """The same data, and the same values in every table."""
    assert a["fingerprint"] == b["fingerprint"]
    assert a["inputs"] == b["inputs"]
    assert a["rows"] == b["rows"]


def minutes_of(catalog):
    return sorted(path.name for path in (catalog / "toxvol" / "minutes").glob("*"))


@pytest.mark.parametrize("preset", ["A", "B", "C", "short"])
@pytest.mark.parametrize("entry", ["market", "post_only", "limit"])
def test_a_known_run_leaves_the_same_bytes(toxvol, market, tmp_path, preset, entry):
    sets = ["--preset", preset, "--set", f"entry.order={entry}"]
    every = run(toxvol, market, tmp_path / "every", *sets, minutes="none")
    run(toxvol, market, tmp_path / "first", "--preset", preset)  # keeps them, whatever it trades
    known = run(toxvol, market, tmp_path / "known", *sets)
    same(every, known)
    for table in TABLES:
        name = f"{table}.parquet"
        assert (tmp_path / "every" / name).read_bytes() == (tmp_path / "known" / name).read_bytes()
    assert toxvol.run("verify", tmp_path / "known").returncode == 0


def configurations(count):
    """Random ones over what a configuration may change without folding anew, and over the inputs."""
    dice = random.Random(20261130)
    choices = {
        "entry.order": ["market", "post_only", "limit"],
        "exit.k_stop": [0.5, 1.0, 2.0, 4.0],
        "exit.k_tp": [0.5, 1.0, 3.0],
        "exit.tp_order": ["market", "limit"],
        "exit.max_hold": ["3m", "30m", "6h"],
        "toxicity.tau": [0.5, 0.7, 0.9],
        "exchange.order_latency": ["0ms", "20ms", "1500ms"],
        "exchange.queue": ["risk_averse", "optimistic"],
        "exchange.leverage": [2, 10, 100],
    }
    for number in range(count):
        kinds = dice.choice(
            ['["aggTrades", "bookTicker", "klines"]', '["aggTrades", "klines"]', "auto"]
        )
        keys = dice.sample(sorted(choices), 4)
        sets = [f"{key}={dice.choice(choices[key])}" for key in keys]
        yield pytest.param([f"run.inputs={kinds}", *sets], id=str(number))


@pytest.mark.parametrize("sets", configurations(12))
def test_random_configurations(toxvol, market, tmp_path, sets):
    args = ["--preset", "short", *(part for item in sets for part in ("--set", item))]
    every = run(toxvol, market, tmp_path / "every", *args, minutes="none")
    run(toxvol, market, tmp_path / "first", "--preset", "short", "--set", sets[0])
    same(every, run(toxvol, market, tmp_path / "known", *args))


def test_what_is_kept_and_when_it_counts(toxvol, catalog, tmp_path):
    run(toxvol, catalog, tmp_path / "none", minutes="none")
    run(toxvol, catalog, tmp_path / "auto", minutes="auto")  # a twentieth of the real ticks
    assert minutes_of(catalog) == []
    first = run(toxvol, catalog, tmp_path / "first")
    kept = minutes_of(catalog)
    assert len(kept) == 2
    same(first, run(toxvol, catalog, tmp_path / "again"))
    same(first, run(toxvol, catalog, tmp_path / "exits", "--set", "run.seed=1"))
    assert minutes_of(catalog) == kept
    # Folded otherwise, or told later: other minutes.
    run(toxvol, catalog, tmp_path / "volume", "--set", "toxicity.vpin_bucket=base:20")
    assert len(minutes_of(catalog)) == 4
    run(toxvol, catalog, tmp_path / "late", "--set", "exchange.data_latency=500ms")
    assert len(minutes_of(catalog)) == 6
    # Delays of their own for each tick: every tick is gone through.
    run(toxvol, catalog, tmp_path / "random", "--set", "exchange.data_latency=lognormal:10ms:0.5")
    assert len(minutes_of(catalog)) == 6


def test_damage_is_never_used(toxvol, catalog, tmp_path):
    first = run(toxvol, catalog, tmp_path / "first")
    (table,) = (catalog / "toxvol" / "minutes").glob("*.parquet")
    bytes_ = bytearray(table.read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    table.write_bytes(bytes_)
    left = table.with_name(f".{table.name}.4242-0.tmp")  # as of a run that was killed
    left.write_bytes(b"half of it")
    window = ["--from", "2024-01-10", "--to", "2024-01-12T12:00", "--minutes", "keep"]
    done = toxvol.run("backtest", "--catalog", catalog, "--out", tmp_path / "damaged", *window)
    assert "that were kept are damaged" in done.stderr and str(table) in done.stderr
    same(first, json.loads((tmp_path / "damaged" / "run.json").read_text()))  # and kept anew
    assert not left.exists()
    bytes_[len(bytes_) // 2] ^= 1
    assert table.read_bytes() == bytes_
    shutil.rmtree(catalog / "toxvol" / "minutes")
    same(first, run(toxvol, catalog, tmp_path / "removed"))
    # A file of ticks that ingest did not write ends a run, although no tick of it would be read.
    ticks = sorted((catalog / "data" / "quote_tick").rglob("*.parquet"))[0]
    damaged = bytearray(ticks.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    ticks.write_bytes(damaged)
    line = toxvol.fails("backtest", "--catalog", catalog, "--out", tmp_path / "x",
                        "--from", "2024-01-10", "--minutes", "keep")  # fmt: skip
    assert ticks.name in line and "not the file that ingest wrote" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_catalog_that_cannot_be_written(toxvol, catalog, tmp_path):
    (catalog / "toxvol").chmod(0o555)
    try:
        done = toxvol.run("backtest", "--catalog", catalog, "--out", tmp_path / "a",
                          "--from", "2024-01-10", "--minutes", "keep",
                          "--trials", tmp_path / "log")  # fmt: skip
    finally:
        (catalog / "toxvol").chmod(0o755)
    assert "minute rows are not kept" in done.stderr


def test_a_file_in_place_of_the_folder(toxvol, catalog, tmp_path):
    (catalog / "toxvol" / "minutes").write_text("")
    done = toxvol.run(
        "backtest",
        "--catalog",
        catalog,
        "--out",
        tmp_path / "a",
        "--from",
        "2024-01-10",
        "--minutes",
        "keep",
    )
    assert "minute rows are not kept" in done.stderr
    assert (tmp_path / "a" / "run.json").exists()


def test_dense_ticks_are_kept_without_a_word(toxvol, tmp_path):
    toxvol.run(
        "synth", "--out", tmp_path / "raw", "--from", "2024-01-10", "--days", 1,
        "--intensity", 0.15, "--klines-only-days", 2,
    )  # fmt: skip
    catalog = tmp_path / "catalog"
    toxvol.run("ingest", tmp_path / "raw", "--catalog", catalog)
    args = ["--catalog", catalog, "--preset", "short", "--from", "2024-01-10"]
    toxvol.run("backtest", *args, "--out", tmp_path / "a")
    assert len(minutes_of(catalog)) == 2
    toxvol.run("backtest", *args, "--out", tmp_path / "b")
    a, b = (json.loads((tmp_path / name / "run.json").read_text()) for name in "ab")
    same(a, b)


def test_a_word_that_is_none_of_the_three(toxvol, market, tmp_path):
    line = toxvol.fails(
        "backtest", "--catalog", market, "--out", tmp_path / "a", "--minutes", "maybe", code=2
    )
    assert "--minutes maybe: unknown; there are auto, keep, none" in line
