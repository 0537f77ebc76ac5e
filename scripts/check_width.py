#!/usr/bin/env python3
"""Fails where a line of prose in a hand-written page has more than 110 columns. Pages are wrapped
at 100; the rest is room for a changed word, so that no paragraph has to be wrapped anew for it.
Not counted: tables, code, headings, pictures, targets of links, and what a program writes."""

import re
import sys

import pages

MOST = 110
GENERATED = {"config.md"}  # whole; parts stand between <!-- begin … --> and <!-- end -->
TARGET = re.compile(r"\]\([^)\s]*\)|https?://\S+")
ITEM = re.compile(r"\s*(?:[*-]|\d+\.) ")
OTHER = ("#", "|", "![", "<!--")


def prose(text):
    """(line number, line) of what is to be wrapped."""
    fenced = written = in_list = in_code = False
    before = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.lstrip()
        if bare.startswith("```"):
            fenced = not fenced
        elif bare.startswith("<!-- begin"):
            written = True
        elif bare.startswith("<!-- end"):
            written = False
        elif bare and not fenced and not written:
            if ITEM.match(line):
                in_list = True
            elif line == bare and not before:
                in_list = False
            # Four spaces after a blank line are code, in a list a paragraph of it.
            in_code = line.startswith("    ") and not in_list and (in_code or not before)
            if not in_code and not bare.startswith(OTHER):
                yield number, line
        before = bare


def faults(root):
    for path in pages.files(root):
        if path.suffix != ".md" or path.name in GENERATED:
            continue
        for number, line in prose(path.read_text()):
            if len(TARGET.sub("]", line)) > MOST:
                yield path, number, f"{len(line)} columns, more than {MOST}; wrap at 100"


if __name__ == "__main__":
    sys.exit(pages.tell(faults(pages.ROOT)))
