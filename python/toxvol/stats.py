"""Was it skill? Sharpe ratios with honest errors, and tests that count how often one looked.

Useful alone: nothing here needs a run. A series is anything NumPy takes as one dimension, a matrix
anything of two: rows are time, columns are series (variants, strategies). Returns are those of one
unit of time, hours say, as fractions (0.001 is ten basis points); nothing is annualised. A result
is a dict of plain numbers and lists; what cannot be known is None: too few rows, no spread. The same
seed gives the same numbers on every machine. Not finite, ragged or unequal arrays and arguments out
of range raise `toxvol.UsageError`, a ValueError. Every function with an example: docs/statistics.md
"""

import operator as _operator
from collections.abc import Sequence as _Sequence
from typing import Any as _Any

import numpy as _np
from numpy.typing import ArrayLike as _ArrayLike

from toxvol import _toxvol
from toxvol._errors import UsageError as _UsageError

__all__ = [
    "Mean",
    "block_length",
    "diebold_mariano",
    "draw",
    "dsr",
    "family",
    "interval",
    "losses",
    "mincer_zarnowitz",
    "mix",
    "moments",
    "pair",
    "pbo",
    "random",
    "ratio_interval",
    "resample",
    "sharpe",
    "sobol",
]

_Result = dict[str, _Any]
_WORD = 2**64 - 1
_INDICES = 2**32 - 1
#: Drawing the rows of a resample takes longer than adding them up; 128 MiB at most.
_ROWS = _toxvol.StatsRowCache()


class Mean(float):
    """The mean of a series, and the series: `each`, an array."""

    each: _np.ndarray

    def __new__(cls, each: _ArrayLike) -> "Mean":
        series = _series("each", each)
        if series.size == 0:
            raise _UsageError("each is empty: a mean is of one number at least")
        mean = super().__new__(cls, _toxvol.stats_moments(series)["m"])
        mean.each = series
        return mean

    def __getnewargs__(self) -> tuple[_np.ndarray]:
        return (self.each,)


def moments(r: _ArrayLike) -> _Result:
    """Mean and shape of a series.

    m mean, s deviation with n, sd deviation with n − 1, skewness and raw kurtosis (3 for a normal)
    of the population, n. In units of r. Without spread there is no skewness and no kurtosis.
    """
    return _toxvol.stats_moments(_series("r", r))


def sharpe(r: _ArrayLike) -> _Result:
    """The Sharpe ratio of a series of returns, and how far it can be trusted.

    sharpe m/sd; se_iid its error if returns were independent (Mertens 2002); se_nw with `lags` of
    dependence (Lo 2002; Ledoit & Wolf 2008; Newey & West 1987); mean_se that of the mean; psr the
    probability that the true ratio is above 0 (Bailey & López de Prado 2012), psr_nw the same from
    se_nw; min_trl how many returns it takes to say so at 95 %, None for a ratio not above 0.
    """
    return _toxvol.stats_sharpe(_series("r", r))


def block_length(r: _ArrayLike) -> _Result:
    """How long the blocks of a bootstrap of r should be.

    b as estimated, length as used: the next whole number (Politis & White 2004, corrected by
    Patton, Politis & White 2009). Both None below 30 numbers; without spread b is None, length 1.
    """
    return _toxvol.stats_block_length(_series("r", r))


def resample(n: int, length: int, b: int, seed: int = 1, stream: int = 1) -> list[int]:
    """The b-th resample of n rows: n indices in [0, n), in blocks of mean length `length`.

    The stationary bootstrap (Politis & Romano 1994). Depends on the arguments alone, so any row can
    be had without those before it.
    """
    return _toxvol.stats_resample(
        n=_whole("n", n, 1, _INDICES),
        length=_whole("length", length, 1, 2**63 - 1),
        b=_whole("b", b, 0, _WORD),
        seed=_whole("seed", seed, 0, _WORD),
        stream=_whole("stream", stream, 0, _WORD),
    )


def interval(
    r: _ArrayLike,
    what: str = "mean",
    seed: int = 1,
    stream: int = 1,
    resamples: int = 1999,
    method: str = "percentile",
) -> _Result:
    """Where the mean (or what="sharpe": the Sharpe ratio) of a series may lie, at 95 %.

    lo and hi by resampling blocks of mean length `length`, percentiles. None below 30 numbers
    (below 10 with stream=4, which is for closed positions), without spread, and below 39 resamples.

    method="fixed_b" resamples nothing: lo and hi are as far from the figure as its Newey–West error
    over `length` = ⌈1.3√n⌉ lags and the critical value for that many allow (Lazarus, Lewis, Stock &
    Watson 2018; Kiefer & Vogelsang 2005). Take it for returns after costs: docs/truth.md.
    """
    if what not in ("mean", "sharpe"):
        raise _UsageError(f"what {what!r}: mean or sharpe")
    if method not in ("percentile", "fixed_b"):
        raise _UsageError(f"method {method!r}: percentile or fixed_b")
    return _toxvol.stats_interval(
        r=_series("r", r),
        of_sharpe=what == "sharpe",
        seed=_whole("seed", seed, 0, _WORD),
        stream=_whole("stream", stream, 0, _WORD),
        resamples=_resamples(resamples),
        fixed_b=method == "fixed_b",
        cache=_ROWS,
    )


def pair(a: _ArrayLike, b: _ArrayLike, seed: int = 1, resamples: int = 1999) -> _Result:
    """Is b better than a? Two series of returns over the same times.

    d mean of b − a with lo and hi (95 %), its t and the two-sided p by the bootstrap (Romano & Wolf
    2005); d_sharpe the difference of the Sharpe ratios, d_sharpe_lo and d_sharpe_hi from the same
    resampled rows. Two equal series: d is 0 and p None.
    """
    first, second = _together("a", a, "b", b)
    return _toxvol.stats_pair(
        a=first,
        b=second,
        seed=_whole("seed", seed, 0, _WORD),
        resamples=_resamples(resamples),
        cache=_ROWS,
    )


def dsr(matrix: _ArrayLike, column: int | None = None) -> _Result:
    """The deflated Sharpe ratio: the best of M tries, or `column`, against luck.

    Columns are all the variants that were tried. M those with spread; rho their mean pairwise
    correlation; n_hat as how many different ones they count; column the one judged. Three
    benchmarks, each with the probability that the true ratio is above it: sr0_null and dsr_null,
    the best of M tries without skill, correlated as these are (the one to decide by); sr0 and dsr,
    the paper's (Bailey & López de Prado 2014), whose V also holds differences that are no luck;
    sr0_implied and dsr_implied, of n_hat tries: flatters, never first. var_z is the variance of
    sharpe·√(n − 1) over the tries, phi the least that luck would make of it, V the greater one over
    n − 1.
    """
    values = _matrix("matrix", matrix)
    if column is not None:
        if values.shape[1] == 0:
            raise _UsageError(f"column {column}: the matrix has no column")
        column = _whole("column", column, 0, values.shape[1] - 1)
    return _toxvol.stats_dsr(values, column)


def family(matrix: _ArrayLike, seed: int = 1, resamples: int = 1999) -> _Result:
    """Does any of many series earn, and which, having looked at all of them?

    Columns are differences to one benchmark (returns themselves: against 0). length the common mean
    block; omega and t = √n·mean/omega of each column; T the largest t, 0 at least; p_lower,
    p_consistent, p_upper Hansen's (2005) test that the best is luck: read p_consistent. p_one_sided
    and p_two_sided, a column each: Romano & Wolf's (2005, 2016) stepdown, already adjusted for all
    columns. mean ± c95·omega/√n holds for all at once. Columns without spread are left out: None in
    their places. All is None below 30 rows.
    """
    return _toxvol.stats_family(
        differences=_matrix("matrix", matrix),
        seed=_whole("seed", seed, 0, _WORD),
        resamples=_resamples(resamples),
        cache=_ROWS,
    )


def pbo(matrix: _ArrayLike, blocks: int = 16) -> _Result:
    """The probability of backtest overfitting: is the best in one half best in the other?

    Columns are returns of all the variants that one chose from. Every way to split `blocks` (even,
    4 to 24; fewer where they would hold less than 10 rows) blocks of time into halves: the best
    column of one half is ranked on the other; lambdas is ln(r/(M + 1 − r)) of each, pbo the share
    where it is not above the middle. p_loss share with a ratio below 0; slope of its Sharpe ratio
    out of sample on that in sample; mean_in, mean_out both means. (Bailey, Borwein, López de Prado
    & Zhu 2017.) None below 40 rows or two columns.
    """
    count = _whole("blocks", blocks, _toxvol.STATS_LEAST_BLOCKS, _toxvol.STATS_MOST_BLOCKS)
    if count % 2 != 0:
        raise _UsageError(f"blocks {count}: an even number, so that there are halves")
    return _toxvol.stats_pbo(_matrix("matrix", matrix), count)


def losses(y: _ArrayLike, f: _ArrayLike) -> _Result:
    """How wrong variance forecasts f were about the outcomes y, both above 0.

    qlike y/f − ln(y/f) − 1 and mse (y − f)² (Patton 2011): means over the outcomes, each a `Mean`,
    which keeps the single losses for `diebold_mariano`. None without outcomes.
    """
    outcomes, forecasts = _together("y", y, "f", f)
    _all_but("y", outcomes, outcomes <= 0, "a variance is above 0")
    _all_but("f", forecasts, forecasts <= 0, "a forecast of a variance is above 0")
    found = _toxvol.stats_losses(outcomes, forecasts)
    return {name: Mean(each) if each else None for name, each in found.items()}


def diebold_mariano(l1: _ArrayLike, l2: _ArrayLike, h: int = 1) -> _Result:
    """Does one forecast lose more than another? Above 0: the first does.

    l1 and l2 are losses of two forecasts of the same outcomes, an array each or what `losses`
    gives; h how many outcomes overlap (1: none). dm mean of l1 − l2 over its error (Diebold &
    Mariano 1995); hln the same corrected for few outcomes (Harvey, Leybourne & Newbold 1997), with
    p two-sided; t_nw and p_nw with Newey–West errors instead, because losses persist. None below
    30 losses or where they never differ.
    """
    first, second = _together("l1", l1, "l2", l2)
    return _toxvol.stats_diebold_mariano(first, second, _whole("h", h, 1, max(first.size - 1, 1)))


def mincer_zarnowitz(y: _ArrayLike, f: _ArrayLike, divided: bool = False) -> _Result:
    """Is a forecast right on average, whatever its level? y = a + b·f with a = 0, b = 1.

    divided: y/f = a/f + b, so that large variances do not decide alone. a, b with Newey–West errors
    se_a, se_b; r2 of what stands on the left; w Wald's statistic of a = 0 and b = 1, p its
    probability (Mincer & Zarnowitz 1969). None below 30 outcomes.
    """
    outcomes, forecasts = _together("y", y, "f", f)
    if divided:
        _all_but("f", forecasts, forecasts == 0, "y is divided by it")
    return _toxvol.stats_mincer_zarnowitz(outcomes, forecasts, bool(divided))


def ratio_interval(
    num: _ArrayLike, den: _ArrayLike, seed: int = 1, resamples: int = 1999
) -> _Result:
    """Σnum/Σden over positions in their order, and where it may lie at 95 %.

    Profit over turnover is the fee at which a strategy breaks even. Blocks of mean length `length`
    (that of num). lo and hi are None below 10 positions and where a resample has nothing to divide
    by.
    """
    numerator, denominator = _together("num", num, "den", den)
    return _toxvol.stats_ratio_interval(
        numerator=numerator,
        denominator=denominator,
        seed=_whole("seed", seed, 0, _WORD),
        resamples=_resamples(resamples),
        cache=_ROWS,
    )


def mix(x: int) -> int:
    """A well mixed word of 64 bits from another (splitmix64; Steele, Lea & Flood 2014)."""
    return _toxvol.stats_mix(_whole("x", x, 0, _WORD))


def draw(seed: int, stream: int, b: int, k: int) -> int:
    """The k-th random word of row b, of 64 bits: a function of its four numbers."""
    return _toxvol.stats_draw(
        seed=_whole("seed", seed, 0, _WORD),
        stream=_whole("stream", stream, 0, _WORD),
        b=_whole("b", b, 0, _WORD),
        k=_whole("k", k, 0, _WORD),
    )


def sobol(points: int, sizes: _Sequence[int], seed: int = 1) -> list[list[int]]:
    """Points that fill a space of lists evenly: for each point, a place in each list.

    sizes is how long each list is, up to 16 of them. Sobol's sequence from its first point (Joe &
    Kuo 2008), each axis shifted by a random word of the seed.
    """
    axes = _sizes(sizes)
    if len(axes) > _toxvol.STATS_MOST_SOBOL_AXES:
        raise _UsageError(
            f"sizes has {len(axes)} axes: at most {_toxvol.STATS_MOST_SOBOL_AXES}; random has more"
        )
    return _toxvol.stats_sobol(
        _whole("points", points, 0, 2**32), axes, _whole("seed", seed, 0, _WORD)
    )


def random(points: int, sizes: _Sequence[int], seed: int = 1) -> list[list[int]]:
    """Points drawn one by one from a space of lists: for each point, a place in each list."""
    return _toxvol.stats_random(
        _whole("points", points, 0, 2**32), _sizes(sizes), _whole("seed", seed, 0, _WORD)
    )


def _array(name: str, values: _ArrayLike) -> _np.ndarray:
    """Finite doubles, one row after another in memory."""
    try:
        array = _np.asarray(getattr(values, "each", values), dtype=_np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise _UsageError(
            f"{name}: no array of numbers, every row as long as the first ({error})"
        ) from None
    _all_but(name, array, ~_np.isfinite(array), "leave it out or fill it in")
    return array


def _all_but(name: str, array: _np.ndarray, wrong: _np.ndarray, remedy: str) -> None:
    if wrong.any():
        place = tuple(int(i) for i in _np.argwhere(wrong)[0])
        at = ", ".join(str(i) for i in place)
        raise _UsageError(f"{name}[{at}] is {array[place]}: {remedy}")


def _series(name: str, values: _ArrayLike) -> _np.ndarray:
    array = _array(name, values)
    if array.ndim != 1:
        raise _UsageError(f"{name} has shape {array.shape}: a series has one dimension")
    return array


def _matrix(name: str, values: _ArrayLike) -> _np.ndarray:
    array = _array(name, values)
    if array.ndim != 2:
        raise _UsageError(
            f"{name} has shape {array.shape}: rows are time and columns are series, also a single one"
        )
    return array


def _together(
    first_name: str, first: _ArrayLike, second_name: str, second: _ArrayLike
) -> tuple[_np.ndarray, _np.ndarray]:
    a, b = _series(first_name, first), _series(second_name, second)
    if a.size != b.size:
        raise _UsageError(
            f"{first_name} has {a.size} numbers and {second_name} {b.size}: one each for the same times"
        )
    return a, b


def _whole(name: str, value: int, least: int, most: int) -> int:
    try:
        number = _operator.index(value)
    except TypeError:
        raise _UsageError(f"{name} {value!r}: a whole number") from None
    if not least <= number <= most:
        raise _UsageError(f"{name} {number}: from {least} to {most}")
    return number


def _resamples(value: int) -> int:
    return _whole("resamples", value, 1, 10_000_000)


def _sizes(sizes: _Sequence[int]) -> list[int]:
    try:
        return [_whole(f"sizes[{i}]", size, 1, _INDICES) for i, size in enumerate(sizes)]
    except TypeError:
        raise _UsageError(f"sizes {sizes!r}: a list of whole numbers, one an axis") from None
