"""The changelog repeats the frontend contract of each feature that it adds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import COORDINATED, FeaturePage, feature_page_of
from definition_of_done.project.docs.sections import PageSection
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.releases.changelog import (
    IMPACT,
    ChangelogPage,
    is_released,
    read_newest_page,
)
from definition_of_done.project.releases.features import ABSOLUTE, features_under_added
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


class Unrepeated(NamedTuple):
    """A feature page at `path` with the first line of its contract that the changelog lacks.

    `heading` is the heading of the contract, `spot` the heading of the changelog's section.
    `is_released` is None where the changelog page may be out: then there are no edits.
    """

    path: str
    heading: str
    line: SourceLine
    spot: Spot
    is_released: bool | None
    edits: tuple[Edit, ...]


def read_unrepeated(session: Session) -> Iterator[Unrepeated]:
    """Yield the feature pages under Added with a contract that is not repeated.

    Only the newest changelog page is judged, and only until it is out: feature pages may have
    changed since.
    """
    page = read_newest_page(session) if session.config["features"] else None
    is_out = is_released(session, page.path) if page else None
    section = page.section(IMPACT) if page and not is_out else None
    if page is None or section is None:
        return
    for path in dict.fromkeys([*features_under_added(session, page), *_told(session, page)]):
        if not session.tree.exists(path):
            continue
        feature = feature_page_of(session, path)
        contracts = [contract for contract in feature.contracts if not contract.stubs]
        lines = [_missing_line(_source_lines(feature, contract), page) for contract in contracts]
        # The plan's contract and the final one may both stand there; one of them is repeated.
        line = lines[-1] if lines and all(lines) else None
        if line:
            contract = contracts[-1]
            edits = _copy_edits(page, section, feature, contract) if is_out is False else ()
            heading, spot = contract.heading.text, section.heading.spot
            yield Unrepeated(path, heading, line, spot, is_out, edits)


def _told(session: Session, page: ChangelogPage) -> list[str]:
    """The pages of the branch that another section of the changelog page releases."""
    changed = session.branch.changed_if_known()
    own = (
        [path for path in changed if is_feature_page(session, path)] if page.path in changed else []
    )
    return [path for path, changelog in shipped(session, own).items() if changelog == page.path]


def _source_lines(page: FeaturePage | ChangelogPage, section: PageSection) -> list[SourceLine]:
    """The lines of a section that hold text, without the mark of a coordinated release."""
    text = page.page.text
    start, end = page.page.body(section.section)
    lines = [
        SourceLine(number, line.strip(), _plain(line, page.path))
        for number, line in enumerate(_lines(text.text[start:end]), text.spot(start).line)
    ]
    return [line for line in lines if line.words and not COORDINATED.match(line.words)]


def _missing_line(lines: list[SourceLine], page: ChangelogPage) -> SourceLine | None:
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
    sections = page.all_sections(IMPACT)
    words = [line.words for section in sections for line in _source_lines(page, section)]
    return f" {' '.join(words)} "


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


def _copy_edits(
    page: ChangelogPage, section: PageSection, feature: FeaturePage, contract: PageSection
) -> tuple[Edit, ...]:
    """Return the edit that repeats the contract of a feature page below the page's title.

    There is none where that is not certain: a stub, a part of the contract or the title stands
    there already, a link of the contract cannot be followed, or the new text would read otherwise.
    """
    lines = _source_lines(feature, contract)
    source = copied_section(page.path, feature, contract)
    impact = _impact_words(page)
    is_new = not any(f" {line.words} " in impact for line in lines)
    if source is None or not is_new or not feature.title or section.is_stub:
        return ()
    title = feature.title.text
    if title.casefold() in map(str.casefold, _headings(section)):
        return ()
    edit = page.adding_edit(section, f"### {title}\n\n{source}")
    return (edit,) if edit and _holds(edit, page, lines, title) else ()


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
            if ABSOLUTE.match(link.href) or link.href.startswith("/"):
                continue
            at = text.offset(link.spot.line, link.spot.column)
            found = re.compile(rf"\]\(\s*<?({re.escape(link.href)})(?=[\s)>])").search(
                text.text, at
            )
            if not found or found.start() > end:
                return None
            href = _moved_href(feature.path, path, link.href)
            edits.append(Edit(text.path, found.start(1), found.end(1), href))
    new = _OWN_COMMENT.sub(
        lambda found: "" if found[1] and found[2] else found[0], _spliced(source, edits, start)
    )
    return _NEWLINE.sub("\n", new).strip("\n")


def _moved_href(page: str, new_page: str, href: str) -> str:
    """Rewrite a relative destination of a page so that it stays the same on a new page."""
    path = re.split(r"[?#]", href, maxsplit=1)[0]
    full = posixpath.join(page.rpartition("/")[0], path) if path else page
    new = posixpath.relpath(full, new_page.rpartition("/")[0])
    return new + ("/" if path.endswith("/") else "") + href[len(path) :]


def _spliced(source: str, edits: list[Edit], start: int) -> str:
    result, at = "", 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        result += source[at : edit.start - start] + edit.text
        at = edit.end - start
    return result + source[at:]


def _holds(edit: Edit, page: ChangelogPage, lines: list[SourceLine], title: str) -> bool:
    """True where the edited page repeats the lines and keeps its other sections."""
    again = page.after(edit)
    section = again.section(IMPACT) if again else None
    if again is None or section is None or title not in _headings(section):
        return False
    return _missing_line(lines, again) is None and page.beside(IMPACT) == again.beside(IMPACT)


def _headings(section: PageSection) -> list[str]:
    return [block.heading.text for block in section.section.blocks if block.heading]
