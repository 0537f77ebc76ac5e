"""What the comparisons share: one process measured, several in parallel, figures of paired runs.

Every side is a process of its own, pinned to its cores; the pairs of one comparison run in turn, so
that a busy machine slows both. Beside wall time stands CPU time, which a busy machine changes less.
"""

import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Sample:
    """One process, or several that ran side by side (the longest wall time, the rest summed)."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: int  # bytes of resident memory
    output: str = ""


def measure(command: Sequence[object], cores: Sequence[int] | None = None) -> Sample:
    """Runs `command` on `cores` (all by default); ends the program if it fails."""
    return together([command], [cores or CORES])


def together(commands: Sequence[Sequence[object]], cores: Sequence[Sequence[int]]) -> Sample:
    """Runs `commands` side by side, each on its `cores`."""
    with contextlib.ExitStack() as stack:
        running = {}
        begin = time.perf_counter()
        for command, where in zip(commands, cores, strict=True):
            texts = [str(part) for part in command]
            out, err = (stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(2))
            process = subprocess.Popen(texts, stdout=out, stderr=err, preexec_fn=_pin(where))
            running[process.pid] = (process, texts, out, err)
        sample = Sample(0.0, 0.0, 0)
        for _ in commands:
            # A process's own figures: RUSAGE_CHILDREN would mix them with those of earlier ones.
            pid, status, usage = os.wait4(-1, 0)
            process, texts, out, err = running[pid]
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                err.seek(0)
                sys.exit(f"{' '.join(texts)}: ended with {process.returncode}\n{err.read()}")
            sample.wall = time.perf_counter() - begin
            sample.cpu += usage.ru_utime + usage.ru_stime
            sample.peak += usage.ru_maxrss * 1024
            out.seek(0)
            sample.output += out.read()
    return sample


def _pin(cores: Sequence[int]) -> Callable[[], None]:
    return lambda: os.sched_setaffinity(0, cores)


def lines(path: pathlib.Path) -> int:
    """Rows of a CSV file. In pieces: a child's peak memory is at least its parent's."""
    with path.open("rb") as file:
        count = 0
        while piece := file.read(1 << 20):
            count += piece.count(b"\n")
    return count - 1


def spread(values: Sequence[float], form: str = ".1f") -> str:
    """Median, least and most of paired runs."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def load() -> str:
    """What else the machine did in the last minute: 0 is a quiet one."""
    return f"load average {os.getloadavg()[0]:.1f} on {len(CORES)} cores"


@contextlib.contextmanager
def scratch() -> Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory(prefix="toxvol-bench-") as name:
        yield pathlib.Path(name)


def synth(toxvol: object, out: pathlib.Path, days: int, intensity: str) -> list[pathlib.Path]:
    """A synthetic market's files in `out`."""
    subprocess.run(
        [str(toxvol), "--quiet", "synth", "--out", str(out), "--symbol", "BTCUSDT"]
        + ["--from", "2024-01-08", "--days", str(days), "--klines-only-days", "0"]
        + ["--seed", "1", "--intensity", intensity],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return sorted(out.rglob("*.csv"))


def keep(files: list[pathlib.Path], kinds: Sequence[str]) -> list[pathlib.Path]:
    """Those of `kinds`, as in BTCUSDT-KIND-2024-01-08.csv; removes the others."""
    kept = []
    for path in files:
        if path.name.split("-")[1] in kinds:
            kept.append(path)
        else:
            path.unlink()
    return kept
