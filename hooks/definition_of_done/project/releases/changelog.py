"""A page of the changelog as facts: its title, its sections, and the edit that sorts them."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import pairwise

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.text import splice
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session, once
from definition_of_done.project.changelog_style import changelog_file
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.sections import PageSection, page_section, plain
from definition_of_done.project.layout import is_changelog_page
from definition_of_done.project.schemes import SEMVER, pep440, scheme_of, version_of
from definition_of_done.project.without import FRONTEND
from definition_of_done.readers.markdown import read_page
from definition_of_done.readers.page import Block, Heading, Page, Section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.docs.kept_changelog import KeptChangelog

IMPACT, MIGRATIONS = "Frontend impact", "Migrations"
SECTIONS = (
    "Highlights",
    "Added",
    "Changed",
    "Fixed",
    MIGRATIONS,
    IMPACT,
    "Versioning notes",
)
_OTHER_WORDS = {
    "Fixed": "Bug fixes; Fixes",
    MIGRATIONS: "Database migrations",
    IMPACT: "Frontend; Frontend contract; Frontend contract / impact",
    "Versioning notes": "Version notes; Versioning",
}
_KNOWN = {
    plain(words): name
    for name in SECTIONS
    for words in (name, *_OTHER_WORDS.get(name, "").split(";"))
    if words
}
# The version in a tag such as v1.2.0, release-1.2.0 or app/1.2.0.
_SEMANTIC = regex(r"(?<![0-9.])[0-9]+(?:\.[0-9]+){2}(?!\.?[0-9]).*")
_ANY = regex(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)*(?!\.?[0-9]).*")


def section_named(heading: str) -> str | None:
    """The section that a heading names, None for an unknown one."""
    return _KNOWN.get(plain(heading))


def asked_sections(left_out: Collection[str]) -> list[str]:
    """The sections of a page but those about a part that the team does without."""
    return [name for name in SECTIONS if not (name == IMPACT and FRONTEND in left_out)]


class ChangelogPage(NamedTuple):
    """One `<version>.md`. `title` is its first level-1 heading.

    `is_released` is None where nobody has asked, or nothing tells. `is_own` is True for a page that
    the branch writes. `last` is the version that its `step` counts from. `asked` are words of
    its highlights, `naming` those that name something of the project; only an own page has them.
    `ordered` is the step of the release that asks for an order of the deploy, which the Versioning
    notes do not tell.
    """

    path: str
    version: str
    title: Heading | None
    sections: tuple[PageSection, ...]
    page: Page
    is_released: bool | None = None
    is_own: bool = False
    last: str | None = None
    step: int | None = None
    asked: tuple[str, ...] = ()
    naming: frozenset[str] = frozenset()
    ordered: str = ""

    @property
    def start(self) -> Spot:
        """The spot of the title, else of the first line."""
        return self.title.spot if self.title else Spot(self.path)

    @property
    def named(self) -> list[PageSection]:
        """The known sections in the order of the page."""
        return [section for section in self.sections if section.name]

    def section(self, name: str) -> PageSection | None:
        """The first section with this name."""
        return next(iter(self.all_sections(name)), None)

    def all_sections(self, name: str) -> list[PageSection]:
        """The sections with this name, which may stand twice."""
        return [section for section in self.sections if section.name == name]

    def blocks(self, name: str) -> list[Block]:
        """The blocks of the sections with this name."""
        return [block for part in self.all_sections(name) for block in part.section.blocks]

    def beside(self, name: str) -> list[tuple[str, str]]:
        """Each heading with the text below it, which is left out below those with this name."""
        found = []
        for section in self.page.sections:
            heading = section.heading.text
            start, end = (0, 0) if section_named(heading) == name else self.page.body(section)
            found.append((heading, self.page.text.text[start:end].strip()))
        return found

    @property
    def is_in_order(self) -> bool:
        """True where the known sections have the order of the contract."""
        return self.ranks == sorted(self.ranks)

    @property
    def ranks(self) -> list[int]:
        """The places of the known sections in the contract, in the order of the page."""
        return [SECTIONS.index(str(section.name)) for section in self.named]

    def after(self, edit: Edit) -> ChangelogPage | None:
        """Read the page with an edit made, None where it cannot be read then."""
        data = splice(self.page.text, [edit]).encode("utf-8", "surrogatepass")
        try:
            return read_changelog_page(self.path, data)
        except Unreadable:
            return None

    def adding_edit(self, section: PageSection, new: str) -> Edit | None:
        """The edit that writes a text in the place of None, else at the end of a section.

        There is none where a comment may stand beside that None.
        """
        text = self.page.text
        if section.says_none:
            number = section.section.blocks[0].spot.line
            at, line = text.offset(number), text.line(number)
            return None if "<" in line else Edit(text.path, at, at + len(line), new)
        at = len(text.text[: self.page.body(section.section)[1]].rstrip())
        return Edit(text.path, at, at, f"\n\n{new}")

    def sorting_edits(self) -> tuple[Edit, ...]:
        """The edit that puts the sections in order, none where that is not certain.

        A section moves with its text, an unknown section with the known one before it.
        """
        names = [section.name for section in self.named]
        lines = [section.heading.spot.line for section in self.sections]
        if len(set(names)) < len(names) or any(
            section.heading.level < self.sections[0].heading.level
            and section.heading.spot.line > lines[0]
            for section in self.page.sections
        ):
            return ()
        text = self.page.text
        bounds = [*(text.offset(line) for line in lines), len(text.text)]
        groups: list[tuple[int, list[str]]] = []
        for at, section in enumerate(self.sections):
            chunk = text.text[bounds[at] : bounds[at + 1]]
            if section.name:
                groups.append((SECTIONS.index(section.name), [chunk]))
            elif groups:
                groups[-1][1].append(chunk)
            else:
                return ()
        moved = [chunk for _, chunks in sorted(groups) for chunk in chunks]
        new = _joined(moved, [text.text[start:end] for start, end in pairwise(bounds)])
        edit = Edit(self.path, bounds[0], bounds[-1], new)
        again = self.after(edit)
        if again is None or not again.is_in_order:
            return ()
        old_headings = sorted(section.heading.text for section in self.sections)
        new_headings = sorted(section.heading.text for section in again.sections)
        return (edit,) if old_headings == new_headings else ()


@once
def read_pages(session: Session) -> list[ChangelogPage]:
    """Read the pages of the changelog, the oldest version first; raises Unreadable.

    Each entry of one file counts as a page, Unreleased as the newest one.
    """
    if changelog_file(session):
        from definition_of_done.project.docs.kept_changelog import read_kept

        kept = read_kept(session)
        return entry_pages(kept) if kept else []
    return [read_page_of(session, path) for path in page_paths(session)]


def read_newest_page(session: Session) -> ChangelogPage | None:
    """Read the page of the highest version, None where there is none; raises Unreadable."""
    paths = page_paths(session)
    if paths:
        return read_page_of(session, paths[-1])
    pages = read_pages(session)
    return pages[-1] if pages else None


def entry_pages(kept: KeptChangelog) -> list[ChangelogPage]:
    """The entries of one file as pages, the oldest version first; one of the base is released."""
    from definition_of_done.project.docs.version_headings import precedence

    entries = sorted(
        kept.entries, key=lambda entry: (not entry.version, precedence(entry.version or "0"))
    )
    return [
        ChangelogPage(
            kept.path,
            entry.version,
            entry.heading,
            tuple(map(_section, entry.kinds)),
            entry.page,
            is_released=entry.is_old,
        )
        for entry in entries
    ]


def page_paths(session: Session) -> list[str]:
    """The paths of the pages of the changelog, the oldest version first."""
    paths = [
        path
        for path in session.tree.tracked
        if is_changelog_page(session, path)
        and session.tree.exists(path)
        and not session.config.excludes(path)
    ]
    order = scheme_of(session).order
    return sorted(paths, key=lambda path: order(version_of(path)))


def read_page_of(session: Session, path: str) -> ChangelogPage:
    """Read the facts of a page of the new side; raises Unreadable and OSError."""
    # Each caller reads the file, even if it was parsed before: so its suppressions are judged.
    data = session.tree.read(path)
    return session.cache.keep(
        f"changelog page {path}", lambda: _changelog_page(path, recall_page(session, path, data))
    )


def read_changelog_page(path: str, data: bytes) -> ChangelogPage:
    """Read the facts of a changelog page; raises Unreadable where it is not UTF-8 text."""
    return _changelog_page(path, read_page(path, data))


def _changelog_page(path: str, page: Page) -> ChangelogPage:
    titles = [section.heading for section in page.sections if section.heading.level == 1]
    return ChangelogPage(
        path,
        version_of(path),
        titles[0] if titles else None,
        tuple(map(_section, _sections(page))),
        page,
    )


def _sections(page: Page) -> list[Section]:
    """The sections of level 2, or of level 3 where only those have names of the contract."""
    found = [section for section in page.sections if section.heading.level == 2]
    for sections in (found, _of_level_3(page)):
        if any(section_named(section.heading.text) for section in sections):
            return sections
    return found


def _of_level_3(page: Page) -> list[Section]:
    found: list[tuple[Heading, list[Block]]] = []
    for section in page.sections:
        inside: list[Block] = []
        for block in section.blocks:
            if block.heading and block.heading.level == 3:
                inside = []
                found.append((block.heading, inside))
            else:
                inside.append(block)
    return [Section(heading, tuple(blocks)) for heading, blocks in found]


def _section(section: Section) -> PageSection:
    return page_section(section_named(section.heading.text), section)


def _joined(moved: list[str], old: list[str]) -> str:
    """Join the moved chunks; each place keeps its blank lines, and has at least one inside."""
    gaps = [chunk[len(chunk.rstrip("\r\n")) :] for chunk in old]
    parts = []
    for at, chunk in enumerate(moved):
        gap = gaps[at].replace("\r\n", "\n").replace("\r", "\n")
        parts += [chunk.rstrip("\r\n"), gap if at == len(moved) - 1 else max(gap, "\n\n")]
    # The engine spells the newlines of an edit as the file does.
    return "".join(parts).replace("\r\n", "\n")


class PageState(NamedTuple):
    """`is_own` is True for a page that the branch writes, `last` and `step` only known there."""

    is_released: bool | None
    is_own: bool
    last: str | None
    step: int | None = None


def is_released(session: Session, path: str) -> bool | None:
    """True for a changelog page of a version that is out: nobody edits it any more.

    A tag names it or a newer one. Where no tag names the version before, either, a page is out that
    stands on the base as it does here. None where there is no base to tell.
    """
    return _released(session).get(path)


def page_state(session: Session, path: str) -> PageState:
    """The state of a changelog page."""
    from definition_of_done.project.releases.steps import counted_from, step

    is_out = is_released(session, path)
    if is_out is not False or path not in session.branch.changed:
        return PageState(is_out, is_own=False, last=None)
    versions = [version_of(page) for page in page_paths(session)]
    scheme, version = scheme_of(session), version_of(path)
    last = counted_from(scheme, version, versions)
    level = step(scheme, last, version) if last and scheme.has_levels else None
    return PageState(is_out, is_own=True, last=last, step=level)


@once
def _released(session: Session) -> dict[str, bool | None]:
    paths, tags, changed = page_paths(session), _tags(session), session.branch.changed
    on_base = True if session.branch.base else None
    is_tagged = [pep440(version_of(path)) in tags for path in paths]
    found: dict[str, bool | None] = {}
    for at, path in reversed([*enumerate(paths)]):
        if is_tagged[at]:
            found[path] = True
        elif path in changed:
            found[path] = False
        elif True in found.values():
            found[path] = True
        else:
            # A team that tagged the version before has not released this one.
            has_tags = is_tagged[at - 1] if at else bool(tags)
            found[path] = False if has_tags else on_base
    return found


def _tags(session: Session) -> set[str]:
    """The versions that tags name, as PEP 440 spells them."""
    output = git(session.root, "for-each-ref", "--format=%(refname:strip=2)", "refs/tags") or b""
    form = _SEMANTIC if scheme_of(session) is SEMVER else _ANY
    versions = (form.search(tag) for tag in os.fsdecode(output).split("\n"))
    return {pep440(found[0]) for found in versions if found}


def no_fix(is_released: bool | None, fault: str) -> str:
    """The end of a help without edits: a page that is out or may be is left alone."""
    if is_released is False:
        return f"; --fix cannot, as {fault}"
    return f"; --fix leaves the page, as it {'is' if is_released else 'may be'} released"
