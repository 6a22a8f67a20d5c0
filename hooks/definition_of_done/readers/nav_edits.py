"""Edits of a nav. Each is tried: there is none where the nav would not read as it should."""

from __future__ import annotations

import json

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import Text, splice
from definition_of_done.readers.site import read_part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.readers.nav import Gist, Nav, NavEntry


def retitled(nav: Nav, entry: NavEntry, title: str) -> tuple[Edit, ...]:
    """The edit that gives an entry a title, none where the result is not certain."""
    if entry.title_span:
        edit = Edit(nav.text.path, *entry.title_span, _scalar(nav, title))
    else:
        edit = Edit(nav.text.path, *entry.span, _entry(nav, title, entry.target))
    at = nav.entries.index(entry)
    expected = nav.gist
    expected[at] = (title, entry.target, entry.trail)
    return _verified(nav, [edit], expected)


def added(nav: Nav, title: str, target: str, beside: NavEntry, *, after: bool) -> tuple[Edit, ...]:
    """The edits that put a new entry on the line below or above another one.

    There are none where that one has no line of its own, or where the result would not read as
    the same nav with the new entry.
    """
    entry = (title, target, beside.trail)
    return _beside(nav, beside, _entry(nav, title, target), "", entry, after=after)


def copied(nav: Nav, beside: NavEntry, old: str, new: str, *, after: bool) -> tuple[Edit, ...]:
    """The edits that put a copy of an entry on the line below or above it, with `new` for `old`.

    The copy keeps the quotes and the comment of the line. There are none in the cases of `added`.
    """
    text, (start, end) = nav.text, beside.span
    line = text.offset(text.spot(start).line)
    rest = text.text[end : line + len(text.line(text.spot(start).line))].lstrip(" \t,")
    gap = " " if rest else ""
    title = beside.title.replace(old, new) if beside.title else None
    entry = (title, beside.target.replace(old, new), beside.trail)
    source = text.text[start:end].replace(old, new)
    return _beside(nav, beside, source, gap + rest.replace(old, new), entry, after=after)


def quoted_entry(nav: Nav, title: str, target: str) -> str:
    """The source of an entry in double quotes, in single ones where it has double ones."""
    source = _entry(nav, title, target)
    mark = "'" if '"' in source else '"'
    return f"{mark}{source}{mark}"


def _beside(
    nav: Nav, beside: NavEntry, source: str, rest: str, entry: Gist, *, after: bool
) -> tuple[Edit, ...]:
    text, (start, end) = nav.text, beside.span
    number = text.spot(start).line
    first, last = text.offset(number), text.offset(number) + len(text.line(number))
    indent = text.text[first:start]
    comma = text.text[end:last].partition("#")[0].strip()
    is_alone = indent.strip() == ("" if nav.is_toml else "-")
    if text.spot(end).line != number or not is_alone or comma not in ("", ","):
        return ()
    if after:
        edits = [Edit(text.path, last, last, f"\n{indent}{source}{comma}{rest}")]
        if nav.is_toml and not comma:
            edits.insert(0, Edit(text.path, end, end, ","))
    else:
        comma = "," if nav.is_toml else ""
        edits = [Edit(text.path, first, first, f"{indent}{source}{comma}{rest}\n")]
    expected = nav.gist
    expected.insert(nav.entries.index(beside) + after, entry)
    return _verified(nav, edits, expected)


def _entry(nav: Nav, title: str, target: str) -> str:
    if nav.is_toml:
        return f"{{ {_scalar(nav, title)} = {_scalar(nav, target)} }}"
    return f"{_scalar(nav, title)}: {_scalar(nav, target)}"


def _scalar(nav: Nav, value: str) -> str:
    if not nav.is_toml:
        from definition_of_done.readers.mkdocs import is_plain

        if is_plain(value):
            return value
    return json.dumps(value, ensure_ascii=False)


def _verified(nav: Nav, edits: list[Edit], expected: list[Gist]) -> tuple[Edit, ...]:
    try:
        settings, again = read_part(Text(nav.text.path, splice(nav.text, edits)))
    except Unreadable:
        return ()
    is_meant = again and again.gist == expected and again.trails == nav.trails
    # A part of the nav may be an alias of what stands elsewhere, too.
    is_alone = "*" not in nav.text.text or settings == read_part(nav.text)[0]
    return tuple(edits) if is_meant and is_alone else ()
