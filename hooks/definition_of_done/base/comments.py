"""Comments of a file, whatever its language."""

from __future__ import annotations


class Comment:
    """A comment's text with the line and column (from 1) at which the text starts.

    `first` is the first line that it speaks of: that of a string which ends on its own line.
    """

    __slots__ = ("column", "first", "line", "text")

    def __init__(self, line: int, column: int, text: str, first: int | None = None) -> None:
        self.line = line
        self.first = first or line
        self.column = column
        self.text = text
