"""A feature page as facts: its title, its date, and the sections of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.readers.page import (
    Block,
    Heading,
    Line,
    Link,
    ListItem,
    Page,
    Piece,
    Section,
)
from definition_of_done.readers.stubs import Stub, find_stubs, says_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

IN_SCOPE, OUT_OF_SCOPE = "In scope", "Out of scope"
PROBLEM, QUESTIONS = "Problem / motivation", "Open questions"
SURFACE, CRON, FRONTEND = "GraphQL surface", "Background tasks / cron", "Frontend contract"
DELTAS = "What's being implemented"
SHIPPED, FUTURE = "What shipped", "Future additions"
# The sections of a plan, each with its other names.
SECTIONS: dict[str, tuple[str, ...]] = {
    PROBLEM: ("Problem", "Motivation"),
    IN_SCOPE: (),
    OUT_OF_SCOPE: (),
    "Data model changes": (),
    SURFACE: (),
    "RBAC": (),
    CRON: ("Background tasks", "Cron"),
    FRONTEND: ("Frontend impact",),
    QUESTIONS: (),
    DELTAS: ("What is being implemented",),
}
# The sections that are written before the feature ships.
FINAL_SECTIONS = (SHIPPED, FUTURE)
_BOTH_SCOPES = ("In scope / out of scope", "Scope")
_NUMBER = re.compile(r"\A\d+(?:\.\d+)*[.)]?\s+")
_JOINT = re.compile(r"(?<!\s)\s*+(?:/|&|\band\b)\s*")
_DATE = re.compile(r"date\s*:\s*(?:(['\"])(.*?)\1\s*(?:#.*)?|([^#\n]*+)(?:#.*)?)$", re.I)


class PageSection(NamedTuple):
    """A level-2 section. `name` is spelt as in the contract or the settings, None if unknown there.

    `items` are the items of its lists, `code` is its inline code. A section with both scopes is
    followed by a section for each of them, which starts at a level-3 heading or at bold text.
    """

    name: str | None
    heading: Heading
    is_empty: bool
    says_none: bool
    stubs: tuple[Stub, ...]
    items: tuple[ListItem, ...]
    links: tuple[Link, ...]
    code: tuple[Piece, ...]
    section: Section

    @property
    def all_items(self) -> Iterator[ListItem]:
        """The items and all that are nested in them, in the order of the page."""
        for item in self.items:
            yield from item.all_items


class FeaturePage(NamedTuple):
    """A feature page. `title` is its first level-1 heading, `date` the date that it names."""

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
        return next((section for section in self.sections if section.name == name), None)


def feature_page(path: str, page: Page, extra: Mapping[str, list[str]]) -> FeaturePage:
    """The facts of a page; `extra` holds the sections and aliases of `feature-sections`."""
    known = section_names(extra)
    titles = [section.heading for section in page.sections if section.heading.level == 1]
    sections: list[PageSection] = []
    for section in page.sections:
        if section.heading.level == 2:
            sections += _sections(section, known)
    return FeaturePage(path, titles[0] if titles else None, _date(page), tuple(sections), page)


def section_names(extra: Mapping[str, list[str]]) -> dict[str, str]:
    """Map the plain form of each name and alias of a section to the section's own name."""
    known = {
        plain(alias): name
        for name, aliases in (*SECTIONS.items(), *((final, ()) for final in FINAL_SECTIONS))
        for alias in (name, *aliases)
    }
    for name, aliases in extra.items():
        meant = known.get(plain(name), name)
        known |= {plain(alias): meant for alias in (name, *aliases)}
    return known


def plan_sections(extra: Mapping[str, list[str]]) -> list[str]:
    """The names of the sections of a plan: those of the contract, then those of the settings."""
    known = section_names({})
    return [*SECTIONS, *(name for name in extra if plain(name) not in known)]


def plain(name: str) -> str:
    """Reduce a section's name to its plain form: no case, no number, and `/` for `and`."""
    text = name.replace("\u2019", "'").casefold().strip(" .:*_")
    return _JOINT.sub("/", _NUMBER.sub("", text))


def _sections(section: Section, known: Mapping[str, str]) -> Iterator[PageSection]:
    text = plain(section.heading.text)
    yield _section(known.get(text), section)
    if text in map(plain, _BOTH_SCOPES):
        for part in _parts(section):
            name = known.get(plain(part.heading.text))
            if name in (IN_SCOPE, OUT_OF_SCOPE):
                yield _section(name, part)


def _section(name: str | None, section: Section) -> PageSection:
    blocks = section.blocks
    return PageSection(
        name,
        section.heading,
        section.is_empty,
        says_none(section.pieces),
        tuple(find_stubs(section.pieces)),
        tuple(item for block in blocks for item in block.items),
        tuple(link for block in blocks for link in block.links),
        tuple(piece for piece in section.pieces if piece.kind == "code"),
        section,
    )


def _parts(section: Section) -> Iterator[Section]:
    """Yield the text under each level-3 heading or bold lead of a section as a section."""
    parts: list[tuple[Heading, list[Block]]] = []
    for block in section.blocks:
        if block.heading and block.heading.level == 3:
            parts.append((block.heading, []))
        elif block.lead:
            parts.append((Heading(3, block.lead, block.spot), []))
        elif any(item.lead and item.items for item in block.items):
            for item in block.items:
                inner = block._replace(items=item.items, spot=item.spot)
                parts.append((Heading(3, item.lead, item.spot), [inner]))
        elif parts:
            parts[-1][1].append(block)
    return (Section(heading, tuple(blocks)) for heading, blocks in parts)


def _date(page: Page) -> Line | None:
    """The date behind `Date:` in the front matter, else on a line before the first section."""
    lines = list(page.front_matter)
    blocks = [*page.preamble]
    for section in page.sections:
        if section.heading.level != 1:
            break
        blocks += section.blocks
    lines += [line for block in blocks for line in block.lines]
    for line, next_line in zip(lines, (*lines[1:], None), strict=False):
        is_key = line.text.casefold() == "date"
        if is_key and next_line and next_line.spot.line == line.spot.line:
            # Both are cells of the same row of a table.
            return next_line
        found = _DATE.match(line.text)
        value = (found[2] or found[3] or "").rstrip() if found else ""
        if value:
            column = line.spot.column + line.text.find(value)
            return Line(value, Spot.of(line.spot.path, line.spot.line, column, len(value)))
    return None


def feature_page_of(session: Session, path: str) -> FeaturePage:
    """Read the facts of a feature page of the project; raises Unreadable and OSError."""
    extra = session.config["feature-sections"]
    # Each caller reads the file, even if it was parsed before: so its suppressions are judged.
    data = session.tree.read(path)
    return session.cache.keep(
        f"feature page {path}",
        lambda: feature_page(path, recall_page(session, path, data), extra),
    )
