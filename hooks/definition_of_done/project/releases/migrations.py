"""The section Migrations of each changelog page is compared with the graph and the scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.words import nearest
from definition_of_done.engine.session import Session
from definition_of_done.project.docs.branch_pages import shipped
from definition_of_done.project.docs.feature_page import FeaturePage, feature_page_of
from definition_of_done.project.docs.sections import DATA_MODEL, DELTAS, RBAC, PageSection
from definition_of_done.project.layout import (
    is_backfill,
    is_migration,
    is_migration_anywhere,
    is_one_off_script,
    is_test,
    script_path,
)
from definition_of_done.project.migrations.ancestry.graph import History, read_history, spot_of
from definition_of_done.project.releases.changelog import MIGRATIONS, is_released
from definition_of_done.project.releases.features import features_under_added, landed_pages
from definition_of_done.project.releases.release import is_asked_to_bump, read_dues
from definition_of_done.project.releases.revisions import (
    Entry,
    Listed,
    earlier_pages,
    read_listed,
    release_revisions,
)
from definition_of_done.project.releases.rewrite import list_edits
from definition_of_done.project.releases.steps import LEVELS, stepped
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.project.schemes import numbers, scheme_of
from definition_of_done.readers.page import Block, Line, ListItem, Piece

_WORD = regex(rb"\w+")
_BEFORE = r"(?<![\w.-])(?:\./)?"
_RUN = regex(
    r"\b(?:runs?|ran|running|execute[sd]?|once|one-off|deploy(?:s|ed|ment)?|post-deploy"
    r"|backfill(?:s|ed)?)\b",
    re.I,
)
_NEED_NOT = regex(
    r"\b(?:no|not|never|without|nothing|none|optional|unchanged|already|stays?|local(?:ly)?|tests?"
    r"|ci|if|unless|may|can)\b|n't\b",
    re.I,
)
_SENTENCE = regex(r"[.;]\s")


class MissingRevision(NamedTuple):
    """A revision that the page lacks; it belongs behind `after`, first where that is None.

    `spot` is the revision in its migration.
    """

    name: str
    spot: Spot
    after: str | None


class ForeignEntry(NamedTuple):
    """An entry of an earlier release.

    The page `path` lists `revision`, which is the entry's own or a later one.
    """

    entry: Entry
    revision: str
    path: str


class PathlessScript(NamedTuple):
    """A script that a page calls `name`, without its path."""

    spot: Spot
    name: str
    path: str


class PlannedScript(NamedTuple):
    """A script that the feature page `page` says must run; `spot` is the section that lacks it."""

    spot: Spot
    path: str
    page: str


class PageMigrations(NamedTuple):
    """The faults of the section Migrations of a page.

    `misplaced` is an entry and the revision before it, which runs after it. `unknown` are entries
    that no migration has, each with a hint at the nearest revision. `gone` are named scripts that
    do not exist, `unnamed` are scripts that the branch adds. `pathless` and `planned` are scripts
    of the branch's own page. `edits` mend what is missing, foreign and misplaced. Where the page is
    out, as `is_released` says, the next one has to tell what is missing and unnamed: that is `due`,
    where its path is known.
    """

    path: str
    is_released: bool | None
    missing: tuple[MissingRevision, ...]
    foreign: tuple[ForeignEntry, ...]
    misplaced: tuple[Entry, str] | None
    unknown: tuple[tuple[Entry, str], ...]
    gone: tuple[Line, ...]
    unnamed: tuple[str, ...]
    pathless: tuple[PathlessScript, ...]
    planned: tuple[PlannedScript, ...]
    edits: tuple[Edit, ...]
    due: str = ""


def read_migrations(session: Session) -> list[PageMigrations]:
    """Read the faults of the section of each page that has one, the oldest version first.

    Only the newest page must list its whole release, or the next one where the newest is out. Of a
    release that is out only the order and the existence of the entries can be judged.
    """
    pages = read_listed(session)
    return [
        _judged(session, pages, listed)
        for listed in pages
        if listed.page.section(MIGRATIONS)
        or (listed is pages[-1] and is_released(session, listed.page.path))
    ]


def _judged(session: Session, pages: list[Listed], listed: Listed) -> PageMigrations:
    history, is_out = read_history(session), is_released(session, listed.page.path)
    is_newest = listed is pages[-1] and not (
        is_asked_to_bump(session) or (is_out and read_dues(session).is_put_off)
    )
    own = history if is_newest else None
    missing = list(_missing(session, listed, own, is_out)) if own else []
    lower = earlier_pages(scheme_of(session), pages, listed.page.version)
    foreign = list(_foreign(lower, listed, own)) if own and not is_out else []
    is_own = is_newest and not is_out and listed.page.path in session.branch.changed
    pathless = tuple(pathless_scripts(session, listed)) if is_own else ()
    called = {script.path for script in pathless}
    tracked = session.tree.tracked_set
    misplaced = _misplaced(listed, history) if history else None
    removable = [entry.name for entry, _, _ in foreign if entry.is_bare]
    edits: tuple[Edit, ...] = ()
    if history and is_out is False and (missing or misplaced or removable):
        edits = list_edits(listed, history, [revision.name for revision in missing], removable)
    return PageMigrations(
        listed.page.path,
        is_out,
        tuple(missing),
        tuple(foreign),
        misplaced,
        tuple(_unknown(session, listed, history)) if history and history.order else (),
        tuple(script for script in listed.scripts if script.text not in tracked),
        tuple(path for path in _unnamed(session, listed) if path not in called)
        if is_newest
        else (),
        pathless,
        tuple(planned_scripts(session, listed)) if is_own else (),
        edits,
        read_versions(session).page if is_out and is_newest else "",
    )


def _missing(
    session: Session, listed: Listed, history: History, is_out: bool | None
) -> Iterator[MissingRevision]:
    version = listed.page.version
    if is_out:
        version = stepped(scheme_of(session), version, LEVELS["patch"])
    wanted = release_revisions(session, version) or ()
    missing = [name for name in wanted if name not in listed.mentions]
    complete = history.in_order(listed.names, missing) if missing else []
    nodes = {node.revision: node for node in history.order} if missing else {}
    for name in missing:
        at = complete.index(name)
        spot = spot_of(session, nodes[name], "revision")
        yield MissingRevision(name, spot, complete[at - 1] if at else None)


def _foreign(lower: list[Listed], listed: Listed, history: History) -> Iterator[ForeignEntry]:
    """Yield the entries that an earlier page lists, or that run before one that it lists."""
    own = _numbers(listed)
    # A final release may repeat the entries of its pre-releases.
    earlier = [page for page in lower if _numbers(page) != own]
    # A patch of an older line may be newer than the page.
    older = [page for page in earlier if not _numbers(page)[2] or _numbers(page)[:2] == own[:2]]
    above = history.ancestors(name for page in older for name in page.names)
    for entry in listed.entries:
        found = next(((page, entry.name) for page in earlier if entry.name in page.names), None)
        if found is None and entry.name in above:
            runs = ((page, name) for page in older for name in page.names)
            found = next(run for run in runs if entry.name in history.ancestors([run[1]]))
        if found:
            page, name = found
            yield ForeignEntry(entry, name, page.page.path)


def _numbers(listed: Listed) -> tuple[int, ...]:
    """Major, minor and patch of a page's version."""
    found = numbers(listed.page.version)
    return found + (0,) * (3 - len(found))


def _misplaced(listed: Listed, history: History) -> tuple[Entry, str] | None:
    found = history.misplaced(listed.names)
    if found is None:
        return None
    name, after = found
    return next(entry for entry in listed.entries if entry.name == name), after


def _unknown(session: Session, listed: Listed, history: History) -> Iterator[tuple[Entry, str]]:
    """Yield the entries that look like a revision and stand in no migration.

    A word that a migration holds may be a table, a column or an index. A word with text beside it
    and without a similar revision may be a setting or a function.
    """
    if not listed.others:
        return
    words = session.cache.keep("words of migrations", lambda: frozenset(_words(session)))
    for entry in listed.others:
        is_word = entry.name.encode() in words
        hint = "" if is_word else nearest(entry.name, history.above)
        if hint or (entry.is_bare and not is_word):
            yield entry, hint


def _words(session: Session) -> Iterator[bytes]:
    for path in session.tree.tracked:
        if is_migration(session, path) and session.tree.exists(path):
            yield from _WORD.findall(session.tree.read(path))
            session.tree.forget(path)


def _unnamed(session: Session, listed: Listed) -> Iterator[str]:
    """Yield the scripts that the branch adds and the page does not name."""
    for path, letter in sorted(session.branch.changed.items()):
        is_new = letter == "A" and path not in listed.told and is_one_off_script(session, path)
        is_new &= not path.rpartition("/")[2].startswith("_")
        if is_new and is_run_once(session, path):
            yield path


def is_run_once(session: Session, path: str) -> bool:
    """True for a script that belongs to a release: the bump command runs at every one."""
    is_once = path not in session.config["bump-command"] and not is_test(path)
    return is_once and not (session.config.excludes(path) or is_migration_anywhere(session, path))


def pathless_scripts(session: Session, listed: Listed) -> Iterator[PathlessScript]:
    """Yield the scripts of the project that a page names by their file or module alone."""
    pieces = [piece for block in listed.page.blocks(MIGRATIONS) for piece in block.pieces]
    text = "\n".join(piece.text for piece in pieces)
    for path in session.tree.tracked:
        stem = path.rpartition("/")[2].removesuffix(".py")
        is_other = path in listed.told or stem not in text
        if is_other or not (is_one_off_script(session, path) and is_run_once(session, path)):
            continue
        stem, module = re.escape(stem), re.escape(session.config["scripts"].replace("/", "."))
        called = re.compile(rf"(?<![\w./-])(?:{stem}\.py|{module}\.{stem})(?![\w.]*\w)")
        for piece in pieces:
            if found := called.search(piece.text):
                yield PathlessScript(_spot(piece, found), found[0], path)
                break


def _spot(piece: Piece, found: re.Match[str]) -> Spot:
    return piece.spot if piece.kind == "code" else piece.spot.moved(found.start())


def planned_scripts(session: Session, listed: Listed) -> Iterator[PlannedScript]:
    """Yield the scripts that the plans of a page's release say must run, and that it lacks."""
    section = listed.page.section(MIGRATIONS)
    if section is None:
        return
    named = set(listed.told)
    changed = session.branch.changed
    for page in _plans(session, listed):
        for path in dict.fromkeys(_run_by(page, script_path(session.config["scripts"], _BEFORE))):
            # The branch's own ones and the backfills of new members have checks of their own.
            is_left = changed.get(path) == "A" or (
                is_backfill(session, path) and session.config["rbac-models"] in changed
            )
            is_there = session.tree.exists(path) and is_run_once(session, path)
            if is_there and not (is_left or path in named):
                named.add(path)
                yield PlannedScript(section.heading.spot, path, page.path)


def _plans(session: Session, listed: Listed) -> Iterator[FeaturePage]:
    """Yield the feature pages of the release: those that no other page of the changelog adds."""
    added = features_under_added(session, listed.page)
    by_page = shipped(session, added)
    paths = [path for path in added if by_page.get(path) == listed.page.path]
    paths += [page.path for page in landed_pages(session)]
    for path in dict.fromkeys(paths):
        yield feature_page_of(session, path)


def _run_by(page: FeaturePage, script: re.Pattern[str]) -> Iterator[str]:
    for section in page.all_sections(DELTAS, RBAC, DATA_MODEL):
        for text, paths in _statements(section, script):
            words = script.sub("", text)
            if _RUN.search(words) and not _NEED_NOT.search(words):
                yield from paths


def _statements(section: PageSection, script: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each sentence that names scripts, with the heading above it."""
    above = ""
    for block in section.section.blocks:
        if block.heading:
            above = block.heading.text
            continue
        items = [item for top in block.items for item in top.all_items]
        parts: list[ListItem] | list[Block] = items or [block]
        for part in parts:
            text = " ".join(line.text for line in part.lines)
            for sentence in _SENTENCE.split(text):
                yield f"{above} {sentence}", script.findall(sentence)
            if not script.search(text):
                yield f"{above} {text}", script.findall(" ".join(link.href for link in part.links))
