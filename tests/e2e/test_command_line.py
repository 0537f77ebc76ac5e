"""The command as it is typed: mistypings, names of folders, symbols, shells, terminals."""

import json
import os
import pty
import re
import select
import shutil
import subprocess

import pyarrow.parquet as pq
import pytest
from conftest import ROOT, WINDOW
from tables import document


@pytest.mark.parametrize(
    "args, said",
    [
        ([], "say what to do: try, ingest, check"),
        (["bakctest"], "bakctest: no such command; did you mean backtest?"),
        (["frobnicate"], "frobnicate: no such command (toxvol --help)"),
        (["config"], "config: say what to do: show, explain, check"),
        (["config", "sohw"], "sohw: no such command; did you mean show?"),
        (["backtest", "--catlog", "x"], "--catlog: no such option; did you mean --catalog?"),
        (["backtest", "--catlog=x"], "--catlog: no such option; did you mean --catalog?"),
        (["backtest", "--frobnicate"], "--frobnicate: no such option (toxvol backtest --help)"),
        (["backtest", "--raw", WINDOW, "--preset", "shrot"], "no such preset; did you mean short?"),
        (
            ["backtest", "--raw", WINDOW, "--preset", "Z"],
            "--preset Z: no such preset; there are A (the proposal's",
        ),
        (["backtest", "--raw", WINDOW, "--set", "exit.k_stopp=2"], "did you mean exit.k_stop?"),
        (
            ["config", "explain", "Z"],
            "Z: no such key, preset or file; presets are A, B, C, short, `toxvol config explain` lists",
        ),
        (
            ["config", "explain", "k_stopp"],
            "k_stopp: no such key, preset or file; did you mean exit.k_stop?",
        ),
        (["config", "explain", "shrot"], "shrot: no such key, preset or file; did you mean short?"),
        (
            ["config", "check", "A", "--set", "crowding.theta=0"],
            "crowding.theta = 0: expected a number above 0",
        ),
        (
            ["config", "check", "--set", "crowding.theta_exit=2"],
            "--set: crowding.theta_exit = 2.0: must not exceed crowding.theta = 1",
        ),
        (
            ["backtest", "--raw", WINDOW, "--set", "frobnicate=2"],
            "unknown key frobnicate; `toxvol config explain`",
        ),
        (["backtest", "--raw", WINDOW, "--symbol", "btcusdt"], "written in capitals: BTCUSDT"),
        (
            ["backtest", "--raw", WINDOW, "--symbol", "BTCUSDT", "--set", "run.symbol=ETHUSDT"],
            "name it once",
        ),
        (
            ["backtest", "--raw", WINDOW, "--from", "yesterday"],
            "--from yesterday: expected a UTC day",
        ),
        (["backtest", "--catalog", WINDOW], "these are Binance's files"),
        (["factors", "--raw", WINDOW, "--out", "f.csv"], "name it f.parquet"),
    ],
)
def test_a_wrong_word_is_one_line_that_helps(toxvol, tmp_path, args, said):
    assert said in toxvol.fails(*args, code=2, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_catalog_given_as_raw_files(toxvol, window_catalog, tmp_path):
    for verb in ("backtest", "factors"):
        line = toxvol.fails(
            verb, "--raw", window_catalog, "--out", tmp_path / "out.parquet", code=2
        )
        assert f"--raw {window_catalog}: this is a catalog; use --catalog {window_catalog}" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_a_folder_that_cannot_be_read(toxvol, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = shutil.copy(toxvol.path, "/tmp/toxvol-of-nobody")
    for option in ("--raw", "--catalog"):
        done = subprocess.run(
            [program, "backtest", option, closed, "--out", "/tmp/nobody-run"],
            capture_output=True,
            text=True,
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
        )
        assert done.returncode == 1
        assert re.fullmatch(
            r"toxvol: \S+/closed: Permission denied; check its permissions\n", done.stderr
        ), done.stderr
    os.unlink(program)


def test_a_symbol_is_named_once_or_twice_alike(toxvol, window_catalog, tmp_path):
    toxvol.run(
        "backtest",
        "--catalog",
        window_catalog,
        "--preset",
        "short",
        "--symbol",
        "BTCUSDT",
        "--set",
        "run.symbol=BTCUSDT",
        "--out",
        tmp_path / "run",
    )
    assert document(tmp_path / "run", "run")["symbol"] == "BTCUSDT"
    line = toxvol.fails(
        "backtest", "--catalog", window_catalog, "--symbol", "ETHUSDT", "--out", tmp_path / "eth"
    )
    assert "ETHUSDT" in line


def test_a_time_in_any_form_is_the_same_run(toxvol, window_catalog, tmp_path):
    runs = []
    for i, (start, end) in enumerate(
        [
            ("2023-04-05", "2023-04-05T00:06"),
            ("20230405", "2023-04-05 00:06:00Z"),
            ("2023-04-05T02:00+02:00", "20230405T000600"),
        ]
    ):
        out = tmp_path / str(i)
        toxvol.run(
            "backtest",
            "--catalog",
            window_catalog,
            "--preset",
            "short",
            "--from",
            start,
            "--to",
            end,
            "--out",
            out,
        )
        runs.append(document(out, "run")["fingerprint"])
    assert len(set(runs)) == 1


def test_a_second_run_takes_the_next_free_name(toxvol, window_catalog, tmp_path):
    command = ["backtest", "--catalog", window_catalog, "--preset", "short", "--json"]

    def named(*flags):
        return os.path.relpath(
            json.loads(toxvol.run(*command, *flags, cwd=tmp_path).stdout)["run"], tmp_path
        )

    names = [named() for _ in range(3)]
    assert names == ["runs/BTCUSDT-short", "runs/BTCUSDT-short-2", "runs/BTCUSDT-short-3"]
    assert named("--force") == "runs/BTCUSDT-short"
    assert len(list((tmp_path / "runs").iterdir())) == 3


def test_a_run_of_a_file_is_named_after_it(toxvol, window_catalog, tmp_path):
    (tmp_path / "mine.toml").write_text(toxvol.run("config", "show", "short").stdout)
    command = ["backtest", "--catalog", window_catalog, "--json"]
    run = json.loads(toxvol.run(*command, "--config", "mine.toml", cwd=tmp_path).stdout)["run"]
    assert os.path.relpath(run, tmp_path) == "runs/BTCUSDT-mine"


def test_every_verb_speaks_json_and_names_what_it_made(toxvol, window_catalog, tmp_path):
    def said(*args):
        return json.loads(toxvol.run(*args, "--json", cwd=tmp_path).stdout)

    assert said("ingest", WINDOW, "--catalog", "c")["catalog"] == "c"
    assert said("check", "c")["catalog"] is True
    run = said("backtest", "--catalog", "c", "--preset", "short", "--out", "run")
    assert (
        run["run"] == str(tmp_path / "run")
        and run["fills"] == document(tmp_path / "run", "summary")["fills"]
    )
    factors = said("factors", "--catalog", "c", "--preset", "short", "--out", "f.parquet")
    assert factors == {
        "out": "f.parquet",
        "rows": pq.read_metadata(tmp_path / "f.parquet").num_rows,
    }
    assert said("report", "run") == {"report": "run/report.html"}
    assert said("verify", "run")["violations"] == []
    assert said("diff", "run", "run")["differences"] == []
    assert said("catalog", "view", "--catalog", "c", "--out", "v")["out"] == "v"
    assert said("config", "show", "short")["run"]["symbol"] == "BTCUSDT"
    assert said("config", "check", "short") == {"ok": True}
    explained = said("config", "explain", "B", "--set", "exit.k_stop=3")
    k_stop = next(key for key in explained["keys"] if key["key"] == "exit.k_stop")
    assert (k_stop["value"], k_stop["default"], k_stop["set_in"]) == (3.0, 2.0, "--set")
    synth = said(
        "synth",
        "--out",
        "s",
        "--from",
        "2024-01-01",
        "--days",
        1,
        "--klines-only-days",
        1,
        "--intensity",
        0.001,
    )
    assert synth["out"] == "s"


def test_schemas_tell_of_each_column_for_people_and_for_programs(toxvol):
    fills = json.loads(toxvol.run("schemas", "--json").stdout)["fills"]
    assert next(column for column in fills if column["column"] == "fee") == {
        "column": "fee", "type": "D", "nullable": False, "unit": "quote", "meaning": "paid", "words": [],
    }  # fmt: skip
    assert toxvol.run("schemas").stdout in (ROOT / "docs/schemas.md").read_text()


def test_help_and_the_reference_explain_the_presets(toxvol):
    text = toxvol.run("backtest", "--help").stdout
    page = toxvol.run("config", "explain", "--markdown").stdout
    for name in ("A", "B", "C", "short"):
        line = next(line.strip() for line in text.splitlines() if re.match(rf"\s*{name} \(", line))
        assert "decides every" in line and "of data first" in line
        assert line in page


def test_the_version_has_the_commit(toxvol):
    assert re.fullmatch(r"toxvol \d+\.\d+\.\d+ \([0-9a-f]{12}\)\n", toxvol.run("--version").stdout)


# ---- what is told beside the numbers ----


def test_a_run_that_is_too_short_is_told_before_and_after(toxvol, window_catalog, tmp_path):
    done = toxvol.run(
        "backtest", "--catalog", window_catalog, "--preset", "A", "--out", tmp_path / "run"
    )
    lines = done.stderr.splitlines()
    before = next(line for line in lines if "too short to decide" in line)
    assert (
        "3.0 days are needed" in before and "start earlier" in before and "--preset short" in before
    )
    assert lines[-1].startswith(
        "toxvol: no position: all of it was warm-up, 3.0 days of data are needed first;"
    )
    quiet = toxvol.run(
        "backtest",
        "--catalog",
        window_catalog,
        "--preset",
        "A",
        "--out",
        tmp_path / "quiet",
        "--quiet",
    )
    assert quiet.stderr == ""


def test_a_run_without_a_position_names_the_step_that_nothing_passed(
    toxvol, window_catalog, synthetic_catalog, tmp_path
):
    def last(catalog, *flags):
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        return toxvol.run(
            "backtest", "--catalog", catalog, "--preset", "short", "--out", out, *flags
        ).stderr.splitlines()[-1:]

    minutes = ["--from", "2024-01-10", "--to", "2024-01-10T06:00"]
    assert (
        "the alpha of its regime is not enabled"
        in last(
            synthetic_catalog,
            *minutes,
            "--set",
            "alpha_a.enabled=false",
            "--set",
            "alpha_b.enabled=false",
        )[0]
    )
    assert (
        "a guard stopped every signal, most often cap"
        in last(synthetic_catalog, *minutes, "--set", "size.max_notional_usdt=1")[0]
    )
    assert not any("no position" in line for line in last(synthetic_catalog, *minutes))
    script = tmp_path / "orders.csv"
    script.write_text(
        "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n"
        "1,1680652740000000000,submit,buy,limit,gtc,20000,0.1,1,0\n"
    )
    assert "no order of the script was filled" in last(window_catalog, "--orders", script)[0]


def test_without_a_window_the_best_is_taken_and_told(toxvol, window_catalog, tmp_path):
    said = toxvol.run(
        "backtest", "--catalog", window_catalog, "--preset", "short", "--out", tmp_path / "run"
    ).stderr
    assert (
        "without --from and --to the longest window with quotes is taken: 2023-04-04..2023-04-05"
        in said
    )


def test_a_run_of_short_says_that_it_is_an_exercise(toxvol, window_catalog, tmp_path):
    said = toxvol.run(
        "backtest", "--catalog", window_catalog, "--preset", "short", "--out", tmp_path / "run"
    ).stdout
    assert (
        "note       preset short (for recorded stretches of minutes: to exercise the program, not to learn"
        in said
    )
    toxvol.run("report", tmp_path / "run")
    assert "PRESET: short" in (tmp_path / "run" / "report.html").read_text()


def test_the_readme_explains_the_presets_as_the_program_does(toxvol):
    page = toxvol.run("config", "explain", "--markdown").stdout
    presets = re.findall(r"^\* .* of data first\)$", page, re.M)
    assert len(presets) == 4
    assert "\n".join(presets) in (ROOT / "README.md").read_text()


# ---- shells ----


def completed(toxvol, *words):
    script = f"""
source <({toxvol.path} completion bash)
COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_toxvol
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_completes_verbs_options_and_values(toxvol):
    assert completed(toxvol, "toxvol", "ba") == ["backtest", "band"]
    assert {"ingest", "config", "completion"} <= set(completed(toxvol, "toxvol", ""))
    assert completed(toxvol, "toxvol", "config", "ex") == ["explain"]
    assert completed(toxvol, "toxvol", "backtest", "--pre") == ["--preset"]
    assert completed(toxvol, "toxvol", "backtest", "--preset", "") == ["A", "B", "C", "short"]
    assert completed(toxvol, "toxvol", "catalog", "view", "--by", "m") == ["month"]
    assert completed(toxvol, "toxvol", "report", "run", "--js") == ["--json"]
    assert completed(toxvol, "toxvol", "completion", "f") == ["fish"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish")
def test_fish_completes_verbs_options_and_values(toxvol, tmp_path):
    def completed(line):
        script = f"{toxvol.path} completion fish | source; complete -C '{line}'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        assert done.stderr == ""
        return [entry.split("\t")[0] for entry in done.stdout.splitlines()]

    assert completed("toxvol ba") == ["backtest", "band"]
    assert completed("toxvol config ex") == ["explain"]
    assert completed("toxvol backtest --pre") == ["--preset"]
    assert completed("toxvol backtest --preset ") == ["A", "B", "C", "short"]
    assert completed("toxvol completion f") == ["fish"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
def test_zsh_reads_its_script(toxvol):
    script = f"autoload -Uz compinit; compinit -u -D; source <({toxvol.path} completion zsh); print $_comps[toxvol]"
    done = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("_toxvol\n", "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_the_man_page_is_one(toxvol):
    page = toxvol.run("man").stdout
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-Kutf8", "-P-cbou"],
        input=page,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    for words in ("toxvol backtest", "--preset A|B|C|short", "config explain", "EXIT STATUS"):
        assert words in done.stdout.replace("‐", "-").replace("−", "-"), words


# ---- terminals ----


def on_terminal(toxvol, term, columns, *args):
    """What a run draws on the terminal of its stderr."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [str(toxvol.path), *map(str, args)],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TERM": term},
    )
    os.close(theirs)
    drawn = b""
    while True:
        if not select.select([ours], [], [], 60)[0]:
            break
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    assert process.wait(60) == 0
    os.close(ours)
    return drawn.decode()


def test_the_bar_fits_a_narrow_terminal_and_a_dumb_one_gets_plain_lines(toxvol, tmp_path):
    def synth(out):
        return [
            "synth",
            "--out",
            tmp_path / out,
            "--from",
            "2024-01-01",
            "--days",
            4,
            "--intensity",
            0.05,
        ]

    drawn = on_terminal(toxvol, "xterm", 40, *synth("a"))
    lines = [line for line in drawn.split("\r\x1b[K") if line]
    assert lines and all(len(line) < 40 for line in lines), lines
    assert any("[" in line for line in lines)
    assert "\x1b" not in on_terminal(toxvol, "dumb", 40, *synth("b"))
