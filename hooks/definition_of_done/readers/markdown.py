"""Markdown pages as headings, sections, blocks, list items and links, through markdown-it-py."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Comment, Spot
from definition_of_done.base.text import Text, decode
from definition_of_done.readers.page import Block, Heading, Line, ListItem, Page, Piece, Section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from definition_of_done.readers._prose import Prose

_FRONT_MATTER = regex(
    r"---[ \t]*(?:\r\n?|\n)(.*?(?:\r\n?|\n))??(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.S
)
# The target of links, which nobody sees.
_ANCHOR = regex(r"\s*(?:<a\s+(?:id|name)=[^<>]*>|</a>|<a\s+(?:id|name)=[^<>]*></a>)\s*")
COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.S)
_MARKER = regex(r"(?:[-+*]|[0-9]{1,9}[.)])[ \t]+$")
_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "html_block": "html",
}
# What is in them is read as if it stood there alone.
_TRANSPARENT = ("blockquote_open", "container_open")


def read_page(path: str, data: bytes, *, has_front_matter: bool = True) -> Page:
    """The parts of a page; raises Unreadable where it is not UTF-8 text.

    Without `has_front_matter` the text between two rules at the start is text like any other.
    """
    from definition_of_done.readers._prose import read_prose

    text = decode(path, data)
    tokens = _tokens(text, without_front_matter(text) if has_front_matter else text.text)
    prose = read_prose(text, tokens)
    preamble: list[Block] = []
    sections: list[tuple[Heading, list[Block]]] = []
    for inside in _children(tokens, 0, len(tokens)):
        first = inside[0]
        if first.type == "heading_open" and int(first.tag[1:]) <= 2:
            sections.append((_heading(text, first, inside[1]), []))
            continue
        (sections[-1][1] if sections else preamble).extend(_blocks(text, inside, prose))
    return Page(
        text,
        tuple(preamble),
        tuple(Section(heading, tuple(blocks)) for heading, blocks in sections),
        tuple(link for token in tokens if id(token) in prose for link in prose[id(token)].links),
        tuple(_front_matter(text)) if has_front_matter else (),
    )


def read_comments(path: str, data: bytes) -> list[Comment]:
    """The HTML comments of a page, their text from behind `<!--`; raises Unreadable."""
    text = decode(path, data)
    comments = []
    for token in _tokens(text, without_front_matter(text)):
        if token.map is None:
            continue
        raws = [token.content] if token.type == "html_block" else []
        raws += [child.content for child in token.children or () if child.type == "html_inline"]
        at = text.offset(token.map[0] + 1)
        for raw in raws:
            for found in COMMENT.finditer(raw):
                # The file may have other newlines, but the first line alone finds the comment.
                start = text.text.find(found[0].split("\n")[0], at)
                if start >= 0:
                    spot = text.spot(start + 4)
                    inner = found[0].removeprefix("<!--").removesuffix("-->")
                    comments.append(Comment(spot.line, spot.column, inner))
                    at = start + 4
    return comments


def _tokens(text: Text, source: str) -> list[Token]:
    from definition_of_done.readers._inline import parse, parser, read_marked_lists

    markdown = parser()
    read_marked_lists(markdown)
    return parse(markdown, text, source, {})


def without_front_matter(text: Text) -> str:
    """The text with blank lines in place of its front matter, so that line numbers stay."""
    front = _FRONT_MATTER.match(text.text)
    if front is None:
        return text.text
    return re.sub(r"[^\r\n]", "", front[0]) + text.text[front.end() :]


def _front_matter(text: Text) -> Iterator[Line]:
    front = _FRONT_MATTER.match(text.text)
    if front and front[1]:
        for number in range(2, text.spot(front.end(1)).line):
            line = text.line(number)
            yield Line(line, Spot.of(text.path, number, 1, len(line)))


def _children(tokens: list[Token], start: int, end: int) -> Iterator[list[Token]]:
    """Yield the tokens of each of the blocks that follow one another between two indices."""
    at = start
    while at < end:
        depth, last = 0, at
        while last < end:
            depth += tokens[last].nesting
            if depth <= 0:
                break
            last += 1
        yield tokens[at : last + 1]
        at = last + 1


def _heading(text: Text, token: Token, inline: Token) -> Heading:
    words = "".join(
        " " if child.type == "softbreak" else child.content
        for child in inline.children or ()
        if child.type != "html_inline"
    )
    return Heading(int(token.tag[1:]), " ".join(words.split()), _indented(text, token))


def _indented(text: Text, token: Token) -> Spot:
    """The first line of a block, without the blanks around it."""
    line = token.map[0] + 1 if token.map else 1
    source = text.line(line)
    column = len(source) - len(source.lstrip()) + 1
    return Spot.of(text.path, line, column, len(source.strip()))


def _blocks(text: Text, inside: list[Token], prose: dict[int, Prose]) -> Iterator[Block]:
    """Yield a block, or the title of a box and the blocks of a box or a quote."""
    first = inside[0]
    if first.type not in _TRANSPARENT or any(token.type == "heading_open" for token in inside):
        block = _block(text, inside, prose)
        yield from (block,) if block else ()
        return
    if first.info:
        spot = _indented(text, first)
        heading = Heading(7, " ".join(first.info.split()), spot)
        line = Line(heading.text, spot)
        yield Block("other", spot, "", heading, (Piece("text", *line),), (line,), (), ())
    for nested in _children(inside, 1, len(inside) - 1):
        yield from _blocks(text, nested, prose)


def _block(text: Text, inside: list[Token], prose: dict[int, Prose]) -> Block | None:
    first = inside[0]
    spot = _indented(text, first)
    pieces = tuple(_pieces(text, inside, prose))
    is_bare = first.type in ("html_block", "paragraph_open")
    if first.type == "hr" or (is_bare and all(_ANCHOR.fullmatch(piece.text) for piece in pieces)):
        return None
    kind = _KINDS.get(first.type, "other")
    own = [prose[id(token)] for token in inside if id(token) in prose]
    return Block(
        kind,
        spot,
        own[0].lead if own and kind == "paragraph" else "",
        _heading(text, first, inside[1]) if kind == "heading" else None,
        pieces,
        tuple(line for part in own for line in part.lines),
        tuple(link for part in own for link in part.links),
        tuple(_items(text, inside, prose)) if kind == "list" else (),
    )


def _pieces(text: Text, tokens: list[Token], prose: dict[int, Prose]) -> Iterator[Piece]:
    for token in tokens:
        if token.type in ("fence", "code_block", "html_block"):
            spot = _indented(text, token)
            if token.type != "html_block":
                yield Piece("code", token.content, spot)
            elif rest := COMMENT.sub("", token.content).strip():
                yield Piece("html", rest, spot)
        elif id(token) in prose:
            yield from prose[id(token)].pieces


def _items(text: Text, inside: list[Token], prose: dict[int, Prose]) -> Iterator[ListItem]:
    for run in _children(inside, 1, len(inside) - 1):
        own: list[Prose] = []
        items: list[ListItem] = []
        for block in _children(run, 1, len(run) - 1):
            if block[0].type in ("bullet_list_open", "ordered_list_open"):
                items += _items(text, block, prose)
            else:
                own += [prose[id(token)] for token in block if id(token) in prose]
        first = own[0] if own else None
        yield ListItem(
            " ".join(line.text for line in first.lines) if first else "",
            _marker(text, run[0], first),
            first.lead if first else "",
            tuple(line for part in own for line in part.lines),
            tuple(piece for part in own for piece in part.pieces if piece.kind == "code"),
            tuple(link for part in own for link in part.links),
            bool(first and first.task),
            bool(first and first.task in ("x", "X")),
            bool(own) and all(part.is_struck for part in own),
            tuple(items),
            run[0].map[1] + 1 if run[0].map else 1,
        )


def _marker(text: Text, token: Token, first: Prose | None) -> Spot:
    """The place of an item's marker, which may stand behind that of a quote or another item."""
    line = token.map[0] + 1 if token.map else 1
    source = text.line(line).rstrip()
    is_beside = first and first.spot.line == line
    found = _MARKER.search(source[: first.spot.column - 1]) if first and is_beside else None
    start = found.start() if found else len(source) - len(source.lstrip("> \t"))
    return Spot.of(text.path, line, start + 1, len(source) - start)
