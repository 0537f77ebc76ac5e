"""Dates, settings and errors in the words of Python."""

import datetime
import re
import subprocess
from pathlib import Path

import pytest

import toxvol
from toxvol import _errors, _options

UTC = datetime.UTC
EAST = datetime.timezone(datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    "given",
    [
        "2024-01-01T12:30",
        "2024-01-01 12:30:00Z",
        "20240101T1230",
        "2024-01-01T14:30+02:00",
        "2024-W01-1T12:30",
        "2024W011T1230",
        "2024-001T12:30",
        datetime.datetime(2024, 1, 1, 12, 30),
        datetime.datetime(2024, 1, 1, 12, 30, tzinfo=UTC),
        datetime.datetime(2024, 1, 1, 14, 30, tzinfo=EAST),
    ],
)
def test_a_time_is_a_time_in_every_form(given: object, run: toxvol.Run) -> None:
    said = toxvol.explain(run, at=given)["decision"]
    assert said == toxvol.explain(run, at="2024-01-01T12:30:00Z")["decision"]


@pytest.mark.parametrize(
    "given", ["2024-01-02", "20240102", "2024-W01-2", "2024-002", datetime.date(2024, 1, 2)]
)
def test_a_day_is_a_day_in_every_form(given: object, catalog: Path) -> None:
    table = toxvol.factors(catalog=catalog, preset="short", from_="2024-01-01T23:00", to=given)
    assert len(table) == 60


def test_pandas_and_numpy_times_are_times(run: toxvol.Run) -> None:
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    wanted = toxvol.explain(run, at="2024-01-01T12:30:00Z")["decision"]
    for given in (
        pandas.Timestamp("2024-01-01 12:30"),
        pandas.Timestamp("2024-01-01 13:30", tz="Europe/Berlin"),
        numpy.datetime64("2024-01-01T12:30"),
    ):
        assert toxvol.explain(run, at=given)["decision"] == wanted
    # Not a nanosecond is lost on the way.
    assert _options.moment(pandas.Timestamp(1_704_112_200_000_000_001)).endswith(".000000001")
    with pytest.raises(toxvol.UsageError, match="NaT: a day or a time"):
        toxvol.explain(run, at=pandas.NaT)


def test_what_is_no_time_is_said(run: toxvol.Run) -> None:
    with pytest.raises(toxvol.UsageError, match="12: a day or a time is wanted"):
        toxvol.explain(run, at=12)
    for wrong in ("2024-02-30", "2024-W60-1", "2023-366", "yesterday"):
        with pytest.raises(toxvol.UsageError, match=f"at={wrong}: expected a UTC day"):
            toxvol.explain(run, at=wrong)


def test_settings_may_be_nested() -> None:
    nested = toxvol.config_show(
        "short", set={"exit": {"k_stop": 2}, "run": {"inputs": ["aggTrades", "klines"]}}
    )
    dotted = toxvol.config_show(
        "short", set={"exit.k_stop": 2, "run.inputs": ["aggTrades", "klines"]}
    )
    assert nested == dotted
    assert nested["exit"]["k_stop"] == 2.0
    numpy = pytest.importorskip("numpy")
    off = toxvol.config_show("short", set={"alpha_b": {"enabled": numpy.bool_(False)}})
    assert off["alpha_b"]["enabled"] is False


@pytest.mark.parametrize(
    ("command", "python"),
    [
        ("--from 2024-13-01: expected a UTC day", "from_=2024-13-01: expected a UTC day"),
        ("--from a --to b: from must be earlier", "from_=a to_=b: from must be earlier"),
        ("name one of --catalog DIR and --raw DIR", "name one of catalog=DIR and raw=DIR"),
        ("choose another --out, or pass --force", "choose another out=, or pass force=True"),
        ("--set exit.k_stop=wide: a number", 'set={"exit.k_stop": "wide"}: a number'),
        ("--set a.b=true: no such key", 'set={"a.b": True}: no such key'),
        ("see --set alpha_a.enabled", 'see set={"alpha_a.enabled": …}'),
        ("take --set entry.order=market, or", 'take set={"entry.order": "market"}, or'),
        ("take --preset short to try", 'take preset="short" to try'),
        ("/a: none; `toxvol ingest RAW --catalog /a` makes one",
         "/a: none; `toxvol.ingest(RAW, catalog=/a)` makes one"),
        ("`toxvol config explain` lists all", "`toxvol.config_explain()` lists all"),
        ("/r: --position 9: no such position", "/r: position=9: no such position"),
        ("/tmp/a--out/b: exists", "/tmp/a--out/b: exists"),
    ],
)  # fmt: skip
def test_options_become_keywords(command: str, python: str) -> None:
    assert _errors.in_python(command) == python.replace("to_=", "to=")


def test_every_option_in_an_error_is_known(source: Path) -> None:
    """Whatever the sources say of an option is said of a keyword."""
    spoken = set()
    for path in (source / "src/toxvol").rglob("*.cpp"):
        if path.parent.name == "app":
            continue
        for text in re.findall(r'"((?:[^"\\]|\\.)*--[a-z](?:[^"\\]|\\.)*)"', path.read_text()):
            spoken.add(text)
            assert not re.search(r"(?<![\w/-])--[a-z]", _errors.in_python(text)), (path, text)
    assert len(spoken) > 60


def test_errors_name_keywords(catalog: Path, run: toxvol.Run, tmp_path: Path) -> None:
    for call, text in (
        (lambda: toxvol.backtest(preset="short"), "catalog=DIR and raw=DIR"),
        (lambda: toxvol.backtest(catalog=catalog, out=run.path), "another out=, .* force=True"),
        (lambda: toxvol.config_check(set={"exit": {"k_stop": "wide"}}), r'set={"exit.k_stop"'),
        (lambda: toxvol.backtest(catalog=tmp_path), r"`toxvol.ingest\(RAW, catalog="),
    ):
        with pytest.raises(toxvol.Error, match=text) as caught:
            call()
        assert "--" not in str(caught.value)


def test_warnings_name_keywords(catalog: Path, tmp_path: Path) -> None:
    with pytest.warns(UserWarning) as told:
        toxvol.backtest(catalog=catalog, preset="short", out=tmp_path / "run")
    assert any("without from_= and to= the" in str(one.message) for one in told)
    assert not any("--" in str(one.message) for one in told)


def test_the_command_still_speaks_of_options(run: toxvol.Run) -> None:
    wrong = subprocess.run(
        ["toxvol", "explain", run.path, "--at", "soon"], capture_output=True, text=True
    )
    assert wrong.stderr.startswith("toxvol: --at soon: expected a UTC day")
