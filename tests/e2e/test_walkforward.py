"""`toxvol walkforward` as a user meets it; its numbers: tests/golden/test_walkforward.py."""

import json
import subprocess
import time
import tomllib

import absence
import pyarrow.parquet as pq
import pytest

DAYS = ["--from", "2024-01-11", "--to", "2024-01-14"]


def walk(toxvol, catalog, out, *more):
    return json.loads(
        toxvol.run(
            "walkforward",
            "--catalog",
            catalog,
            "--preset",
            "short",
            "--unit",
            "1m",
            "--resamples",
            199,
            "--out",
            out,
            "--json",
            *more,
        ).stdout
    )


@pytest.fixture
def design(tmp_path):
    def write(**settings):
        path = tmp_path / "design.toml"
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        path.write_text("[walkforward]\n" + "\n".join(lines) + "\n")
        return path

    return write


def check_members(out, log):
    """The study's line in the log counts what the log has of it (R24); how many that are."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (end,) = (line for line in lines if line["kind"] == "study")
    members = {line["id"]: line for line in lines if line.get("study") == end["id"]}
    looked_at = json.loads((out / "study.json").read_text())["looked_at"]
    assert looked_at == {key: end[key] for key in ("members", "n_hat", "rho")}
    assert end["members"] == len(members)
    with_ratio = [line for line in members.values() if line["sharpe"] is not None]
    assert end["n_hat"] <= len(with_ratio)
    # The log is not judged more kindly than these: all that stand alone count in full.
    windows = {(line["from"], line["to"]) for line in with_ratio if line["kind"] == "train"}
    alone = sum(line["kind"] != "train" for line in with_ratio)
    assert end["n_hat"] >= len(windows) + alone
    return len(members)


def check_inputs(out):
    """A fold's file says which inputs the study settled on (N1), and never `auto`."""
    settled = json.loads((out / "oos" / "run.json").read_text())["config"]["run"]["inputs"]
    assert settled != "auto"
    files = sorted(out.glob("fold-*.toml"))
    assert files
    for file in files:
        assert tomllib.loads(file.read_text())["run"]["inputs"] == settled, file.name


@pytest.fixture(scope="module")
def alone(toxvol, synthetic_catalog, tmp_path_factory):
    """The base alone, its thresholds fitted."""
    folder = tmp_path_factory.mktemp("walk")
    path = folder / "design.toml"
    path.write_text('[walkforward]\ntrain = "24h"\ntest = "12h"\nmin_positions = 1\n')
    said = walk(toxvol, synthetic_catalog, folder / "study", path, *DAYS)
    return folder / "study", said


def test_the_base_alone_is_fitted_fold_by_fold(alone):
    out, said = alone
    rows = pq.read_table(out / "folds.parquet").to_pylist()
    assert len(rows) == 4 and said["ok"] == 4
    assert {row["status"] for row in rows} == {"selected"}
    assert len({row["f1"] for row in rows}) == 4, "each fold has thresholds of its own"
    study = json.loads((out / "study.json").read_text())
    assert study["verdict"] == said["verdict"]
    assert study["sample"]["in_sample"] is True
    assert study["sample"]["thresholds"]["f1"] is not None


def test_the_stitched_run_is_a_run_like_any_other(alone, toxvol, tmp_path):
    out, _ = alone
    toxvol.run("verify", out / "oos")
    toxvol.run("report", out / "oos", "--out", tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_three_ways_to_thresholds_stand_side_by_side(alone, toxvol, synthetic_catalog):
    out, _ = alone
    text = toxvol.run(
        "walkforward",
        out.parent / "design.toml",
        "--catalog",
        synthetic_catalog,
        "--preset",
        "short",
        "--unit",
        "1m",
        "--resamples",
        199,
        "--out",
        out,
        *DAYS,
    ).stdout
    for way in ("walkforward", "trailing", "sample"):
        assert any(line.startswith(way) for line in text.splitlines()), text
    assert "in sample" in text


def test_candidates_are_trials_and_the_stitched_run_is_judged_without_them(
    toxvol, synthetic_catalog, design, tmp_path
):
    log = tmp_path / "log.jsonl"
    out = tmp_path / "study"
    walk(
        toxvol,
        synthetic_catalog,
        out,
        design(train="24h", test="12h", min_positions=1),
        *DAYS,
        "--trials",
        log,
    )
    kinds = [json.loads(line)["kind"] for line in log.read_text().splitlines()]
    assert sorted(kinds) == ["run", "run", "study", *["train"] * 4, "walkforward"]
    own = json.loads((out / "trials.json").read_text())
    assert own["M"] <= 3, "the stitched run and the two beside it"
    assert own["n_hat"] == own["M"], "and no two of these are taken for one"
    assert check_members(out, log) == 7


def test_a_fold_without_a_choice_trades_nothing_if_told_so(
    toxvol, synthetic_catalog, design, tmp_path
):
    out = tmp_path / "study"
    path = design(train="24h", test="12h", min_positions=100_000, fallback="flat")
    walk(toxvol, synthetic_catalog, out, path, *DAYS)
    rows = pq.read_table(out / "folds.parquet").to_pylist()
    assert {row["status"] for row in rows} == {"flat"}
    assert pq.read_table(out / "oos" / "orders.parquet").num_rows == 0
    reasons = pq.read_table(out / "oos" / "decisions.parquet", columns=["reason"])
    assert "disabled" in reasons.column(0).to_pylist()
    check_inputs(out)


def test_a_test_window_that_begins_in_a_hole_begins_there(toxvol, synthetic, design, tmp_path):
    raw = absence.copy(synthetic, tmp_path / "raw")
    hole = (50 * 60_000, 130 * 60_000)  # of the day: 00:50 to 02:10; the first fold begins at 01:00
    for path in absence.files(raw, "klines", "2024-01-12", "2024-01-13"):
        absence.rewrite(
            path,
            lambda row: None if hole[0] <= int(row.split(",")[0]) % 86_400_000 < hole[1] else row,
        )
    catalog, out = tmp_path / "catalog", tmp_path / "study"
    toxvol.run("ingest", raw, "--catalog", catalog)
    walk(toxvol, catalog, out, design(train="24h", test="12h", min_positions=1), *DAYS)
    first = pq.read_table(out / "folds.parquet").to_pylist()[0]["test_from"]
    run = json.loads((out / "oos" / "run.json").read_text())
    assert run["from"] == "2024-01-12T01:00:00Z" == f"{first:%FT%TZ}"
    equity = pq.read_table(out / "oos" / "equity.parquet").to_pylist()
    assert (equity[0]["cause"], equity[0]["ts"]) == ("start", first)
    # As the two beside it do; the log finds it there.
    assert json.loads((out / "trials.json").read_text())["place"] is not None
    toxvol.run("verify", out / "oos")
    decided = pq.read_table(out / "oos" / "decisions.parquet").to_pylist()[0]["ts"]
    toxvol.run("explain", out / "oos", "--at", f"{decided:%FT%TZ}")


def test_a_fallback_is_the_base_fitted(toxvol, synthetic_catalog, design, tmp_path, alone):
    out = tmp_path / "study"
    path = design(train="24h", test="12h", min_positions=100_000)
    walk(toxvol, synthetic_catalog, out, path, *DAYS)
    rows = pq.read_table(out / "folds.parquet").to_pylist()
    assert {(row["status"], row["point"]) for row in rows} == {("fallback", None)}
    chosen = pq.read_table(alone[0] / "folds.parquet").to_pylist()
    assert [row["f1"] for row in rows] == [row["f1"] for row in chosen]
    fingerprints = [
        json.loads((folder / "oos" / "run.json").read_text())["fingerprint"]
        for folder in (out, alone[0])
    ]
    assert fingerprints[0] == fingerprints[1]
    check_inputs(out)


def test_the_training_of_a_fallback_is_counted_and_none_twice_when_it_goes_on(
    toxvol, synthetic_catalog, tmp_path
):
    """Two candidates, neither of them the base, on four folds that all fall back to it."""
    path = tmp_path / "design.toml"
    path.write_text(
        'base = "short"\n[[axis]]\nkey = "alpha_a.compression"\nvalues = [0.5, 0.6]\n'
        '[walkforward]\ntrain = "24h"\ntest = "12h"\nmin_positions = 100000\n'
    )
    whole, log = tmp_path / "whole", tmp_path / "whole.jsonl"
    walk(toxvol, synthetic_catalog, whole, path, *DAYS, "--trials", log)
    assert check_members(whole, log) == 4 * 2 + 4 + 2 + 1
    # Killed when two fallbacks were in its folder and all of them in its log.
    out, again = tmp_path / "killed", tmp_path / "killed.jsonl"
    command = ["walkforward", path, "--catalog", synthetic_catalog, "--preset", "short", *DAYS]
    command += ["--unit", "1m", "--resamples", 199, "--out", out, "--trials", again, "--jobs", 1]
    process = subprocess.Popen([toxvol.path, *map(str, command)], stderr=subprocess.DEVNULL)
    while process.poll() is None and not (out / "points" / "000002").exists():
        time.sleep(0.002)
    process.kill()
    process.wait()
    assert not (out / "study.json").exists(), "it was done before it was killed"
    toxvol.run(*command)
    assert check_members(out, again) == 15
    assert (out / "study.json").read_bytes() == (whole / "study.json").read_bytes()
    # Whoever looks at these hours next is judged by all of them.
    end = json.loads(log.read_text().splitlines()[-1])
    toxvol.run(
        *("backtest", "--catalog", synthetic_catalog, "--preset", "short", *DAYS),
        *("--set", "exit.k_stop=4", "--trials", log, "--out", tmp_path / "run"),
    )
    next_one = json.loads((tmp_path / "run" / "trials.json").read_text())
    assert next_one["M"] == 15 + 1 and next_one["n_hat"] == pytest.approx(end["n_hat"] + 1)


@pytest.mark.parametrize("fit", [["z", "quantiles"], ["bucket", "har", "theta"], []])
def test_what_is_fitted_is_an_ordinary_key(toxvol, synthetic_catalog, design, tmp_path, fit):
    out = tmp_path / "study"
    walk(
        toxvol,
        synthetic_catalog,
        out,
        design(train="36h", test="12h", min_positions=1, fit=fit),
        *DAYS,
    )
    config = (out / "fold-00.toml").read_text()
    row = pq.read_table(out / "folds.parquet").to_pylist()[0]
    assert ('fit = "walkforward"' in config) == ("quantiles" in fit)
    assert ("obi = [" in config) == ("z" in fit)
    assert (row["f1"] is not None) == ("quantiles" in fit)
    assert (row["theta"] is not None) == ("theta" in fit)
    toxvol.run("config", "check", out / "fold-00.toml")
    check_inputs(out)


def test_too_little_data_for_a_fold_says_how_much_would_do(
    toxvol, synthetic_catalog, design, tmp_path
):
    error = toxvol.fails(
        "walkforward",
        design(train="30d"),
        "--catalog",
        synthetic_catalog,
        "--preset",
        "short",
        "--out",
        tmp_path / "study",
        *DAYS,
    )
    assert "no fold fits" in error and "2024-02-1" in error


def test_a_list_of_variants_is_no_design_for_it(toxvol, synthetic_catalog, tmp_path):
    path = tmp_path / "list.toml"
    path.write_text(
        'base = "short"\ndesign = "list"\n[[variant]]\nname = "a"\ngroup = "gate"\n'
        'set = { "alpha_a.compression" = 0.5 }\n'
    )
    error = toxvol.fails(
        "walkforward",
        path,
        "--catalog",
        synthetic_catalog,
        "--out",
        tmp_path / "study",
        code=2,
    )
    assert "axes" in error


def test_thresholds_that_nothing_reads_are_refused(toxvol):
    error = toxvol.fails("config", "check", "A", "--set", "thresholds.f1=1", code=2)
    assert "thresholds.fit = walkforward" in error
