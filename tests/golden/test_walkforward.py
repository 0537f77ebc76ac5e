"""`toxvol walkforward` against single backtests and the plain implementation beside this file."""

import datetime
import json
import subprocess

import plain_walkforward as plain
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from markets import market, program  # noqa: F401 (fixtures)

DESIGN = """
base = "short"
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.5, 0.8]
[[axis]]
key = "exit.k_stop"
values = [1.0, 2.0]
[walkforward]
train = "24h"
test = "12h"
min_positions = 3
"""
POINTS = [
    {"alpha_a.compression": compression, "exit.k_stop": k_stop}
    for compression in (0.5, 0.8)
    for k_stop in (1.0, 2.0)
]
FROM, TO = "2024-01-10T00:00:00Z", "2024-01-13T18:00:00Z"
UNIT = plain.UNIT["1m"]


class Toxvol:
    def __init__(self, program, catalog):
        self.program = program
        self.catalog = catalog

    def run(self, *args):
        done = subprocess.run(
            [str(part) for part in (self.program, *args)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done

    def backtest(self, out, window, sets, *config):
        begin, end = (iso(at) for at in window)
        self.run(
            "backtest",
            "--catalog",
            self.catalog,
            *(config or ("--preset", "short")),
            "--from",
            begin,
            "--to",
            end,
            "--out",
            out,
            "--trials",
            out.with_suffix(".jsonl"),
            *sets,
        )
        return out


def iso(ns):
    return datetime.datetime.fromtimestamp(ns // 10**9, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ns(text):
    return int(datetime.datetime.fromisoformat(text).timestamp()) * 10**9


@pytest.fixture(scope="module")
def toxvol(program, market, tmp_path_factory):
    catalog = tmp_path_factory.mktemp("walk") / "catalog"
    made = Toxvol(program, catalog)
    made.run("--quiet", "ingest", market, "--catalog", catalog)
    return made


@pytest.fixture(scope="module")
def walk(toxvol, tmp_path_factory):
    """The study, and its folds."""
    out = tmp_path_factory.mktemp("walk-study") / "study"
    design = out.with_suffix(".toml")
    design.write_text(DESIGN)
    toxvol.run(
        "walkforward",
        design,
        "--catalog",
        toxvol.catalog,
        "--from",
        FROM,
        "--to",
        TO,
        "--unit",
        "1m",
        "--out",
        out,
        "--resamples",
        199,
    )
    return out


@pytest.fixture(scope="module")
def expected(toxvol, tmp_path_factory):
    """By fold: the window, and of each candidate thresholds, run folder, score."""
    folder = tmp_path_factory.mktemp("plain")
    result = []
    windows = plain.folds(ns(FROM), ns(TO), 24 * plain.HOUR, 12 * plain.HOUR, plain.HOUR, False)
    for number, window in enumerate(windows):
        candidates = []
        for i, point in enumerate(POINTS):
            thresholds, run = plain.training_run(
                toxvol.backtest, toxvol, point, window[:2], folder / f"{number}-{i}"
            )
            candidates.append((thresholds, run, plain.score(run, UNIT, 3)))
        result.append((window, candidates))
    return result


def table(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def test_folds_are_those_of_the_rule(walk, expected):
    ends = ("train_from", "train_to", "test_from", "test_to")
    found = [tuple(int(row[name].value) for name in ends) for row in table(walk, "folds")]
    assert found == [window for window, _ in expected]
    assert len(found) > 3


def test_every_candidate_is_fitted_and_run_as_separate_backtests_are(walk, expected):
    rows = table(walk, "candidates")
    assert len(rows) == sum(len(candidates) for _, candidates in expected)
    for row in rows:
        _, candidates = expected[row["fold"]]
        _, run, (eligible, objective) = candidates[row["point"]]
        assert row["fingerprint"] == plain.fingerprint(run)
        assert row["eligible"] == eligible
        assert row["objective"] == pytest.approx(objective, rel=1e-9)


def test_the_best_is_chosen_with_its_thresholds(walk, expected):
    statuses = set()
    for row, (_, candidates) in zip(table(walk, "folds"), expected):
        best = plain.select([score for *_, score in candidates])
        statuses.add(row["status"])
        assert row["point"] == best
        if best is None:
            continue
        for name, value in candidates[best][0].items():
            assert row[name] == (None if value is None else pytest.approx(value, rel=1e-12)), name
    assert "selected" in statuses


def test_the_model_of_a_fold_is_that_of_a_run_which_begins_there(toxvol, walk, expected, tmp_path):
    """Every factor of the stitched run, to the bit."""
    stitched = pq.read_table(walk / "oos" / "decisions.parquet")
    opened = pc.subtract(stitched.column("ts").cast("int64"), 60 * 10**9)
    factors = stitched.schema.names[: stitched.schema.names.index("decides")]
    for number, (window, _) in enumerate(expected):
        config = ("--config", walk / f"fold-{number:02}.toml")
        alone = toxvol.backtest(tmp_path / str(number), window[2:], (), *config)
        inside = pc.and_(pc.greater_equal(opened, window[2]), pc.less(opened, window[3]))
        part = stitched.filter(inside).select(factors)
        assert part.num_rows > 0
        assert part.equals(pq.read_table(alone / "decisions.parquet").select(factors))


def test_positions_are_carried_over_and_changing_models_closes_none(walk, expected):
    bounds = [window[2] for window, _ in expected][1:]
    carried = 0
    for row in table(walk, "oos/positions"):
        if row["ts_close"] is None:
            continue
        opened, closed = row["ts_open"].value, row["ts_close"].value
        for bound in bounds:
            if opened < bound < closed:
                carried += 1
                first_row = bound + 61 * 10**9
                assert row["exit_role"] != "flip" or closed > first_row
    equity = plain.columns(walk / "oos", "equity", ["equity"])["equity"]
    assert len(equity) > 0


def test_a_run_of_sample_thresholds_has_the_quantiles_of_its_own_rows(toxvol, tmp_path):
    window = (ns(FROM), ns(TO))
    trailing = toxvol.backtest(tmp_path / "trailing", window, ())
    sample = toxvol.backtest(tmp_path / "sample", window, ("--set", "thresholds.fit=sample"))
    wanted = plain.fit(trailing, plain.resolved(toxvol, ()))
    found = plain.columns(sample, "decisions", ["q_f1", "q_p", "tau_t"])
    for name, of in (("q_f1", "f1"), ("q_p", "p"), ("tau_t", "t")):
        assert set(found[name]) == {wanted[of]}, name


def test_what_is_beside_it_ran_on_the_same_hours(walk, expected):
    study = json.loads((walk / "study.json").read_text())
    run = json.loads((walk / "oos" / "run.json").read_text())
    assert len(run["config"]["folds"]) == len(expected)
    assert run["config"]["thresholds"]["fit"] == "walkforward"
    for name in ("stitched", "trailing", "sample"):
        assert study[name]["net"]["mean_bp_day"] is not None, name
    assert study["M"] <= 3
