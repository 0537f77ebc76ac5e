"""What the checks of pages share: the files of the project, and their prose."""

import io
import pathlib
import re
import subprocess
import tokenize

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = {".hpp", ".cpp", ".in", ".py", ".pyi", ".ts", ".sh", ".toml", ".txt", ".cmake"}

CODE_TEXT = re.compile(r'//+[/!]?<? ?(?P<slash>.*)$|"(?P<string>(?:[^"\\]|\\.)*)"')
HASH_TEXT = re.compile(r"(?:^|\s)#+ ?(.*)$")


def files(root):
    """The tracked files that are pages or source, as paths; not the tests of these checks."""
    listing = subprocess.run(
        ["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True
    )
    for name in listing.stdout.splitlines():
        path = root / name
        if name.startswith("tests/scripts/"):
            continue
        if (path.suffix == ".md" or path.suffix in SOURCES) and path.exists():
            yield path


def tell(found, root=ROOT):
    """Prints what a check found, (path, line, text) each; gives the exit code."""
    found = list(found)
    for path, line, text in found:
        print(f"{path.relative_to(root)}:{line}: {text}")
    return 1 if found else 0


def prose(path):
    """(line number, text) of what is written for people: a page's lines, comments and strings of source."""
    text = path.read_text(errors="replace")
    if path.suffix == ".md":
        yield from enumerate(text.splitlines(), 1)
    elif path.suffix in {".py", ".pyi"}:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in {tokenize.COMMENT, tokenize.STRING}:
                for number, line in enumerate(token.string.splitlines(), token.start[0]):
                    yield number, line.lstrip("# ")
    else:
        pattern = CODE_TEXT if path.suffix in {".hpp", ".cpp", ".in", ".ts"} else HASH_TEXT
        for number, line in enumerate(text.splitlines(), 1):
            for match in pattern.finditer(line):
                found = match["slash"] or match["string"] if pattern is CODE_TEXT else match[1]
                if found:
                    yield number, found


def passages(path):
    """The same, with neighbouring lines joined, so that what is broken over two lines is whole."""
    start, last, parts = 0, -1, []
    for number, text in prose(path):
        if parts and (number > last + 1 or not text.strip()):
            yield start, " ".join(parts)
            parts = []
        if not text.strip():
            continue
        if not parts:
            start = number
        parts.append(text.strip())
        last = number
    if parts:
        yield start, " ".join(parts)


def sections(page):
    """The headings of a page, and the anchors by which they can be reached."""
    headings, anchors, fenced = set(), set(), False
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            fenced = not fenced
        anchors.update(re.findall(r'<a id="([^"]+)"></a>', line))
        match = re.match(r"#+ (.*)", line)
        if match and not fenced:
            title = (
                re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).replace("`", "").replace("*", "")
            )
            headings.add(title)
            anchors.add(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"))
    return headings, anchors
