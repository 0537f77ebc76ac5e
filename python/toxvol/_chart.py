"""The line of a run's equity, for a notebook. The whole picture is `Run.report`."""

from typing import Any

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720, 200, 8, 22, 18


def equity_svg(equity: Any) -> str:
    """Equity over time, the start as a dotted line; the lowest and highest value are written."""
    import numpy

    values = equity["equity"].astype("float64")
    times = equity["ts"].astype("datetime64[ns]")
    if len(values) < 2:
        return ""
    low, high, start = values.min(), values.max(), values[0]
    ns = times.astype("int64")
    x = _LEFT + (ns - ns[0]) / max(ns[-1] - ns[0], 1) * (_WIDTH - 2 * _LEFT)
    y = _TOP + (high - values) / max(high - low, 1e-9) * (_HEIGHT - _TOP - _BOTTOM)
    keep = _extremes(numpy, x.astype("int64"), values)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[keep], y[keep]))
    base = _HEIGHT - 6
    level = y[0]
    words = "font-family='sans-serif' font-size='11' fill='currentColor'"
    return (
        f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' width='{_WIDTH}' role='img' "
        f"aria-label='equity from {start:.2f} to {values[-1]:.2f}'>"
        f"<line x1='{_LEFT}' x2='{_WIDTH - _LEFT}' y1='{level:.1f}' y2='{level:.1f}' "
        "stroke='currentColor' stroke-opacity='0.4' stroke-dasharray='2 3'/>"
        f"<polyline fill='none' stroke='#1f77b4' stroke-width='1.3' points='{points}'/>"
        f"<text x='{_LEFT}' y='12' {words}>equity, USDT: {low:,.2f} to {high:,.2f}</text>"
        f"<text x='{_LEFT}' y='{base}' {words}>{_minute(times[0])}</text>"
        f"<text x='{_WIDTH - _LEFT}' y='{base}' text-anchor='end' {words}>"
        f"{_minute(times[-1])} UTC</text></svg>"
    )


def _extremes(numpy: Any, columns: Any, values: Any) -> Any:
    """Of each column of pixels the first, lowest, highest and last value: no spike is lost."""
    edges = numpy.flatnonzero(numpy.diff(columns, prepend=columns[0] - 1))
    ends = numpy.append(edges[1:], len(values))
    keep = set()
    for begin, end in zip(edges, ends):
        part = values[begin:end]
        keep |= {begin, end - 1, begin + int(part.argmin()), begin + int(part.argmax())}
    return numpy.array(sorted(keep))


def _minute(time: Any) -> str:
    return str(time.astype("datetime64[m]")).replace("T", " ")
