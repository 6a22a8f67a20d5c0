"""A Markdown page as records: headings, sections, blocks, list items, links and rows of tables."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers.packed import packing

_UNDERLINE = regex(r" {0,3}(?:=+|-+)[ \t]*$")
_CELL = regex(r"(?<!\\)\|")


class Piece(NamedTuple):
    """A run of inline content on one line: `kind` is text, code or html."""

    kind: str
    text: str
    spot: Spot


class Line(NamedTuple):
    """A line of text without markup, and its start; a cell of a table is a line."""

    text: str
    spot: Spot


class Link(NamedTuple):
    """A link or image, and its start.

    `href` is the destination as the page writes it, with its escapes resolved; a reference link has
    that of its definition. `text` has no markup.
    """

    href: str
    text: str
    spot: Spot
    is_image: bool


class ListItem(NamedTuple):
    """An item of a list, without the contents of its nested `items`.

    `text` is its first paragraph without markup and task mark, `lines` is all of its text, with the
    first paragraph. `lead` is the strong text that it starts with. `is_struck` is True where all of
    its text is struck out. `spot` is the place of its marker, `end` the line behind its last one.
    """

    text: str
    spot: Spot
    lead: str
    lines: tuple[Line, ...]
    code: tuple[Piece, ...]
    links: tuple[Link, ...]
    is_task: bool
    is_ticked: bool
    is_struck: bool
    items: tuple[ListItem, ...]
    end: int

    @property
    def all_items(self) -> Iterator[ListItem]:
        """The item itself and all items nested in it, in the order of the page."""
        yield self
        for item in self.items:
            yield from item.all_items


class Heading(NamedTuple):
    """A top-level heading: its text without markup and comments.

    The title of an admonition or a tab is one, too, of the lowest level.
    """

    level: int
    text: str
    spot: Spot

    @property
    def is_of_box(self) -> bool:
        """True for the title of an admonition or a tab."""
        return self.level > 6


class Block(NamedTuple):
    """A top-level block: `kind` is paragraph, list, table, code, html, heading or other.

    What stands in a quote, an admonition or a tab is read as if it stood there alone.

    `pieces` are its inline contents without comments. They, `lines` and `links` include those of
    nested blocks. `items` are the items of a list, `lead` is the strong text that a paragraph
    starts with, `heading` is the heading (of level 3 or more) of a block that is one.
    """

    kind: str
    spot: Spot
    lead: str
    heading: Heading | None
    pieces: tuple[Piece, ...]
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    items: tuple[ListItem, ...]


class Section(NamedTuple):
    """A heading of level 1 or 2, and the blocks below it up to the next such heading."""

    heading: Heading
    blocks: tuple[Block, ...]

    @property
    def pieces(self) -> Iterator[Piece]:
        """All inline content of the section."""
        for block in self.blocks:
            yield from block.pieces

    @property
    def is_empty(self) -> bool:
        """True where the section has only headings, comments and items without a word."""
        return all(
            block.kind == "heading" or (block.kind == "list" and not (block.pieces or block.links))
            for block in self.blocks
        )


class Page(NamedTuple):
    """A page: its text, and its sections in order.

    `preamble` holds the blocks before the first heading of level 1 or 2, `links` all links of the
    page, those of headings included, `front_matter` the lines between its fences.
    """

    text: Text
    preamble: tuple[Block, ...]
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    front_matter: tuple[Line, ...]

    def body(self, section: Section) -> tuple[int, int]:
        """The offsets of the text below the heading of one of the page's sections, or of a part."""
        line = section.heading.spot.line
        starts = [other_section.heading.spot.line for other_section in self.sections]
        is_part = line not in starts
        if is_part:
            others = (block for other in self.sections for block in other.blocks)
            starts += (block.spot.line for block in others if block not in section.blocks)
        after = [start for start in starts if start > line]
        if not is_part and not self.text.line(line).lstrip().startswith("#"):
            while not _UNDERLINE.match(self.text.line(line)):
                line += 1
        end = self.text.offset(min(after)) if after else len(self.text.text)
        return self.text.offset(line + 1), end


def rows_of(text: Text, block: Block) -> list[list[Line]]:
    """The rows of a table with any text, its head first."""
    return [cells_of(text, line) for line in sorted({line.spot.line for line in block.lines})]


def cells_of(text: Text, line: int) -> list[Line]:
    """The cells of a row, as the page writes them."""
    source = text.line(line)
    found: list[Line] = []
    at = 0
    for cell in _CELL.split(source):
        column = at + len(cell) - len(cell.lstrip()) + 1
        found.append(Line(cell.strip(), Spot(text.path, line, column)))
        at += len(cell) + 1
    # The pipes at both ends of a row are no columns.
    start = 1 if source.lstrip().startswith("|") else 0
    return found[start : -1 if source.rstrip().endswith("|") and len(found) > 1 else None]


def column_head(text: Text, section: Section, spot: Spot) -> str | None:
    """The head of the column that a spot stands in; None outside of a table."""
    for block in section.blocks:
        lines = {line.spot.line for line in block.lines} if block.kind == "table" else ()
        if spot.line in lines:
            row = cells_of(text, spot.line)
            at = sum(cell.spot.column <= spot.column for cell in row) - 1
            heads = cells_of(text, block.spot.line)
            return heads[at].text if 0 <= at < len(heads) else ""
    return None


PACKING = packing(Piece, Line, Link, ListItem, Heading, Block, Section, Page)
