"""Points that other processes run, with the C++ side of it alone: no Ray is needed."""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import toxvol
from toxvol import _studies, _toxvol

POINTS = 6


class Workers:
    """Three that work in this process and give back the last batch first."""

    def __init__(self) -> None:
        self.handed_out: list[list[int]] = []
        self.told: tuple[str, str, str] = ("", "", "")
        self._out: list[tuple[int, list[int]]] = []

    def count(self) -> int:
        return 3

    def hand_out(
        self, study: str, circumstances: str, study_id: str, batches: Sequence[Sequence[int]]
    ) -> None:
        self.told = (study, circumstances, study_id)
        self._out = [(place, list(points)) for place, points in enumerate(batches)]
        self.handed_out += [points for _, points in self._out]

    def take(self) -> list[tuple[int, list[tuple[int, str, str]], str]]:
        place, points = self._out.pop()
        return [(place, *self.run(points))]

    def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
        return _toxvol.study_part(*self.told, points)


Sweep = Callable[..., dict[str, Any]]


@pytest.fixture
def sweep(catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    design = tmp_path / "design.toml"
    design.write_text(
        f'design = "sobol"\npoints = {POINTS}\n'
        '[[axis]]\nkey = "exit.k_stop"\nvalues = [2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5]\n'
        '[[axis]]\nkey = "exit.k_tp"\nvalues = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5]\n'
    )

    def run(out: str, workers: Workers | None, **more: Any) -> dict[str, Any]:
        @contextlib.contextmanager
        def found(address: str | None) -> Iterator[Workers | None]:
            yield workers

        monkeypatch.setattr(_studies, "workers", found)
        return toxvol.sweep(
            design=design,
            catalog=catalog,
            out=tmp_path / out,
            trials=tmp_path / f"{out}-trials",
            resamples=99,
            **{"preset": "short", **more},
        )

    return run


def ids(log: Path) -> list[str]:
    return [json.loads(line)["id"] for line in log.read_text().splitlines()]


def test_batches_are_kept_in_the_order_in_which_they_were_handed_out(
    sweep: Sweep, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    told = sweep("alone", None)
    workers = Workers()
    there = sweep("there", workers, progress=lambda *at: seen.append(at[:3]))
    assert (told["ok"], there["ok"], there["verdict"]) == (POINTS, POINTS, told["verdict"])
    assert workers.handed_out == [[i] for i in range(POINTS)], "two for each worker"
    assert ids(tmp_path / "there-trials") == ids(tmp_path / "alone-trials")
    for name in ("sweep.parquet", "study.json", "design.json"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    assert ("points", 0, POINTS) in seen


def test_points_that_fail_elsewhere_are_tried_once_more_alone(sweep: Sweep) -> None:
    class Hiccup(Workers):
        def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
            tries = sum(batch == points for batch in self.handed_out)
            if points == [2] or (points == [4] and tries == 1):
                return [], "a disk is full"
            return super().run(points)

    workers = Hiccup()
    with pytest.warns(UserWarning) as told:
        done = sweep("out", workers)
    assert (done["ok"], done["failed"]) == (POINTS - 1, 1)
    assert workers.handed_out[POINTS:] == [[2], [4]]
    lines = [str(one.message) for one in told]
    assert "point 4: a disk is full; it is tried once more" in lines
    assert "point 2 failed: a disk is full" in lines


def test_a_point_that_nobody_asked_for_is_refused(sweep: Sweep, tmp_path: Path) -> None:
    class Wrong(Workers):
        def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
            return super().run([(points[0] + 1) % POINTS])

    with pytest.raises(toxvol.Error, match="a worker gave point 1, which it was not asked for"):
        sweep("out", Wrong())
    assert [path.name for path in (tmp_path / "out" / "points").iterdir()] == ["id"]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda study: study | {"from": "2024-01-01T06:00"}, 'where the study has "window BTC'),
        (lambda study: study | {"seed": 2}, "makes another study of the same request"),
        (lambda study: study | {"catalog": "/nowhere"}, "/nowhere: no such folder"),
    ],
)
def test_a_worker_that_sees_another_study_is_refused(
    change: Callable[[dict[str, Any]], dict[str, Any]], wanted: str, sweep: Sweep
) -> None:
    class Other(Workers):
        def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
            study, *rest = self.told
            return _toxvol.study_part(json.dumps(change(json.loads(study))), *rest, points)

    with pytest.raises(toxvol.Error, match=wanted):
        sweep("out", Other())


def test_a_worker_that_read_other_rows_is_noticed(sweep: Sweep) -> None:
    class Other(Workers):
        def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
            done, failure = super().run(points)
            if points == [3]:
                [(number, line, text)] = done
                read = json.loads(line)["inputs"]
                done = [(number, line.replace(read, "0" * len(read)), text)]
            return done, failure

    with pytest.raises(toxvol.Error, match="point 3 was run on other rows than point 0: a catalog"):
        sweep("out", Other())


def test_design_and_configuration_travel_as_text(sweep: Sweep, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(_toxvol.config_show("short", []))

    class Away(Workers):
        def run(self, points: list[int]) -> tuple[list[tuple[int, str, str]], str]:
            for path in (config, tmp_path / "design.toml"):
                path.unlink(missing_ok=True)
            return super().run(points)

    assert sweep("out", Away(), preset=None, config=config)["ok"] == POINTS


def test_an_exception_of_the_workers_ends_the_study(sweep: Sweep) -> None:
    class Broken(Workers):
        def take(self) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep("out", Broken())
    assert sweep("out", Workers())["ok"] == POINTS
