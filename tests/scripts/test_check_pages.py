"""The checks of labels and links find what they are for, on a small repository made for each case."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import check_labels  # noqa: E402
import check_links  # noqa: E402

PAGE = """# Rules

## When it fills

**X6** An order takes.

| # | what |
|---|---|
| E1 | an error |
"""
CODE = '// X6, E1: docs/rules.md, "When it fills".\nconst char* kText = "rule X6";\n'


@pytest.fixture
def repository(tmp_path):
    def make(**changed):
        contents = {
            "docs/rules.md": PAGE,
            "src/a.cpp": CODE,
            "README.md": "See [X6](docs/rules.md#when-it-fills).\n",
        }
        for name, text in (contents | changed).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
        return tmp_path

    return make


def texts(check, root):
    return [text for _, _, text in check.faults(root)]


def test_labels_that_are_defined_once_pass(repository):
    assert texts(check_labels, repository()) == []


@pytest.mark.parametrize(
    "place, text",
    [
        ("src/a.cpp", "// X7: nobody defines it.\n"),
        ("src/a.cpp", 'throw Error{"refused by E2"};\n'),
        ("tests/a.py", '"""What X7 asks."""\n'),
        ("tests/b.py", "x = 1  # E2\n"),
        ("docs/other.md", "As X7 has it, up to X6.\n"),
        ("scripts/a.sh", "true  # X7\n"),
    ],
)
def test_a_label_without_a_definition_fails(repository, place, text):
    (found,) = texts(check_labels, repository(**{place: text}))
    assert found in ("X7 is defined on no page", "E2 is defined on no page")


@pytest.mark.parametrize("line", ["**X6.** Again.\n", "| X6 | again |\n"])
def test_a_second_definition_fails(repository, line):
    (found,) = texts(check_labels, repository(**{"docs/other.md": line}))
    assert "X6 is defined a second time" in found


@pytest.mark.parametrize(
    "text",
    [
        "int X7 = a[X7];\n",  # code, not prose
        "// F1, H3, O-1, VIP0, 0xX7, 2024-01-01T12 and F1's.\n",  # no letters of rules, or no labels
    ],
)
def test_what_is_no_label_passes(repository, text):
    assert texts(check_labels, repository(**{"src/a.cpp": text})) == []


def test_a_paper_that_is_not_here_fails(repository):
    (found,) = texts(check_labels, repository(**{"src/a.cpp": "// as design §7 has it\n"}))
    assert "design §" in found


def test_links_that_lead_somewhere_pass(repository):
    assert texts(check_links, repository()) == []


@pytest.mark.parametrize(
    "place, text, found",
    [
        ("README.md", "[a](docs/none.md)\n", "no such page: docs/none.md"),
        ("README.md", "[a](docs/rules.md#none)\n", "no such section: docs/rules.md#none"),
        (
            "README.md",
            "a link [over two\nlines](docs/rules.md#none)\n",
            "no such section: docs/rules.md#none",
        ),
        ("README.md", "`src/a.{hpp,cpp}`\n", "no such file: src/a.hpp"),
        ("src/a.cpp", "// docs/none.md\n", "no such page: docs/none.md"),
        ("src/a.cpp", "// docs/rules.md#none\n", "no such section: docs/rules.md#none"),
        ("src/a.cpp", '// docs/rules.md, "None"\n', 'no such section: docs/rules.md, "None"'),
        (
            "src/a.cpp",
            '/// As in docs/rules.md,\n/// "None".\n',
            'no such section: docs/rules.md, "None"',
        ),
        ("a.py", '"""By reference.md."""\n', "no such page: reference.md"),
    ],
)
def test_a_link_that_leads_nowhere_fails(repository, place, text, found):
    assert texts(check_links, repository(**{place: text})) == [found]


def test_an_anchor_may_be_set_by_hand(repository):
    page = PAGE.replace("## When", '<a id="when"></a>\n\n## When')
    root = repository(**{"docs/rules.md": page, "README.md": "[a](docs/rules.md#when)\n"})
    assert texts(check_links, root) == []
