"""The inline content of Markdown blocks: pieces, lines and links, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.page import Line, Link, Piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it.token import Token

    from definition_of_done.base.text import Text

_CLOSING = regex(r"(?:^|[ \t])#+[ \t]*$")
_TASK = regex(r"\[([ xX])\](?=[ \t\xa0\n])")
_STRUCK = regex(r"<(/?)(?:del|s|strike)\b", re.I)
_TEXT = ("text", "text_special", "code_inline", "image")


class Prose(NamedTuple):
    """The inline content of one block, as `Block` and `ListItem` describe it.

    `spot` is where it starts. `task` is the character in the task mark at its start, else empty.
    """

    spot: Spot
    pieces: tuple[Piece, ...]
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    lead: str
    task: str
    is_struck: bool


def read_prose(text: Text, tokens: list[Token]) -> dict[int, Prose]:
    """The content of each inline token, by the token's id."""
    found: dict[int, Prose] = {}
    cells: dict[int, int] = {}
    for before, token in pairwise(tokens):
        if token.type == "inline" and token.map:
            at = _places(text, before, token, cells)
            found[id(token)] = _Content(at, token, before.type == "paragraph_open").read()
    return found


def _places(
    text: Text, before: Token, token: Token, cells: dict[int, int]
) -> Callable[[int], Spot]:
    """The function from an offset in a token's content to its place in the file.

    `cells` holds, for each row of a table, the end of the last cell that was found.
    """
    first = token.map[0] + 1 if token.map else 1
    if before.type in ("td_open", "th_open"):
        return _cell(text, first, token.content, cells)
    opening, end = token.content.split("\n")[0].strip(), token.map[1] if token.map else 1
    while first < end and opening not in text.line(first).replace("\0", "\ufffd"):
        # Some blanks make no blank line for Markdown, and yet the content starts behind them.
        first += 1
    starts: list[int] = []
    shifts: list[int] = []
    start = 0
    for number, line in enumerate(token.content.split("\n"), first):
        source, body = text.line(number).rstrip(), line.strip()
        if before.type == "heading_open" and before.markup.startswith("#"):
            source = _CLOSING.sub("", source).rstrip()
        # The markers and the indentation of a block stand before the content, nothing behind it.
        column = max(len(source) - len(body), 0)
        starts.append(start)
        shifts.append(column - (len(line) - len(line.lstrip())))
        start += len(line) + 1

    def at(offset: int) -> Spot:
        index = bisect_right(starts, offset) - 1
        return Spot(text.path, first + index, offset - starts[index] + shifts[index] + 1)

    return at


def _cell(text: Text, line: int, content: str, cells: dict[int, int]) -> Callable[[int], Spot]:
    source = text.line(line)
    # A pipe inside a cell is written with a backslash, which the content has lost.
    start = max(source.find(content.replace("|", "\\|"), cells.get(line, 0)), 0)
    cells[line] = start + len(content) + content.count("|")
    return lambda offset: Spot(text.path, line, start + offset + content[:offset].count("|") + 1)


class _Content:
    """The children of an inline token, and how they read as pieces, lines and links."""

    def __init__(self, at: Callable[[int], Spot], token: Token, is_paragraph: bool) -> None:
        self._at = at
        self._children = token.children or []
        task = _TASK.match(token.content) if is_paragraph else None
        is_text = [child.type for child in self._children[:1]] == ["text"]
        self._task = task[1] if task and is_text else ""
        self._skipped = task.end() if task and self._task else 0

    def read(self) -> Prose:
        pieces = tuple(self._pieces())
        return Prose(
            self._at(0),
            pieces,
            tuple(self._lines()),
            tuple(self._links()),
            self._lead(),
            self._task,
            self._is_struck(),
        )

    def _place(self, token: Token) -> Spot:
        return self._at(int(token.meta.get("at", 0)))

    def _pieces(self) -> Iterator[Piece]:
        run: list[Token] = []
        for child in self._children:
            if child.type in ("text", "text_special"):
                run.append(child)
                continue
            yield from self._joined(run)
            run = []
            if child.type == "code_inline":
                yield Piece("code", child.content, self._place(child))
            elif child.type == "html_inline" and not child.content.startswith("<!--"):
                yield Piece("html", child.content, self._place(child))
            elif child.type == "image":
                yield Piece("text", child.content, self._place(child))
        yield from self._joined(run)

    def _joined(self, run: list[Token]) -> Iterator[Piece]:
        words = "".join(token.content for token in run)
        if words.strip():
            # A pair of markers that is emphasis leaves an empty token beside it.
            yield Piece("text", words, self._place(next(token for token in run if token.content)))

    def _lines(self) -> Iterator[Line]:
        words, spot = "", self._at(self._skipped)
        for child in self._own():
            if child.type in ("softbreak", "hardbreak"):
                if words.strip():
                    yield Line(" ".join(words.split()), spot)
                words = ""
            elif child.type in _TEXT:
                if not words.strip() and child.content.strip():
                    blanks = len(child.content) - len(child.content.lstrip())
                    spot = self._place(child).moved(blanks)
                words += child.content
        if words.strip():
            yield Line(" ".join(words.split()), spot)

    def _own(self) -> Iterator[Token]:
        """The children behind the task mark."""
        skipped = self._skipped
        for child in self._children:
            if skipped and child.type in ("text", "text_special"):
                left = child.content[skipped:]
                skipped = max(skipped - len(child.content), 0)
                if not left.strip():
                    continue
                gap = len(child.content) - len(left.lstrip())
                child = child.copy(content=left.lstrip(), meta={"at": child.meta["at"] + gap})
            yield child

    def _links(self) -> Iterator[Link]:
        opened: list[Token] = []
        words = ""
        for child in self._children:
            if child.type == "link_open":
                opened, words = [child], ""
            elif child.type == "link_close" and opened:
                href = str(opened[0].attrs.get("href", ""))
                yield Link(href, " ".join(words.split()), self._place(opened[0]), is_image=False)
                opened = []
            elif child.type == "image":
                src = str(child.attrs.get("src", ""))
                yield Link(src, " ".join(child.content.split()), self._place(child), is_image=True)
            if child.type in _TEXT:
                words += child.content
            elif child.type == "softbreak":
                words += " "

    def _lead(self) -> str:
        words: list[str] | None = None
        for child in self._own():
            if words is None:
                if child.type == "strong_open":
                    words = []
                elif child.type != "html_inline" and child.content.strip():
                    return ""
            elif child.type == "strong_close":
                return " ".join("".join(words).split())
            else:
                words.append(" " if child.type == "softbreak" else child.content)
        return ""

    def _is_struck(self) -> bool:
        depth, has_struck_text = 0, False
        for child in self._own():
            found = _STRUCK.match(child.content) if child.type == "html_inline" else None
            if child.type in ("s_open", "s_close"):
                depth += child.nesting
            elif found:
                depth += -1 if found[1] else 1
            elif child.type in _TEXT and child.content.strip():
                if not depth:
                    return False
                has_struck_text = True
        return has_struck_text
