"""The section Migrations of each changelog page against the graph and the scripts that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_migration, is_test
from definition_of_done.project.migrations.graph import History, read_history
from definition_of_done.project.releases.changelog import is_due
from definition_of_done.project.releases.listed import MIGRATIONS, Entry, Listed, read_listed
from definition_of_done.project.releases.revisions import earlier_pages, release_revisions
from definition_of_done.project.releases.rewrite import list_edits
from definition_of_done.project.semver import order
from definition_of_done.readers.markdown import Line

_WORD = re.compile(rb"\w+")
_SCRIPT = re.compile(r"scripts/(?!_)[^/]+\.py")


class Missing(NamedTuple):
    """A revision of the release that the page does not name, and the one that it follows."""

    name: str
    path: str
    after: str | None


class Foreign(NamedTuple):
    """An entry of another release: `other` is the revision that the page `path` lists.

    It is the entry's own, or one that comes after it.
    """

    entry: Entry
    other: str
    path: str


class Unknown(NamedTuple):
    """What leads an item as a revision would and is none; `hint` names the nearest revision."""

    entry: Entry
    hint: str


class PageMigrations(NamedTuple):
    """What is wrong with the section Migrations of a page, each part empty where nothing is.

    `misplaced` is an entry behind the revision that comes after it. `unknown` are entries that
    no migration has, `gone` scripts that are not there, `unnamed` those that the branch adds.
    `edits` mend what is missing, foreign and misplaced.
    """

    version: str
    spot: Spot
    missing: tuple[Missing, ...]
    foreign: tuple[Foreign, ...]
    misplaced: tuple[Entry, str] | None
    unknown: tuple[Unknown, ...]
    gone: tuple[Line, ...]
    unnamed: tuple[str, ...]
    edits: tuple[Edit, ...]


def read_migrations(session: Session) -> list[PageMigrations]:
    """What is wrong with the section of each page that has one, the oldest version first.

    Only the newest page is held to list the release: another one belongs to a release that is
    out, of which the order and what exists is all that can be seen. The changelog comes last: a
    commit of a branch that changes no page yet is not held to it. Raises Unreadable for a file
    that is broken, and UsageError for a `since` that no migration has.
    """
    pages = read_listed(session)
    return [
        _judged(session, pages, listed)
        for listed in pages
        if listed.page.section(MIGRATIONS) is not None
    ]


def _judged(session: Session, pages: list[Listed], listed: Listed) -> PageMigrations:
    history, is_newest = read_history(session), listed is pages[-1]
    held = is_newest and is_due(session)
    section = listed.page.section(MIGRATIONS)
    missing: list[Missing] = []
    foreign: list[Foreign] = []
    if history and is_newest:
        missing = list(_missing(session, listed, history)) if held else []
        foreign = list(_foreign(pages, listed, history))
    tracked = session.tree.tracked_set
    misplaced = _misplaced(listed, history) if history else None
    bare = [one.entry.name for one in foreign if one.entry.is_bare]
    edits: tuple[Edit, ...] = ()
    if history and (missing or misplaced or bare):
        edits = list_edits(listed, history, [one.name for one in missing], bare)
    return PageMigrations(
        listed.page.version,
        section.heading.spot if section else listed.page.start,
        tuple(missing),
        tuple(foreign),
        misplaced,
        tuple(_unknown(session, listed, history)) if history and history.order else (),
        tuple(one for one in listed.scripts if one.text not in tracked),
        tuple(_unnamed(session, listed)) if held else (),
        edits,
    )


def _missing(session: Session, listed: Listed, history: History) -> Iterator[Missing]:
    paths = {str(node.revision): node.path for node in history.order}
    missing = [one for one in release_revisions(session) or () if one not in listed.mentions]
    complete = history.in_order(listed.names, missing) if missing else []
    for name in missing:
        at = complete.index(name)
        yield Missing(name, paths[name], complete[at - 1] if at else None)


def _foreign(pages: list[Listed], listed: Listed, history: History) -> Iterator[Foreign]:
    """The entries that an earlier page lists, or must have run before one that it lists."""
    own = order(listed.page.version)[0]
    # A final release may repeat what its pre-releases list.
    earlier = [one for one in earlier_pages(pages, listed.page.version) if _release(one) != own]
    # A patch of an older line may be newer than the page.
    older = [one for one in earlier if not _release(one)[2] or _release(one)[:2] == own[:2]]
    above = history.ancestors(name for one in older for name in one.names)
    for entry in listed.entries:
        for other in earlier:
            if entry.name in other.names:
                yield Foreign(entry, entry.name, other.page.path)
                break
        else:
            if entry.name in above:
                yield next(_overtaken(entry, older, history))


def _release(listed: Listed) -> tuple[int, ...]:
    return order(listed.page.version)[0]


def _overtaken(entry: Entry, older: list[Listed], history: History) -> Iterator[Foreign]:
    for other in older:
        for name in other.names:
            if entry.name in history.ancestors([name]):
                yield Foreign(entry, name, other.page.path)


def _misplaced(listed: Listed, history: History) -> tuple[Entry, str] | None:
    found = history.misplaced(listed.names)
    if found is None:
        return None
    return next(entry for entry in listed.entries if entry.name == found[0]), found[1]


def _unknown(session: Session, listed: Listed, history: History) -> Iterator[Unknown]:
    """What leads an item as a revision would and stands in no migration.

    A word that a migration holds may be a table, a column or an index; one with text beside it
    and no revision near it may be a setting or a function.
    """
    if not listed.others:
        return
    words = session.cache.keep("words of migrations", lambda: frozenset(_words(session)))
    for one in listed.others:
        hint = "" if one.name.encode() in words else nearest(one.name, history.above)
        if hint or (one.is_bare and one.name.encode() not in words):
            yield Unknown(one, hint)


def _words(session: Session) -> Iterator[bytes]:
    for path in session.tree.tracked:
        if is_migration(session, path) and session.tree.exists(path):
            yield from _WORD.findall(session.tree.read(path))
            session.tree.forget(path)


def _unnamed(session: Session, listed: Listed) -> Iterator[str]:
    """The scripts that the branch adds and the page does not name."""
    named = {one.text for one in listed.scripts}
    for path, letter in sorted(session.branch.changed.items()):
        if letter != "A" or path in named or not _SCRIPT.fullmatch(path):
            continue
        # The bump command runs at every release, not once.
        is_once = path not in session.config["bump-command"] and not is_test(path)
        if is_once and not session.config.excludes(path):
            yield path
