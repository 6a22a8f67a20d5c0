"""Text that still waits to be written, and sections that say that there is nothing."""

from __future__ import annotations

import pytest

from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import Piece
from definition_of_done.readers.stubs import find_stubs, is_none, says_none, says_nothing


def pieces(source: str) -> list[Piece]:
    return [
        piece for block in read_page("a.md", source.encode()).preamble for piece in block.pieces
    ]


@pytest.mark.parametrize(
    ("source", "none"),
    [
        ("None", True),
        ("none.", True),
        ("**None.**", True),
        ("_None_ ", True),
        ("", False),
        ("None of it", False),
        ("Nothing", True),
        ("N/A", True),
        ("*No changes.*", True),
        ("No changes but one", False),
        ("None, none", False),
    ],
)
def test_says_none(source: str, none: bool) -> None:
    assert says_none(pieces(source)) is none
    assert is_none(source) is none


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("None", True),
        ("_None; see below_", True),
        ("N/A. All but one is new.", True),
        ("There were none", True),
        ("- No change so far", True),
        ("None of them", False),
        ("No change but one", False),
        ("Nothing, so deploy", False),
        ("None: a", False),
        ("Nonetheless", False),
        ("We say none", False),
        ("", False),
    ],
)
def test_says_nothing(text: str, nothing: bool) -> None:
    assert says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("source", "stubs"),
    [
        ("TODO x TBD", [(1, 1, "TODO"), (1, 8, "TBD")]),
        ("a\n\nb FIXME: c", [(3, 3, "FIXME")]),
        ("a\n...", [(2, 1, "...")]),
        ("\u2026", [(1, 1, "...")]),
        ("To be written.", [(1, 1, "To be written.")]),
        ("Still to be decided", [(1, 1, "Still to be decided")]),
        ("<name>", [(1, 1, "<name>")]),
        ("<two words>", [(1, 1, "<two words>")]),
        ("x <b>y</b> <Page-1>", [(1, 12, "<Page-1>")]),
        # A word, an element, a type, code: all of them are written.
        ("TODOS todo", []),
        ("a ... b", []),
        ("The limit is to be defined by each vendor.", []),
        ("a <br> <KBD>", []),
        ("List<int>", []),
        ("a T<int>", []),
        ("a: List<int>", []),
        ("List <name>", [(1, 6, "<name>")]),
        ("`TODO` and `<name>`", []),
        ("<!-- TODO -->", []),
    ],
)
def test_find_stubs(source: str, stubs: list[tuple[int, int, str]]) -> None:
    found = find_stubs(pieces(source))
    assert [(*stub.spot.key[1:], stub.text) for stub in found] == stubs
