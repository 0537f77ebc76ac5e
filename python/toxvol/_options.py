"""Keywords of Python → long options as the C++ side takes them."""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Path = str | os.PathLike[str]
Paths = Path | Iterable[Path]
Progress = bool | Callable[[str, int, int, int], object] | None


def path_text(path: Path | None) -> str:
    return "" if path is None else os.fspath(path)


def path_texts(paths: Paths) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        return [os.fspath(paths)]
    return [os.fspath(path) for path in paths]


def text(value: str | None) -> str:
    return "" if value is None else str(value)


def texts(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def config_sets(values: Mapping[str, Any] | None) -> list[str]:
    return [f"{key}={_value(value)}" for key, value in (values or {}).items()]


def _value(value: Any) -> str:
    """As it is typed after --set."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        items = (f'"{item}"' if isinstance(item, str) else _value(item) for item in value)
        return "[" + ", ".join(items) + "]"
    return str(value)
