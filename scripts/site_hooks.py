"""What mkdocs.yml calls while it builds the docs site.

README, CONTRIBUTING and CHANGELOG stand at the root, where GitHub shows them, and become pages of
the site. A link that leaves docs/ for another file of the repository, which works on GitHub, is
turned to a copy of that file in the site, below source/."""

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"README": "index", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog"}
PAGES = {f"{name}.md": f"{uri}.md" for name, uri in NAMES.items()}
LINK = re.compile(r"(\[[^\]]*\]\()([^)\s]+)(\))")


def place_in_repository(page):
    """Where a page of the site stands in the repository."""
    return next((path for path, uri in PAGES.items() if uri == page), "docs/" + page)


def place_in_site(path):
    """Where a file of the repository stands in the site."""
    if path in PAGES:
        return PAGES[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else "source/" + path


def targets(markdown, page):
    """(match, path in the repository, anchor) of each link to a file of the repository."""
    folder = posixpath.dirname(place_in_repository(page))
    for match in LINK.finditer(markdown):
        name, hash_, anchor = match[2].partition("#")
        if name and "://" not in name and not name.startswith("mailto:"):
            path = posixpath.normpath(posixpath.join(folder, name))
            if (ROOT / path).is_dir():
                path += "/README.md"
            if (ROOT / path).is_file():
                yield match, path, hash_ + anchor


def relinked(markdown, page):
    """The page's text with its links as they are in the site. What leads nowhere is left alone,
    so that mkdocs finds it."""
    parts, done = [], 0
    for match, path, anchor in targets(markdown, page):
        uri = posixpath.relpath(place_in_site(path), posixpath.dirname(page) or ".")
        parts += [markdown[done : match.start()], match[1], uri, anchor, match[3]]
        done = match.end()
    return "".join([*parts, markdown[done:]])


def on_files(files, config):
    from mkdocs.structure.files import File

    for path, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / path)))
    copied = set()
    for file in files.documentation_pages():
        for _, path, _ in targets(file.content_string, file.src_uri):
            uri = place_in_site(path)
            if uri.startswith("source/") and uri not in copied:
                copied.add(uri)
                files.append(File.generated(config, uri, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown, page, config, files):
    return relinked(markdown, page.file.src_uri)
