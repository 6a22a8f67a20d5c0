"""The tables of a page as rows of cells, empty ones included."""

from __future__ import annotations

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers.page import Block, Line, Section

_CELL = regex(r"(?<!\\)\|")


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
