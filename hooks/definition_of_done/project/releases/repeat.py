"""The frontend contract of a feature page, repeated on a changelog page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Edit
from definition_of_done.project.docs.feature_page import FeaturePage, PageSection
from definition_of_done.project.releases.changelog import ChangelogPage, ChangelogSection
from definition_of_done.project.releases.links import is_relative, moved

FRONTEND = "Frontend impact"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_OWN_COMMENT = re.compile(r"(?<![ \t])[ \t]*+<!--(\s*+dod:)?.*?(?:(-->)|\Z)", re.S)
_NEWLINE = re.compile(r"\r\n?|\n")
# What a formatter may write otherwise: quotes, markers of lists and tasks, headings, fences.
_MARKER = re.compile(r"[\s>]*(?:(?:[-+*]|[0-9]{1,9}[.)])\s+|#{1,6}\s+|`{3,}|~{3,})?")
_RULE = re.compile(r"[\s|:=-]*")
_DESTINATION = re.compile(r"(\]\(<?)(?![A-Za-z][A-Za-z0-9+.-]*:)(?:[^()\s>]*/)?(?=(#?))")
_REFERENCE = re.compile(r"^ {0,3}\[(?:\\[\[\]\\]|[^\[\]])++\]:", re.M)
_HTML_LINK = re.compile(r"<[^<>]*\b(?:href|src)\s*=\s*[\"']?(?![A-Za-z][A-Za-z0-9+.-]*:)", re.I)


class SourceLine(NamedTuple):
    """A line of a page that says something, and its words in plain form."""

    number: int
    text: str
    words: str


def source_lines(page: FeaturePage, section: PageSection) -> Iterator[SourceLine]:
    """The lines of a section of a feature page that a changelog has to repeat."""
    text = page.page.text
    start, end = page.page.body(section.section)
    first = text.spot(start).line
    for number, line in enumerate(_lines(text.text[start:end]), first):
        words = _plain(line, page.path)
        if words:
            yield SourceLine(number, line.strip(), words)


def missing_line(lines: list[SourceLine], page: ChangelogPage) -> SourceLine | None:
    """The first of the lines that no section Frontend impact of the page holds."""
    said, at = _said(page), 0
    for line in lines:
        # Most stand in the order of the feature page.
        found = said.find(f" {line.words} ", at)
        if found < 0:
            found = said.find(f" {line.words} ", 0, at + len(line.words) + 1)
        if found < 0:
            return line
        at = found
    return None


def _said(page: ChangelogPage) -> str:
    """The words of the page's sections Frontend impact, with a blank at both ends."""
    said = [" "]
    for section in page.sections:
        if section.name == FRONTEND:
            start, end = page.page.body(section.section)
            words = (_plain(line, page.path) for line in _lines(page.page.text.text[start:end]))
            said += [f"{one} " for one in words if one]
    return "".join(said)


def _lines(source: str) -> list[str]:
    # A comment says nothing, and the lines keep their numbers without it.
    return _NEWLINE.split(_COMMENT.sub(lambda found: re.sub(r"[^\r\n]", "", found[0]), source))


def _plain(line: str, path: str) -> str:
    """The words of a line without what formatters, heading depth and folders change."""
    if _RULE.fullmatch(line):
        return ""
    text = line[_MARKER.match(line).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    # A fragment alone is one of the page itself.
    own = path.rpartition("/")[2]
    text = _DESTINATION.sub(
        lambda found: found[1] + (own if found[2] else ""), text.rstrip("# \t\\")
    )
    return " ".join(re.sub(r"[*_]+", "", text.replace("|", " | ")).split()).casefold()


def copy_edits(
    page: ChangelogPage, section: ChangelogSection, feature: FeaturePage, own: PageSection
) -> tuple[Edit, ...]:
    """The edit that repeats a section of a feature page below its title.

    None where that is not certain: where a part of it, or its title, stands there already, where
    the links of the section cannot be followed, or what is written would read otherwise.
    """
    lines = list(source_lines(feature, own))
    source = copied(page.path, feature, own)
    said = _said(page)
    is_new = not any(f" {line.words} " in said for line in lines)
    if source is None or not is_new or not feature.title or not lines:
        return ()
    title = feature.title.text
    blocks = section.section.blocks
    if any(one.heading and one.heading.text.casefold() == title.casefold() for one in blocks):
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


def copied(path: str, feature: FeaturePage, own: PageSection) -> str | None:
    """The section's text with its links and headings as the page at a path writes them.

    None where the links of the section cannot be followed.
    """
    text = feature.page.text
    start, end = feature.page.body(own.section)
    source = text.text[start:end]
    if _REFERENCE.search(source) or _HTML_LINK.search(source):
        return None
    edits = []
    for block in own.section.blocks:
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
            href = moved(feature.path, path, link.href)
            edits.append(Edit(text.path, found.start(1), found.end(1), href))
    new = _OWN_COMMENT.sub(
        lambda found: "" if found[1] and found[2] else found[0], _spliced(source, edits, start)
    )
    return _NEWLINE.sub("\n", new).strip("\n")


def _spliced(source: str, edits: list[Edit], start: int) -> str:
    result, at = "", 0
    for edit in sorted(edits, key=lambda one: one.start):
        result += source[at : edit.start - start] + edit.text
        at = edit.end - start
    return result + source[at:]


def _holds(edit: Edit, page: ChangelogPage, lines: list[SourceLine], title: str) -> bool:
    """Whether the page, read again, repeats the lines and has kept its other sections."""
    again = page.after(edit)
    if again is None:
        return False
    section = again.section(FRONTEND)
    headings = (
        [one.heading.text for one in section.section.blocks if one.heading] if section else []
    )
    return (
        title in headings and missing_line(lines, again) is None and _others(page) == _others(again)
    )


def _others(page: ChangelogPage) -> list[tuple[str, str]]:
    """The sections with what stands in them, Frontend impact only by its name."""
    return [
        (
            one.heading.text,
            ""
            if one.heading.text.casefold() == FRONTEND.casefold()
            else page.page.text.text[slice(*page.page.body(one))].strip(),
        )
        for one in page.page.sections
    ]
