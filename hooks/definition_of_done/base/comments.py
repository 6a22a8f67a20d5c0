"""Comments of a file, whatever its language."""

from __future__ import annotations


class Comment:
    """A comment's text, with the line and column (from 1) at which the text starts.

    `first` is the first line that the comment is about. Behind the end of a string of several
    lines that is the line on which the string starts, else the comment's own.
    """

    __slots__ = ("column", "first", "line", "text")

    def __init__(self, line: int, column: int, text: str, first: int | None = None) -> None:
        self.line = line
        self.first = first or line
        self.column = column
        self.text = text
