"""A run folder in Python (docs/schemas.md)."""

import html
import json
import os
from pathlib import Path
from typing import Any

from toxvol import _toxvol
from toxvol._errors import Error

TABLES = ("decisions", "orders", "commands", "fills", "positions", "equity")


class Run:
    """What `toxvol backtest` left: tables, summary, facts. Files are read when asked for.

    Decimals are float64 for people; `exact=True` keeps them decimal128(18, 8).
    """

    def __init__(self, path: str | os.PathLike[str], exact: bool = False) -> None:
        self.path = Path(path)
        self.exact = exact
        if not (self.path / "run.json").is_file():
            raise Error(f"{self.path}: no run folder (run.json is missing)")

    def table(self, name: str, exact: bool | None = None) -> _toxvol.Table:
        """One of `TABLES`."""
        if name not in TABLES:
            raise Error(f"{name}: no such table; one of {', '.join(TABLES)}")
        wanted = self.exact if exact is None else exact
        return _toxvol.read_table(str(self.path / f"{name}.parquet"), wanted)

    @property
    def decisions(self) -> _toxvol.Table:
        return self.table("decisions")

    @property
    def orders(self) -> _toxvol.Table:
        return self.table("orders")

    @property
    def commands(self) -> _toxvol.Table:
        return self.table("commands")

    @property
    def fills(self) -> _toxvol.Table:
        return self.table("fills")

    @property
    def positions(self) -> _toxvol.Table:
        return self.table("positions")

    @property
    def equity(self) -> _toxvol.Table:
        return self.table("equity")

    @property
    def info(self) -> dict[str, Any]:
        """run.json"""
        return self._json("run.json")

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json: money as decimal strings, undefined = None"""
        return self._json("summary.json")

    @property
    def timing(self) -> dict[str, Any]:
        """timing.json"""
        return self._json("timing.json")

    @property
    def fingerprint(self) -> str:
        return self.info["fingerprint"]

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
            f"net {summary['net']}, {summary['fills']} fills>"
        )

    def _repr_html_(self) -> str:
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
            f"<td style='text-align:left'>{html.escape(_text(value))}</td></tr>"
            for key, value in rows
        ]
        title = html.escape(f"{info['symbol']}{label}: {self.path}")
        return f"<table><caption>{title}</caption>{''.join(lines)}</table>"


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
