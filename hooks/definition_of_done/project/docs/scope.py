"""Both scopes under one heading: below headings or labels, in labelled bullets, or in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.text import Text
from definition_of_done.project.docs.sections import IN_SCOPE, OUT_OF_SCOPE, scope_of
from definition_of_done.readers.page import Block, Heading, Line, ListItem, Piece, Section, cells_of

_LABEL = regex(r":\s*|\s[-\u2013\u2014]+\s")
# The marks that say of another cell of the row that it is in the scope, or that it is not.
_YES = regex(r"(?:[xX\u2713\u2714\u2705]|:\w*check\w*:|yes|in|true)\W*", re.I)
_NO = regex(r"(?:[\u2717\u2718\u274c\u2013\u2014-]+|:x:|no|out|later|false|)\W*", re.I)

# An item that starts with a mark.
_MARKED = regex(
    r"(?:(?P<yes>[\u2713\u2714\u2705]|:\w*check\w*:)|[\u2717\u2718\u274c]|:x:)\ufe0f?\s+"
)

# A part is its label, and the blocks below that.
_Part = tuple[Heading, list[Block]]


def scopes(text: Text, section: Section) -> Iterator[tuple[str, Section]]:
    """Yield the two scopes of a section, each with its name, as sections of their own."""
    parts: list[_Part] = []
    for block in section.blocks:
        found = _labelled(text, block)
        if found:
            parts += found
        elif parts:
            parts[-1][1].append(block)
    # Each of several bullets may have the same label.
    named: dict[str, Section] = {}
    for heading, blocks in parts:
        if name := scope_of(heading.text):
            before = named.get(name, Section(heading, ()))
            named[name] = before._replace(blocks=(*before.blocks, *blocks))
    yield from named.items()


def _labelled(text: Text, block: Block) -> list[_Part]:
    """The parts that start in a block; there are none in a block that belongs to the last one."""
    if block.heading:
        is_part = block.heading.level == 3 or scope_of(block.heading.text)
        return [(block.heading, [])] if is_part else []
    if block.kind == "table":
        return list(_in_table(text, block))
    if block.kind == "list":
        return list(_in_list(block))
    words = " ".join(line.text for line in block.lines) if block.kind == "paragraph" else ""
    label = block.lead if scope_of(block.lead) else words
    if not scope_of(label):
        return []
    # What is only a sentence behind the label is kept, and is no list.
    is_sentence = bool(words.removeprefix(label).strip(" :"))
    return [(Heading(3, label, block.spot), [block] if is_sentence else [])]


def _in_list(block: Block) -> Iterator[_Part]:
    """Yield a part for each item with a label; other items belong to the part before them."""
    parts: list[tuple[Heading, list[ListItem]]] = []
    for item in block.items:
        label, rest = _label(item)
        if scope_of(label):
            own = item._replace(text=rest, lead="", lines=(Line(rest, item.spot),), items=())
            parts.append((Heading(3, label, item.spot), [*([own] if rest else []), *item.items]))
        elif parts:
            parts[-1][1].append(item)
        else:
            return
    for heading, items in parts:
        yield heading, [_list(items)] if items else []


def _label(item: ListItem) -> tuple[str, str]:
    """The label of an item and the rest; a mark is one of yes or no."""
    if found := _MARKED.match(item.text):
        return "In" if found["yes"] else "Out", item.text[found.end() :]
    if item.lead and scope_of(item.lead):
        return item.lead, item.text.removeprefix(item.lead).lstrip(" :")
    end = _LABEL.search(item.text)
    return (item.text[: end.start()], item.text[end.end() :]) if end else (item.text, "")


def _list(items: list[ListItem]) -> Block:
    """Make a list of items, with the text of each as one piece."""
    every = [nested for item in items for nested in item.all_items]
    pieces = tuple(Piece("text", line.text, line.spot) for item in every for line in item.lines)
    lines = tuple(line for item in every for line in item.lines)
    links = tuple(link for item in every for link in item.links)
    return Block("list", items[0].spot, "", None, pieces, lines, links, tuple(items))


def _in_table(text: Text, block: Block) -> Iterator[_Part]:
    """Yield the scopes of a table: they head its columns, or start its rows."""
    first = block.spot.line
    rows = {line: cells_of(text, line) for line in {line.spot.line for line in block.lines}}
    header = [scope_of(cell.text) for cell in rows.get(first, ())]
    cells: dict[str, list[Line]] = {IN_SCOPE: [], OUT_OF_SCOPE: []}
    if set(cells) <= set(header) or (IN_SCOPE in header and None in header):
        for line in sorted(rows.keys() - {first}):
            for name, cell in _in_row(header, rows[line]):
                cells[name].append(cell)
    else:
        for line in sorted(rows):
            label, *others = rows[line]
            cells.get(scope_of(label.text) or "", []).extend(cell for cell in others if cell.text)
    if any(cells.values()):
        for name, found in cells.items():
            items = [item_of(cell) for cell in found]
            yield Heading(3, name, block.spot), [_list(items)] if items else []


def _in_row(header: list[str | None], row: list[Line]) -> Iterator[tuple[str, Line]]:
    """Yield what a row names with its scope: in the cell, or beside a mark in it."""
    named = [cell for name, cell in zip(header, row, strict=False) if not name and cell.text]
    for name, cell in zip(header, row, strict=False):
        if name and named and _NO.fullmatch(cell.text) and OUT_OF_SCOPE not in header:
            yield OUT_OF_SCOPE, named[0]
        elif name and named and _YES.fullmatch(cell.text):
            yield name, named[0]
        elif name and cell.text and not _NO.fullmatch(cell.text):
            yield name, cell


def item_of(cell: Line) -> ListItem:
    """The cell of a table as an item of a list."""
    return ListItem(
        cell.text,
        cell.spot,
        lead="",
        lines=(cell,),
        code=(),
        links=(),
        is_task=False,
        is_ticked=False,
        is_struck=False,
        items=(),
        end=cell.spot.line + 1,
    )
