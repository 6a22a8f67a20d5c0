"""A feature page as facts: its title, its date, and the sections of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.scope import scopes
from definition_of_done.project.docs.sections import (
    FRONTEND,
    FUTURE,
    IN_SCOPE,
    OUT_OF_SCOPE,
    PageSection,
    holds_both_scopes,
    meant_section,
    page_section,
    plain,
    section_names,
)
from definition_of_done.project.page_names import filename_date, is_date
from definition_of_done.readers.page import Block, Heading, Line, Page, Section

# The mark of a release that the frontend must coordinate on, for the version and no reader.
COORDINATED = regex(r"(?i)coordinated\s*:\s*(?:yes|true)\b")
_TITLE = regex(r"title:\s+(.*\S)")
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


class FeaturePage(NamedTuple):
    """A feature page.

    `title` is its first level-1 heading, else that of its front matter; `date` is the date that it
    names.
    """

    path: str
    title: Heading | None
    date: Line | None
    sections: tuple[PageSection, ...]
    page: Page

    @property
    def start(self) -> Spot:
        """The spot of the title, else of the first line."""
        return self.title.spot if self.title else Spot(self.path)

    def section(self, name: str) -> PageSection | None:
        """The first section with this name."""
        return next(iter(self.all_sections(name)), None)

    def all_sections(self, *names: str) -> list[PageSection]:
        """All sections with one of these names."""
        return [section for section in self.sections if section.name in names]

    @property
    def plan(self) -> list[PageSection]:
        """The sections but those that leave out or put off; of both scopes, only what is in."""
        parts = self.all_sections(IN_SCOPE, OUT_OF_SCOPE)
        has_parts = any(not section.is_of_both_scopes for section in parts)
        return [
            section
            for section in self.sections
            if section.name not in (OUT_OF_SCOPE, FUTURE)
            and not (has_parts and section.is_of_both_scopes)
        ]

    @property
    def contracts(self) -> list[PageSection]:
        """The sections on the frontend that say something; the final one is the last."""
        found = self.all_sections(FRONTEND)
        written = [part for part in found if not (part.is_empty or part.says_none)]
        return sorted(
            written, key=lambda part: plain(part.heading.text) == plain("Frontend impact")
        )


def feature_page(path: str, page: Page, extra: Mapping[str, list[str]]) -> FeaturePage:
    """The facts of a page; `extra` holds the sections and aliases of `feature-sections`."""
    known = section_names(extra)
    titles = [section.heading for section in page.sections if section.heading.level == 1]
    sections = _sections(page, known)
    titles += [
        Heading(1, found[1].strip("'\""), line.spot)
        for line in page.front_matter
        if (found := _TITLE.match(line.text))
    ]
    title = titles[0] if titles else None
    return FeaturePage(path, title, page_date(page, filename_date(path)), tuple(sections), page)


def _sections(page: Page, known: Mapping[str, str]) -> list[PageSection]:
    """The sections of the second level, and those that stand deeper below a heading of none."""
    level_2 = [section for section in page.sections if section.heading.level == 2]
    found = _read(page, level_2, known)
    taken = {section.name for section in found}
    groups = [section.section.blocks for section in found if not section.name]
    if not any(known.get(plain(section.heading.text)) for section in level_2):
        groups += [part.blocks for part in page.sections if part.heading.level == 1]
    deeper = [section for blocks in groups for section in _deeper(blocks, known)]
    found += (part for part in _read(page, deeper, known) if part.name and part.name not in taken)
    return sorted(found, key=lambda part: part.heading.spot.line)


def _read(page: Page, sections: list[Section], known: Mapping[str, str]) -> list[PageSection]:
    """Read sections with their names as far as these are known, each with the scopes in it."""
    found = []
    for section in sections:
        heading = section.heading.text
        found.append(page_section(known.get(plain(heading)), section))
        if holds_both_scopes(heading):
            found += (page_section(name, part) for name, part in scopes(page.text, section))
    return list(_named_otherwise(found, known))


def _deeper(blocks: tuple[Block, ...], known: Mapping[str, str]) -> Iterator[Section]:
    """Yield what stands below each heading, or below strong words that name a section."""
    heading: Heading | None = None
    inside: list[Block] = []
    for block in blocks:
        start = _heading(block, known)
        if start and (heading is None or start.level <= heading.level):
            if heading:
                yield Section(heading, tuple(inside))
            heading, inside = start, []
        else:
            inside.append(block)
    if heading:
        yield Section(heading, tuple(inside))


def _heading(block: Block, known: Mapping[str, str]) -> Heading | None:
    if block.heading:
        return None if block.heading.is_of_box else block.heading
    words = " ".join(line.text for line in block.lines).rstrip(" :")
    is_alone = bool(block.lead) and block.lead.rstrip(" :") == words
    if is_alone and (meant_section(words, known) or holds_both_scopes(words)):
        return Heading(6, words, block.spot)
    return None


def _named_otherwise(
    sections: list[PageSection], known: Mapping[str, str]
) -> Iterator[PageSection]:
    """Name the sections with other words in their headings, the first for each name."""
    taken = {section.name for section in sections}
    for section in sections:
        name = section.name or meant_section(section.heading.text, known)
        if name not in taken:
            taken.add(name)
            section = section._replace(name=name)
        yield section


def feature_page_of(session: Session, path: str) -> FeaturePage:
    """Read the facts of a feature page of the project; raises Unreadable and OSError."""
    extra = session.config["feature-sections"]
    # Each caller reads the file, even if it was parsed before: so its suppressions are judged.
    data = session.tree.read(path)
    return session.cache.keep(
        f"feature page {path}",
        lambda: feature_page(path, recall_page(session, path, data), extra),
    )


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
