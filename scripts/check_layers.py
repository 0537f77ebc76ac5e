#!/usr/bin/env python3
"""Fails where a room of src/toxvol includes a room it may not see (docs/architecture.md), where a
third-party header stands in a header of a plain room, where Arrow is seen outside columnar, or
where x.cpp does not include its x.hpp first (which shows that the header stands alone)."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "src" / "toxvol"

SEES = {
    "core": set(),
    "stats": {"core"},
    "io": {"core"},
    "csv": {"core"},
    "quality": {"core", "csv"},
    "columnar": {"core", "io"},
    "catalog": {"core", "io", "csv", "quality", "columnar"},
    "factors": {"core"},
    "trading": {"core"},
    "strategy": {"core", "factors", "trading"},
    "engine": {"core", "trading"},
    "run": {"core", "stats", "io", "columnar", "trading", "factors", "strategy", "engine"},
    "minutes": {"core", "io", "columnar", "trading", "engine"},
    "config": {"core", "trading", "factors", "strategy", "engine"},
    "study": {
        "core",
        "stats",
        "io",
        "columnar",
        "trading",
        "factors",
        "strategy",
        "engine",
        "run",
        "config",
    },
    "explain": {"core", "columnar", "trading", "factors", "strategy", "run"},
    "evaluate": {"core", "stats", "factors", "trading"},
    "synth": {"core", "csv", "io"},
    "report": {"core", "io", "columnar", "trading", "factors", "strategy", "run"},
    "jobs": {
        "core",
        "stats",
        "io",
        "csv",
        "quality",
        "columnar",
        "catalog",
        "factors",
        "trading",
        "strategy",
        "engine",
        "minutes",
        "run",
        "config",
        "study",
        "explain",
        "evaluate",
        "synth",
        "report",
    },
    "app": None,  # all
}
# Rooms with folders inside: a folder sees those named and itself.
FOLDERS = {
    "catalog": {
        "raw": set(),
        "store": {"raw"},
        "market": {"raw", "store"},
        "jobs": {"raw", "store", "market"},
    },
}
PLAIN_HEADERS = {"core", "stats", "csv", "quality", "factors", "trading", "strategy", "engine"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def faults():
    for path in sorted(ROOT.rglob("*.[ch]pp")):
        room = path.relative_to(ROOT).parts[0]
        allowed = SEES.get(room)
        if room not in SEES:
            yield path, 1, f"room {room} is not in scripts/check_layers.py"
            continue
        own = path.with_suffix(".hpp")
        first = path.suffix == ".cpp" and own.exists()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, name = match.groups()
            if first and ROOT.parent / name != own:
                yield path, number, f"its own header {own.name} is to be included first"
            first = False
            if name.startswith("toxvol/"):
                other = name.split("/")[1]
                if allowed is not None and other != room and other not in allowed:
                    yield path, number, f"{room} may not see {other}"
                if other == room and room in FOLDERS:
                    here, there = path.relative_to(ROOT).parts[1], name.split("/")[2]
                    if there != here and there not in FOLDERS[room].get(here, set()):
                        yield path, number, f"{room}/{here} may not see {room}/{there}"
            elif quote == '"':
                yield path, number, f'"{name}": our headers are included as "toxvol/…"'
            elif name.startswith("CLI/") and room != "app":
                yield path, number, "only app knows the command line"
            elif name.startswith(("arrow/", "parquet/")) and room != "columnar":
                yield path, number, "only columnar includes Arrow"
            elif path.suffix == ".hpp" and room in PLAIN_HEADERS and "/" in name:
                if (room, name) != ("core", "tl/expected.hpp"):
                    yield path, number, f"<{name}>: no third-party type in a header of {room}"


def main():
    found = list(faults())
    for path, line, text in found:
        print(f"{path.relative_to(ROOT.parent.parent)}:{line}: {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
