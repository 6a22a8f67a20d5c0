"""A file's decoded text: its offsets, lines and columns, and how edits change it."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit, Spot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

BOM = b"\xef\xbb\xbf"
MIB = 2**20


def path_of(href: str) -> str:
    """The path of a link, or its URL, without query and fragment and with its escapes read."""
    path = href.partition("#")[0].partition("?")[0]
    if "%" not in path:
        return path
    from urllib.parse import unquote

    return unquote(path)


class Text:
    """The decoded text of one file, with the newlines of the file and without a BOM.

    Lines end at LF, CRLF or CR, as they do for Python, YAML and Markdown. The other separators of
    `str.splitlines` end no line.
    """

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        if self._starts is None:
            if "\r" in self.text:
                import re

                ends = [end.end() for end in re.finditer(r"\r\n?|\n", self.text)]
            else:
                from itertools import accumulate

                lengths = [len(line) + 1 for line in self.text.split("\n")]
                ends = [*accumulate(lengths[:-1])]
            self._starts = [0, *ends]
        return self._starts

    @property
    def newline(self) -> str:
        """The newline that the file uses first; LF for a file of one line."""
        end = self.text.find("\n")
        if end < 0:
            return "\r" if "\r" in self.text else "\n"
        return "\r\n" if end and self.text[end - 1] == "\r" else "\n"

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column, both from 1; past the end of the file, its length."""
        starts = self.starts
        if line > len(starts):
            return len(self.text)
        return min(starts[line - 1] + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """The line with this number (from 1), without its newline."""
        return self.text[self.offset(number) : self.offset(number + 1)].rstrip("\r\n")

    def spot(self, offset: int, end: int | None = None) -> Spot:
        """The spot at an offset; it ends at the offset `end` where that is known."""
        line, column = self._place(offset)
        return Spot(self.path, line, column, None if end is None else self._place(end))

    def written(self, edit: Edit) -> str:
        """The text of an edit as it comes into the file, with the newlines of the file."""
        return edit.text if self.newline == "\n" else edit.text.replace("\n", self.newline)

    def _place(self, offset: int) -> tuple[int, int]:
        from bisect import bisect_right

        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def decode(path: str, data: bytes, encoding: str = "utf-8") -> Text:
    """The text of a file's bytes; raises Unreadable at the first byte that does not decode."""
    body = data.removeprefix(BOM)
    try:
        return Text(path, body.decode(encoding), encoding)
    except LookupError:
        raise Unreadable(f"not {encoding} text: unknown encoding", path=path) from None
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode(encoding, "replace")) + 1
        reason = f"not {encoding} text: byte 0x{body[error.start]:02x}"
        raise Unreadable(reason, line, column, path=path) from None


def refuse_large(path: str, size: int, limit: int) -> None:
    """Raise Unreadable for a file so large that a parser would take minutes."""
    if size > limit:
        raise Unreadable(f"larger than {limit // MIB} MiB, which is not parsed", path=path)


def splice(text: Text, edits: Iterable[Edit]) -> str:
    """The text after the edits; LF in them becomes the newline of the file.

    Raises ValueError where two edits overlap.
    """
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError("edits overlap")
        parts += [text.text[at : edit.start], text.written(edit)]
        at = edit.end
    return "".join([*parts, text.text[at:]])
