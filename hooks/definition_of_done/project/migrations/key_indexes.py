"""Finds the indexes that a migration makes on exactly the column of a foreign key."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.migration import Migration

# With any other option (unique, a dialect's where, include or using) it is an index of its own.
_PLAIN = {"index_name", "table_name", "columns", "schema", "if_not_exists"}


class KeyIndex(NamedTuple):
    """An index on the column of a foreign key; `name` is None for `index=True` on the column.

    `label` names the column as `table.column`.
    """

    spot: Spot
    label: str
    name: str | None
    is_inline: bool

    @property
    def key(self) -> str:
        """A text that tells the index from the others of its migration."""
        return f"{self.label} {self.name or ''}"


def key_indexes(migration: Migration) -> Iterator[KeyIndex]:
    """Yield the indexes that `upgrade` makes on the one column of one of its foreign keys."""
    if migration.revision is None:
        return
    changes = list(migration.upgrade.schema_changes)
    keys = {
        (operation.full_table, key.column)
        for operation in changes
        for key in operation.foreign_keys
        if key.column
    }
    for operation in changes:
        for column in operation.columns:
            if column.referents and column.is_indexed and not column.is_unique:
                yield KeyIndex(column.spot, column.label, None, is_inline=True)
        is_plain = operation.name == "create_index" and not operation.options - _PLAIN
        on = operation.on or ()
        if is_plain and len(on) == 1 and (operation.full_table, on[0]) in keys:
            label = f"{operation.full_table}.{on[0]}"
            yield KeyIndex(operation.spot, label, operation.target, is_inline=False)
