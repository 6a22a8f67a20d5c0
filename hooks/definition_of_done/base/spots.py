"""Places in files, edits of files, and their comments."""

# A hook that has nothing to check must take little longer than Python's own start. To import
# dataclasses or typing would take as long again: hence plain classes with slots, here and in the
# engine.

from __future__ import annotations


class Spot:
    """A place in a file: path relative to the root with `/`, line and column from 1.

    Columns count code points. `end` is the line and column behind the thing that starts there,
    None where it is not known. Two spots with the same start are equal.
    """

    __slots__ = ("column", "end", "line", "path")

    def __init__(
        self, path: str, line: int = 1, column: int = 1, end: tuple[int, int] | None = None
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end = end

    @classmethod
    def of(cls, path: str, line: int, column: int, length: int) -> Spot:
        """The spot of a thing that takes `length` code points of one line."""
        return cls(path, line, column, (line, column + length))

    def moved(self, distance: int) -> Spot:
        """The spot so many code points to the right, without an end."""
        return Spot(self.path, self.line, self.column + distance)

    def __repr__(self) -> str:
        return f"Spot({self.path!r}, {self.line}, {self.column})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spot) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[str, int, int]:
        """Path, line and column, in the order of a report."""
        return (self.path, self.line, self.column)


class Edit:
    """A new `text` for the characters [start, end) of a file's decoded text.

    Offsets count code points, without a BOM and with the newlines as they are in the file.
    """

    __slots__ = ("end", "path", "start", "text")

    def __init__(self, path: str, start: int, end: int, text: str) -> None:
        self.path = path
        self.start = start
        self.end = end
        self.text = text


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
