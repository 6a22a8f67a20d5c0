"""Rewrites a list of revisions: in order and complete, and with the text beside each entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text
from definition_of_done.project.migrations.ancestry.graph import History
from definition_of_done.project.releases.changelog import MIGRATIONS, ChangelogPage
from definition_of_done.project.releases.revisions import (
    KnownRevisions,
    Listed,
    is_bare,
    listed_on,
)
from definition_of_done.readers.page import Line, ListItem
from definition_of_done.readers.stubs import is_none

_MARKER = regex(r"([ \t]*)(?:[-+*]|([0-9]{1,9})([.)]))([ \t]+)")


class _Item(NamedTuple):
    """An item of the list: its revisions, and its source without the newlines at its end."""

    names: list[str]
    source: str


def list_edits(
    listed: Listed, history: History, missing: Sequence[str], foreign: Sequence[str]
) -> tuple[Edit, ...]:
    """Return the edit that puts the entries of a page in order, with those that are missing.

    It takes away the entries of `foreign` beside which nothing stands. There is none where it is
    not certain: revisions stand in several lists, a stub stands there, or the new text would read
    otherwise.
    """
    sections = listed.page.all_sections(MIGRATIONS)
    if len(sections) != 1 or sections[0].is_stub:
        return ()
    known, section = KnownRevisions(history), sections[0]
    lists = [block.items for block in section.section.blocks if block.items]
    groups = list(_groups(lists, known))
    bare = [
        item for items in groups for item in items if any(is_bare(item, name) for name in foreign)
    ]
    gone = {item.text for item in bare}
    order = history.in_order([name for name in listed.names if name not in gone], missing)
    if section.says_none or not lists:
        bullets = "\n".join(f"- `{name}`" for name in order)
        edit = listed.page.adding_edit(section, bullets)
    elif len(groups or lists) == 1:
        edit = _relisted(listed.page.page.text, (groups or lists)[0], known, order, gone)
    else:
        return ()
    return (edit,) if edit and _holds(edit, listed, history, order, bare) else ()


def _groups(
    lists: Sequence[tuple[ListItem, ...]], known: KnownRevisions
) -> Iterator[tuple[ListItem, ...]]:
    """Yield the lists that hold an entry; they may be nested in the items of a theme."""
    for items in lists:
        if any(known.leading(item.text) for item in items):
            yield items
        yield from _groups([item.items for item in items if not known.leading(item.text)], known)


def _relisted(
    text: Text, items: tuple[ListItem, ...], known: KnownRevisions, order: list[str], gone: set[str]
) -> Edit | None:
    starts = [text.offset(item.spot.line) for item in items]
    ends = [*starts[1:], text.offset(items[-1].end)]
    # The engine writes the newlines of the file.
    raw = [
        text.text[start:end].replace("\r\n", "\n").replace("\r", "\n")
        for start, end in zip(starts, ends, strict=True)
    ]
    model = _MARKER.match(raw[0])
    if not model or any(not _MARKER.match(source) for source in raw):
        return None
    old = [
        _Item(known.leading(item.text), source.rstrip("\n"))
        for item, source in zip(items, raw, strict=True)
    ]
    gaps = [source[len(source.rstrip("\n")) :] for source in raw]
    kept = _placed([item for item in old if not gone.intersection(item.names)], order)
    new = _completed(kept, order, model[0])
    if not new:
        return None
    more_gaps = [gaps[0] if len(gaps) > 1 else "\n"] * len(new)
    between = [*gaps[:-1], *more_gaps][: len(new) - 1]
    sources = _numbered([item.source for item in new], raw)
    new_text = "".join(
        part for pair in zip(sources, [*between, gaps[-1]], strict=True) for part in pair
    )
    return Edit(text.path, starts[0], ends[-1], new_text)


def _placed(items: list[_Item], order: list[str]) -> list[_Item]:
    """Sort the items that name revisions among their places; the others keep theirs."""
    entries = [item for item in items if item.names]
    moved = iter(sorted(entries, key=lambda item: order.index(item.names[0])))
    return [next(moved) if item.names else item for item in items]


def _completed(items: list[_Item], order: list[str], marker: str) -> list[_Item]:
    """Insert an item for each revision that has none, before the revision that follows it."""
    listed = {name for item in items for name in item.names}
    completed = [*items]
    for at in reversed(range(len(order))):
        if order[at] not in listed:
            new = _Item([order[at]], f"{marker}`{order[at]}`")
            completed.insert(_index_before(completed, order[at + 1 : at + 2]), new)
    return completed


def _index_before(items: list[_Item], names: list[str]) -> int:
    """The index of the item with one of the names, else behind the last revision, else 0."""
    for at, item in enumerate(items):
        if set(names).intersection(item.names):
            return at
    return max((at + 1 for at, item in enumerate(items) if item.names), default=0)


def _numbered(sources: list[str], old: list[str]) -> list[str]:
    """Number the items of an ordered list again; a list of equal numbers keeps them."""
    markers = [found for found in map(_MARKER.match, old) if found and found[2]]
    if len(markers) < len(old):
        return sources
    first = int(markers[0][2])
    step = 0 if len(markers) > 1 and markers[1][2] == markers[0][2] else 1
    result = []
    for at, source in enumerate(sources):
        found = _MARKER.match(source)
        assert found
        marker = f"{found[1]}{first + at * step}{markers[0][3]}{found[4]}"
        shift = len(marker) - len(found[0])
        head, *rest = source[found.end() :].split("\n")
        result.append("\n".join([marker + head, *(_shifted(line, shift) for line in rest)]))
    return result


def _shifted(line: str, shift: int) -> str:
    if shift < 0:
        return line.removeprefix(" " * -shift)
    return " " * shift + line if line.strip() else line


def _holds(
    edit: Edit, listed: Listed, history: History, order: list[str], bare: list[ListItem]
) -> bool:
    """True where the edited page lists what it should and has lost nothing else."""
    new = listed.page.after(edit)
    if new is None or new.beside(MIGRATIONS) != listed.page.beside(MIGRATIONS):
        return False
    again = listed_on(new, KnownRevisions(history))
    if Counter(again.names) != Counter(order) or history.misplaced(again.names):
        return False
    added = Counter((name,) for name in order if name not in listed.names)
    lost = Counter(_words(item.lines) for item in bare)
    return _contents(listed.page) + added == _contents(new) + lost


def _contents(page: ChangelogPage) -> Counter[tuple[str, ...]]:
    """Count the texts of the section Migrations: item by item, and without a None."""
    found = Counter[tuple[str, ...]]()
    for block in page.blocks(MIGRATIONS):
        items = (nested for item in block.items for nested in item.all_items)
        found.update(_words(item.lines) for item in items)
        if not block.items:
            found[tuple(piece.text for piece in block.pieces)] += 1
    return Counter({words: count for words, count in found.items() if not is_none("".join(words))})


def _words(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)
