#!/usr/bin/env python3
"""Fails where a Markdown page links to a file of this project that is not there, or where source
names a page of docs/ that is not there."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
PAGE = re.compile(r"\bdocs/[\w/.-]+\.md\b")


def tracked():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.split()]


def faults():
    for path in tracked():
        if path.suffix not in {".md", ".hpp", ".cpp", ".py", ".sh"} or not path.exists():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if path.suffix == ".md":
                for target in LINK.findall(line):
                    if "://" not in target and not (path.parent / target).exists():
                        yield path, number, target
            for page in PAGE.findall(line):
                if not (ROOT / page).exists():
                    yield path, number, page


def main():
    found = list(faults())
    for path, line, target in found:
        print(f"{path.relative_to(ROOT)}:{line}: no such page: {target}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
