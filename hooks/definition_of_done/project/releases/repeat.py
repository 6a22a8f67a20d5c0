"""A changelog page repeats the frontend contract of a feature page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit
from definition_of_done.project.docs.feature_page import FeaturePage
from definition_of_done.project.docs.page_section import PageSection
from definition_of_done.project.releases.changelog import (
    IMPACT,
    ChangelogPage,
    section_named,
)
from definition_of_done.project.releases.links import is_relative, moved_href
from definition_of_done.readers.markdown import COMMENT

_OWN_COMMENT = regex(r"(?<![ \t])[ \t]*+<!--(\s*+dod:)?.*?(?:(-->)|\Z)", re.S)
_NEWLINE = regex(r"\r\n?|\n")
# A formatter may change quotes and the markers of lists, headings and fences.
_MARKER = regex(r"[\s>]*(?:(?:[-+*]|[0-9]{1,9}[.)])\s+|#{1,6}\s+|`{3,}|~{3,})?")
_RULE = regex(r"[\s|:=-]*")
# An editor may set quotes, dashes and dots in type.
_TYPED = str.maketrans(
    dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014\u2026", "''\"\"--.", strict=True))
)
_DESTINATION = regex(r"(\]\(<?)(?![A-Za-z][A-Za-z0-9+.-]*:)(?:[^()\s>]*/)?(?=(#?))")
_REFERENCE = regex(r"^ {0,3}\[(?:\\[\[\]\\]|[^\[\]])++\]:", re.M)
_HTML_LINK = regex(r"<[^<>]*\b(?:href|src)\s*=\s*[\"']?(?![A-Za-z][A-Za-z0-9+.-]*:)", re.I)


class SourceLine(NamedTuple):
    """A line of a page that holds text, and its words in plain form."""

    number: int
    text: str
    words: str


def source_lines(page: FeaturePage, section: PageSection) -> Iterator[SourceLine]:
    """Yield the lines of a section of a feature page that a changelog has to repeat."""
    text = page.page.text
    start, end = page.page.body(section.section)
    first = text.spot(start).line
    for number, line in enumerate(_lines(text.text[start:end]), first):
        words = _plain(line, page.path)
        if words:
            yield SourceLine(number, line.strip(), words)


def missing_line(lines: list[SourceLine], page: ChangelogPage) -> SourceLine | None:
    """Return the first of the lines that no section Frontend impact of the page holds."""
    impact, at = _impact_words(page), 0
    for line in lines:
        # Most lines have the order of the feature page.
        found = impact.find(f" {line.words} ", at)
        if found < 0:
            found = impact.find(f" {line.words} ", 0, at + len(line.words) + 1)
        if found < 0:
            return line
        at = found
    return None


def _impact_words(page: ChangelogPage) -> str:
    """Join the words of the page's sections Frontend impact, with a blank at both ends."""
    parts = [" "]
    for section in page.sections:
        if section.name == IMPACT:
            start, end = page.page.body(section.section)
            lines = (_plain(line, page.path) for line in _lines(page.page.text.text[start:end]))
            parts += [f"{words} " for words in lines if words]
    return "".join(parts)


def _lines(source: str) -> list[str]:
    # Comments are left out; their newlines stay, so that the lines keep their numbers.
    return _NEWLINE.split(COMMENT.sub(lambda found: re.sub(r"[^\r\n]", "", found[0]), source))


def _plain(line: str, path: str) -> str:
    """Reduce a line to the words that formatters, headings and folders do not change."""
    if _RULE.fullmatch(line):
        return ""
    text = line[_MARKER.match(line).end() :]  # type: ignore[union-attr]  # it can match ""
    # A fragment alone leads to the page itself.
    filename = path.rpartition("/")[2]
    text = _DESTINATION.sub(
        lambda found: found[1] + (filename if found[2] else ""), text.rstrip("# \t\\")
    )
    words = re.sub(r"[*_]+", "", text.replace("|", " | ")).casefold().translate(_TYPED).split()
    # Whether a sentence ends with a full stop is no difference.
    return " ".join(word.rstrip(".") for word in words)


def copy_edits(
    page: ChangelogPage, section: PageSection, feature: FeaturePage, contract: PageSection
) -> tuple[Edit, ...]:
    """Return the edit that repeats the contract of a feature page below the page's title.

    There is none where that is not certain: a stub, a part of the contract or the title stands
    there already, a link of the contract cannot be followed, or the new text would read otherwise.
    """
    lines = list(source_lines(feature, contract))
    source = copied_section(page.path, feature, contract)
    impact = _impact_words(page)
    is_new = not any(f" {line.words} " in impact for line in lines)
    if source is None or not is_new or not feature.title or not lines or section.is_stub:
        return ()
    title = feature.title.text
    blocks = section.section.blocks
    headings = [block.heading.text.casefold() for block in blocks if block.heading]
    if title.casefold() in headings:
        return ()
    text = page.page.text
    start, end = page.page.body(section.section)
    at = len(text.text[:end].rstrip())
    new = f"\n\n### {title}\n\n{source}"
    if section.says_none:
        line = blocks[0].spot.line
        start = text.offset(line)
        at = start + len(text.line(line))
        if "<" in text.line(line):
            return ()
        edit = Edit(text.path, start, at, new.lstrip("\n"))
    else:
        edit = Edit(text.path, at, at, new)
    return (edit,) if _holds(edit, page, lines, title) else ()


def copied_section(path: str, feature: FeaturePage, section: PageSection) -> str | None:
    """Copy a section's text for the page at a path: links and headings are adapted to it.

    None where a link of the section cannot be followed.
    """
    text = feature.page.text
    start, end = feature.page.body(section.section)
    source = text.text[start:end]
    if _REFERENCE.search(source) or _HTML_LINK.search(source):
        return None
    edits = []
    for block in section.section.blocks:
        if block.heading and block.heading.level < 6:
            at = text.offset(block.spot.line, block.spot.column)
            edits.append(Edit(text.path, at, at, "#"))
        for link in block.links:
            if not is_relative(link.href):
                continue
            at = text.offset(link.spot.line, link.spot.column)
            found = re.compile(rf"\]\(\s*<?({re.escape(link.href)})(?=[\s)>])").search(
                text.text, at
            )
            if not found or found.start() > end:
                return None
            href = moved_href(feature.path, path, link.href)
            edits.append(Edit(text.path, found.start(1), found.end(1), href))
    new = _OWN_COMMENT.sub(
        lambda found: "" if found[1] and found[2] else found[0], _spliced(source, edits, start)
    )
    return _NEWLINE.sub("\n", new).strip("\n")


def _spliced(source: str, edits: list[Edit], start: int) -> str:
    result, at = "", 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        result += source[at : edit.start - start] + edit.text
        at = edit.end - start
    return result + source[at:]


def _holds(edit: Edit, page: ChangelogPage, lines: list[SourceLine], title: str) -> bool:
    """True where the edited page repeats the lines and keeps its other sections."""
    again = page.after(edit)
    if again is None:
        return False
    section = again.section(IMPACT)
    blocks = section.section.blocks if section else ()
    headings = [block.heading.text for block in blocks if block.heading]
    is_repeated = title in headings and missing_line(lines, again) is None
    return is_repeated and list(_contents(page)) == list(_contents(again))


def _contents(page: ChangelogPage) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of each section, of Frontend impact without the text."""
    for section in page.page.sections:
        heading = section.heading.text
        is_impact = section_named(heading) == IMPACT
        start, end = (0, 0) if is_impact else page.page.body(section)
        yield heading, page.page.text.text[start:end].strip()
