"""Groups the tables that a migration changes by what ties them together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.project.migrations.migration import Migration, Operation

# Operations that could tie tables together.
_TYING = ("create_table", "add_column", "create_foreign_key")


def concerns(migration: Migration) -> list[tuple[list[str], Operation]]:
    """The groups of tables that `upgrade` changes, in order, each with its first operation.

    A foreign key of either direction ties tables together. The result is empty where an operation
    that could tie tables has a computed table.
    """
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
    for name, tied_name in (*namesakes, *_ties(migration)):
        tied = {group[table] for table in (*_meant(name, first), *_meant(tied_name, first))}
        if len(tied) > 1:
            new = min(tied)
            group = {table: new if root in tied else root for table, root in group.items()}
    groups: dict[str, list[str]] = {}
    for table in first:
        groups.setdefault(group[table], []).append(table)
    return [(tables, first[tables[0]]) for tables in groups.values()]


def _ties(migration: Migration) -> list[tuple[str, str]]:
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
    return ties


def _meant(name: str, tables: Iterable[str]) -> Iterator[str]:
    """Yield the tables that a name may mean; without a schema it may be of any schema."""
    bare = name.rpartition(".")[2]
    for table in tables:
        if table == name or (bare == table.rpartition(".")[2] and bare in (name, table)):
            yield table


def _new_name(operation: Operation) -> str | None:
    """The new name of a table with its schema, None where the operation renames none."""
    if operation.name != "rename_table" or operation.target is None:
        return None
    return f"{operation.schema}.{operation.target}" if operation.schema else operation.target
