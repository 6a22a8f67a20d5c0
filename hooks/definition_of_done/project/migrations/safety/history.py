"""Looks into the ancestors of a migration: what they sent, the newest statement first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from definition_of_done.base.errors import Refused, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.migrations.ancestry.history import read_sources
from definition_of_done.project.migrations.ancestry.lineage import encoded, lineage_of
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.statements import Statement, bare, is_same
from definition_of_done.project.migrations.safety.types import Type
from definition_of_done.project.migrations.safety.walk import Sent, read_sent

_NOT_NULL = rb"is\s+not\s+null"
# It stands behind the columns of a table, and that of a window function behind its parenthesis.
_PARTITIONED = regex(rb"(?i)partition_by\b|[^(\s]\s+partition\s+by\b")
# They change no column, whatever table they are on.
_HARMLESS = (
    *(kinds.DROP_INDEX, kinds.SET, kinds.COMMENT, kinds.ADD_VALUE, kinds.CREATE_TYPE),
    *(kinds.INSERT, kinds.UPDATE, kinds.DELETE, kinds.MERGE, kinds.TRUNCATE),
    *(kinds.LOCK, kinds.REINDEX),
)
# What else may be done to a table and leaves its columns alone.
_NO_CHANGE = regex(
    r"(?i)(?:create (?:or replace )?(?:constraint )?(?:trigger|statistics)|grant|revoke|analyze)\b"
)


class History:
    """The ancestors of one migration; `asked` are the names that were looked up in them."""

    def __init__(self, session: Session, path: str) -> None:
        self.asked: dict[str, None] = {}
        # It was asked which migrations make tables with partitions.
        self.asks_partitions = False
        self._session = session
        self._path = path

    def names(self, name: str) -> bool:
        """True where an ancestor holds a name, or may do so."""
        self.asked[name] = None
        try:
            return not lineage_of(self._session).naming(name).isdisjoint(self._above)
        except (Refused, Unreadable, KeyError):
            return True

    def may_prove(self, table: str, column: bytes) -> bool:
        """True where an ancestor that names a table says of a column that it is not NULL.

        `column` is a pattern of its names.
        """
        try:
            paths = self._holding(bare(table)) & {*self._proving()} - {self._path}
        except Unreadable:
            return True
        with suppress(Refused, KeyError):
            paths &= self._above
        found = re.compile(b"(?i)" + column + rb"\s+" + _NOT_NULL)
        return any(found.search(data) for _, data in self._session.tree.read_each(sorted(paths)))

    @cached_property
    def _above(self) -> set[str]:
        """The paths of all ancestors."""
        return {*lineage_of(self._session).ancestors(self._path)}

    def _proving(self) -> list[str]:
        """The migrations that say of any column that it is not NULL."""

        def read() -> list[str]:
            found = re.compile(b"(?i)" + _NOT_NULL)
            paths = sorted(lineage_of(self._session).naming("is not null"))
            return [
                path for path, data in self._session.tree.read_each(paths) if found.search(data)
            ]

        return self._session.cache.keep("migrations with IS NOT NULL", read)

    def ancestors(self, *, turned: bool = False) -> Iterator[str]:
        """Yield the paths of the ancestors, the nearest first, and parallel ones in either order.

        Raises Refused where one of them is not known.
        """
        try:
            for node in lineage_of(self._session).ordered(self._path, turned=turned):
                yield node.path
        except (Unreadable, KeyError):
            raise Refused("the ancestors are not known") from None

    def orders(self, table: str) -> Iterator[Iterator[Statement]]:
        """Yield the statements on a table, twice where parallel ancestors may run in either order.

        They come the newest first, up to the one that makes the table, which is followed through
        new names. Raises Refused where an ancestor may change it out of sight.
        """
        yield self._statements(table)
        with suppress(Unreadable):
            if lineage_of(self._session).has_merges:
                yield self._statements(table, turned=True)

    def _statements(self, table: str, *, turned: bool = False) -> Iterator[Statement]:
        present = table
        holding = self._holding(bare(present))
        for path in self.ancestors(turned=turned):
            if path not in holding:
                continue
            sent = sent_by(self._session, path)
            for statement in reversed(sent.statements):
                if statement.kind == kinds.RENAME_TABLE and is_same(statement.other, present):
                    present = statement.table or ""
                    holding |= self._holding(bare(present))
                    yield statement
                elif _may_change(statement, bare(present)):
                    raise Refused(f"{path} may change {present} out of sight")
                elif is_same(statement.table, present):
                    yield statement
                    if statement.kind == kinds.CREATE_TABLE:
                        return
            if not sent.is_seen:
                raise Refused(f"{path} may change {present} out of sight")

    def column(self, table: str, name: str) -> Type | None:
        """The type of a column as the ancestors leave it, None where that is not known."""
        try:
            found = {_type_of(name, statements) for statements in self.orders(table)}
        except Refused:
            return None
        return found.pop() if len(found) == 1 else None

    def is_partitioned(self, table: str | None) -> bool:
        """True where an ancestor makes the table with partitions."""
        if not table:
            return False
        self.asks_partitions = True
        name = encoded(bare(table))
        if any(name in data for data in with_partitions(self._session).values()):
            with suppress(Refused):
                return any(kinds.PARTITIONED in found.options for found in self._statements(table))
        return False

    def _holding(self, name: str) -> set[str]:
        self.asked[name] = None
        try:
            return lineage_of(self._session).naming(name)
        except (Refused, Unreadable):
            return set()


@once
def with_partitions(session: Session) -> dict[str, bytes]:
    """The migrations that make a table with partitions, or speak of some, by path.

    Few do. The graph of all is not read to find them.
    """
    return {
        path: data
        for path, data in read_sources(session)
        if (b"artition" in data or b"ARTITION" in data) and _PARTITIONED.search(data)
    }


def read_once(session: Session, path: str, data: bytes | None = None) -> Sent:
    """Read what a migration sends, once a run; raises Unreadable where it is not Python."""
    known: dict[str, Sent] = session.cache.keep("what migrations send", dict)
    if path not in known:
        if data is None:
            data = next((data for _, data in session.tree.read_each([path])), b"")
        known[path] = read_sent(path, data)
    return known[path]


def sent_by(session: Session, path: str) -> Sent:
    """Read what a migration sends; in a file that is no Python nothing can be seen."""
    try:
        return read_once(session, path)
    except Unreadable:
        return Sent((), is_seen=False)


def _type_of(name: str, newest_first: Iterable[Statement]) -> Type | None:
    present = name
    for statement in newest_first:
        if statement.kind == kinds.RENAME_COLUMN and statement.other == present:
            present = statement.name or ""
        elif statement.kind == kinds.RENAME_COLUMN and statement.name == present:
            # Another column has its name by now.
            return None
        elif statement.kind == kinds.SET_TYPE and statement.name == present:
            return statement.type
        elif made := next((new for new in statement.columns if new.name == present), None):
            return made.type
    return None


def _may_change(statement: Statement, table: str) -> bool:
    """True where a statement names no table, or none that is known, and may be on this one."""
    if statement.kind in (kinds.OTHER, kinds.ALTER):
        is_named = table in statement.sql or "\u2026" in statement.sql
        return is_named and not _NO_CHANGE.match(statement.sql)
    return statement.table is None and statement.kind not in _HARMLESS
