"""A file's decoded text: lines, columns, newlines, edits."""

from __future__ import annotations

import pytest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import MIB, Text, decode, refuse_large, splice


@pytest.mark.parametrize(
    ("text", "newline", "starts"),
    [
        ("", "\n", [0]),
        ("a", "\n", [0]),
        ("\n\ra", "\n", [0, 1, 2]),
        ("\na\r\n", "\n", [0, 1, 4]),
        ("a\nb\r\n", "\n", [0, 2, 5]),
        ("\r\na\n", "\r\n", [0, 2, 4]),
        ("a\rb", "\r", [0, 2]),
        ("a\u2028b\x0cc", "\n", [0]),
    ],
)
def test_newlines(text: str, newline: str, starts: list[int]) -> None:
    read = Text("x", text)
    assert (read.newline, read.starts) == (newline, starts)


@pytest.mark.parametrize(
    ("line", "column", "offset"), [(1, 1, 0), (1, 2, 1), (2, 1, 4), (3, 1, 6), (3, 9, 7), (4, 1, 7)]
)
def test_offset(line: int, column: int, offset: int) -> None:
    assert Text("x", "ab\r\nc\rd").offset(line, column) == offset


def test_lines_and_spots() -> None:
    text = Text("x", "ab\r\n\u00e9\rd")
    assert [text.line(number) for number in (1, 2, 3, 4)] == ["ab", "\u00e9", "d", ""]
    assert [text.spot(offset).key[1:] for offset in (0, 1, 4, 6, 7)] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (3, 1),
        (3, 2),
    ]
    assert text.spot(1, 5).end == (2, 2)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"a\r\n", "utf-8", "a\r\n"),
        (b"\xef\xbb\xbfa", "utf-8", "a"),
        (b"\xe9", "latin-1", "\u00e9"),
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "utf-8", "\ufeffa"),
    ],
)
def test_decode(data: bytes, encoding: str, text: str) -> None:
    assert decode("x", data, encoding).text == text


@pytest.mark.parametrize(
    ("data", "encoding", "message", "place"),
    [
        (b"\xff", "utf-8", "not utf-8 text: byte 0xff", (1, 1)),
        ("\u00e9\n\u00e9".encode() + b"\xff", "utf-8", "not utf-8 text: byte 0xff", (2, 2)),
        (b"\xef\xbb\xbfa\xff", "utf-8", "not utf-8 text: byte 0xff", (1, 2)),
        (b"a", "nonsense", "not nonsense text: unknown encoding", (1, 1)),
    ],
)
def test_what_does_not_decode(
    data: bytes, encoding: str, message: str, place: tuple[int, int]
) -> None:
    with pytest.raises(Unreadable) as caught:
        decode("x", data, encoding)
    error = caught.value
    assert (error.message, (error.line, error.column), error.path) == (message, place, "x")


def test_a_size_that_is_refused() -> None:
    refuse_large("x", 2 * MIB, 2 * MIB)
    with pytest.raises(Unreadable, match="larger than 2 MiB, which is not parsed"):
        refuse_large("x", 2 * MIB + 1, 2 * MIB)


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("abc", [], "abc"),
        ("abc", [(1, 2, "X")], "aXc"),
        ("abc", [(2, 2, "Y"), (0, 1, "")], "bYc"),
        ("abc", [(1, 1, "X"), (1, 2, "Y")], "aXYc"),
        ("a\r\nb", [(1, 1, "x\ny")], "ax\r\ny\r\nb"),
        ("a\rb", [(3, 3, "\n")], "a\rb\r"),
        ("ab", [(2, 2, "\n")], "ab\n"),
    ],
)
def test_splice(text: str, edits: list[tuple[int, int, str]], expected: str) -> None:
    assert splice(Text("x", text), [Edit("x", *edit) for edit in edits]) == expected


def test_edits_that_overlap() -> None:
    with pytest.raises(ValueError, match="edits overlap"):
        splice(Text("x", "abc"), [Edit("x", 0, 2, ""), Edit("x", 1, 3, "")])
