"""toxvol.stats against the contract, the numbers of an independent implementation and a second one."""

import copy
import doctest
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import plain_stats as plain
import pytest

import toxvol
from toxvol import stats

SEED = 7


@pytest.fixture(scope="module")
def r() -> np.ndarray:
    return plain.series(SEED, 0, 240, ma=0.5, mean=0.0003)


@pytest.fixture(scope="module")
def f() -> np.ndarray:
    return plain.series(SEED, 1, 240, mean=0.0005, flat=0.6)


@pytest.fixture(scope="module")
def trials() -> np.ndarray:
    return plain.matrix(SEED, 240, 12, 0.5, 0.0004)


def same(found: dict, wanted: dict) -> None:
    """Key for key, within 1e-9; integers and lists of None exactly."""
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        if value is None:
            assert found[key] is None, key
        else:
            assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-12), key


# ---- the contract

CONTRACT = {
    "moments": ("r", "m s sd skewness kurtosis n"),
    "sharpe": ("r", "sharpe se_iid lags se_nw mean_se psr psr_nw min_trl"),
    "block_length": ("r", "b length"),
    "interval": (
        "r what='mean' seed=1 stream=1 resamples=1999 method='percentile'",
        "lo hi length",
    ),
    "pair": ("a b seed=1 resamples=1999", "d length t p lo hi d_sharpe d_sharpe_lo d_sharpe_hi"),
    "dsr": (
        "matrix column=None",
        "M rho n_hat column var_z phi V sr0 dsr sr0_implied dsr_implied sr0_null dsr_null",
    ),
    "family": (
        "matrix seed=1 resamples=1999",
        "length omega t T p_lower p_consistent p_upper p_one_sided p_two_sided c95",
    ),
    "pbo": ("matrix blocks=16", "splits pbo median_lambda lambdas p_loss slope mean_in mean_out"),
    "losses": ("y f", "qlike mse"),
    "diebold_mariano": ("l1 l2 h=1", "dm hln p t_nw p_nw"),
    "mincer_zarnowitz": ("y f divided=False", "a b se_a se_b r2 w p"),
    "ratio_interval": ("num den seed=1 resamples=1999", "ratio length lo hi"),
}
PLAIN = {
    "resample": "n length b seed=1 stream=1",
    "mix": "x",
    "draw": "seed stream b k",
    "sobol": "points sizes seed=1",
    "random": "points sizes seed=1",
}


def arguments(function: object) -> str:
    found = inspect.signature(function).parameters.values()
    return " ".join(p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in found)


@pytest.mark.parametrize("name", CONTRACT)
def test_functions_have_the_arguments_and_keys_of_the_contract(name: str) -> None:
    function = getattr(stats, name)
    wanted, keys = CONTRACT[name]
    assert arguments(function) == wanted
    x = plain.series(1, 0, 50) + 1.0
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    found = function(*[np.column_stack([x, x[::-1]]) if p.name == "matrix" else x for p in needed])
    assert list(found) == keys.split()


@pytest.mark.parametrize("name", PLAIN)
def test_generators_have_the_arguments_of_the_contract(name: str) -> None:
    assert arguments(getattr(stats, name)) == PLAIN[name]


def test_it_comes_with_the_package_and_is_complete() -> None:
    assert toxvol.stats is stats
    assert set(stats.__all__) == {*CONTRACT, *PLAIN, "Mean"}
    with pytest.raises(AttributeError, match="no attribute 'statz'"):
        _ = toxvol.statz
    code = "import sys, toxvol; assert 'numpy' not in sys.modules; toxvol.stats.mix(0)"
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- the numbers of the independent implementation that its C++ tests do not see


def test_numbers_of_the_research_page(r: np.ndarray, f: np.ndarray, trials: np.ndarray) -> None:
    assert [stats.mix(x) for x in (0, 1, 7)] == [
        0xE220A8397B1DCDAF,
        0x910A2DEC89025CC1,
        0x63CBE1E459320DD7,
    ]
    assert stats.draw(SEED, 1, 2, 5) == 0x0DD765125F72FF73
    rows = stats.resample(240, 5, 1, SEED)
    assert (rows[:5], sum(rows)) == ([153, 154, 155, 156, 39], 28662)
    assert stats.sobol(3, [3, 5, 4, 7], SEED) == [[2, 2, 1, 5], [0, 0, 3, 2], [0, 3, 0, 3]]
    assert stats.random(2, [3, 5, 4, 7], SEED) == [[1, 4, 1, 0], [1, 0, 0, 2]]
    assert stats.sharpe(r)["min_trl"] == pytest.approx(43.16253139, rel=1e-9)
    assert stats.interval(r, "sharpe", SEED)["lo"] == pytest.approx(0.1218303741, rel=1e-9)
    assert stats.interval(r, seed=SEED)["hi"] == pytest.approx(0.001175846632, rel=1e-9)
    assert stats.pair(r, f, SEED)["p"] == 0.0045
    assert stats.family(trials, SEED)["p_consistent"] == 0.0585
    assert stats.dsr(trials)["dsr_null"] == pytest.approx(0.8615081645, rel=1e-9)
    assert stats.pbo(trials, 8)["pbo"] == pytest.approx(0.1857142857, rel=1e-9)


# ---- against the second implementation, on other numbers

SERIES = [
    dict(n=31, mean=0.001),
    dict(n=100, ma=0.8),
    dict(n=241, ma=-0.6, mean=-0.002),
    dict(n=300, flat=0.8, mean=0.004),
]


@pytest.mark.parametrize("seed", range(len(SERIES)))
def test_one_series_is_that_of_the_second_implementation(seed: int) -> None:
    x = plain.series(seed + 100, 3, **SERIES[seed])
    same(stats.moments(x), plain.moments(x))
    same(stats.sharpe(x), plain.sharpe(x))
    same(stats.block_length(x), plain.block_length(x))
    for what in ("mean", "sharpe"):
        same(stats.interval(x, what, seed, 9, 79), plain.interval(x, what, seed, 9, 79))
        same(stats.interval(x, what, method="fixed_b"), plain.fixed_b_interval(x, what))
    assert stats.resample(len(x), 3, 2**63, 5, 77) == plain.resample(len(x), 3, 2**63, 5, 77)


@pytest.mark.parametrize("n, m, common", [(40, 2, 0.0), (97, 5, 1.0), (130, 9, 3.0)])
def test_many_series_are_those_of_the_second_implementation(n: int, m: int, common: float) -> None:
    x = plain.matrix(n, n, m, common, 0.001)
    same(stats.family(x, 3, 199), plain.family(x, 3, 199))
    same(stats.dsr(x), plain.dsr(x))
    same(stats.dsr(x, m - 1), plain.dsr(x, m - 1))
    same(stats.pbo(x), plain.pbo(x, 16))
    same(stats.pbo(x, 6), plain.pbo(x, 6))
    same(stats.pair(x[:, 0], x[:, 1], 3, 199), plain.pair(x[:, 0], x[:, 1], 3, 199))


@pytest.mark.parametrize("n", [30, 200])
def test_forecasts_are_those_of_the_second_implementation(n: int) -> None:
    y, f1, f2 = (plain.noise(n, b, n) + 1.0 for b in range(3))
    found = stats.losses(y, f1)
    np.testing.assert_allclose(found["qlike"].each, y / f1 - np.log(y / f1) - 1, atol=1e-15)
    np.testing.assert_allclose(found["mse"].each, (y - f1) ** 2)
    assert found["mse"] == pytest.approx(np.mean((y - f1) ** 2))
    other = stats.losses(y, f2)
    for h in (1, 2, 7):
        wanted = plain.diebold_mariano(found["mse"].each, other["mse"].each, h)
        same(stats.diebold_mariano(found["mse"], other["mse"], h), wanted)
    for divided in (False, True):
        same(stats.mincer_zarnowitz(y, f1, divided), plain.mincer_zarnowitz(y, f1, divided))
    same(stats.ratio_interval(y - 1, f1, 5, 99), plain.ratio_interval(y - 1, f1, 5, 99))


# ---- what goes in


def test_arrays_are_anything_numpy_takes(r: np.ndarray, trials: np.ndarray) -> None:
    import pandas

    wanted = stats.sharpe(r)
    spread = np.zeros(480)
    spread[::2] = r
    locked = r.copy()
    locked.flags.writeable = False
    for x in (list(r), tuple(r), pandas.Series(r), spread[::2], locked, r.astype(object)):
        assert stats.sharpe(x) == wanted
    for x in (trials.tolist(), pandas.DataFrame(trials), np.asfortranarray(trials)):
        assert stats.dsr(x) == stats.dsr(trials)
    assert stats.moments([True, 2, np.float32(3)])["m"] == 2.0
    assert stats.interval(r, seed=np.int64(3), resamples=np.uint8(99)) == stats.interval(
        r, seed=3, resamples=99
    )


def test_what_cannot_be_known_is_none(r: np.ndarray) -> None:
    assert set(stats.sharpe([]).values()) == {None, 0}
    assert stats.moments([]) == dict.fromkeys(("m", "s", "sd", "skewness", "kurtosis")) | {"n": 0}
    assert stats.moments([2.0]) == {
        "m": 2.0,
        "s": 0.0,
        "sd": None,
        "skewness": None,
        "kurtosis": None,
        "n": 1,
    }
    assert stats.block_length(r[:29]) == {"b": None, "length": None}
    assert stats.block_length([0.1] * 30) == {"b": None, "length": 1}
    assert stats.interval(r[:29]) == {"lo": None, "hi": None, "length": None}
    assert stats.interval(r[:29], stream=4)["lo"] is not None
    assert stats.interval([0.1] * 30) == {"lo": None, "hi": None, "length": 1}
    assert stats.interval(r, resamples=38)["lo"] is None
    assert stats.interval(r, resamples=38, method="fixed_b")["lo"] is not None
    assert stats.interval(r[:29], method="fixed_b") == {"lo": None, "hi": None, "length": None}
    assert set(stats.diebold_mariano(r, r).values()) == {None}
    assert set(stats.mincer_zarnowitz(r[:29], r[:29]).values()) == {None}
    assert stats.losses([], []) == {"qlike": None, "mse": None}
    for x in (np.empty((0, 3)), np.empty((3, 0)), r[:29, None], np.ones((50, 2))):
        found = stats.family(x)
        assert found.pop("omega") == [None] * x.shape[1]
        assert {str(value) for value in found.values()} <= {"None", str([None] * x.shape[1])}
    assert set(stats.pbo(r[:, None]).values()) == {None}
    assert set(stats.pbo(np.ones((39, 2))).values()) == {None}
    none = stats.dsr(np.ones((50, 2)))
    assert none.pop("M") == 0
    assert set(none.values()) == {None}
    one = stats.dsr(r[:, None])
    assert (one["M"], one["rho"], one["n_hat"], one["var_z"]) == (1, None, 1.0, None)
    assert one["dsr_null"] == one["dsr"] == stats.sharpe(r)["psr"]
    equal = stats.pair(r, r)
    assert (equal["d"], equal["p"], equal["lo"], equal["length"]) == (0.0, None, None, 1)
    assert stats.sobol(0, [2]) == stats.random(0, [2]) == []


X = [0.1, 0.2, 0.3]
WRONG = [
    (lambda: stats.sharpe([0.1, float("nan")]), "r[1] is nan: leave it out or fill it in"),
    (lambda: stats.sharpe([0.1, None]), "r[1] is nan: leave it out or fill it in"),
    (
        lambda: stats.family([[0.1, 0.2], [-np.inf, 0.3]]),
        "matrix[1, 0] is -inf: leave it out or fill it in",
    ),
    (lambda: stats.sharpe([[1.0, 2.0]]), "r has shape (1, 2): a series has one dimension"),
    (lambda: stats.sharpe(3.0), "r has shape (): a series has one dimension"),
    (lambda: stats.family(X), "matrix has shape (3,): rows are time and columns are series"),
    (lambda: stats.family([[1.0, 2.0], [3.0]]), "matrix: no array of numbers, every row as long"),
    (lambda: stats.sharpe("abc"), "r: no array of numbers"),
    (lambda: stats.pair(X, X[:2]), "a has 3 numbers and b 2: one each for the same times"),
    (lambda: stats.interval(X, "median"), "what 'median': mean or sharpe"),
    (lambda: stats.interval(X, method="bca"), "method 'bca': percentile or fixed_b"),
    (lambda: stats.interval(X, resamples=0), "resamples 0: from 1 to"),
    (lambda: stats.interval(X, seed=-1), "seed -1: from 0 to 18446744073709551615"),
    (lambda: stats.interval(X, seed=1.5), "seed 1.5: a whole number"),
    (lambda: stats.dsr([X], 3), "column 3: from 0 to 2"),
    (lambda: stats.dsr([X], -1), "column -1: from 0 to 2"),
    (lambda: stats.pbo([X], 7), "blocks 7: an even number"),
    (lambda: stats.pbo([X], 2), "blocks 2: from 4 to 24"),
    (lambda: stats.resample(0, 1, 0), "n 0: from 1 to"),
    (lambda: stats.resample(5, 0, 0), "length 0: from 1 to"),
    (lambda: stats.mix(2**64), "x 18446744073709551616: from 0 to"),
    (lambda: stats.losses(X, [1.0, 0.0, 1.0]), "f[1] is 0.0: a forecast of a variance is above 0"),
    (lambda: stats.losses([1.0, -2.0, 1.0], X), "y[1] is -2.0: a variance is above 0"),
    (lambda: stats.mincer_zarnowitz(X, [0.0, 1.0, 1.0], divided=True), "f[0] is 0.0: y is divided"),
    (lambda: stats.diebold_mariano(X, X, 3), "h 3: from 1 to 2"),
    (lambda: stats.sobol(4, [2] * 17), "sizes has 17 axes: at most 16"),
    (lambda: stats.sobol(4, [2, 0]), "sizes[1] 0: from 1 to"),
    (lambda: stats.random(4, 3), "sizes 3: a list of whole numbers, one an axis"),
    (lambda: stats.Mean([]), "each is empty"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_bad_input_is_one_line(number: int) -> None:
    call, text = WRONG[number]
    with pytest.raises(toxvol.UsageError) as caught:
        call()
    assert str(caught.value).startswith(text)
    assert "\n" not in str(caught.value)


def test_a_mean_keeps_its_series() -> None:
    mean = stats.Mean([1.0, 2.0, 6.0])
    assert mean == 3.0 and isinstance(mean, float)
    for copied in (copy.deepcopy(mean), pickle.loads(pickle.dumps(mean))):
        assert copied == 3.0
        assert list(copied.each) == [1.0, 2.0, 6.0]


def test_the_page_tells_what_the_functions_give(source: Path) -> None:
    page = source / "docs/statistics.md"
    result = doctest.testfile(str(page), module_relative=False)
    assert result.attempted > 20 and result.failed == 0
    text = page.read_text(encoding="utf-8")
    for name in {*CONTRACT, *PLAIN}:
        assert f"stats.{name}(" in text, name
