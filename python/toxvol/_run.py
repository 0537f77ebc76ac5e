"""A run folder in Python (docs/schemas.md)."""

import decimal
import html
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toxvol import _chart, _tables, _toxvol
from toxvol._errors import Error

if TYPE_CHECKING:
    import pandas

TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")


class Run:
    """What `toxvol backtest` left: tables, summary, facts. Files are read when asked for.

    Decimals are floats for people; `exact=True` keeps them: decimal128(18, 8) in tables,
    `decimal.Decimal` in the summary.
    """

    def __init__(self, path: str | os.PathLike[str], exact: bool = False) -> None:
        self.path = Path(path)
        self.exact = exact
        if not (self.path / "run.json").is_file():
            raise Error(f"{self.path}: no run folder (run.json is missing)")

    def table(self, name: str, exact: bool | None = None) -> _toxvol.Table:
        """One of `TABLES` (docs/schemas.md)."""
        if name not in TABLES:
            raise Error(f"{name}: no such table; one of {', '.join(TABLES)}")
        wanted = self.exact if exact is None else exact
        return _toxvol.read_table(str(self.path / f"{name}.parquet"), wanted)

    @property
    def decisions(self) -> _toxvol.Table:
        """A row for each closed minute: factors, regime, what was decided and why."""
        return self.table("decisions")

    @property
    def orders(self) -> _toxvol.Table:
        """A row for each order, with how it ended."""
        return self.table("orders")

    @property
    def commands(self) -> _toxvol.Table:
        """What was sent to the exchange, and when it arrived."""
        return self.table("commands")

    @property
    def fills(self) -> _toxvol.Table:
        """A row for each fill: price, fee, the rule that filled it."""
        return self.table("fills")

    @property
    def positions(self) -> _toxvol.Table:
        """A row for each position, from opening to close."""
        return self.table("positions")

    @property
    def equity(self) -> _toxvol.Table:
        """Money over time: realised, fees, funding, equity, drawdown."""
        return self.table("equity")

    @property
    def signal(self) -> _toxvol.Table | None:
        """The rows of a signal of one's own; None where the run followed the strategy's."""
        path = self.path / "signal.parquet"
        return _toxvol.read_table(str(path), False) if path.is_file() else None

    @property
    def info(self) -> dict[str, Any]:
        """run.json"""
        return self._json("run.json")

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json: money as floats, of an `exact` run as Decimal; undefined = None."""
        return _with_numbers(self._json("summary.json"), decimal.Decimal if self.exact else float)

    @property
    def inference(self) -> dict[str, Any]:
        """inference.json: how far the result can be trusted, undefined = None"""
        return self._json("inference.json")

    @property
    def trials(self) -> dict[str, Any]:
        """trials.json: what is left when every look is counted (docs/trials.md)"""
        return self._json("trials.json")

    @property
    def timing(self) -> dict[str, Any]:
        """timing.json"""
        return self._json("timing.json")

    @property
    def fingerprint(self) -> str:
        """A hash of all that the run's result consists of: equal results, equal fingerprints."""
        return self.info["fingerprint"]

    def returns(self, unit: str = "1d") -> "pandas.Series":
        """Net returns of the run's whole units (`1m` `15m` `1h` `4h` `1d`), for quantstats and such.

        A pandas.Series; its index says when a unit begins, in UTC without a zone, as those libraries
        want it. A unit without a trade is 0; where the run begins or ends within a unit, that one is
        left out (R2 in docs/statistics.md). It needs pandas.
        """
        import pandas

        begin, length, net = _toxvol.returns(str(self.path), unit)
        starts = [begin + k * length for k in range(len(net))]
        index = pandas.to_datetime(starts, unit="ns").rename("ts")
        return pandas.Series(net, index, name="net", dtype="float64")

    def report(self, out: str | os.PathLike[str] | None = None) -> Path:
        """One HTML page; where it is."""
        page = self.path / "report.html" if out is None else Path(out)
        _toxvol.report(str(self.path), str(page))
        return page

    def verify(self) -> list[str]:
        """Violations of the folder's identities; empty for a sound run."""
        return _toxvol.verify(str(self.path))

    def diff(self, other: "Run | str | os.PathLike[str]") -> list[str]:
        """The first difference of each file; empty where the runs are equal."""
        path = other.path if isinstance(other, Run) else other
        return _toxvol.diff(str(self.path), os.fspath(path))

    def _json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Error(f"{path}: {error}") from None

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        info, summary = self.info, self.summary
        return (
            f"<toxvol.Run {self.path}: {info['symbol']} {info['from']} to {info['to']}, "
            f"net {summary['net']:.2f}, {summary['fills']} fills>"
        )

    def _repr_html_(self) -> str:
        """The figures and the equity, for a notebook."""
        info, summary = self.info, self.summary
        label = " (synthetic data)" if info.get("synthetic") else ""
        rows = [
            ("window", f"{info['from']} to {info['to']}"),
            ("engine", f"{info['engine']} {info['profile']}"),
            *((key, summary[key]) for key in ("start_equity", "end_equity")),
            *((key, summary[key]) for key in ("gross", "slippage", "fees", "funding", "net")),
            *((key, summary[key]) for key in ("max_drawdown", "sharpe_annual", "hit_rate")),
            *((key, summary[key]) for key in ("positions", "fills")),
            ("funnel", " → ".join(f"{k} {v}" for k, v in summary["funnel"].items())),
            ("fingerprint", info["fingerprint"]),
        ]
        lines = [
            f"<tr><th style='text-align:left'>{html.escape(key)}</th>"
            f"<td style='text-align:left'>{html.escape(_tables.cell(value))}</td></tr>"
            for key, value in rows
        ]
        title = html.escape(f"{info['symbol']}{label}: {self.path}")
        chart = _chart.equity_svg(self.table("equity", exact=False))
        return f"<table><caption>{title}</caption>{''.join(lines)}</table>{chart}"


def _with_numbers(value: Any, number: Callable[[str], Any]) -> Any:
    """The decimals that JSON keeps as text, as numbers."""
    if isinstance(value, dict):
        return {key: _with_numbers(item, number) for key, item in value.items()}
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return number(value)
    return value
