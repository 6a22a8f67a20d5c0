"""The inline content of blocks: pieces, lines and links, each where it stands in the file."""

from __future__ import annotations

import pytest

from definition_of_done.base.text import Text
from definition_of_done.readers._inline import parse, parser
from definition_of_done.readers._prose import Prose, read_prose


def read(source: str) -> list[Prose]:
    text = Text("a.md", source)
    return list(read_prose(text, parse(parser(), text, source, {})).values())


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("a *b* `c`", [("text", "a ", 1), ("text", "b", 4), ("text", " ", 6), ("code", "c", 7)]),
        ("a\\*b &amp; c", [("text", "a*b & c", 1)]),
        ("x<!-- no --><u>y", [("text", "x", 1), ("html", "<u>", 13), ("text", "y", 16)]),
        ("![alt](i.png)", [("text", "alt", 1)]),
        ("## *a* ##", [("text", "a", 5)]),
        ("> - a", [("text", "a", 5)]),
    ],
)
def test_pieces(source: str, pieces: list[tuple[str, str, int]]) -> None:
    (prose,) = read(source)
    found = [(piece.kind, piece.text, piece.spot.column) for piece in prose.pieces]
    assert [piece for piece in found if piece[1].strip()] == [
        piece for piece in pieces if piece[1].strip()
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a `b`\n  *c*", [("a b", 1, 1), ("c", 2, 4)]),
        ("a\\\nb", [("a", 1, 1), ("b", 2, 1)]),
        ("- [x] a\n  b", [("a", 1, 7), ("b", 2, 3)]),
        ("- [ ]\n  b", [("b", 2, 3)]),
    ],
)
def test_lines(source: str, lines: list[tuple[str, int, int]]) -> None:
    (prose,) = read(source)
    assert [(line.text, *line.spot.key[1:]) for line in prose.lines] == lines


def test_cells_of_a_table() -> None:
    proses = read("| a | a |\n|---|---|\n| `x\\|y` | [z](w\\|v) |\n")
    assert [(prose.spot.key[1:], [piece.text for piece in prose.pieces]) for prose in proses] == [
        ((1, 3), ["a"]),
        ((1, 7), ["a"]),
        ((3, 3), ["x|y"]),
        ((3, 12), ["z"]),
    ]
    assert [(link.href, link.spot.key[1:]) for prose in proses for link in prose.links] == [
        ("w|v", (3, 12))
    ]


@pytest.mark.parametrize(
    ("source", "task", "lead", "is_struck"),
    [
        ("- [x] **a b** c", "x", "a b", False),
        ("- [ ] a **b**", " ", "", False),
        ("- [X] ~~a~~", "X", "", True),
        ("- <del>a</del> ", "", "", True),
        ("- ~~a~~ b", "", "", False),
        ("- [x]a", "", "", False),
        ("- `[x]` a", "", "", False),
        ("## [x] a", "", "", False),
        ("- <u></u> **a**", "", "a", False),
    ],
)
def test_of_items(source: str, task: str, lead: str, is_struck: bool) -> None:
    (prose,) = read(source)
    assert (prose.task, prose.lead, prose.is_struck) == (task, lead, is_struck)


def test_links() -> None:
    (prose,) = read("[a `b`](c.md) ![d](e.png) [f][g]\n\n[g]: h.md\n")
    assert [(link.href, link.text, link.spot.column, link.is_image) for link in prose.links] == [
        ("c.md", "a b", 1, False),
        ("e.png", "d", 15, True),
        ("h.md", "f", 27, False),
    ]
