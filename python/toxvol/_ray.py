"""Points of a study as tasks of a Ray cluster (docs/scale.md).

C++ cuts the study into batches and keeps its folder; here they are handed to Ray and taken back.
"""

import contextlib
import importlib
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from toxvol import _toxvol
from toxvol._errors import Error, UsageError

# How often Ray runs a batch again whose worker or machine was lost, before it has failed.
RETRIES = 3
# Seconds that `take` waits; how soon Ctrl-C is seen.
PAUSE = 0.1
SECONDS_TO_ANSWER = 10
# Of the store of `local`, in bytes: what goes through it is small, and Ray would take 30 % of memory.
STORE = 100 << 20

Point = tuple[int, str, str]  # number, line of the trial log, result
Batch = tuple[int, list[Point], str]  # its place, what came of it, why it failed


class Workers:
    """Those of one address. Connects when they are first needed; `close` takes everything back."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ray: Any = None
        self._is_ours = False  # the connection
        # Places of batches and their points; those that run or are about to, by Ray's reference.
        # Only `_out` holds references: one that is freed while Ray shuts down ends the process.
        self._waiting: deque[tuple[int, list[int]]] = deque()
        self._out: dict[Any, int] = {}
        self._most_out = 0
        self._start: Callable[[list[int]], Any] | None = None
        self._head = ""  # where the cluster's head listens, as far as is known
        self._heard = self._next_knock = 0.0

    def count(self) -> int:
        """How many batches the cluster can run at the same time."""
        self._connect()
        cores = int(self._ray.cluster_resources().get("CPU", 0))
        if cores == 0:
            raise Error(
                f"--ray {self._address}: the cluster has no processors; start a node with "
                "`ray start --address=…` and run the same command again"
            )
        return cores

    def hand_out(
        self, study: str, circumstances: str, study_id: str, batches: Sequence[Sequence[int]]
    ) -> None:
        self._connect()
        task = self._ray.remote(_task()).options(
            num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD"
        )
        program = (_toxvol.__version__, _toxvol.commit())
        self._start = partial(task.remote, self._ray.put((study, circumstances, study_id, program)))
        self._waiting.extend((place, list(points)) for place, points in enumerate(batches))
        self._most_out = 2 * self.count()  # none waits for us, and little runs in vain
        self._fill()

    def take(self) -> list[Batch]:
        """What has come back within a moment."""
        if not self._out:
            return []
        answers = self._answers()
        if not answers:
            self._listen()
        returned = [self._returned(*answer) for answer in answers]
        self._fill()
        return returned

    def close(self) -> None:
        """Nothing more is begun. What runs is ended with our connection; on the caller's own it
        comes to its end and is thrown away: Ray 2.60 ends this process where a task that is
        cancelled is finished at that moment."""
        self._forget()
        if self._is_ours:
            with _signals_kept():
                self._ray.shutdown()
        self._ray = None
        self._is_ours = False

    def _fill(self) -> None:
        while self._start and self._waiting and len(self._out) < self._most_out:
            place, points = self._waiting.popleft()
            self._out[self._start(points)] = place

    def _forget(self) -> None:
        self._waiting.clear()
        self._out.clear()
        self._start = None

    def _answers(self) -> list[tuple[int, Any, Exception | None]]:
        """Of the batches that came back within a moment: place, and what the task gave or threw."""
        references = list(self._out)
        try:
            ready, _ = self._ray.wait(references, num_returns=len(references), timeout=PAUSE)
        except Exception as error:
            references.clear()  # the frames of an error live longer than the connection
            raise self._gone(error.with_traceback(None)) from None
        answers: list[tuple[int, Any, Exception | None]] = []
        for reference in ready:
            place = self._out.pop(reference)
            try:
                answers.append((place, self._ray.get(reference), None))
            except Exception as error:
                answers.append((place, None, error.with_traceback(None)))
        return answers

    def _returned(self, place: int, answer: Any, error: Exception | None) -> Batch:
        if error is not None:  # again and again: the points are tried once more, each alone
            errors = self._ray.exceptions
            if isinstance(error, errors.RayError) and not isinstance(error, errors.RaySystemError):
                return place, [], f"--ray {self._address}: {_line(error)}"
            raise self._gone(error)
        kind, value = answer
        if kind == "refused":
            raise Error(f"--ray {self._address}: {value}")
        points, failure = value
        return place, points, failure

    def _connect(self) -> None:
        if self._ray is not None:
            return
        # Ray counts its users over the network unless it is told not to.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray = importlib.import_module("ray")
        except ImportError:
            raise Error(
                f"--ray {self._address}: Ray is not installed; pip install 'toxvol[ray]'"
            ) from None
        self._ray = ray
        if ray.is_initialized():  # the caller's own connection, which he closes himself
            self._greet()
            return
        options: dict[str, Any] = {"address": self._address, "log_to_driver": False}
        if self._address == "local":
            options |= {"include_dashboard": False, "object_store_memory": STORE}
        options["logging_level"] = "ERROR"
        try:
            _knock(self._address)
            with _signals_kept():
                ray.init(**options)
        except Exception as error:
            self._ray = None
            raise UsageError(
                f"--ray {self._address}: no such cluster: {_line(error)}; local, auto, HOST:PORT or "
                "ray://HOST:PORT is wanted (docs/scale.md)"
            ) from None
        self._is_ours = True
        self._greet()

    def _greet(self) -> None:
        is_client = self._address.startswith("ray://")
        self._head = self._address if is_client else self._ray.get_runtime_context().gcs_address
        self._heard = time.monotonic()

    def _listen(self) -> None:
        """Throws where the head has not answered for a while: Ray itself would try for a minute and
        then end the process."""
        now = time.monotonic()
        if now < self._next_knock:
            return
        self._next_knock = now + SECONDS_TO_ANSWER / 5
        try:
            _knock(self._head)
            self._heard = now
        except OSError as error:
            if now - self._heard > SECONDS_TO_ANSWER:
                raise self._gone(error) from None

    def _gone(self, error: Exception) -> Error:
        self._forget()  # there is nobody to take it back from
        return Error(
            f"--ray {self._address}: the cluster is gone: {_line(error)}; what was finished is "
            "kept, run the same command again"
        )


def _task() -> Callable[..., tuple[str, Any]]:
    """The function of a task. It is made here so that Ray sends it as it is: a worker with another
    toxvol would otherwise look for its own."""

    def run_points(shared: tuple[str, str, str, tuple[str, str]], points: list[int]) -> Any:
        import socket
        import sys
        import warnings

        study, circumstances, study_id, program = shared
        where = f"a worker on {socket.gethostname()}"
        try:
            from toxvol import _toxvol as here
        except ImportError:
            return "refused", (
                f"{where} has no toxvol ({sys.executable}); install toxvol {program[0]} there"
            )
        own = (here.__version__, here.commit())
        if own != program:
            return "refused", (
                f"{where} has toxvol {own[0]} ({own[1]}), this is {program[0]} ({program[1]}); "
                "install the same on all machines"
            )
        warnings.simplefilter("ignore")  # they were told where the study was begun
        try:
            return "done", here.study_part(study, circumstances, study_id, points)
        except RuntimeError as error:  # toxvol.Error: before any point was run
            return "refused", f"{where}: {error}"

    return run_points


def _knock(address: str) -> None:
    """Throws where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS_TO_ANSWER).close()


def _line(error: BaseException) -> str:
    """The first line of an error that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray sets a handler of SIGTERM and of none other; afterwards it is the one of before."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # not the main thread
            if before is not None:
                signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def workers(address: str | None) -> Iterator[Workers | None]:
    """For a call of a study; None where no address is given."""
    if address is None:
        yield None
        return
    found = Workers(address)
    try:
        yield found
    finally:
        found.close()
