"""The list of revisions rewritten: in order, complete, with the text beside each entry kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text
from definition_of_done.project.migrations.graph import History
from definition_of_done.project.releases.changelog import ChangelogPage, ChangelogSection
from definition_of_done.project.releases.listed import MIGRATIONS, Known, Listed, is_bare, listed_on
from definition_of_done.readers.markdown import Line, ListItem
from definition_of_done.readers.stubs import is_none

_MARKER = re.compile(r"([ \t]*)(?:[-+*]|([0-9]{1,9})([.)]))([ \t]+)")


class _Entry(NamedTuple):
    """An item as it stands: its revisions, its source without the newline at its end."""

    names: list[str]
    source: str


def list_edits(
    listed: Listed, history: History, missing: Sequence[str], foreign: Sequence[str]
) -> tuple[Edit, ...]:
    """The edit that puts the entries of a page in order, with those that are missing.

    It takes away those of `foreign` beside which nothing stands. None where that is not certain:
    where revisions stand in several lists, or what is written would read otherwise.
    """
    sections = [section for section in listed.page.named if section.name == MIGRATIONS]
    if len(sections) != 1:
        return ()
    known, section = Known(history), sections[0]
    lists = [block.items for block in section.section.blocks if block.items]
    groups = list(_groups(lists, known))
    bare = [
        item for items in groups for item in items if any(is_bare(item, name) for name in foreign)
    ]
    gone = {item.text for item in bare}
    order = history.in_order([name for name in listed.names if name not in gone], missing)
    if section.says_none or not lists:
        edit = _new_list(listed.page, section, order)
    elif len(groups or lists) == 1:
        edit = _relisted(listed.page.page.text, (groups or lists)[0], known, order, gone)
    else:
        return ()
    return (edit,) if edit and _holds(edit, listed, history, order, bare) else ()


def _groups(lists: Sequence[tuple[ListItem, ...]], known: Known) -> Iterator[tuple[ListItem, ...]]:
    """The lists that hold an entry, those among them that are nested in a theme."""
    for items in lists:
        if any(known.leading(item.text) for item in items):
            yield items
        yield from _groups([one.items for one in items if not known.leading(one.text)], known)


def _relisted(
    text: Text, items: tuple[ListItem, ...], known: Known, order: list[str], gone: set[str]
) -> Edit | None:
    starts = [text.offset(item.spot.line) for item in items]
    ends = [*starts[1:], text.offset(items[-1].end)]
    raw = [text.text[start:end] for start, end in zip(starts, ends, strict=True)]
    model = _MARKER.match(raw[0])
    if not model or any(not _MARKER.match(one) for one in raw):
        return None
    entries = [
        _Entry(known.leading(item.text), source.rstrip("\r\n"))
        for item, source in zip(items, raw, strict=True)
    ]
    gaps = [_plain(one[len(one.rstrip("\r\n")) :]) for one in raw]
    kept = _placed([one for one in entries if not gone.intersection(one.names)], order)
    there = {name for one in kept for name in one.names}
    for at in reversed(range(len(order))):
        if order[at] not in there:
            new = _Entry([order[at]], f"{model[0]}`{order[at]}`")
            after = set(order[at + 1 : at + 2])
            kept.insert(_before(kept, after), new)
    if not kept:
        return None
    between = [*gaps[:-1], *[gaps[0] if len(gaps) > 1 else "\n"] * len(kept)][: len(kept) - 1]
    sources = _numbered([_plain(one.source) for one in kept], raw)
    new_text = "".join(
        part for pair in zip(sources, [*between, gaps[-1]], strict=True) for part in pair
    )
    return Edit(text.path, starts[0], ends[-1], new_text)


def _placed(entries: list[_Entry], order: list[str]) -> list[_Entry]:
    """The entries in this order, each where an entry stood; what is none stays where it is."""
    moved = iter(
        sorted((one for one in entries if one.names), key=lambda one: order.index(one.names[0]))
    )
    return [next(moved) if one.names else one for one in entries]


def _before(entries: list[_Entry], names: set[str]) -> int:
    """The place before the entry of the names, else behind the last entry, else the first."""
    for at, entry in enumerate(entries):
        if names.intersection(entry.names):
            return at
    return max((at + 1 for at, entry in enumerate(entries) if entry.names), default=0)


def _numbered(sources: list[str], old: list[str]) -> list[str]:
    """The items with the numbers of an ordered list going up again, if they went up."""
    markers = [found for found in map(_MARKER.match, old) if found and found[2]]
    if len(markers) < len(old):
        return sources
    first = int(markers[0][2])
    step = 0 if len(markers) > 1 and markers[1][2] == markers[0][2] else 1
    result = []
    for at, source in enumerate(sources):
        found = _MARKER.match(source)
        if not found:
            return sources
        marker = f"{found[1]}{first + at * step}{markers[0][3]}{found[4]}"
        shift = len(marker) - len(found[0])
        head, *rest = source[found.end() :].split("\n")
        result.append("\n".join([marker + head, *(_shifted(line, shift) for line in rest)]))
    return result


def _shifted(line: str, shift: int) -> str:
    if shift < 0:
        return line.removeprefix(" " * -shift)
    return " " * shift + line if line.strip() else line


def _new_list(page: ChangelogPage, section: ChangelogSection, order: list[str]) -> Edit | None:
    """The revisions as a list in the place of None, else at the section's end."""
    text = page.page.text
    bullets = "\n".join(f"- `{name}`" for name in order)
    if section.says_none:
        line = section.section.blocks[0].spot.line
        at, said = text.offset(line), text.line(line)
        return None if "<" in said else Edit(text.path, at, at + len(said), bullets)
    at = len(text.text[: page.page.body(section.section)[1]].rstrip())
    return Edit(text.path, at, at, f"\n\n{bullets}")


def _plain(source: str) -> str:
    """The engine spells the newlines of an edit as the file does."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _holds(
    edit: Edit, listed: Listed, history: History, order: list[str], bare: list[ListItem]
) -> bool:
    """Whether the page, read again, lists what it should and has lost nothing else."""
    page = listed.page
    new = page.after(edit)
    if new is None:
        return False
    again = listed_on(new, Known(history))
    if Counter(again.names) != Counter(order) or history.misplaced(again.names):
        return False
    added = Counter((name,) for name in order if name not in listed.names)
    lost = Counter(_words(item.lines) for item in bare)
    return _contents(page) + added == _contents(again.page) + lost


def _contents(page: ChangelogPage) -> Counter[tuple[str, ...]]:
    """What stands on the page, the section Migrations item by item, without a None there."""
    found = Counter[tuple[str, ...]]()
    for section in page.page.sections:
        start, end = page.page.body(section)
        found[(section.heading.text,)] += 1
        if section.heading.text.casefold() != MIGRATIONS.casefold():
            found[(section.heading.text, page.page.text.text[start:end].strip())] += 1
            continue
        for block in section.blocks:
            found.update(_words(one.lines) for item in block.items for one in item.all_items)
            if not block.items:
                found[tuple(piece.text for piece in block.pieces)] += 1
    return Counter({words: count for words, count in found.items() if not is_none("".join(words))})


def _words(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)
