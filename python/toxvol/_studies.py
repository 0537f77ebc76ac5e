"""Many runs side by side: `toxvol.ablation`, `toxvol.sweep`, `toxvol.walkforward`, `toxvol.band`."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toxvol import _toxvol
from toxvol._options import (
    Moment,
    Path,
    Paths,
    Progress,
    Signal,
    market_and_config,
    path_text,
    signal_argument,
    texts,
)
from toxvol._ray import workers


def ablation(
    *, design: Path | None = None, groups: str | Iterable[str] = (),
    presets: str | Iterable[str] | None = None,
    catalog: Path | None = None, raw: Paths = (), preset: str | None = None,
    config: Path | None = None, set: Mapping[str, Any] | None = None, symbol: str | None = None,
    from_: Moment | None = None, to: Moment | None = None, out: Path, force: bool = False,
    seed: int = 1, resamples: int = 1999, unit: str = "1h", trials: Path | None = None,
    signal: Signal = None, jobs: int | None = None, ray: str | None = None,
    progress: Progress = None,
) -> dict[str, Any]:  # fmt: skip
    """One switch after the other against the base; its verdict and how many runs there were.

    `out` gets ablation.parquet and the rest that docs/ablation.md tells of; the same call goes on
    where it was stopped. With `presets`, such as ["A", "B", "C"], each of them is a base.
    """
    # Given and empty is an error of the C++ side, as --presets "" is.
    bases = [] if presets is None else texts(presets) or [""]
    return _run_study(
        _toxvol.ablation,
        {"design": path_text(design), "groups": texts(groups), "presets": bases},
        **locals(),
    )


def sweep(
    *, design: Path,
    catalog: Path | None = None, raw: Paths = (), preset: str | None = None,
    config: Path | None = None, set: Mapping[str, Any] | None = None, symbol: str | None = None,
    from_: Moment | None = None, to: Moment | None = None, out: Path, force: bool = False,
    seed: int = 1, resamples: int = 1999, unit: str = "1h", trials: Path | None = None,
    signal: Signal = None, jobs: int | None = None, ray: str | None = None,
    progress: Progress = None,
) -> dict[str, Any]:  # fmt: skip
    """All points of a design; its verdict and how many runs there were.

    `out` gets sweep.parquet and study.json (docs/designs.md); the same call goes on where it was
    stopped.
    """
    return _run_study(_toxvol.sweep, {"design": path_text(design)}, **locals())


def walkforward(
    *, design: Path | None = None,
    catalog: Path | None = None, raw: Paths = (), preset: str | None = None,
    config: Path | None = None, set: Mapping[str, Any] | None = None, symbol: str | None = None,
    from_: Moment | None = None, to: Moment | None = None, out: Path, force: bool = False,
    seed: int = 1, resamples: int = 1999, unit: str = "1h", trials: Path | None = None,
    signal: Signal = None, jobs: int | None = None, ray: str | None = None,
    progress: Progress = None,
) -> dict[str, Any]:  # fmt: skip
    """Chooses on one stretch of time and judges on the next; its verdict and how many runs.

    `out` gets folds.parquet, candidates.parquet, study.json and the run of all folds in `oos`
    (docs/walkforward.md); without a `design` the base alone is fitted. The same call goes on where
    it was stopped.

    `signal` is a function that learns: f(rows) is called with the `Table` of factors of each
    training window and gives the f(row) that `backtest` takes (docs/own_signals.md).
    """
    return _run_study(_toxvol.walkforward, {"design": path_text(design)}, **locals())


def band(
    *, queues: str | Iterable[str] = (), latencies: str | Iterable[str] = (),
    tiers: str | Iterable[str] = (),
    catalog: Path | None = None, raw: Paths = (), preset: str | None = None,
    config: Path | None = None, set: Mapping[str, Any] | None = None, symbol: str | None = None,
    from_: Moment | None = None, to: Moment | None = None, out: Path, force: bool = False,
    seed: int = 1, resamples: int = 1999, unit: str = "1h", trials: Path | None = None,
    signal: Signal = None, jobs: int | None = None, ray: str | None = None,
    progress: Progress = None,
) -> dict[str, Any]:  # fmt: skip
    """One strategy under several queues, latencies and fees; its verdict and the net of each.

    `out` gets band.parquet and band_equity.parquet (docs/band.md); the same call goes on where it
    was stopped.
    """
    return _run_study(
        _toxvol.band,
        {"queues": texts(queues), "latencies": texts(latencies), "tiers": texts(tiers)},
        **locals(),
    )


def _run_study(
    run: Callable[..., str],
    own: Mapping[str, Any],
    *,
    out: Path,
    force: bool,
    seed: int,
    resamples: int,
    unit: str,
    trials: Path | None,
    signal: Signal,
    jobs: int | None,
    ray: str | None,
    progress: Progress,
    **asked: Any,
) -> dict[str, Any]:
    """A verb from its keywords; what `--json` prints. `own` are the options that only it has, as
    the C++ side takes them."""
    with workers(ray) as found:
        told = run(
            **market_and_config(**asked),
            out=path_text(out),
            force=force,
            seed=seed,
            resamples=resamples,
            unit=unit,
            trials=path_text(trials),
            jobs=jobs or 0,
            signal=signal_argument(signal),
            ray=found,
            progress=progress,
            **own,
        )
    return json.loads(told)
