#!/usr/bin/env python3
"""Instructions of whole commands and of their kernels under callgrind, against bench/instructions.json.

A count hardly depends on what else the machine does, so a kernel that became slower is seen where no
time can be measured. docs/testing.md#instructions tells what is counted, and what is not.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEEP = "scripts/instructions.sh --keep"
LOADER = "/lib64/ld-linux-x86-64.so.2"
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}

MARGIN_OF_COMMAND = 3.0  # per cent
MARGIN_OF_KERNEL = 5.0

# One day of ticks; a decision each quarter of an hour, so that minutes without an order can go by.
MARKET = "--from 2024-02-01 --days 1 --klines-only-days 1 --seed 1".split()
INTENSITY = "0.01"
RUN = "--catalog catalog --preset short --set run.cadence=15m --set run.warmup=1d".split()
REPORTED = [*RUN, "--from", "2024-02-01T06:00:00Z", "--to", "2024-02-01T09:00:00Z"]


@dataclass(frozen=True)
class Inclusive:
    """Functions whose whole name begins with `start` (a regular expression), with all they call. They
    must not call each other."""

    what: str
    start: str

    def count(self, profile):
        found = [n for name, n in profile.inclusive if re.match(self.start, name)]
        return sum(found) if found else None


@dataclass(frozen=True)
class Own:
    """Functions of `parts` (classes or namespaces), without what they call."""

    what: str
    parts: tuple[str, ...]

    def count(self, profile):
        found = [n for name, n in profile.own if bare(name).startswith(self.parts)]
        return sum(found) if found else None


READER = Inclusive("page reader", r"toxvol::columnar::MarketReader<toxvol::\w+>::next_shared\(")
FOLDER = Own("minute folder", ("toxvol::factors::MinuteFolder::",))
FACTORS = Inclusive("factor model", r"toxvol::factors::FactorModel::update\(")
ENGINE = Own("engine", ("toxvol::engine::",))
SHA256 = Inclusive("SHA-256", r"toxvol::io::sha256_blocks\(")
XXH3 = Inclusive("XXH3 of files", r"toxvol::io::Xxh3::update\(")


@dataclass(frozen=True)
class Command:
    """One command: what is made before it in the same folder, uncounted, and the kernels in it."""

    what: str
    arguments: list[str]
    before: list[list[str]]
    kernels: list[Inclusive | Own]


INGEST = ["ingest", "../raw", "--catalog", "catalog", "--jobs", "1"]
COMMANDS = [  # the longest first
    Command(
        "report",
        ["report", "run"],
        [INGEST, ["backtest", *REPORTED, "--minutes", "none", "--out", "run"]],
        [READER, Own("report", ("toxvol::report::",))],
    ),
    Command(
        "ingest",
        INGEST,
        [],
        [
            Inclusive("CSV parser, quotes", r"toxvol::csv::ParsedBlock<toxvol::Quote>::parse\("),
            Inclusive("CSV parser, trades", r"toxvol::csv::ParsedBlock<toxvol::Trade>::parse\("),
            Inclusive("CSV parser, klines", r"toxvol::csv::parse_kline\("),
            Inclusive("CSV parser, metrics", r"toxvol::csv::parse_metrics\("),
            Own("in order", ("toxvol::catalog::SequencedFile::",)),
            Inclusive(
                "page encoder and zstd",
                r"std::_Function_handler<void \(\), toxvol::columnar::MarketWriter<.*::Job::Job\(",
            ),
            Own(
                "page encoder alone",
                (
                    "toxvol::columnar::GroupEncoder::",
                    "toxvol::columnar::Dictionary::",
                    "toxvol::columnar::columns",  # the encoder of trades is inlined there
                ),
            ),
            SHA256,
            XXH3,
        ],
    ),
    Command(
        "backtest, every tick",
        ["backtest", *RUN, "--minutes", "none", "--out", "run"],
        [INGEST],
        [READER, FOLDER, ENGINE, FACTORS, SHA256, XXH3],
    ),
    Command(
        "backtest, kept minutes",
        ["backtest", *RUN, "--minutes", "keep", "--out", "run"],
        [INGEST, ["backtest", *RUN, "--minutes", "keep", "--out", "first"]],
        [
            READER,
            ENGINE,
            FACTORS,
            Inclusive("kept minutes, reader", r"toxvol::minutes::MinuteFileReader::next\("),
        ],
    ),
    Command(
        "factors",
        ["factors", *RUN, "--out", "factors.parquet"],
        [INGEST],
        [READER, FOLDER, FACTORS],
    ),
]


def bare(name):
    """`void a::b<c>::d<e>(f)` is `a::b::d`."""
    text, depth = [], 0
    for letter in name:
        if letter in "<([{":
            depth += 1
        elif letter in ">)]}":
            depth -= 1
        elif depth == 0:
            text.append(letter)
    words = "".join(text).split()
    return next((word for word in words if "::" in word and not word.startswith("std::")), "")


@dataclass
class Profile:
    total: int
    inclusive: list[tuple[str, int]]
    own: list[tuple[str, int]]


def functions(annotated):
    """Names and counts in what callgrind_annotate printed."""
    for line in annotated.splitlines():
        match = re.match(
            r"\s*([\d,]+) \(\s*[\d.]+%\)\s+[^:\s]*:(.+?)(?: \[[^\[\]]*/[^\[\]]*\])?$", line
        )
        if match:
            yield match[2], int(match[1].replace(",", ""))


def read_profile(path):
    def annotate(inclusive):
        command = ["callgrind_annotate", f"--inclusive={inclusive}", "--threshold=100", str(path)]
        return list(functions(run(command, path.parent)))

    total = re.search(r"^(?:summary|totals): (\d+)$", path.read_text(), re.MULTILINE)
    return Profile(int(total[1]), annotate("yes"), annotate("no"))


def run(command, folder):
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def counts_of(command, toxvol, folder):
    """The counts of one command, by what they are; None where callgrind sees no such function."""
    folder.mkdir()
    for arguments in command.before:
        run([toxvol, "--quiet", *arguments], folder)
    profile = folder / "callgrind.out"
    callgrind = ["valgrind", "--quiet", "--tool=callgrind", "--dump-instr=no", "--cache-sim=no"]
    run(
        [*callgrind, f"--callgrind-out-file={profile}", toxvol, "--quiet", *command.arguments],
        folder,
    )
    read = read_profile(profile)
    counts = {command.what: read.total}
    for kernel in command.kernels:
        counts[f"{command.what}: {kernel.what}"] = kernel.count(read)
    return counts


def measure(toxvol, intensity):
    """All counts. Each command has a folder of its own and is pinned to a core, two at a time."""
    cores = queue.SimpleQueue()
    for core in sorted(os.sched_getaffinity(0))[:2]:
        cores.put(core)
    with tempfile.TemporaryDirectory(prefix="toxvol-instructions-") as name:
        folder = pathlib.Path(name)
        market = [*MARKET, "--intensity", intensity, "--out", "raw"]
        run([toxvol, "--quiet", "synth", *market], folder)
        # Affinity is a thread's; its children inherit it.
        with concurrent.futures.ThreadPoolExecutor(
            cores.qsize(), initializer=lambda: os.sched_setaffinity(0, {cores.get()})
        ) as pool:
            jobs = [
                pool.submit(counts_of, command, toxvol, folder / str(i))
                for i, command in enumerate(COMMANDS)
            ]
            counts = {}
            for job in jobs:
                counts |= job.result()
    return counts


def processor():
    """The processor as valgrind gives it to programs, and a hash of what libc chooses on it."""
    told = run(["valgrind", "--quiet", "--tool=none", LOADER, "--list-diagnostics"], ROOT)
    family, model = (
        re.search(rf"^x86\.cpu_features\.basic\.{what}=(\S+)$", told, re.MULTILINE)
        for what in ("family", "model")
    )
    chosen = re.findall(r"^x86\.cpu_features\.(?!.*\.cpuid\[).*$", told, re.MULTILINE)
    if not (family and model):
        return ""
    digest = hashlib.sha256("\n".join(chosen).encode()).hexdigest()[:16]
    return f"emulated, family {family[1]}, model {model[1]}, choices of libc {digest}"


def surroundings(toxvol):
    """What counts depend on beside our sources: another of these, and no count can be compared."""
    made = set(re.findall(rb"(?:GCC: \(|clang version )[^\0\n]*\d", toxvol.read_bytes()))
    libraries = re.findall(r"=> (/\S+)", run(["ldd", toxvol], ROOT))
    names = sorted(pathlib.Path(path).resolve().name for path in libraries)
    facts = {
        "compiler": ", ".join(sorted(text.decode() for text in made)),
        "libraries": f"{os.confstr('CS_GNU_LIBC_VERSION')}, {', '.join(names)}",
        "valgrind": run(["valgrind", "--version"], ROOT).strip(),
        "processor": processor(),
    }
    for what, fact in facts.items():
        if not fact:
            sys.exit(f"instructions: cannot tell the {what}")
    return facts


def difference(here, baseline):
    """One line why the baseline says nothing here, or nothing."""
    for what, taken in baseline["taken_with"].items():
        if here[what] != taken:
            return f"the baseline was taken with another {what}: {taken}; here it is {here[what]}"
    return ""


def margin_of(what):
    return MARGIN_OF_KERNEL if ": " in what else MARGIN_OF_COMMAND


def compare(counts, baseline):
    """What to say of `counts`, and which of them fail."""
    failures, notes = [], []
    most = 0.0
    for what in [*baseline, *(what for what in counts if what not in baseline)]:
        now, before = counts.get(what), baseline.get(what)
        if now is None and before is None:
            notes.append(f"not seen by callgrind: {what}")
        elif now is None:
            failures.append(
                f"{what}: no such function any more, {before:,} before (inlined or renamed): "
                f"mend its pattern in bench/instructions.py, or: {KEEP}"
            )
        elif before is None:
            failures.append(f"{what}: {now:,}, not in the baseline: {KEEP}")
        else:
            change = 100.0 * (now - before) / before
            most = max(most, change, key=abs)
            line = f"{what}: {now:,} instructions, {before:,} before: {change:+.1f} %"
            if change > margin_of(what):
                failures.append(f"{line}, margin {margin_of(what):g} %; if it is meant: {KEEP}")
            elif change < -margin_of(what):
                notes.append(f"{line}; the baseline can be lowered: {KEEP}")
    compared = sum(counts.get(what) is not None for what in baseline)
    notes.append(f"{compared} counts compared, the largest change {most:+.1f} %")
    return failures, notes


def skipped(why):
    print(f"SKIPPED: instructions are not compared: {why}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toxvol", type=pathlib.Path, default=ROOT / "build/release/toxvol")
    parser.add_argument("--baseline", type=pathlib.Path, default=ROOT / "bench/instructions.json")
    parser.add_argument("--keep", action="store_true", help="take a new baseline")
    parser.add_argument("--intensity", default=INTENSITY, help="another market, to see a failure")
    args = parser.parse_args()
    toxvol = args.toxvol.resolve()
    if not toxvol.is_file():
        sys.exit(f"instructions: no {toxvol}; build it: cmake --build --preset release")
    missing = [tool for tool in ("valgrind", "callgrind_annotate", "ldd") if not shutil.which(tool)]
    missing += [] if pathlib.Path(LOADER).is_file() else [LOADER]
    if missing:
        why = f"no {', '.join(missing)} here (scripts/debian-packages.txt)"
        return sys.exit(f"instructions: {why}") if args.keep else skipped(why)
    here = surroundings(toxvol)
    if args.keep:
        counts = measure(toxvol, args.intensity)
        for what in [what for what, count in counts.items() if count is None]:
            print(f"instructions: not seen by callgrind, and left out: {what}")
            del counts[what]
        kept = {"taken_with": here, "counts": dict(sorted(counts.items()))}
        args.baseline.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
        print(f"instructions: {len(counts)} counts kept in {args.baseline}")
        return 0
    baseline = json.loads(args.baseline.read_text())
    if why := difference(here, baseline):
        return skipped(why)
    failures, notes = compare(measure(toxvol, args.intensity), baseline["counts"])
    for line in [*notes, *failures]:
        print(f"instructions: {line}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
