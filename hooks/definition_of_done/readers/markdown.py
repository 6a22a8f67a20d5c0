"""Markdown pages as headings, sections and blocks with their lines, through markdown-it-py."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.engine.errors import Unreadable
from definition_of_done.engine.finding import Spot
from definition_of_done.engine.suppressions import Comment
from definition_of_done.engine.text import Text, decode

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"---[ \t]*(?:\r\n?|\n)(?:.*?(?:\r\n?|\n))??(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.S
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)


class Piece(NamedTuple):
    """A run of inline content on one line: `kind` is text, code or html."""

    kind: str
    line: int
    text: str


class Block(NamedTuple):
    """A top-level block: `kind` is paragraph, list, code, html, heading or other.

    `items` counts the items of a list; `pieces` are its inline contents, comments left out.
    """

    kind: str
    line: int
    items: int
    pieces: tuple[Piece, ...]


class Heading(NamedTuple):
    """A top-level heading: its text without markup and comments."""

    level: int
    text: str
    spot: Spot


class Section(NamedTuple):
    """A heading of level 1 or 2 with what stands below it, up to the next of them."""

    heading: Heading
    blocks: tuple[Block, ...]

    @property
    def pieces(self) -> Iterator[Piece]:
        """All inline content of the section."""
        for block in self.blocks:
            yield from block.pieces

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing but headings and comments."""
        return all(block.kind == "heading" for block in self.blocks)


class Page(NamedTuple):
    """A page: its text, and its sections in order; what stands before the first is left out."""

    text: Text
    sections: tuple[Section, ...]


def read_page(path: str, data: bytes) -> Page:
    """The sections of a page; raises Unreadable where it is not UTF-8 text."""
    text = decode(path, data)
    sections: list[tuple[Heading, list[Block]]] = []
    tokens = _tokens(text)
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        inside = tokens[at:end]
        first = tokens[at]
        if first.type == "heading_open" and int(first.tag[1:]) <= 2:
            sections.append((_heading(text, first, tokens[at + 1]), []))
        elif sections:
            block = _block(first, inside)
            if block:
                sections[-1][1].append(block)
        at = end
    return Page(text, tuple(Section(heading, tuple(blocks)) for heading, blocks in sections))


def read_comments(path: str, data: bytes) -> list[Comment]:
    """The HTML comments of a page, from after their opening; raises Unreadable."""
    text = decode(path, data)
    comments = []
    for token in _tokens(text):
        if token.map is None:
            continue
        raws = [token.content] if token.type == "html_block" else []
        raws += [child.content for child in token.children or () if child.type == "html_inline"]
        at = text.offset(token.map[0] + 1)
        for raw in raws:
            for found in _COMMENT.finditer(raw):
                # Newlines may be spelt otherwise in the file: the first line is enough to find it.
                start = text.text.find(found[0].split("\n")[0], at)
                if start >= 0:
                    spot = text.spot(start + 4)
                    inner = found[0].removeprefix("<!--").removesuffix("-->")
                    comments.append(Comment(spot.line, spot.column, inner))
                    at = start + 4
    return comments


def _tokens(text: Text) -> "list[Token]":
    from markdown_it import MarkdownIt

    source = text.text
    front = _FRONT_MATTER.match(source)
    if front:
        # Blank lines in its place keep the line numbers.
        source = re.sub(r"[^\r\n]", "", front[0]) + source[front.end() :]
    try:
        return MarkdownIt("commonmark").enable("table").parse(source)
    except RecursionError:
        raise Unreadable("nested too deeply to be judged", path=text.path) from None


def _end(tokens: "list[Token]", at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index + 1
    return len(tokens)


def _heading(text: Text, token: "Token", inline: "Token") -> Heading:
    line = token.map[0] + 1 if token.map else 1
    words = "".join(
        " " if child.type == "softbreak" else child.content
        for child in inline.children or ()
        if child.type != "html_inline"
    )
    indent = len(text.line(line)) - len(text.line(line).lstrip())
    return Heading(int(token.tag[1:]), " ".join(words.split()), Spot(text.path, line, indent + 1))


def _block(first: "Token", inside: "list[Token]") -> Block | None:
    line = first.map[0] + 1 if first.map else 1
    pieces = tuple(_pieces(inside))
    if first.type == "hr" or (first.type in ("html_block", "paragraph_open") and not pieces):
        return None
    kind = {
        "heading_open": "heading",
        "paragraph_open": "paragraph",
        "bullet_list_open": "list",
        "ordered_list_open": "list",
        "fence": "code",
        "code_block": "code",
        "html_block": "html",
    }.get(first.type, "other")
    items = sum(
        token.type == "list_item_open" and token.level == first.level + 1 for token in inside
    )
    return Block(kind, line, items, pieces)


def _pieces(tokens: "Iterable[Token]") -> Iterator[Piece]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        if token.type in ("fence", "code_block"):
            yield Piece("code", line, token.content)
        elif token.type == "html_block":
            rest = _COMMENT.sub("", token.content).strip()
            if rest:
                yield Piece("html", line, rest)
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "code_inline":
                yield Piece("code", line, child.content)
            elif child.type == "html_inline":
                if not child.content.startswith("<!--"):
                    yield Piece("html", line, child.content)
                line += child.content.count("\n")
            elif child.type == "image" or child.content.strip():
                yield Piece("text", line, child.content)
