"""Finds the foreign keys of earlier migrations between the tables that a migration changes."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.project.migrations.ancestry.history import read_scans
from definition_of_done.project.migrations.files.migration import read_migration
from definition_of_done.project.migrations.files.shared import read_shared
from definition_of_done.project.migrations.tables.concerns import concerns, ties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from definition_of_done.engine.session import Session

    Pairs: TypeAlias = tuple[tuple[str, str], ...]

_KEY = regex(rb"ForeignKey|create_foreign_key")
_ALONE = ["-"]


def earlier_ties(session: Session, path: str) -> Pairs:
    """The pairs of tables that a foreign key of an earlier migration ties.

    They are looked for only where a migration changes several groups of tables. What cannot be
    read ties nothing.
    """
    return session.cache.keep(f"earlier ties {path}", lambda: _read(session, path))


def _read(session: Session, path: str) -> Pairs:
    try:
        data = session.tree.read(path)
        tables = session.cache.recall_names(
            "tables of several concerns", data, lambda: _several(session, path)
        )
        return tuple(sorted({*_ties(session, path, tables)})) if tables != _ALONE else ()
    except (Unreadable, RecursionError, OSError):
        return ()


def _several(session: Session, path: str) -> list[str]:
    groups = concerns(read_shared(session, path)).groups
    return [table for tables, _ in groups for table in tables] if len(groups) > 1 else _ALONE


def _ties(session: Session, path: str, tables: Sequence[str]) -> Iterator[tuple[str, str]]:
    bare = {table.rpartition(".")[2] for table in tables}
    words = [re.compile(rb"\b" + re.escape(table.encode()) + rb"\b") for table in bare]
    earlier = _earlier(session, path)
    for other, data in session.cache.keep("migrations with keys", lambda: _with_keys(session)):
        if other in earlier and sum(1 for word in words if word.search(data)) > 1:
            for pair in _kept(session, other, data):
                if all(name.rpartition(".")[2] in bare for name in pair):
                    yield pair


def _with_keys(session: Session) -> list[tuple[str, bytes]]:
    """The migrations that may have a foreign key, with their bytes."""
    paths = [node.path for node in read_scans(session)]
    return [(path, data) for path, data in session.tree.read_each(paths) if _KEY.search(data)]


def _kept(session: Session, path: str, data: bytes) -> list[tuple[str, str]]:
    try:
        return session.cache.keep(f"ties {path}", lambda: ties(read_migration(path, data)))
    except (Unreadable, RecursionError):
        return []


def _earlier(session: Session, path: str) -> set[str]:
    """The paths of the migrations that run before one."""
    nodes = {node.revision: node for node in read_scans(session)}
    queue = [node for node in nodes.values() if node.path == path]
    found: set[str] = set()
    while queue:
        node = queue.pop()
        for name in (*node.parents, *node.depends):
            above = nodes.get(name)
            if above and above.path not in found:
                found.add(above.path)
                queue.append(above)
    return found
