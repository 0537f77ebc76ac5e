#!/usr/bin/env python3
"""Fails where a page, a comment or a text of the program names a page of this project or a section
of one that is not there: as a Markdown link, as PAGE#anchor, or as PAGE and a title in quotes; and
where a page names a file by its path from the root that is not there."""

import functools
import re
import sys

import pages

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r'(?<![\w/])((?:[\w.-]+/)*[\w-]+\.md)\b(?:#([\w-]+))?(?:,? \\?"([^"\\]+)\\?")?')
FILE = re.compile(r"`((?:src|tests|scripts|python|bench|fuzz|web|examples|presets)/[\w./{},-]+)`")


def spelled_out(name):
    """a.{hpp,cpp} is two names."""
    match = re.search(r"\{([^}]*)\}", name)
    if not match:
        return [name]
    return [
        file
        for part in match[1].split(",")
        for file in spelled_out(name[: match.start()] + part + name[match.end() :])
    ]


def places(root, path, name):
    """Where a page that is named without a link can stand."""
    docs = root / "docs"
    return [path.parent / name, root / name, docs / name, docs / "factors" / name]


def faults(root):
    look = functools.cache(pages.sections)
    for path in pages.files(root):
        if path.suffix == ".md":
            for number, text in pages.passages(path):
                for target in LINK.findall(text):
                    name, _, anchor = target.partition("#")
                    if "://" in name or name.startswith("mailto:"):
                        continue
                    page = path.parent / name if name else path
                    if not page.exists():
                        yield path, number, f"no such page: {target}"
                    elif anchor and page.suffix == ".md" and anchor not in look(page)[1]:
                        yield path, number, f"no such section: {target}"
                for name in FILE.findall(text):
                    for file in spelled_out(name):
                        if not (root / file).exists():
                            yield path, number, f"no such file: {file}"
        for number, text in pages.passages(path):
            for name, anchor, title in NAMED.findall(LINK.sub("", text)):
                page = next((place for place in places(root, path, name) if place.exists()), None)
                if page is None:
                    yield path, number, f"no such page: {name}"
                elif anchor and anchor not in look(page)[1]:
                    yield path, number, f"no such section: {name}#{anchor}"
                elif title and title.rstrip(",.") not in look(page)[0]:
                    yield path, number, f'no such section: {name}, "{title}"'


if __name__ == "__main__":
    sys.exit(pages.tell(faults(pages.ROOT)))
