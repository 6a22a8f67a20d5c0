"""Finds the indexes on exactly the column of a foreign key, in a migration or a model."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.files.migration import Migration
    from definition_of_done.project.migrations.mapped.models import Table

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
    keys = foreign_keys(migration)
    return (index for index in indexes(migration) if index.label in keys)


def foreign_keys(migration: Migration) -> set[str]:
    """The columns that `upgrade` makes foreign keys of their own, as `table.column`."""
    return {
        f"{operation.full_table}.{key.column}"
        for operation in migration.upgrade.schema_changes
        for key in operation.foreign_keys
        if key.column
    }


def indexes(migration: Migration) -> Iterator[KeyIndex]:
    """Yield the plain indexes of one column that `upgrade` makes."""
    if migration.revision is None:
        return
    for operation in migration.upgrade.schema_changes:
        for column in operation.columns:
            if column.is_indexed and not column.is_unique:
                yield KeyIndex(column.spot, column.label, None, is_inline=True)
        is_plain = operation.name == "create_index" and not operation.options - _PLAIN
        on = operation.on or ()
        if is_plain and len(on) == 1:
            label = f"{operation.full_table}.{on[0]}"
            yield KeyIndex(operation.spot, label, operation.target, is_inline=False)
    for thing in migration.upgrade.steps.things:
        if thing.is_created and len(thing.columns or ()) == 1:
            label = f"{thing.table}.{(thing.columns or ())[0]}"
            yield KeyIndex(thing.spot, label, thing.name, is_inline=False)


def model_indexes(tables: Iterable[Table]) -> Iterator[KeyIndex]:
    """Yield the plain indexes that models have on the one column of a foreign key."""
    for table in tables:
        keys = {
            part.name: part
            for key, part in table.parts.items()
            if key.startswith("column ") and part.aspects.get("foreign key")
        }
        for part in keys.values():
            is_unique = part.aspects.get("unique", "False") != "False"
            if part.aspects.get("index") == "True" and not is_unique:
                label = f"{table.name}.{part.name}"
                yield KeyIndex(part.spot, label, None, is_inline=True)
        for key, part in table.parts.items():
            is_plain = key.startswith("index ") and len(part.on) == 1 and part.on[0] in keys
            if is_plain and part.aspects.get("definition") == f"Index({part.on[0]!r})":
                label = f"{table.name}.{part.on[0]}"
                yield KeyIndex(part.spot, label, part.name, is_inline=False)
