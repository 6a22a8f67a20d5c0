"""A page as records: what a section holds, where its body is, and how a page is kept."""

from __future__ import annotations

import json

import pytest

from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import PACKING

SOURCE = b"""\
---
a: b
---
Before.

# One
text `code` [l](m.md)

- [x] **lead** a
  - ~~b~~

Two
===

### Inner

<!-- nothing -->

## Three
"""


def test_bodies() -> None:
    page = read_page("a.md", SOURCE)
    bodies = [page.text.text[slice(*page.body(section))] for section in page.sections]
    assert [section.heading.text for section in page.sections] == ["One", "Two", "Three"]
    assert bodies[0].startswith("text `code`")
    assert bodies[0].endswith("~~b~~\n\n")
    assert bodies[1] == "\n### Inner\n\n<!-- nothing -->\n\n"
    assert bodies[2] == ""


@pytest.mark.parametrize(("at", "is_empty"), [(0, False), (1, True), (2, True)])
def test_empty_sections(at: int, is_empty: bool) -> None:
    assert read_page("a.md", SOURCE).sections[at].is_empty is is_empty


def test_pieces_of_a_section_and_nested_items() -> None:
    section = read_page("a.md", SOURCE).sections[0]
    assert [(piece.kind, piece.text) for piece in section.pieces][:3] == [
        ("text", "text "),
        ("code", "code"),
        ("text", "l"),
    ]
    (item,) = section.blocks[1].items
    assert [nested.text for nested in item.all_items] == ["lead a", "b"]
    assert [nested.is_struck for nested in item.all_items] == [False, True]


def test_a_kept_page_is_the_same() -> None:
    page = read_page("a.md", SOURCE)
    pack, unpack = PACKING
    again = unpack("b.md", SOURCE, json.loads(json.dumps(pack(page))))
    assert again.text.path == "b.md"
    assert repr(again[1:]) == repr(page[1:]).replace("'a.md'", "'b.md'")
    assert [type(block) for block in again.preamble] == [type(block) for block in page.preamble]
    (line,) = again.front_matter
    assert (line.text, line.spot.key) == ("a: b", ("b.md", 2, 1))
