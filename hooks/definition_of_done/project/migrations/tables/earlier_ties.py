"""Finds what earlier migrations say of the tables that a migration changes."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.ancestry.history import reached, read_scans
from definition_of_done.project.migrations.files.migration import read_migration, read_shared
from definition_of_done.project.migrations.tables.concerns import concerns, ties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.engine.session import Session

_SQL = rb"(?i:\breferences\b)"
_IN_SQL = regex(_SQL)
_TELLING = regex(rb"ForeignKey|create_foreign_key|create_table|" + _SQL)
_CREATED = rb"""\bcreate_table\(\s*+(?:table_name\s*=\s*)?["']%s["']"""
_ALONE = ["-"]


class EarlierTables(NamedTuple):
    """The pairs of tables that foreign keys tie, and True where each table's creation was seen."""

    ties: tuple[tuple[str, str], ...]
    are_seen: bool


_UNKNOWN = EarlierTables((), are_seen=False)


def earlier_ties(session: Session, path: str) -> EarlierTables:
    """The ties of earlier migrations between the tables of a migration.

    They are looked for only where a migration changes several groups of tables. What cannot be
    read ties nothing.
    """
    return session.cache.keep(f"earlier ties {path}", lambda: _read(session, path))


def _read(session: Session, path: str) -> EarlierTables:
    try:
        data = session.tree.read(path)
        tables = session.cache.recall_names(
            "tables of several concerns", data, lambda: _several(session, path)
        )
        if tables == _ALONE:
            return _UNKNOWN
        bare = {table.rpartition(".")[2] for table in tables}
        earlier = _earlier(session, path)
        telling = session.cache.keep("migrations with tables", lambda: _telling(session))
        others = {other: text for other, text in telling if other in earlier}
        are_seen = all(_is_created(table, (data, *others.values())) for table in bare)
        naming = dict(_naming(others, bare))
        # Of SQL that is computed, nobody can see what it refers to.
        are_seen &= not any(map(_IN_SQL.search, naming.values()))
        return EarlierTables(tuple(sorted({*_ties(session, naming, bare)})), are_seen)
    except (Unreadable, RecursionError, OSError):
        return _UNKNOWN


def _several(session: Session, path: str) -> list[str]:
    groups = concerns(read_shared(session, path)).groups
    return [table for tables, _ in groups for table in tables] if len(groups) > 1 else _ALONE


def _is_created(table: str, sources: Iterable[bytes]) -> bool:
    creates = re.compile(_CREATED % re.escape(table.encode()))
    return any(map(creates.search, sources))


def _naming(others: dict[str, bytes], bare: set[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the migrations that name two of the tables."""
    words = [re.compile(rb"\b" + re.escape(table.encode()) + rb"\b") for table in bare]
    for other, data in others.items():
        if sum(1 for word in words if word.search(data)) > 1:
            yield other, data


def _ties(session: Session, naming: dict[str, bytes], bare: set[str]) -> Iterator[tuple[str, str]]:
    for other, data in naming.items():
        for pair in _kept(session, other, data):
            if all(name.rpartition(".")[2] in bare for name in pair):
                yield pair


def _telling(session: Session) -> list[tuple[str, bytes]]:
    """The migrations that may create a table or a foreign key, with their bytes."""
    paths = [node.path for node in read_scans(session)]
    return [(path, data) for path, data in session.tree.read_each(paths) if _TELLING.search(data)]


def _kept(session: Session, path: str, data: bytes) -> list[tuple[str, str]]:
    try:
        return session.cache.keep(f"ties {path}", lambda: ties(read_migration(path, data)))
    except (Unreadable, RecursionError):
        return []


def _earlier(session: Session, path: str) -> set[str]:
    """The paths of the migrations that run before one."""
    nodes = {node.revision or "": node for node in read_scans(session)}

    def above(name: str) -> list[str]:
        node = nodes[name]
        return [other for other in (*node.parents, *node.depends) if other in nodes]

    own = [name for name, node in nodes.items() if node.path == path]
    start = [parent for name in own for parent in above(name)]
    return {nodes[name].path for name in reached(start, above)}
