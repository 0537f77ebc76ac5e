"""Ablation and sweep as the command runs them."""

import json
import os
import subprocess
import time

import pyarrow.parquet as pq
import pytest
from tables import page_of

DESIGN = """
base = "short"
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.6, 0.7]
[[axis]]
key = "entry.order"
values = ["market", "post_only"]
"""
VARIANTS = """
base = "short"
design = "list"
[[variant]]
name = "half"
group = "gate"
set = { "alpha_a.compression" = 0.5 }
[[variant]]
name = "same"
group = "gate"
set = { "entry.order" = "market" }
[[variant]]
name = "vip3"
group = "world"
set = { "costs.tier" = "VIP3" }
[[variant]]
name = "trades"
group = "world"
set = { "run.inputs" = ["aggTrades", "klines"] }
"""


@pytest.fixture
def design(tmp_path):
    def write(text):
        path = tmp_path / "design.toml"
        path.write_text(text)
        return path

    return write


def rows(folder, name):
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def fingerprint_of(toxvol, catalog, out, *sets):
    command = ["backtest", "--catalog", catalog, "--preset", "short", "--out", out]
    for assignment in sets:
        command += ["--set", assignment]
    toxvol.run(*command)
    return json.loads((out / "run.json").read_text())["fingerprint"]


def test_every_point_of_a_sweep_is_the_separate_backtest(toxvol, window_catalog, design, tmp_path):
    out = tmp_path / "sweep"
    said = json.loads(
        toxvol.run(
            "sweep", design(DESIGN), "--catalog", window_catalog, "--out", out, "--json"
        ).stdout
    )
    assert (said["ok"], said["failed"], said["left_out"]) == (4, 0, 0)
    for row in rows(out, "sweep"):
        sets = [
            f"alpha_a.compression={row['alpha_a.compression']}",
            f"entry.order={row['entry.order']}",
        ]
        assert row["fingerprint"] == fingerprint_of(
            toxvol, window_catalog, tmp_path / str(row["point"]), *sets
        )


def test_every_variant_of_an_ablation_is_the_separate_backtest(
    toxvol, window_catalog, design, tmp_path
):
    out = tmp_path / "ablation"
    toxvol.run("ablation", "--design", design(VARIANTS), "--catalog", window_catalog, "--out", out)
    table = {row["variant"]: row for row in rows(out, "ablation")}
    assert list(table) == ["base", "half", "same", "vip3", "trades"]
    sets = {
        "base": [],
        "half": ["alpha_a.compression=0.5"],
        "vip3": ["costs.tier=VIP3"],
        "trades": ['run.inputs=["aggTrades","klines"]'],
    }
    for name, assignments in sets.items():
        assert table[name]["fingerprint"] == fingerprint_of(
            toxvol, window_catalog, tmp_path / name, *assignments
        ), name
    assert table["same"]["fingerprint"] == table["base"]["fingerprint"]
    assert table["same"]["decisions_changed"] == 0
    assert table["vip3"]["d_p_rw"] is None, "no choice of a strategy: in no family"


def test_variants_that_are_one_configuration_are_one_trial(
    toxvol, synthetic_catalog, design, tmp_path
):
    """`same` and `too` are the base: three rows, one trial (R22), in the study as in the log."""
    too = '[[variant]]\nname = "too"\ngroup = "entry"\nset = { "entry.order" = "market" }\n'
    log = tmp_path / "log.jsonl"
    out = tmp_path / "a"
    common = ["--catalog", synthetic_catalog, "--trials", log, "--resamples", 99]
    days = ["--from", "2024-01-12", "--to", "2024-01-14"]
    toxvol.run("ablation", "--design", design(VARIANTS + too), *common, *days, "--out", out)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    counted = {line["id"] for line in lines if line["kind"] == "ablation"}
    assert len(counted) == 2
    own = json.loads((out / "trials.json").read_text())
    study = json.loads((out / "study.json").read_text())
    assert study["M"] == own["M"] == lines[-1]["members"] == 2
    table = {row["variant"]: row for row in rows(out, "ablation")}
    for name in ("dsr_null", "dsr", "dsr_implied", "px_dsr_null"):
        assert table["same"][name] == table["too"][name] == table["base"][name]


WHOLE = '[[variant]]\nname = "preset_a"\ngroup = "preset"\nbase = "A"\n'
DAYS = ["--from", "2024-01-12", "--to", "2024-01-14"]
AMONG_ALL = ("dsr_null", "dsr", "dsr_implied", "px_dsr_null")


@pytest.fixture(scope="module")
def on_two(toxvol, synthetic_catalog, tmp_path_factory):
    """A list on two presets, and the command without its folder."""
    folder = tmp_path_factory.mktemp("presets")
    (folder / "list.toml").write_text(VARIANTS.replace('base = "short"\n', "") + WHOLE)
    command = ["ablation", "--design", folder / "list.toml", "--catalog", synthetic_catalog, *DAYS]
    command += ["--resamples", 99, "--unit", "15m", "--trials", folder / "log.jsonl"]
    toxvol.run(*command, "--presets", "short,A", "--out", folder / "study")
    return folder / "study", command


def test_on_each_preset_a_list_gives_what_it_gives_on_that_one_alone(on_two, toxvol, tmp_path):
    out, command = on_two
    table = rows(out, "ablation")
    variants = ["half", "same", "vip3", "trades", "preset_a"]
    wanted = [(base, name) for base in ("short", "A") for name in (base, *variants)]
    assert [(row["base"], row["variant"]) for row in table] == wanted
    for base in ("short", "A"):
        alone = [*command[:-1], tmp_path / "log.jsonl", "--preset", base, "--out", tmp_path / base]
        toxvol.run(*alone)
        own = [row for row in table if row["base"] == base]
        for row, alone in zip(own, rows(tmp_path / base, "ablation"), strict=True):
            for key in alone.keys() - {"base", "variant", *AMONG_ALL}:
                assert row[key] == alone[key], (base, row["variant"], key)
        groups = [row for row in rows(out, "ablation_groups") if row.pop("base") == base]
        alone = rows(tmp_path / base, "ablation_groups")
        assert groups == [
            row | {"variant": base} if row["variant"] == "base" else row for row in alone
        ]


def test_a_variant_that_is_another_base_is_one_trial(on_two):
    out, command = on_two
    table = {(row["base"], row["variant"]): row for row in rows(out, "ablation")}
    for other in (("short", "preset_a"), ("A", "preset_a"), ("A", "same")):
        for key in ("fingerprint", "net", *AMONG_ALL):
            assert table[other][key] == table["A", "A"][key], (other, key)
    lines = [json.loads(line) for line in command[-1].read_text().splitlines()]
    counted = [line for line in lines if line["kind"] == "ablation"]
    assert len(counted) == len({line["id"] for line in counted}) == 4, "two bases, and half of each"
    study = json.loads((out / "study.json").read_text())
    assert lines[-1]["members"] == 4
    assert study["M"] == sum(line["sharpe"] is not None for line in counted)
    assert list(study["bases"]) == list(study["design"]["bases"]) == ["short", "A"]
    assert study["bases"]["short"] == study["base"]
    assert study["verdict"].startswith("with short as the base, ")
    assert ". With A as the base, " in study["verdict"]


def test_a_page_draws_the_variants_of_each_base(on_two, toxvol):
    data = page(toxvol, on_two[0])
    assert [part["id"] for part in data["parts"]] == ["differences-short", "differences-A"]
    assert [len(part["tables"][0]["rows"]) for part in data["parts"]] == [6, 6]
    headline = data["headline"]
    assert headline["text"] == "The same changes on 2 bases, each against its own: short, A."
    assert headline["notes"][0].startswith("With short as the base, ")
    notes = [note for note in headline["notes"] if " variants " in note]
    assert ["better than base short " in notes[0], "better than base A " in notes[1]] == [True] * 2
    assert data["tiles"][2]["label"] == "Net of base short, bp a day"


def test_a_list_on_two_presets_goes_on_where_it_was_killed(on_two, toxvol, tmp_path):
    out, command = on_two
    again = [*command[:-1], tmp_path / "log.jsonl", "--presets", "short,A", "--out", tmp_path / "s"]
    process = subprocess.Popen([toxvol.path, *map(str, again)], stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(tmp_path.glob("s/points/0*")):
        time.sleep(0.002)
    process.kill()
    process.wait()
    toxvol.run(*again)
    for name in ("design.json", "study.json", "ablation.parquet", "ablation_groups.parquet"):
        assert (tmp_path / "s" / name).read_bytes() == (out / name).read_bytes(), name


def test_other_presets_are_another_study_and_wrong_ones_are_told(on_two, toxvol, tmp_path):
    out, command = on_two
    for presets in ("short", "A,short", "short,A,B"):
        assert "--force" in toxvol.fails(*command, "--presets", presets, "--out", out)
    assert "finished" in toxvol.fails(*command, "--preset", "short", "--out", out)
    new = [*command, "--out", tmp_path / "new"]
    for typed, said in (
        (("--presets", "short,D"), "--presets D: no such preset"),
        (("--presets", "short,A,short"), "--presets short,A,short: short stands there twice"),
        (("--presets", ""), "--presets: a name is missing"),
        (
            ("--presets", "A,B", "--config", "x.toml"),
            "--config names a file; leave one of both out",
        ),
        (("--presets", "A,B", "--preset", "C"), "--preset C: --presets does not name it"),
    ):
        assert said in toxvol.fails(*new, *typed, code=2), typed
    text = command[2].read_text().replace('"half"', '"A"')
    (tmp_path / "named.toml").write_text(text)
    new[2] = tmp_path / "named.toml"
    line = toxvol.fails(*new, "--presets", "short,A")
    assert "named.toml:3: variant A: a base of --presets is called so" in line
    assert not (tmp_path / "new").exists()


def test_points_are_counted_as_trials_of_their_study(toxvol, window_catalog, design, tmp_path):
    log = tmp_path / "log.jsonl"
    toxvol.run(
        "sweep",
        design(DESIGN),
        "--catalog",
        window_catalog,
        "--out",
        tmp_path / "s",
        "--trials",
        log,
    )
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["sweep"] * 4 + ["study"]
    assert len({line["id"] for line in lines[:4]}) == 4
    assert {line["study"] for line in lines[:4]} == {lines[4]["id"]}


def test_another_design_in_the_same_folder_is_refused(toxvol, window_catalog, design, tmp_path):
    command = ["--catalog", window_catalog, "--out", tmp_path / "s"]
    toxvol.run("sweep", design(DESIGN), *command)
    error = toxvol.fails("sweep", design(DESIGN.replace("0.7", "0.8")), *command)
    assert "--force" in error
    toxvol.run("sweep", design(DESIGN.replace("0.7", "0.8")), *command, "--force")


@pytest.mark.parametrize("option", [("--unit", "15m"), ("--resamples", 199)])
def test_other_statistics_in_the_same_folder_are_refused(
    toxvol, window_catalog, design, tmp_path, option
):
    """Points of another unit cannot be compared, and a finished table would be another one."""
    out = tmp_path / "s"
    command = ["sweep", design(DESIGN), "--catalog", window_catalog, "--out", out]
    toxvol.run(*command)
    before = (out / "study.json").read_bytes()
    error = toxvol.fails(*command, *option)
    assert option[0] in error and "--force" in error
    assert (out / "study.json").read_bytes() == before
    toxvol.run(*command, *option, "--force")
    assert (out / "study.json").read_bytes() != before


def test_a_refused_value_is_a_row_and_no_trial(toxvol, window_catalog, design, tmp_path):
    toxvol.run(
        "sweep",
        design(DESIGN.replace("0.7", "1.7")),
        "--catalog",
        window_catalog,
        "--out",
        tmp_path / "s",
    )
    status = [row["status"] for row in rows(tmp_path / "s", "sweep")]
    assert status == ["ok", "ok", "invalid", "invalid"]


def test_the_parity_profile_is_refused_in_one_line(toxvol, window_catalog, design, tmp_path):
    error = toxvol.fails(
        "sweep",
        design(DESIGN),
        "--catalog",
        window_catalog,
        "--out",
        tmp_path / "s",
        "--set",
        "exchange.profile=nautilus_1_221",
    )
    assert "realistic" in error


def test_the_program_that_cannot_reach_ray_says_what_can(toxvol, window_catalog, tmp_path):
    for verb in ("ablation", "walkforward", "band"):
        command = (verb, "--catalog", window_catalog, "--out", tmp_path / "s", "--ray", "local")
        error = toxvol.fails(*command, code=2)
        assert "--ray local: this program cannot reach Ray; pip install 'toxvol[ray]'" in error
    assert not (tmp_path / "s").exists()


def test_a_batch_leaves_nothing_else_behind(toxvol, window_catalog, design, tmp_path):
    out = tmp_path / "s"
    toxvol.run("sweep", design(DESIGN), "--catalog", window_catalog, "--out", out)
    assert sorted(os.listdir(out)) == ["design.json", "study.json", "sweep.parquet", "trials.json"]


def page(toxvol, folder):
    """What the page of a study was given to show."""
    toxvol.run("report", folder)
    return page_of(folder / "report.html")


def test_a_page_says_that_the_market_is_synthetic_and_no_year_of_a_few_days(
    toxvol, synthetic_catalog, design, tmp_path
):
    common = ["--catalog", synthetic_catalog, "--resamples", 99, "--unit", "15m"]
    days = ["--from", "2024-01-12", "--to", "2024-01-14"]
    toxvol.run("sweep", design(DESIGN), *common, *days, "--out", tmp_path / "sweep")
    toxvol.run(
        *("ablation", "--design", design(VARIANTS), *common, *days),
        *("--out", tmp_path / "ablation"),
    )
    for name in ("sweep", "ablation"):
        data = page(toxvol, tmp_path / name)
        assert [badge["text"] for badge in data["badges"]] == ["SYNTHETIC DATA"]
        assert any("market is synthetic" in note for note in data["headline"]["notes"])
        assert any("Nothing was planted" in note for note in data["headline"]["notes"])
        (sharpe,) = (tile for tile in data["tiles"] if tile["label"] == "Sharpe, a year")
        assert sharpe["value"] == "\u2013" and "2.0 days are too few" in sharpe["note"]
    (figure,) = page(toxvol, tmp_path / "ablation")["parts"][0]["figures"]
    ran = [row for row in rows(tmp_path / "ablation", "ablation") if row["status"] == "ok"]
    assert f"Of {len(ran) - 1} variants " in figure["text"]
    (points,) = page(toxvol, tmp_path / "sweep")["parts"][-1]["tables"]
    at = next(i for i, c in enumerate(points["columns"]) if c["label"].startswith("Sharpe a year"))
    assert {row[at] for row in points["rows"]} == {"\u2013"}


@pytest.mark.parametrize(("verb", "name"), [("sweep", "net"), ("walkforward", "oos_net")])
def test_an_axis_that_is_called_as_a_column_of_the_results_is_refused(
    toxvol, window_catalog, design, tmp_path, verb, name
):
    text = f"""base = "short"
[[axis]]
name = "{name}"
keys = ["exit.horizon", "exit.max_hold"]
values = [["1m", "2m"], ["2m", "4m"]]
"""
    command = [verb, design(text), "--catalog", window_catalog, "--out", tmp_path / "out"]
    line = toxvol.fails(*command)
    assert f"design.toml:2: axis {name}: a column of the results has that name" in line
    assert not (tmp_path / "out").exists()


def test_a_variant_whose_fees_nobody_wrote_down_is_left_out_and_told(toxvol, design, tmp_path):
    """Of a contract without a table of its own only VIP0 is known."""
    toxvol.run(
        "synth", "--out", tmp_path / "raw", "--symbol", "ABCUSDT", "--from", "2024-01-10",
        "--days", 1, "--klines-only-days", 0, "--intensity", 0.003, "--start-price", 40000,
    )  # fmt: skip
    toxvol.run("ingest", tmp_path / "raw", "--catalog", tmp_path / "cat")
    command = ["ablation", "--design", design(VARIANTS), "--catalog", tmp_path / "cat"]
    done = toxvol.run(*command, "--symbol", "ABCUSDT", "--out", tmp_path / "a")
    assert "toxvol: note: without vip3: costs.tier" in done.stderr
    table = {row["variant"]: row for row in rows(tmp_path / "a", "ablation")}
    assert table["vip3"]["status"] == "not_applicable"
    assert "the table of ABCUSDT has no such fees" in table["vip3"]["note"]
    assert table["base"]["status"] == table["half"]["status"] == "ok"
    base = ["--symbol", "ABCUSDT", "--set", "costs.tier=VIP3", "--out", tmp_path / "b"]
    assert "costs.tier" in toxvol.fails(*command, *base)
