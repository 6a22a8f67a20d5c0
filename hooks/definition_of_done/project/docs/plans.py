"""What the branch adds that a plan must name, and what the feature pages name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.docs.page_words import Words, page_words
from definition_of_done.project.layout import is_feature_page, is_migration
from definition_of_done.project.migrations.changed_models import read_new_tables
from definition_of_done.project.migrations.graph import spot_of
from definition_of_done.project.migrations.history import read_later_scans
from definition_of_done.project.migrations.scan import scan


class Addition(NamedTuple):
    """A revision, resource or table; `kind` says which."""

    kind: str
    name: str
    spot: Spot


def read_unplanned(session: Session) -> list[Addition]:
    """What the branch adds, none where it touches a feature page or one names any of it.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_or_nothing()
    if any(_stands(session, changed, path) for path in changed):
        return []
    added = read_additions(session)
    return [] if any(names_any(words, added) for words in page_words(session).values()) else added


def read_unnamed(session: Session) -> list[Addition]:
    """The revisions after `since` that no feature page names, by path.

    A merge revision that does nothing belongs to no feature. Raises UsageError for a `since` that
    no migration has, and Unreadable for a file that is not Python.
    """
    if not session.config["features"]:
        return []
    pages = page_words(session).values()
    found = []
    for node in read_later_scans(session):
        name = node.revision
        if name is None or any(words.name(name) for words in pages):
            continue
        if len(node.parents) < 2 or not _is_empty(session, node.path):
            found.append(Addition("revision", name, spot_of(session, node, "revision")))
    return found


def names_any(words: Words, added: list[Addition]) -> bool:
    """Whether a page names one of the additions; of a revision only the very word counts."""
    return any(
        words.name(one.name) if one.kind == "revision" else words.speak_of(one.name)
        for one in added
    )


def _stands(session: Session, changed: dict[str, str], path: str) -> bool:
    return changed[path] != "D" and is_feature_page(session, path)


def _is_empty(session: Session, path: str) -> bool:
    from definition_of_done.project.migrations.migration import read_migration

    return read_migration(path, session.tree.read(path)).is_empty


def read_additions(session: Session) -> list[Addition]:
    """What the branch adds: revisions, then resources, then tables, each in order.

    Merge revisions, and what only moves, are not among them. Raises NotEvaluated where there is
    no base, and Unreadable for a file that is not Python.
    """
    return session.cache.keep("additions", lambda: list(_find_additions(session)))


def _find_additions(session: Session) -> Iterator[Addition]:
    changed = session.branch.changed_or_nothing()
    added = {
        path
        for path, letter in changed.items()
        if letter == "A" and path.endswith(".py") and not session.config.excludes(path)
    }
    before = set(_revisions_before(session, changed))
    for node in read_later_scans(session) if any(is_migration(session, p) for p in added) else ():
        new = node.path in added and node.revision and node.revision not in before
        if new and len(node.parents) < 2:
            yield Addition("revision", str(node.revision), spot_of(session, node, "revision"))
    yield from _resources(session, changed, added)
    for table in read_new_tables(session):
        yield Addition("table", table.name, table.spot)


def _revisions_before(session: Session, changed: dict[str, str]) -> Iterator[str]:
    """The revisions of migrations that the branch moves, which are not new where they are now."""
    for path, letter in changed.items():
        if letter == "D" and is_migration(session, path):
            try:
                old = scan(path, session.branch.read_at(session.branch.base or "HEAD", path))
            except Unreadable:
                continue
            if old.revision:
                yield old.revision


def _resources(session: Session, changed: dict[str, str], added: set[str]) -> Iterator[Addition]:
    """The folders of resources that hold nothing but what the branch adds."""
    home = session.config["resources"]
    if not home:
        return
    now: dict[str, set[str]] = {}
    if any(one.startswith(f"{home}/") for one in added):
        for folder, path in resource_files(session):
            now.setdefault(folder, set()).add(path.removeprefix(f"{home}/{folder}/"))
    gone: dict[str, set[str]] = {}
    for path, letter in changed.items():
        folder, _, inside = path.removeprefix(f"{home}/").partition("/")
        if letter == "D" and inside.endswith(".py") and path.startswith(f"{home}/"):
            gone.setdefault(folder, set()).add(inside)
    for folder, files in sorted(now.items()):
        is_new = all(f"{home}/{folder}/{inside}" in added for inside in files)
        # A folder under another name is no new resource.
        files_gone = [old for name, old in gone.items() if name not in now]
        is_moved = any(files & old - {"__init__.py"} for old in files_gone)
        if is_new and not is_moved and folder not in gone:
            yield Addition("resource", folder, Spot(f"{home}/{folder}/{min(files)}"))
