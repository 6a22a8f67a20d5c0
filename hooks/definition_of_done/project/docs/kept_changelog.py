"""One changelog file as facts: an entry for each version, with its kinds of changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile, zip_longest

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.changelog_style import changelog_file
from definition_of_done.project.docs.pages import recall_page
from definition_of_done.project.docs.version_headings import Named, is_unclear, named_in, precedence
from definition_of_done.readers.page import Block, Heading, Page, Section

UNRELEASED = "Unreleased"


class Entry(NamedTuple):
    """The text below a heading that names a version or Unreleased.

    `page` has its headings of the highest level, such as Added, as sections. `lines` are the runs
    of its text. `is_bracketed` is True for a version in square brackets, and `is_linked` where it
    has a destination. `is_old` is True for an entry that the branch leaves as the base has it.
    """

    heading: Heading
    named: Named
    page: Page
    lines: tuple[str, ...]
    is_bracketed: bool
    is_linked: bool
    is_old: bool = False

    @property
    def version(self) -> str:
        """The version, empty for Unreleased."""
        return "" if self.named.is_unreleased else self.named.version

    @property
    def name(self) -> str:
        """The name of the entry in messages, and its key."""
        return self.version or UNRELEASED

    @property
    def kinds(self) -> tuple[Section, ...]:
        """The sections of the entry, one for each kind of changes."""
        return self.page.sections

    @property
    def is_empty(self) -> bool:
        """True where nothing stands below the heading but other headings."""
        return not self.page.preamble and all(kind.is_empty for kind in self.kinds)


class KeptChangelog(NamedTuple):
    """One file: its entries in the order of the file, and headings that stand for a version.

    `old` has the texts of those of the headings that the base has, too.
    `is_whole` is True for a run that judges what the branch leaves alone, too.
    """

    path: str
    page: Page
    entries: tuple[Entry, ...]
    unclear: tuple[Heading, ...]
    old: frozenset[str] = frozenset()
    is_whole: bool = True

    @property
    def asked(self) -> tuple[str, ...]:
        """Nothing: the file is judged by itself."""
        return ()

    @property
    def versions(self) -> list[Entry]:
        """The entries of versions that are out, in the order of the file."""
        return [entry for entry in self.entries if entry.version]

    @property
    def newest(self) -> Entry | None:
        """The entry of the highest version, None where there is none."""
        return max(self.versions, key=lambda entry: precedence(entry.version), default=None)

    @property
    def unreleased(self) -> Entry | None:
        """The entry Unreleased, or of a version that is said not to be out."""
        return next((entry for entry in self.entries if not entry.version), None)


def read_kept(session: Session) -> KeptChangelog | None:
    """Read the one file that is the changelog, None where there is none; raises Unreadable."""
    path = changelog_file(session)
    if not path or not session.tree.exists(path) or session.config.excludes(path):
        return None
    return read_kept_file(session, path)


def read_kept_file(session: Session, path: str) -> KeptChangelog:
    """Read the file, and which of its entries the branch leaves alone; raises Unreadable."""
    # Each caller reads the file, even if it was parsed before: so its suppressions are judged.
    data = session.tree.read(path)
    return session.cache.keep(f"changelog {path}", lambda: _beside_base(session, path, data))


def _beside_base(session: Session, path: str, data: bytes) -> KeptChangelog:
    kept = read_kept_bytes(session, path, data)
    before = read_before(session, path)
    old = {_text_of(entry) for entry in before.entries} if before else set()
    entries = (entry._replace(is_old=_text_of(entry) in old) for entry in kept.entries)
    unclear = frozenset(heading.text for heading in before.unclear) if before else frozenset()
    is_whole = session.branch.change.whole
    return kept._replace(entries=tuple(entries), old=unclear, is_whole=is_whole)


def _text_of(entry: Entry) -> tuple[object, ...]:
    """All that an entry says: two that say the same are the same entry."""
    return entry.name, entry.heading.text, *(kind.heading.text for kind in entry.kinds), entry.lines


def read_before(session: Session, path: str) -> KeptChangelog | None:
    """Read the file as the base of the branch has it, None where nothing tells it."""
    data = bytes_before(session, path)
    try:
        return None if data is None else read_kept_bytes(session, path, data)
    except Unreadable:
        return None


def bytes_before(session: Session, path: str) -> bytes | None:
    """The bytes that the base of the branch has, None where there is no base or no such file."""
    branch = session.branch
    if not branch.base and (branch.change.whole or not branch.has_commits):
        return None
    try:
        return branch.read_before(path)
    except FileNotFoundError:
        return None


def read_kept_bytes(session: Session, path: str, data: bytes) -> KeptChangelog:
    """Read the file as it is or was, once for the same bytes; raises Unreadable."""
    from definition_of_done.engine.store import digest

    key = f"changelog {digest(path, data).hex()}"
    return session.cache.keep(key, lambda: kept_of(path, recall_page(session, path, data)))


def kept_of(path: str, page: Page) -> KeptChangelog:
    """The entries of a page."""
    parts = list(_parts(page))
    starts = [at for at, (heading, _) in enumerate(parts) if heading and _names(heading)]
    bounds = [*starts, len(parts)]
    linked = {link.spot.line for link in page.links}
    named = [_entry(page, parts[start:end], linked) for start, end in pairwise(bounds)]
    entries = [
        entry
        for entry, following in zip_longest(named, named[1:])
        if not (following and _heads_a_line(entry, following))
    ]
    levels = {entry.heading.level for entry in entries}
    unclear = [
        heading
        for heading, _ in parts
        if heading and heading.level in levels and heading.level < 3 and is_unclear(heading.text)
    ]
    return KeptChangelog(path, page, tuple(entries), tuple(unclear))


def _heads_a_line(entry: Entry, following: Entry) -> bool:
    """True for a version with nothing of its own, above deeper headings of versions."""
    is_deeper = following.heading.level > entry.heading.level
    return is_deeper and bool(entry.version) and entry.is_empty


def _parts(page: Page) -> Iterator[tuple[Heading | None, Block | None]]:
    """Yield the headings and the other blocks of a page in order."""
    for section in page.sections:
        yield section.heading, None
        for block in section.blocks:
            yield (block.heading, None) if block.heading else (None, block)


def _names(heading: Heading) -> Named | None:
    """The version that a heading names; a deeper one must have a date, too."""
    named = named_in(heading.text)
    return named if named and (heading.level < 3 or (heading.level == 3 and named.date)) else None


def _is_below(inner: Heading | None, heading: Heading) -> bool:
    """True for a part below a heading; a tool writes patches and kinds on the same third level."""
    return inner is None or inner.level > min(heading.level, 2)


def _entry(page: Page, parts: list[tuple[Heading | None, Block | None]], linked: set[int]) -> Entry:
    """The entry that starts with the first part; `linked` are the lines with a link."""
    heading = parts[0][0]
    assert heading
    named = _names(heading)
    assert named
    parts = list(takewhile(lambda part: _is_below(part[0], heading), parts[1:]))
    level = min((inner.level for inner, _ in parts if inner), default=0)
    preamble: list[Block] = []
    kinds: list[tuple[Heading, list[Block]]] = []
    for inner, block in parts:
        if inner and inner.level == level:
            kinds.append((inner, []))
        elif block:
            (kinds[-1][1] if kinds else preamble).append(block)
    blocks = (*preamble, *(block for _, inside in kinds for block in inside))
    line = page.text.line(heading.spot.line)
    return Entry(
        heading,
        named,
        Page(
            page.text,
            tuple(preamble),
            tuple(Section(inner, tuple(inside)) for inner, inside in kinds),
            tuple(link for block in blocks for link in block.links),
            (),
        ),
        tuple(piece.text.strip() for block in blocks for piece in block.pieces),
        bool(re.match(r"[#\s]*\[", line)),
        heading.spot.line in linked,
    )
