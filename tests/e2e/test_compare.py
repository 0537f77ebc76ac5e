"""Runs side by side, as the command compares them."""

import json

import pytest
from tables import page_of, table


def backtest(toxvol, catalog, out, *options):
    toxvol.run("backtest", "--catalog", catalog, "--out", out, *options)
    return out


DAYS = ("--from", "2024-01-12", "--to", "2024-01-15")


@pytest.fixture(scope="module")
def runs(toxvol, synthetic_catalog, tmp_path_factory):
    """Two stops over three days, and a later day."""
    folder = tmp_path_factory.mktemp("compared")
    made = {
        "narrow": ("--preset", "A", *DAYS),
        "wide": ("--preset", "A", *DAYS, "--set", "exit.k_stop=4"),
        "calm": ("--preset", "A", *DAYS, "--set", "alpha_a.compression=0.9"),
        "later": ("--preset", "A", "--from", "2024-01-16", "--to", "2024-01-17"),
    }
    return {
        name: backtest(toxvol, synthetic_catalog, folder / name, *options)
        for name, options in made.items()
    }


def compared(toxvol, *options):
    said = json.loads(toxvol.run("compare", *options, "--json").stdout)
    return said["runs"]


def test_each_is_compared_with_the_first(toxvol, runs):
    narrow, wide, calm = compared(toxvol, runs["narrow"], runs["wide"], runs["calm"])
    summary = json.loads((runs["wide"] / "summary.json").read_text())
    inference = json.loads((runs["wide"] / "inference.json").read_text())
    for key in ("net", "fees", "return", "max_drawdown", "hit_rate", "positions", "fills"):
        assert wide[key] == summary[key], key
    for key in ("mean_bp_day", "mean_lo", "sharpe", "sharpe_hi", "psr", "min_trl_days"):
        assert wide[key] == inference["net"][key], key
        assert wide.get(f"px_{key}", inference["px"][key]) == inference["px"][key], key
    assert narrow["against_first"] is None
    against = wide["against_first"]
    assert against["n"] == 72 and against["note"] is None
    difference = wide["mean_bp_day"] - narrow["mean_bp_day"]
    assert against["d_mean_bp_day"] == pytest.approx(difference, rel=1e-9)
    assert against["d_lo"] < against["d_mean_bp_day"] < against["d_hi"]
    assert against["d_sharpe"] == pytest.approx(wide["sharpe"] - narrow["sharpe"], rel=1e-9)
    assert 0 < against["d_p"] <= 1
    # The stop changes no signal; another threshold does.
    assert against["decisions"]["rows"] == 3 * 1440
    assert against["decisions"]["changed"] == 0
    assert calm["against_first"]["decisions"]["changed"] > 0


def test_each_run_can_have_the_other_interval(toxvol, runs):
    pair = (runs["narrow"], runs["wide"])
    usual = json.loads(toxvol.run("compare", *pair, "--json").stdout)
    said = json.loads(toxvol.run("compare", *pair, "--interval", "fixed_b", "--json").stdout)
    assert said.pop("interval") == "fixed_b" and "interval" not in usual
    moved = {
        f"{series}{name}"
        for series in ("", "px_")
        for name in ("mean_lo", "mean_hi", "sharpe_lo", "sharpe_hi")
    }
    for a, b in zip(usual["runs"], said["runs"], strict=True):
        assert {key for key in a if a[key] != b[key]} == moved


def test_the_first_difference_is_the_first(toxvol, runs):
    _, calm = compared(toxvol, runs["narrow"], runs["calm"])
    first = calm["against_first"]["decisions"]["first_decision"]
    pairs = zip(table(runs["narrow"], "decisions"), table(runs["calm"], "decisions"), strict=True)
    for a, b in pairs:
        columns = [name for name in a if a[name] != b[name]]
        if set(columns) & {"alpha", "direction", "reason"}:
            break
    assert first["ts"] == a["ts"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [column["name"] for column in first["columns"]] == columns
    assert first["in"] == "both"
    said = toxvol.run("compare", runs["narrow"], runs["calm"]).stdout
    assert f"first decision that differs  {first['ts']}" in said


def test_runs_without_a_common_hour_say_so(toxvol, runs):
    _, later = compared(toxvol, runs["narrow"], runs["later"])
    against = later["against_first"]
    assert (against["n"], against["note"], against["d_mean_bp_day"]) == (0, "no_overlap", None)
    assert against["decisions"] is None
    assert against["remarks"] == ["other windows, without a common minute"]
    assert "no_overlap" in toxvol.run("compare", runs["narrow"], runs["later"]).stdout


def test_a_run_and_itself_differ_in_nothing(toxvol, runs):
    _, same = compared(toxvol, runs["narrow"], runs["narrow"])
    against = same["against_first"]
    assert (against["d_mean_bp_day"], against["d_p"], against["note"]) == (0, None, "no_spread")
    assert against["decisions"]["first_row"] is None


def test_seed_and_unit_are_told_and_the_same_seed_gives_the_same(toxvol, runs):
    command = ("compare", runs["narrow"], runs["wide"], "--unit", "15m", "--seed", 4, "--json")
    first = toxvol.run(*command).stdout
    assert first == toxvol.run(*command).stdout
    said = json.loads(first)
    assert (said["unit"], said["seed"], said["resamples"]) == ("15m", 4, 1999)
    assert said["runs"][1]["n"] == 3 * 96


def test_a_folder_is_left_and_becomes_a_page(toxvol, runs, tmp_path):
    out = tmp_path / "compared"
    command = ("compare", runs["narrow"], runs["wide"], "--out", out)
    said = toxvol.run(*command).stdout
    assert said.splitlines()[-1] == f"{out}  (toxvol report {out})"
    assert {path.name for path in out.iterdir()} == {"study.json", "compare_equity.parquet"}
    study = json.loads((out / "study.json").read_text())
    assert study == json.loads(toxvol.run(*command, "--force", "--json").stdout)
    rows = table(out, "compare_equity")
    for place, name in enumerate(("narrow", "wide")):
        hours = [row for row in rows if row["run"] == place]
        equity = table(runs[name], "equity")
        assert (
            hours[-1]["equity"]
            == [row for row in equity if row["ts"] <= hours[-1]["ts"]][-1]["equity"]
        )
        assert len(hours) >= 72
    page = toxvol.run("report", out).stdout.strip()
    assert page == str(out / "report.html")
    text = json.dumps(page_of(out / "report.html"))
    assert "narrow" in text and "wide" in text
    assert "--force" in toxvol.fails(*command)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    line = toxvol.fails("compare", *command[1:3], "--out", tmp_path / "mine", "--force")
    assert "is not a folder of compare (no compare_equity.parquet)" in line


def test_what_cannot_be_compared_is_one_line(toxvol, runs, tmp_path):
    assert "two run folders or more" in toxvol.fails("compare", runs["narrow"], code=2)
    assert "is not a run folder" in toxvol.fails("compare", runs["narrow"], tmp_path)
    line = toxvol.fails("compare", runs["narrow"], runs["wide"], "--unit", "2h", code=2)
    assert "--unit 2h: one of 1m, 15m, 1h, 4h, 1d" in line
    line = toxvol.fails("compare", runs["narrow"], runs["wide"], "--resamples", 98, code=2)
    assert "--resamples 98: at least 99" in line
