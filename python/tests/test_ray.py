"""Studies on several Ray nodes of this machine: docs/scale.md."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import synthesize

import toxvol
from toxvol import _ray, _toxvol

ray = pytest.importorskip("ray", reason="ray is not installed: pip install 'toxvol[ray]'")
from ray.cluster_utils import Cluster  # noqa: E402

# A lost node is noticed within a second, not within fifteen.
QUICK = {
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 300,
    "health_check_failure_threshold": 3,
}


NODE = {"num_cpus": 1, "object_store_memory": 80 << 20}
HEAD = NODE | {"include_dashboard": False, "_system_config": QUICK}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A head and another node, of one processor each."""
    found = Cluster(initialize_head=True, head_node_args=HEAD)
    found.add_node(**NODE)
    found.wait_for_nodes()
    yield found
    disconnect()
    found.shutdown()


def disconnect() -> None:
    """A reference that another thread frees while Ray shuts down ends the process."""
    gc.collect()
    ray.shutdown()


@pytest.fixture(scope="module")
def log(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial log with one line, so that all that follow begin at the same time."""
    folder = tmp_path_factory.mktemp("trials")
    toxvol.backtest(catalog=catalog, preset="short", out=folder / "run", trials=folder / "begun")
    return folder / "begun"


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("design") / "design.toml"
    path.write_text(
        'design = "grid"\n'
        '[[axis]]\nkey = "alpha_a.compression"\nvalues = [0.5, 0.6, 0.7, 0.8]\n'
        '[[axis]]\nkey = "exit.k_stop"\nvalues = [2.0, 2.5, 3.0]\n'
        '[[axis]]\nkey = "size.risk_bp"\nvalues = [5.0, 10.0]\n'
        '[walkforward]\ntrain = "6h"\ntest = "4h"\npurge = "1h"\nmin_positions = 1\n'
    )
    return path


Studies = Callable[..., dict[str, bytes]]


@pytest.fixture
def study(catalog: Path, log: Path, tmp_path: Path) -> Studies:
    """Runs a study and gives the files that it leaves, all under the same path each time."""

    def run(verb: Callable[..., dict[str, Any]], **more: Any) -> dict[str, bytes]:
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        (work / "trials").write_bytes(log.read_bytes())
        told = verb(
            catalog=catalog,
            preset="short",
            out=work / "out",
            trials=work / "trials",
            resamples=99,
            **more,
        )
        assert told["failed"] == 0
        left = files_of(work / "out") | {"trials": lines_of(work / "trials")}
        work.rename(tmp_path / f"work-{time.monotonic_ns()}")
        return left

    return run


def files_of(folder: Path) -> dict[str, bytes]:
    """timing.json of a run tells the time that it took."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timing.json"
    }


def lines_of(log: Path) -> bytes:
    """A trial log without the times at which its lines were written."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return json.dumps(
        [{k: v for k, v in line.items() if k not in ("at", "x")} for line in lines]
    ).encode()


@pytest.fixture
def connected(cluster: Cluster) -> Iterator[None]:
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    yield
    disconnect()


def spied(monkeypatch: pytest.MonkeyPatch, before: Callable[[Any, list[int]], Any]) -> None:
    """Has each task do `before(shared, points)` first, which gives what the task is told."""
    inner = _ray._task()

    def run_points(shared: Any, points: list[int]) -> Any:
        return inner(before(shared, points), points)

    monkeypatch.setattr(_ray, "_task", lambda: run_points)


@pytest.mark.parametrize("verb", ["ablation", "sweep", "walkforward", "band"])
def test_a_study_leaves_the_same_bytes_with_ray_as_without(
    verb: str, connected: None, study: Studies, design: Path
) -> None:
    more: dict[str, Any] = {}
    if verb in ("sweep", "walkforward"):
        more = {"design": design}
    if verb == "ablation":
        more = {"groups": ["alpha", "exit"]}
    run = getattr(toxvol, verb)
    alone = study(run, **more)
    assert study(run, ray="auto", **more) == alone
    wanted = {"sweep": 4, "ablation": 5, "band": 5, "walkforward": 5}
    assert len(alone) >= wanted[verb] and any(name.endswith(".parquet") for name in alone)


def test_a_users_own_signal_travels_with_the_tasks(
    connected: None, study: Studies, tmp_path: Path
) -> None:
    design = tmp_path / "stops.toml"
    design.write_text('design = "grid"\n[[axis]]\nkey = "exit.k_stop"\nvalues = [2.0, 3.0]\n')
    asked = []

    def idea(row: dict[str, Any]) -> int:
        asked.append(row["ts"])
        return 1 if len(asked) % 7 == 0 else 0

    alone = study(toxvol.sweep, design=design, signal=idea)
    asked.clear()
    assert study(toxvol.sweep, design=design, signal=idea, ray="auto") == alone
    assert asked and "signal.parquet" in alone


def test_a_node_that_is_killed_is_made_up_for(
    cluster: Cluster,
    study: Studies,
    design: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = study(toxvol.sweep, design=design)
    lost = cluster.add_node(**NODE)
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    started = tmp_path / "started"
    mark, doomed = str(started), lost.node_id

    def before(shared: Any, points: list[int]) -> Any:
        import time

        import ray

        with open(mark, "a") as file:
            node = ray.get_runtime_context().get_node_id()
            print(node, *points, file=file)
        if node == doomed:
            time.sleep(600)
        return shared

    spied(monkeypatch, before)
    killed = []

    def watch(stage: str, done: int, total: int, rows: int) -> None:
        if not killed and started.exists() and doomed in started.read_text():
            killed.append(done)
            cluster.remove_node(lost, allow_graceful=False)

    try:
        assert study(toxvol.sweep, design=design, ray="auto", progress=watch) == alone
    finally:
        disconnect()
    assert killed
    runs = [line.split() for line in started.read_text().splitlines()]
    [of_lost, *_] = [points for node, *points in runs if node == doomed]
    assert of_lost in [points for node, *points in runs if node != doomed]


class Command:
    """`toxvol sweep --ray` as a process of its own."""

    def __init__(self, design: Path, catalog: Path, work: Path, log: Path) -> None:
        work.mkdir()
        (work / "trials").write_bytes(log.read_bytes())
        self.out = work / "out"
        self._trials = work / "trials"
        self._line = [
            *("toxvol", "sweep", design, "--catalog", catalog, "--preset", "short"),
            *("--out", self.out, "--trials", self._trials, "--resamples", "99", "--ray"),
        ]

    def start(self, address: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([*map(str, self._line), address], stderr=subprocess.PIPE, text=True)

    def kept(self) -> set[str]:
        return {path.name for path in (self.out / "points").glob("0?????")}

    def start_and_wait_for_points(self, address: str) -> "subprocess.Popen[str]":
        driver = self.start(address)
        while not self.kept() and driver.poll() is None:
            time.sleep(0.002)
        return driver

    def goes_on(self, address: str, alone: dict[str, bytes]) -> None:
        """It computes what is not there, and ends in what the same study left without Ray."""
        assert not (self.out / "study.json").exists(), "it was stopped too late"
        kept = len(self.kept())
        again = self.start(address)
        _, said = again.communicate(timeout=120)
        assert again.returncode == 0, said
        assert f"{kept} of 24 points were done before" in said
        # A batch enters the trial log before its points are kept, so its lines may be there twice.
        left = files_of(self.out)
        for files in (left, alone):
            files["trials.json"] = re.sub(rb'"lines": \d+', b"", files["trials.json"])
        assert left == {name: text for name, text in alone.items() if name != "trials"}


@pytest.fixture
def command(design: Path, catalog: Path, tmp_path: Path, log: Path) -> Callable[[], Command]:
    """The path is that of `study`, for trials.json has the log's."""
    return lambda: Command(design, catalog, tmp_path / "work", log)


def test_a_killed_command_goes_on_where_it_was(
    cluster: Cluster, study: Studies, design: Path, command: Callable[[], Command]
) -> None:
    alone = study(toxvol.sweep, design=design)
    sweep = command()
    driver = sweep.start_and_wait_for_points(cluster.address)
    driver.kill()
    driver.communicate()
    sweep.goes_on(cluster.address, alone)


def test_the_loss_of_the_head_is_one_line_and_the_same_command_goes_on(
    cluster: Cluster, study: Studies, design: Path, command: Callable[[], Command]
) -> None:
    alone = study(toxvol.sweep, design=design)
    mortal = Cluster(initialize_head=True, head_node_args=HEAD)
    sweep = command()
    try:
        driver = sweep.start_and_wait_for_points(mortal.address)
        for started in mortal.head_node.all_processes.values():
            for one in started:
                one.process.kill()
        _, said = driver.communicate(timeout=120)
    finally:
        mortal.shutdown()
    assert driver.returncode == 1
    assert re.search(
        r"^toxvol: --ray .*: the cluster is gone: .*; what was finished is kept", said, re.M
    )
    assert "Traceback" not in said
    sweep.goes_on(cluster.address, alone)


def test_ctrl_c_ends_the_command(
    cluster: Cluster, ctrl_c: None, command: Callable[[], Command]
) -> None:
    sweep = command()
    driver = sweep.start_and_wait_for_points(cluster.address)
    driver.send_signal(signal.SIGINT)
    _, said = driver.communicate(timeout=120)
    assert driver.returncode == 130
    assert "run the same command to go on" in said and "Traceback" not in said


def test_what_is_given_up_begins_nothing_more(
    connected: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is cancelled, which now and then ended the process: see Workers.close."""
    begun = tmp_path / "begun"
    mark = str(begun)

    def run_points(shared: Any, points: list[int]) -> Any:
        import time

        with open(mark, "a") as file:
            print(*points, file=file)
        time.sleep(0.2)
        return "done", ([(points[0], "", "")], "")

    monkeypatch.setattr(_ray, "_task", lambda: run_points)
    monkeypatch.setattr(ray, "cancel", lambda *_, **__: pytest.fail("cancelled"))
    workers = _ray.Workers("auto")
    workers.hand_out("", "", "", [[point] for point in range(20)])
    returned: list[_ray.Batch] = []
    while not returned:
        returned += workers.take()
    workers.close()
    time.sleep(1)
    assert [points for _, points, _ in returned] == [[(place, "", "")] for place, *_ in returned]
    assert len(begun.read_text().splitlines()) <= len(returned) + 2 * 2  # of two processors
    assert ray.is_initialized(), "it was the caller's"


def fake(folder: Path, module: str) -> str:
    """A toxvol that a worker finds before its own."""
    (folder / "toxvol").mkdir(parents=True)
    (folder / "toxvol" / "__init__.py").write_text("from toxvol import _toxvol\n")
    (folder / "toxvol" / "_toxvol.py").write_text(module)
    return str(folder)


@pytest.mark.parametrize(
    ("module", "wanted"),
    [
        (
            "__version__ = '0.0.9'\ndef commit(): return 'abc'\n",
            r"has toxvol 0\.0\.9 \(abc\), this",
        ),
        ("raise ImportError('none')\n", r"has no toxvol \(.*\); install toxvol"),
    ],
)
def test_a_worker_with_another_toxvol_is_refused(
    module: str, wanted: str, cluster: Cluster, study: Studies, design: Path, tmp_path: Path
) -> None:
    path = fake(tmp_path / "other", module)
    ray.init(
        address=cluster.address,
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": {"PYTHONPATH": path}},
    )
    try:
        with pytest.raises(toxvol.Error, match=f"ray=auto: a worker on .* {wanted}") as caught:
            study(toxvol.sweep, design=design, ray="auto")
        assert "\n" not in str(caught.value)
    finally:
        disconnect()


def test_a_worker_with_other_data_is_refused(
    connected: None,
    study: Studies,
    design: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other"
    toxvol.ingest(synthesize(other / "raw", seed=8), catalog=other / "catalog")
    for path, wanted in (
        (
            other / "catalog",
            'sees other data than the study: ".*" where the study has ".*"; give all',
        ),
        (other / "nowhere", ".*nowhere: no such folder"),
    ):

        def before(shared: Any, points: list[int], path: Path = path) -> Any:
            import json

            study, *rest = shared
            return json.dumps(json.loads(study) | {"catalog": str(path)}), *rest

        with monkeypatch.context() as patched:
            spied(patched, before)
            with pytest.raises(toxvol.Error, match=f"ray=auto: a worker on .*: {wanted}") as caught:
                study(toxvol.sweep, design=design, ray="auto")
        assert "\n" not in str(caught.value)
        points = tmp_path / "work" / "out" / "points"
        assert [path.name for path in points.iterdir()] == ["id"], "nothing of it was kept"


def test_what_cannot_run_elsewhere_is_said(
    catalog: Path, market: Path, design: Path, tmp_path: Path
) -> None:
    with pytest.raises(toxvol.UsageError, match="ray=.*: workers share a catalog"):
        toxvol.sweep(design=design, raw=market, preset="short", out=tmp_path / "raw", ray="local")
    with pytest.raises(toxvol.UsageError, match="ray=.*: a signal that is fitted in each fold"):
        toxvol.walkforward(
            catalog=catalog,
            preset="short",
            out=tmp_path / "fit",
            signal=lambda rows: lambda row: 0,
            ray="local",
        )
    with pytest.raises(
        toxvol.UsageError, match="ray=127.0.0.1:1: no such cluster: .*; local, auto"
    ):
        toxvol.sweep(
            design=design, catalog=catalog, preset="short", out=tmp_path / "no", ray="127.0.0.1:1"
        )


def test_without_ray_the_command_says_what_to_install(
    catalog: Path, design: Path, tmp_path: Path
) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError\n")
    said = subprocess.run(
        [
            *(sys.executable, "-m", "toxvol", "sweep", str(design), "--catalog", str(catalog)),
            *("--preset", "short", "--out", str(tmp_path / "out"), "--ray", "local"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert said.returncode == 1
    assert said.stderr.endswith("--ray local: Ray is not installed; pip install 'toxvol[ray]'\n")


def test_a_part_of_another_study_is_refused() -> None:
    assert "study_id" in (_toxvol.study_part.__doc__ or "")
