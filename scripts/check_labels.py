#!/usr/bin/env python3
"""Fails where a rule label such as X6 or V11 is used in a page, a comment or a text of the program
and no page defines it, where two places define one, and where a text leans on a paper that is not
in this repository. docs/glossary.md, "Rule labels", lists the letters. A definition is a label in
bold type or in the first column of a table, in a page under docs/."""

import re
import sys

import pages

LABEL = re.compile(r"(?<![\w.$#−-])([A-Z])([1-9]\d?)(?![\w²³]|\.\d)")
IN_BOLD = re.compile(r"\*\*([A-Z][1-9]\d?)\.?\*\*")
IN_TABLE = re.compile(r"\| ([A-Z][1-9]\d?) \|")
ELSEWHERE = re.compile(
    r"\bdesign §|\bspec §|\bsim\.py\b|\bthe specification\b|\breference (?:[A-Z]\d|row)"
)
GENERATED = {"config.md"}  # its table repeats labels of errata.md


def definitions(root):
    """Label → where it is defined, as (path, line)."""
    found = {}
    for path in pages.files(root):
        if path.suffix != ".md" or root / "docs" not in path.parents or path.name in GENERATED:
            continue
        for number, line in pages.prose(path):
            for label in IN_BOLD.findall(line) + IN_TABLE.findall(line[:8]):
                found.setdefault(label, []).append((path, number))
    return found


def faults(root):
    defined = definitions(root)
    letters = {label[0] for label in defined}
    for label, places in sorted(defined.items()):
        for path, number in places[1:]:
            first = places[0][0].relative_to(root)
            yield path, number, f"{label} is defined a second time; first in {first}:{places[0][1]}"
    for path in pages.files(root):
        for number, text in pages.prose(path):
            for letter, digits in LABEL.findall(text):
                if letter in letters and letter + digits not in defined:
                    yield path, number, f"{letter}{digits} is defined on no page"
            for paper in ELSEWHERE.findall(text):
                yield path, number, f"'{paper}' is not in this repository: cite a page of docs/"


if __name__ == "__main__":
    sys.exit(pages.tell(faults(pages.ROOT)))
