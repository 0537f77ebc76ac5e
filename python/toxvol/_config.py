"""Presets and keys: `toxvol.config_show`, `config_explain`, `config_check`, `presets`."""

import json
from collections.abc import Mapping
from typing import Any

from toxvol import _toxvol
from toxvol._options import Path, config_sets, path_text


def config_show(
    file: Path | None = None, *, set: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """The complete configuration of a preset's name or a TOML file, by table and key."""
    return json.loads(_toxvol.config_json(path_text(file), config_sets(set)))


def config_explain(file: Path | None = None, *, set: Mapping[str, Any] | None = None) -> str:
    """Each key with value, unit, default, source and where it was set; of a key's name, that one."""
    return _toxvol.config_explain(path_text(file), config_sets(set))


def config_check(file: Path | None = None, *, set: Mapping[str, Any] | None = None) -> None:
    """Raises `Error` if it cannot run."""
    _toxvol.config_json(path_text(file), config_sets(set))


def presets() -> list[str]:
    """The names of the built-in configurations, for `preset=`."""
    return _toxvol.preset_names()
