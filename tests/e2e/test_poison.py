"""`toxvol poison`: what can be known only from a moment on is replaced, and nothing that a run said
before may move (docs/poison.md)."""

import json
import shutil
import signal
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

DAY = ("--from", "2024-01-13T12", "--to", "2024-01-14T12")


def inputs(*kinds):
    return f"run.inputs={json.dumps(list(kinds))}"


@pytest.fixture(scope="module")
def catalog(toxvol, tmp_path_factory):
    """Five days, of which preset A can decide in the last two."""
    folder = tmp_path_factory.mktemp("poison")
    toxvol.run(
        "synth", "--out", folder / "raw", "--from", "2024-01-10", "--days", 5,
        "--intensity", 0.01, "--klines-only-days", 10, "--seed", 4,
        "--plant", "momentum",
    )  # fmt: skip
    toxvol.run("ingest", folder / "raw", "--catalog", folder / "catalog")
    return folder / "catalog"


def poison(toxvol, source, *args, code=0, window=DAY, sets=()):
    """What --json prints."""
    words = [word for one in sets for word in ("--set", one)]
    where = "--catalog" if (source / "toxvol").is_dir() else "--raw"
    done = toxvol.run("poison", where, source, *window, *args, *words, "--json", check=False)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def tree(folder):
    return {p: p.stat().st_mtime_ns for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("preset", "sets"),
    [
        ("A", ()),
        ("short", ("entry.order=post_only", "exchange.queue=proportional")),
        ("short", ("entry.order=limit", "exit.tp_order=limit", "exchange.data_latency=recorded")),
        (
            "short",
            (
                "exchange.data_latency=lognormal:200ms:1.0",
                "exchange.order_latency=lognormal:50ms:1.0",
            ),
        ),
        ("A", ("exchange.data_latency=3s", "data.bar_delay=7s", "data.agg_delay=100ms")),
        ("short", ("exchange.leverage=50", "size.risk_bp=100", "size.max_leverage=40")),
        ("A", ("exchange.profile=nautilus_1_231",)),
        ("short", ("exchange.profile=nautilus_1_221", "entry.order=limit")),
        ("A", (inputs("aggTrades", "klines", "metrics", "fundingRate"),)),
        ("A", (inputs("klines", "metrics", "fundingRate"),)),
        ("short", (inputs("klines"), "exit.tp_order=limit", "exchange.data_latency=5s")),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_no_run_knows_the_future(toxvol, catalog, preset, sets):
    found = poison(toxvol, catalog, "--preset", preset, sets=sets)
    assert found["verdict"] == "unchanged", [t["difference"] for t in found["trials"]]
    assert found["changed"] == 0 and len(found["trials"]) == 8
    compared = found["compared"]
    assert compared["decisions"] > 1000 and compared["equity"] > 1000
    assert compared["fills"] > 0 and compared["orders"] > 0 and compared["positions"] > 0
    assert {trial["drawn"] for trial in found["trials"]} == {
        "fill", "decision", "command", "anywhere",
    }  # fmt: skip


def test_the_summary_is_a_sentence(toxvol, catalog):
    done = toxvol.run("poison", "--catalog", catalog, *DAY, "--trials", 4)
    assert done.stdout.startswith("4 trials: ") and done.stdout.count("\n") == 1
    assert done.stdout.endswith(" before the moments: none changed\n")
    quiet = toxvol.run("poison", "--catalog", catalog, *DAY, "--trials", 1, "--quiet")
    assert quiet.stdout == "" and quiet.stderr == ""


def test_thresholds_of_the_whole_sample_are_found(toxvol, catalog):
    sample = ("--set", "thresholds.fit=sample")
    found = poison(toxvol, catalog, *sample, "--trials", 4, code=1)
    assert found["verdict"] == "changed" and found["changed"] == 4
    for trial in found["trials"]:
        assert trial["difference"]["table"] == "decisions"
        assert trial["difference"]["column"] in ("q_f1", "q_p", "tau_t")
        assert trial["difference"]["clean"] != trial["difference"]["poisoned"]
        assert trial["difference"]["ts"] < trial["moment"]
    done = toxvol.run(
        "poison", "--catalog", catalog, *DAY, *sample, "--trials", 1, "--quiet", check=False
    )
    assert done.returncode == 1 and done.stderr == ""
    (line,) = done.stdout.splitlines()
    first = found["trials"][0]
    assert line.startswith(
        f"trial 1: what comes from {first['moment']} on changes decisions.parquet"
    )
    assert line.endswith(
        f"is {first['difference']['clean']}, with another future {first['difference']['poisoned']}"
    )


def test_a_fill_at_the_close_that_decided_it_is_told(toxvol, catalog):
    same = ("--set", "entry.fill=same_close", "--trials", 3)
    found = poison(toxvol, catalog, *same, code=1)
    assert found["verdict"] == "same_close" and found["changed"] == 0
    assert found["same_close_fills"] > 0
    done = toxvol.run("poison", "--catalog", catalog, *DAY, *same, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"entry.fill = same_close: {found['same_close_fills']} fills at the close that decided them"
    )


def test_what_compared_nothing_says_so(toxvol, catalog):
    window = ("--from", "2024-01-10T00:00", "--to", "2024-01-10T02:00")  # warms up
    found = poison(toxvol, catalog, "--trials", 2, window=window, code=1)
    assert found["verdict"] == "nothing_compared" and found["compared"]["decisions"] == 0
    done = toxvol.run(
        "--quiet", "poison", "--catalog", catalog, *window, "--trials", 2, check=False
    )
    assert done.returncode == 1, "who asks for the exit code alone must not take it for a pass"
    assert "nothing was decided before any moment, so that this proves nothing" in done.stdout
    never = ("alpha_a.enabled=false", "alpha_b.enabled=false")
    found = poison(toxvol, catalog, "--trials", 2, sets=never)
    assert found["verdict"] == "unchanged_without_fills" and found["compared"]["fills"] == 0
    assert {trial["drawn"] for trial in found["trials"]} == {"decision"}


def test_the_seed_draws_everything(toxvol, catalog):
    first = poison(toxvol, catalog, "--trials", 4)
    assert poison(toxvol, catalog, "--trials", 4) == first
    other = poison(toxvol, catalog, "--trials", 4, "--seed", 2)
    assert [t["moment"] for t in other["trials"]] != [t["moment"] for t in first["trials"]]
    longer = poison(toxvol, catalog, "--trials", 5)
    assert longer["trials"][:4] == first["trials"]


def test_raw_files_give_the_same_check(toxvol, catalog):
    of_files = poison(toxvol, catalog.parent / "raw", "--trials", 2)
    assert of_files == poison(toxvol, catalog, "--trials", 2)


def test_nothing_is_left_and_nothing_kept_is_used(toxvol, catalog, tmp_path):
    own = shutil.copytree(catalog, tmp_path / "catalog")
    before = tree(tmp_path)
    clean = poison(toxvol, own, "--trials", 2)
    assert tree(tmp_path) == before
    # Minutes that a backtest kept are of the clean data: a poisoned run must not see them.
    toxvol.run("backtest", "--catalog", own, *DAY, "--out", tmp_path / "run", "--minutes", "keep")
    before = tree(tmp_path)
    assert poison(toxvol, own, "--trials", 2) == clean
    assert tree(tmp_path) == before
    sample = poison(toxvol, own, "--trials", 1, sets=["thresholds.fit=sample"], code=1)
    assert sample["changed"] == 1


def test_a_signal_of_ones_own_is_checked(toxvol, catalog, tmp_path):
    minute, start = 60 * 10**9, 1_705_147_200 * 10**9
    times = [start + n * 45 * minute + 800_000 for n in range(1, 30)]
    rows = pa.table(
        {
            "ts_init": pa.array(times, pa.timestamp("ns", tz="UTC")),
            "direction": pa.array([(-1) ** n for n in range(len(times))], pa.int8()),
        }
    )
    pq.write_table(rows, tmp_path / "mine.parquet")
    found = poison(toxvol, catalog, "--signal", tmp_path / "mine.parquet", "--trials", 4)
    assert found["verdict"] == "unchanged" and found["compared"]["fills"] > 0


def test_wrong_flags_are_named(toxvol, catalog):
    said = toxvol.fails("poison", "--catalog", catalog, "--trials", 0, code=2)
    assert said == "toxvol: --trials 0: at least 1 is wanted"
    said = toxvol.fails("poison", "--trials", 1, code=2)
    assert "name the data with one of --catalog DIR and --raw DIR" in said


def test_an_interrupt_ends_it(toxvol, catalog):
    work = subprocess.Popen(
        [toxvol.path, "poison", "--catalog", catalog, *DAY, "--trials", "500"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            work.communicate(timeout=2)
        work.send_signal(signal.SIGINT)
        out, err = work.communicate(timeout=60)
    finally:
        work.kill()
    assert work.returncode == 130 and out == ""
    assert err.strip().splitlines()[-1] == "toxvol: interrupted"
