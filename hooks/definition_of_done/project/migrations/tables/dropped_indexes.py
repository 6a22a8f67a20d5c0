"""Finds the indexes that a migration drops although nothing else in it changes their columns."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.project.migrations.files.migration import Migration
from definition_of_done.project.migrations.operations.operations import Operation

# What takes each index of a table along, or gives it another name.
WHOLE = ("drop_table", "create_table", "rename_table")
# What changes the columns that it names.
_ON = ("create_index", "create_unique_constraint", "create_primary_key", "create_foreign_key")
_CHANGING = (*_ON, "drop_column", "alter_column", "drop_constraint")


def dropped_alone(migration: Migration) -> Iterator[tuple[Operation, Operation]]:
    """Yield each index that `upgrade` drops for its own sake, with another change beside it."""
    changes = list(migration.upgrade.schema_changes)
    others = [operation for operation in changes if operation.name != "drop_index"]
    if not others:
        return
    by_sql = dict(_dropped_by_sql(migration))
    made = list(migration.downgrade.schema_changes)
    hidden = migration.upgrade.steps.opaque
    for operation in (*changes, *by_sql):
        if operation.name != "drop_index":
            continue
        # Its downgrade tells the columns of an index.
        columns = by_sql.get(operation) or _columns(operation, made, "create_index")
        if any(_excuses(other, operation, columns, made) for other in others):
            continue
        table = operation.full_table or ""
        if not any(
            thing.may_index(table) or thing.explains(columns or (), None) for thing in hidden
        ):
            yield operation, others[0]


def _dropped_by_sql(migration: Migration) -> Iterator[tuple[Operation, set[str] | None]]:
    """Yield the indexes that SQL drops and that of `downgrade` makes again, with their columns."""
    from definition_of_done.project.migrations.operations.operations import Operation

    made = {thing.name: thing for thing in migration.downgrade.steps.things if thing.is_created}
    for thing in migration.upgrade.steps.things:
        again = made.get(thing.name)
        if again and thing.kind == "index" and not thing.is_created:
            drop = Operation("drop_index", again.table, (), thing.spot, target=thing.name)
            yield drop, set(again.columns) if again.columns else None


def _excuses(
    other: Operation, drop: Operation, columns: set[str] | None, made: list[Operation]
) -> bool:
    """True where a change may be one of the index's own table or columns."""
    if other.name not in (*WHOLE, *_CHANGING):
        return False
    # A table that is not named may be the same one.
    if None not in (other.table, drop.table) and other.full_table != drop.full_table:
        return False
    if other.name in WHOLE or (other.name == "create_index" and other.target == drop.target):
        return True
    if columns is None:
        # An alteration alone needs no other index.
        return other.name != "alter_column"
    own = touched(other, made)
    return own is None or bool(own & columns)


def touched(operation: Operation, made: list[Operation]) -> set[str] | None:
    """The columns that an operation changes, None where they are not known.

    `made` are the operations of `downgrade`: they tell the columns of what is dropped.
    """
    if operation.name in ("drop_constraint", "drop_index"):
        return _columns(operation, made, *_ON)
    if operation.name in _ON:
        return _on(operation)
    return None if operation.target is None else {operation.target}


def _columns(operation: Operation, made: list[Operation], *names: str) -> set[str] | None:
    """The columns of what an operation drops, by the one operation of `downgrade` that makes it."""
    found = [
        _on(other) for other in made if other.name in names and other.target == operation.target
    ]
    return found[0] if len(found) == 1 else None


def _on(operation: Operation) -> set[str] | None:
    """The columns of an index or constraint, None where a condition may name others."""
    is_partial = any(option.endswith(("_where", "_include")) for option in operation.options)
    return None if operation.on is None or is_partial else set(operation.on)
