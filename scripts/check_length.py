#!/usr/bin/env python3
"""Fails where a source has more than 450 lines: a file has one subject."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ("*.py", "*.cpp", "*.hpp", "*.ts", "*.sh")
MOST = 450


def main():
    listed = subprocess.run(
        ["git", "ls-files", *SOURCES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [path for path in map(ROOT.joinpath, listed.stdout.splitlines()) if path.is_file()]
    lengths = [(path, path.read_bytes().count(b"\n")) for path in paths]
    long = [(path, length) for path, length in lengths if length > MOST]
    for path, length in long:
        print(f"{path.relative_to(ROOT)}: {length} lines, more than {MOST}; split it by subject")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
