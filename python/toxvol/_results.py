"""What is asked of runs that are there: `toxvol.report`, `toxvol.compare`, `toxvol.explain` and more."""

import json
import os
import pathlib
from collections.abc import Iterable
from typing import Any

from toxvol import _toxvol
from toxvol._options import Moment, Path, Paths, Progress, moment, path_text, path_texts, text
from toxvol._run import Run


def report(run: Run | Path, *, out: Path | None = None) -> os.PathLike[str]:
    """One HTML page of a run or of a study's folder; where it is."""
    folder = pathlib.Path(path_text(run))
    if (folder / "study.json").is_file():
        return pathlib.Path(_toxvol.report(str(folder), path_text(out)))
    return _run(run).report(out)


def compare(
    runs: Iterable[Run | Path],
    *,
    seed: int = 1,
    resamples: int = 1999,
    unit: str = "1h",
    interval: str = "percentile",
    out: Path | None = None,
    force: bool = False,
    progress: Progress = None,
) -> dict[str, Any]:
    """Runs side by side, each against the first: what `toxvol compare --json` prints.

    Whether two differ by more than chance, and where their decisions part: docs/compare.md. With
    `out` it leaves a folder of which `toxvol.report` makes a page. `interval` is of each run's net
    and px, "percentile" or "fixed_b" (docs/truth.md); intervals of differences stay percentiles.
    """
    return json.loads(
        _toxvol.compare(
            runs=[path_text(run) for run in runs],
            seed=seed,
            resamples=resamples,
            unit=unit,
            interval=interval,
            out=path_text(out),
            force=force,
            progress=progress,
        )
    )


def explain(
    run: Run | Path,
    *,
    at: Moment | None = None,
    position: int | None = None,
    catalog: Path | None = None,
    raw: Paths = (),
    progress: Progress = None,
) -> dict[str, Any]:
    """The decision at or before `at`, or position number `position`: why, and what came of it.

    Recomputed from the run's data, which are looked for where they were (docs/explain.md).
    """
    return json.loads(
        _toxvol.explain(
            run=path_text(run),
            at=moment(at),
            position=position,
            catalog=path_text(catalog),
            raw=path_texts(raw),
            progress=progress,
        )
    )


def evaluate(
    run: Run | Path,
    *,
    out: Path | None = None,
    force: bool = False,
    catalog: Path | None = None,
    raw: Paths = (),
    seed: int = 1,
    resamples: int = 1999,
    progress: Progress = None,
) -> dict[str, Any]:
    """What a run's forecasts, signals and resting orders were worth: docs/evaluate.md.

    Leaves a folder with five tables (`out`, or RUN-evaluate) and returns its study.json, what
    `toxvol evaluate --json` prints: moves and costs in bp, horizons in minutes or seconds as their
    names say, None where something does not exist. Raises `toxvol.Error` where the folder is there
    (`force`), where the run is damaged or decided nothing, and for other data than the run's;
    `toxvol.UsageError` for a wrong value.
    """
    return json.loads(
        _toxvol.evaluate(
            run=path_text(run),
            out=path_text(out),
            force=force,
            catalog=path_text(catalog),
            raw=path_texts(raw),
            seed=seed,
            resamples=resamples,
            progress=progress,
        )
    )


def trials(
    catalog: Path | None = None, *, trials: Path | None = None, study: str | None = None
) -> dict[str, Any]:
    """What was tried on a catalog's data, or is in the log `trials`: docs/trials.md."""
    return json.loads(_toxvol.trials(path_text(catalog), path_text(trials), text(study)))


def verify(run: Run | Path) -> list[str]:
    """Violations of a run folder's identities, one line each; empty for a sound run."""
    return _run(run).verify()


def diff(a: Run | Path, b: Run | Path) -> list[str]:
    """The first difference of each file of two runs; empty where they are equal."""
    return _toxvol.diff(path_text(a), path_text(b))


def _run(run: Run | Path) -> Run:
    return run if isinstance(run, Run) else Run(run)
