"""The date of a page, in digits or in words: behind `Date:`, in a table, or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Spot
from definition_of_done.project.docs.sections import plain
from definition_of_done.project.page_names import is_date
from definition_of_done.readers.page import Line, Page

_KEYED = regex(r"date\s*:\s*(?:(['\"])(.*?)\1\s*(?:#.*)?|([^#\n]*+)(?:#.*)?)$", re.I)
_MARKS = "/.\u2010-\u2013-"
_YEAR_FIRST = regex(rf"(?<!\d)(\d{{4}})([{_MARKS}]?)(\d{{1,2}})\2(\d{{1,2}})(?!\d)")
_YEAR_LAST = regex(rf"(?<!\d)(\d{{1,2}})([{_MARKS}])(\d{{1,2}})\2(\d{{4}})(?!\d)")
_DAY_FIRST = regex(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?[ -](?:of )?([A-Za-z]{3,9})\.?,?[ -](\d{4})(?!\d)"
)
_MONTH_FIRST = regex(r"(?<![A-Za-z])([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
# The day of the last change is not the page's.
_CHANGED = regex(r"(?:last )?(?:updated?|changed|edited|reviewed|modified)\b", re.I)
# A section of its own may hold the date.
_HEADINGS = (plain("Date"), plain("Title and date"))


def dates_in(text: str) -> list[str]:
    """The dates that a text names, as YYYY-MM-DD; both readings of day and month in digits."""
    return [date for date, _, _ in _found(text)]


def without_dates(text: str) -> str:
    """The text without the dates that it names."""
    for _, start, end in sorted(_found(text), key=lambda found: found[1], reverse=True):
        text = text[:start] + text[end:]
    return text


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each date with its start and end."""
    for found in _YEAR_FIRST.finditer(text):
        yield from _date(found, found[1], found[3], found[4])
    for found in _YEAR_LAST.finditer(text):
        # Who writes 5/6/2026 means one or the other.
        read = list(_date(found, found[4], found[3], found[1]))
        other = list(_date(found, found[4], found[1], found[3]))
        yield from read or other
        if read and other and read != other:
            yield (other[0][0], found.end(), found.end())
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for found in pattern.finditer(text):
            name = found[month].casefold()
            numbers = [at for at, known in enumerate(_MONTHS, 1) if known.startswith(name[:3])]
            if numbers and (_MONTHS[numbers[0] - 1].startswith(name) or name == "sept"):
                yield from _date(found, found[3], str(numbers[0]), found[day])


def _date(found: re.Match[str], year: str, month: str, day: str) -> Iterator[tuple[str, int, int]]:
    text = f"{year}-{month:0>2}-{day:0>2}"
    if is_date(text):
        yield text, found.start(), found.end()


def page_date(page: Page, expected: str | None) -> Line | None:
    """The date that a page names before its first section, None where it names none.

    A sentence names the page's date only where it is `expected`, the date of the filename.
    """
    lines = [line for line in _lines(page) if not _CHANGED.match(line.text)]
    keyed = _keyed(lines)
    if keyed and dates_in(keyed.text):
        return keyed
    titles = [section.heading for section in page.sections if section.heading.level == 1][:1]
    for line in (*lines, *(Line(title.text, title.spot) for title in titles)):
        dates = dates_in(line.text)
        if dates and expected in (None, *dates):
            return line
    alone = (line for line in lines if dates_in(line.text) and not plain(without_dates(line.text)))
    return next(alone, keyed)


def _lines(page: Page) -> Iterator[Line]:
    """Yield the lines of the front matter and those before the first section."""
    yield from page.front_matter
    blocks = [*page.preamble]
    is_before = True
    for section in page.sections:
        is_before = is_before and section.heading.level == 1
        if is_before or plain(section.heading.text) in _HEADINGS:
            blocks += section.blocks
    for block in blocks:
        yield from block.lines


def _keyed(lines: list[Line]) -> Line | None:
    """The text behind `Date:`, or the cell of a table beside or below one that says Date."""
    for line, next_line in zip(lines, (*lines[1:], None), strict=False):
        is_key = line.text.casefold().rstrip(" :") == "date"
        if is_key and next_line and next_line.spot.line == line.spot.line:
            beside = next_line if dates_in(next_line.text) else None
            return beside or _below(lines, line)
        found = _KEYED.match(line.text)
        value = (found[2] or found[3] or "").rstrip() if found else ""
        if value:
            column = line.spot.column + line.text.find(value)
            return Line(value, Spot.of(line.spot.path, line.spot.line, column, len(value)))
    return None


def _below(lines: list[Line], head: Line) -> Line | None:
    """The cell below one of the table's header, None where that names no date."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.spot.line, []).append(line)
    for (number, header), (_, row) in pairwise(rows.items()):
        if number == head.spot.line:
            cell = row[header.index(head) : header.index(head) + 1]
            return cell[0] if cell and dates_in(cell[0].text) else None
    return None
