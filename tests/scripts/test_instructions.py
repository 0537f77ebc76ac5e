"""Counts of instructions: what is read of a profile, and which of them fail."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import instructions

ROOT = instructions.ROOT
ANNOTATED = """\
Ir
1,000 (100.0%)  PROGRAM TOTALS
  900 (90.00%)  ???:void toxvol::engine::Run<toxvol::csv::Row<1ul> >::run(int) [/tmp/toxvol]
  700 ( 7.00%)  ???:toxvol::columnar::MarketReader<toxvol::Quote>::next_shared() [/tmp/toxvol]
   50 ( 5.00%)  ???:toxvol::columnar::MarketReader<toxvol::Trade>::next_shared() [/tmp/toxvol]
   40 ( 4.00%)  ???:toxvol::engine::text[abi:cxx11](std::span<long, 8ul>) [clone .part.0] [/tmp/toxvol]
   30 ( 3.00%)  ./string/../x86_64/memset.S:__memset_avx2 [/usr/lib/libc.so.6]
"""


def profile():
    read = list(instructions.functions(ANNOTATED))
    return instructions.Profile(1000, inclusive=read, own=read)


def test_functions_are_read_as_callgrind_annotate_prints_them():
    assert [count for _, count in instructions.functions(ANNOTATED)] == [900, 700, 50, 40, 30]
    names = [name for name, _ in instructions.functions(ANNOTATED)]
    assert names[1] == "toxvol::columnar::MarketReader<toxvol::Quote>::next_shared()"
    assert names[3] == "toxvol::engine::text[abi:cxx11](std::span<long, 8ul>) [clone .part.0]"
    assert names[4] == "__memset_avx2"


def test_an_inclusive_kernel_is_the_sum_of_the_functions_that_begin_so():
    assert instructions.READER.count(profile()) == 750


def test_what_a_class_or_namespace_does_itself_is_found_by_name_not_by_arguments():
    assert instructions.ENGINE.count(profile()) == 940
    assert instructions.Own("csv", ("toxvol::csv::",)).count(profile()) is None
    assert instructions.bare("std::optional<a::b> toxvol::x::Y<a::b>::z<c>(d::e) const") == (
        "toxvol::x::Y::z"
    )


@pytest.mark.parametrize(
    "what, now, fails, says",
    [
        ("ingest", 10_300, False, "compared"),
        ("ingest", 10_310, True, "+3.1 %, margin 3 %"),
        ("ingest", 9_700, False, "compared"),
        ("ingest", 9_690, False, "-3.1 %; the baseline can be lowered"),
        ("ingest: parser", 10_500, False, "compared"),
        ("ingest: parser", 10_510, True, "+5.1 %, margin 5 %"),
        ("ingest: parser", 9_490, False, "-5.1 %; the baseline can be lowered"),
        ("ingest: parser", None, True, "no such function any more"),
    ],
)
def test_a_count_fails_above_its_margin_only(what, now, fails, says):
    failures, notes = instructions.compare({what: now}, {what: 10_000})
    assert bool(failures) == fails
    assert says in (failures or notes)[0]
    assert not fails or instructions.KEEP in failures[0]


def test_a_count_without_a_baseline_fails():
    failures, _ = instructions.compare({"ingest": 5, "factors": 7}, {"ingest": 5})
    assert failures == [f"factors: 7, not in the baseline: {instructions.KEEP}"]


def test_a_kernel_that_was_never_seen_is_named():
    _, notes = instructions.compare({"ingest": 5, "ingest: x": None}, {"ingest": 5})
    assert notes[0] == "not seen by callgrind: ingest: x"


def test_the_counts_of_another_compiler_are_not_compared():
    baseline = {"taken_with": {"compiler": "GCC 12", "valgrind": "3.19"}, "counts": {}}
    assert instructions.difference({"compiler": "GCC 12", "valgrind": "3.19"}, baseline) == ""
    assert "another compiler: GCC 12; here it is GCC 13" in (
        instructions.difference({"compiler": "GCC 13", "valgrind": "3.19"}, baseline)
    )


def test_the_baseline_has_every_command():
    baseline = json.loads((ROOT / "bench/instructions.json").read_text())
    assert set(baseline["taken_with"]) == {"compiler", "libraries", "valgrind", "processor"}
    kernels = {f"{c.what}: {k.what}" for c in instructions.COMMANDS for k in c.kernels}
    commands = {command.what for command in instructions.COMMANDS}
    assert commands <= set(baseline["counts"]) <= commands | kernels


def test_without_valgrind_it_is_skipped_and_a_baseline_is_refused(tmp_path):
    program = tmp_path / "toxvol"
    program.touch()

    def answer(*more):
        return subprocess.run(
            [sys.executable, ROOT / "bench/instructions.py", "--toxvol", program, *more],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    done = answer()
    assert done.returncode == 0
    assert done.stdout.startswith("SKIPPED: instructions are not compared: no valgrind")
    assert answer("--keep", "--baseline", tmp_path / "new.json").returncode == 1
    assert not (tmp_path / "new.json").exists()
