"""What the docs site makes of a page's links."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import site_hooks


@pytest.mark.parametrize(
    "page, link, there",
    [
        ("index.md", "docs/report.md#tables", "report.md#tables"),
        ("index.md", "docs/decisions/", "decisions/README.md"),
        ("index.md", "docs/images/report.png", "images/report.png"),
        ("index.md", "CONTRIBUTING.md", "contributing.md"),
        ("report.md", "../README.md#set-up", "index.md#set-up"),
        ("report.md", "../examples/own_signal.py", "source/examples/own_signal.py"),
        ("factors/vpin.md", "../errata.md", "../errata.md"),
        ("factors/vpin.md", "../../src/toxvol/core/kind.hpp", "../source/src/toxvol/core/kind.hpp"),
    ],
)
def test_a_link_leads_to_the_same_file_in_the_site(page, link, there):
    assert site_hooks.relinked(f"See [it]({link}).", page) == f"See [it]({there})."


@pytest.mark.parametrize(
    "text",
    [
        "[it](nothing.md) [it](../src/nothing.cpp)",
        "[it](#here) [it](https://example.org/report.md) [it](mailto:a@example.org)",
        "a [it] (report.md)",
    ],
)
def test_what_leads_to_no_file_is_left_to_mkdocs(text):
    assert site_hooks.relinked(text, "engine.md") == text
