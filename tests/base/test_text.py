"""A file's decoded text: lines, columns, newlines, edits."""

from __future__ import annotations

import pytest

from definition_of_done.base.text import Text


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
