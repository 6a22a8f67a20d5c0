"""Groups the tables that a migration changes by what ties them, in it and in earlier ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session, once
from definition_of_done.project.migrations.ancestry.history import reached, read_scans
from definition_of_done.project.migrations.files.migration import (
    Migration,
    read_migration,
    read_shared,
)
from definition_of_done.project.migrations.operations.operations import Operation
from definition_of_done.project.migrations.tables.dropped_indexes import WHOLE, touched

_WORD = regex(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]")
# Operations that could tie tables together.
_TYING = ("create_table", "add_column", "create_foreign_key")

# A table that keeps the rows of another as they were, and changes with it.
_TWIN = (
    r"{0}_(?:archives?|audits?|histor(?:y|ies)|logs?|revisions?|versions?)"
    r"|(?:archived|draft|historical)_{0}"
)
# The table of a statement of SQL, and one that its foreign keys refer to.
_KEYED = regex(
    r"\b(?:(?:create|alter)\s+table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?"
    r"""(?P<table>[\w."`]+)|references\s+(?P<referent>[\w."`]+))""",
    re.I,
)
# Operations that take a foreign key away.
_LOSING = ("drop_table", "drop_column", "drop_constraint")

_REFERENCES = rb"(?i:\breferences\b)"
_IN_SQL = regex(_REFERENCES)
_TELLING = regex(rb"ForeignKey|create_foreign_key|create_table|" + _REFERENCES)
_CREATED = rb"""\bcreate_table\(\s*+(?:table_name\s*=\s*)?["']%s["']"""
_ALONE = ["-"]


class Concerns(NamedTuple):
    """The groups of tables that a migration changes, each with its first operation.

    `are_unrelated` says that the history shows all of the tables, and no foreign key that ties
    those of two groups.
    """

    groups: list[tuple[list[str], Operation]]
    are_unrelated: bool


class EarlierTables(NamedTuple):
    """The pairs of tables that foreign keys tie, and True where each table's creation was seen."""

    ties: tuple[tuple[str, str], ...]
    are_seen: bool


_UNKNOWN = EarlierTables((), are_seen=False)
NO_CONCERNS = Concerns([], are_unrelated=False)


def concerns(migration: Migration, earlier: EarlierTables = _UNKNOWN) -> Concerns:
    """Group the tables that `upgrade` changes, in order.

    A foreign key of either direction ties tables together; that of a new table to one that is there
    does so where the change to the latter is about the new one. One of the `earlier` pairs does
    where both change as one, and so does a table that keeps the rows of another as they were.
    There is no group where an operation that could tie tables has a computed table.
    """
    groups = _grouped(migration, [pair for pair in earlier.ties if _go_together(migration, *pair)])
    at = {table: number for number, (tables, _) in enumerate(groups) for table in tables}
    pairs = (*earlier.ties, *ties(migration)) if len(groups) > 1 else ()
    ends = ([{at[table] for table in at if _means(name, table)} for name in pair] for pair in pairs)
    are_tied = any(own and others and own != others for own, others in ends)
    is_seen = None not in (*migration.upgrade.steps.data, *migration.downgrade.steps.data)
    return Concerns(groups, earlier.are_seen and is_seen and not are_tied)


def _grouped(
    migration: Migration, moves: list[tuple[str, str]]
) -> list[tuple[list[str], Operation]]:
    first: dict[str, Operation] = {}
    for operation in migration.upgrade.schema_changes:
        table = operation.full_table
        if table is not None:
            first.setdefault(table, operation)
        elif operation.name in _TYING:
            return []
        if new := _new_name(operation):
            first.setdefault(new, operation)
    if len(first) < 2:
        return [([table], operation) for table, operation in first.items()]
    group = {table: table for table in first}
    namesakes = [(table, table) for table in first]
    own = _own_ties(migration)
    for name, tied_name in (*namesakes, *own, *moves, *_twins(migration, first)):
        tied = {group[table] for table in first if _means(name, table) or _means(tied_name, table)}
        if len(tied) > 1:
            new = min(tied)
            group = {table: new if root in tied else root for table, root in group.items()}
    groups: dict[str, list[str]] = {}
    for table in first:
        groups.setdefault(group[table], []).append(table)
    return [(tables, first[tables[0]]) for tables in groups.values()]


def _go_together(migration: Migration, table: str, referent: str) -> bool:
    """True where what an earlier foreign key ties changes as one.

    A column moves from one table to the other, the referent is dropped, and with it the table, its
    column or its key, or a key changes its type in both.
    """
    own, other = _changes(migration, table), _changes(migration, referent)
    if any(operation.name == "drop_table" for operation in other):
        return any(operation.name in _LOSING for operation in own)
    names = [(key, name) for key in _retyped(own) for name in _retyped(other)]
    return _moves(own, other) or _moves(other, own) or any(k.endswith(f"_{n}") for k, n in names)


def _twins(migration: Migration, tables: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the tables with those that keep their rows, where the same columns change in both."""
    bare = {table: table.rpartition(".")[2] for table in tables}
    for table in tables:
        twin = re.compile(_TWIN.format(re.escape(bare[table])))
        own = _touched_columns(migration, table)
        for other in tables:
            others = _touched_columns(migration, other) if twin.fullmatch(bare[other]) else set()
            if own and others and (own <= others or others <= own):
                yield table, other


def _touched_columns(migration: Migration, table: str) -> set[str | None]:
    """The columns that change or get an index; a table that is dropped counts as one."""
    changes = _changes(migration, table)
    named: set[str | None] = {name for op in changes for name in op.on or ()}
    named |= {op.target for op in changes if op.name in ("alter_column", "drop_column")}
    named |= {op.name for op in changes if op.name == "drop_table"}
    return named | {column.name for op in changes for column in op.columns}


def _changes(migration: Migration, name: str) -> list[Operation]:
    """The operations of `upgrade` on the tables that a name may mean."""
    changes = migration.upgrade.schema_changes
    return [op for op in changes if op.full_table and _means(name, op.full_table)]


def _retyped(changes: Iterable[Operation]) -> set[str]:
    """The columns that get another type."""
    return {op.target for op in changes if op.target and "type_" in op.attributes}


def _moves(source: Iterable[Operation], target: Iterable[Operation]) -> bool:
    """True where a column is taken from one table, and added to the other."""
    taken, _ = _taken_and_added(source)
    _, added = _taken_and_added(target)
    return any(_is_same(old, new) for old in taken for new in added)


def _taken_and_added(changes: Iterable[Operation]) -> tuple[set[str], set[str]]:
    """The columns that a table loses and gains; one that is made anew stays."""
    gone = {op.target for op in changes if op.name == "drop_column" and op.target}
    new = {column.name for op in changes for column in op.columns if column.name}
    return gone - new, new - gone


def _own_ties(migration: Migration) -> list[tuple[str, str]]:
    """The pairs that keys tie, but for a new table that only points to one that is there."""
    whole = [op for op in migration.upgrade.schema_changes if op.name in WHOLE]
    new = {op.table for op in whole if op.name == "create_table"}
    touched_whole = {op.table for op in whole}
    return [
        (table, referent)
        for table, referent in ties(migration)
        if table.rpartition(".")[2] not in new
        or referent.rpartition(".")[2] in touched_whole
        or _is_tie(migration, table, referent)
    ]


def _is_tie(migration: Migration, table: str, referent: str) -> bool:
    """True where the change to a table is about a new one that points to it."""
    own, others = _changes(migration, table), _changes(migration, referent)
    if not others:
        return True
    steps, made = migration.upgrade.steps, list(migration.downgrade.schema_changes)
    names = [_names(operation, made) for operation in (*own, *others)]
    if None in names or None in steps.data or any(thing.sql is None for thing in steps.opaque):
        return True
    used = {name for found in names[: len(own)] if found for name in found}
    used |= {key.remote for operation in own for key in operation.foreign_keys if key.remote}
    bare = table.rpartition(".")[2]
    for text in steps.data:
        words = set(re.findall(r"\w+", text or ""))
        used |= words if bare in words else set()
    changed = {name for found in names[len(own) :] if found for name in found}
    keys = {key.referent for operation in others for key in operation.foreign_keys}
    return (
        not changed.isdisjoint(used)
        or any(_is_about(name, bare, referent.rpartition(".")[2]) for name in changed)
        or any(_means(key, table) for key in keys)
    )


def _is_about(column: str, table: str, referent: str) -> bool:
    """True where the name of a column says that it is about a table.

    Of a vendor, `credit_total` and `has_credits` are about the table `vendor_credits`.
    """
    column = column.lower()
    own = _words(table) - _words(referent)
    return any(len(word) > 2 and word in column for word in own) or (
        len(column) > 3 and column in table.lower()
    )


def _words(name: str) -> set[str]:
    """The words of a name in lower case, without the plural's s."""
    return {word.lower().removesuffix("s") for word in _WORD.findall(name)}


def _names(operation: Operation, made: list[Operation]) -> set[str] | None:
    """The columns and types that an operation names, None where one of them is not known."""
    if operation.name == "create_table" and not operation.is_seen:
        return None
    if operation.name in ("create_table", "add_column"):
        named = {column.name for column in operation.columns}
        types = {column.enum for column in operation.columns if column.enum}
        return None if None in named or not named else {name for name in named if name} | types
    if operation.name in ("create_table_comment", "drop_table_comment"):
        return set()
    found, values = touched(operation, made), dict(operation.values)
    is_computed = "type_" in operation.attributes and "type_" not in values
    if found is None or is_computed or operation.name == "create_check_constraint":
        return None
    altered = re.findall(r"""\bname=["'](\w+)""", values.get("type_", ""))
    return {*found, *altered, *([operation.new_name] if operation.new_name else ())}


def _is_same(old: str, new: str) -> bool:
    """True for `vendor_terms` and `terms`: a column drops the name of the table that it leaves."""
    return old == new or old.endswith(f"_{new}") or new.endswith(f"_{old}")


def ties(migration: Migration) -> list[tuple[str, str]]:
    """The pairs of tables that the foreign keys and renames of a migration tie, SQL included."""
    ties = []
    for direction in (migration.upgrade, migration.downgrade):
        # A batch changes no schema by itself, but it may have foreign keys.
        for operation in direction.operations:
            table = operation.full_table
            if table is None:
                continue
            ties += [(table, key.referent) for key in operation.foreign_keys]
            if new := _new_name(operation):
                ties.append((table, new))
        for sql in direction.steps.data:
            ties += _in_sql(sql or "")
    return ties


def _in_sql(sql: str) -> Iterator[tuple[str, str]]:
    table = ""
    for found in _KEYED.finditer(sql):
        if found["table"]:
            table = re.sub('["`]', "", found["table"])
        elif table:
            yield table, re.sub('["`]', "", found["referent"])


def _means(name: str, table: str) -> bool:
    """True where a name may mean a table; without a schema it may be of any schema."""
    bare = name.rpartition(".")[2]
    return table == name or (bare == table.rpartition(".")[2] and bare in (name, table))


def _new_name(operation: Operation) -> str | None:
    """The new name of a table with its schema, None where the operation renames none."""
    if operation.name != "rename_table" or operation.target is None:
        return None
    return f"{operation.schema}.{operation.target}" if operation.schema else operation.target


def earlier_ties(session: Session, path: str) -> EarlierTables:
    """The ties of earlier migrations between the tables of a migration.

    They are looked for only where a migration changes several groups of tables. What cannot be
    read ties nothing.
    """
    return session.cache.keep(f"earlier ties {path}", lambda: _read_earlier(session, path))


def _read_earlier(session: Session, path: str) -> EarlierTables:
    try:
        data = session.tree.read(path)
        tables = session.cache.recall_names(
            "tables of several concerns", data, lambda: _several(session, path)
        )
        if tables == _ALONE:
            return _UNKNOWN
        bare = {table.rpartition(".")[2] for table in tables}
        earlier = _earlier(session, path)
        others = {other: text for other, text in _telling(session) if other in earlier}
        are_seen = all(_is_created(table, (data, *others.values())) for table in bare)
        words = [re.compile(rb"\b" + re.escape(table.encode()) + rb"\b") for table in bare]
        # A migration that ties two of the tables names both.
        naming = {
            other: text
            for other, text in others.items()
            if sum(1 for word in words if word.search(text)) > 1
        }
        # Of SQL that is computed, nobody can see what it refers to.
        are_seen &= not any(map(_IN_SQL.search, naming.values()))
        pairs = {
            pair
            for other, text in naming.items()
            for pair in _kept(session, other, text)
            if all(name.rpartition(".")[2] in bare for name in pair)
        }
        return EarlierTables(tuple(sorted(pairs)), are_seen)
    except (Unreadable, RecursionError, OSError):
        return _UNKNOWN


def _several(session: Session, path: str) -> list[str]:
    groups = concerns(read_shared(session, path)).groups
    return [table for tables, _ in groups for table in tables] if len(groups) > 1 else _ALONE


def _is_created(table: str, sources: Iterable[bytes]) -> bool:
    creates = re.compile(_CREATED % re.escape(table.encode()))
    return any(map(creates.search, sources))


@once
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
