"""Alembic's operations as facts: columns, keys, and the steps of a direction."""

from __future__ import annotations

from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.project.migrations.opaque import Opaque


class Column(NamedTuple):
    """A column that an operation adds.

    `label` names it as `table.column`, with the source in braces for a part that is computed;
    `name` is None where it is computed. `comment` is its literal comment, None where it has
    none; `comment_is_hidden` says that an expression or `**options` may give it one. `referents`
    are the tables that its foreign keys point to; `is_indexed` and `is_unique` say that it is
    written with `index=True` or `unique=True`; `is_plain` that it is nothing but a name, a type
    and keywords that make neither index nor constraint.
    """

    spot: Spot
    label: str
    name: str | None
    comment: str | None
    comment_is_hidden: bool
    referents: tuple[str, ...] = ()
    is_indexed: bool = False
    is_unique: bool = False
    is_plain: bool = False


class ForeignKey(NamedTuple):
    """A foreign key that an operation declares: its one local column, None for several."""

    column: str | None
    referent: str


class Operation(NamedTuple):
    """A call of one of Alembic's operations.

    `table`, `target` (the column, index, constraint or new name that it is about) and `schema`
    are None where they are absent or computed; `on` are the columns of an index or constraint,
    None where they are computed; `options` are the names of its other keywords that are not
    literally False or None. `attributes` are what `alter_column` sets (`**` for keywords that are
    not in sight), `restated` those of them that its `existing_...` say hold already, and `new_name`
    the name that it gives. `is_plain` says that a table is created from plain columns and
    constraints, all in sight. `is_certain` says that no branch or loop decides whether it runs;
    `is_doubtful` that one does which asks for more than the dialect: what is there already, say.
    """

    name: str
    table: str | None
    columns: tuple[Column, ...]
    spot: Spot
    target: str | None = None
    on: tuple[str, ...] | None = None
    schema: str | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    options: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    restated: frozenset[str] = frozenset()
    new_name: str | None = None
    is_plain: bool = False
    is_certain: bool = True
    is_doubtful: bool = False

    @property
    def full_table(self) -> str | None:
        """The table with its schema."""
        return f"{self.schema}.{self.table}" if self.schema and self.table else self.table


# The parameters of the operations that change a schema; in a batch the table is left out.
SCHEMA_OPERATIONS = {
    "create_table": ("table",),
    "drop_table": ("table",),
    "rename_table": ("table", "target"),
    "add_column": ("table",),
    "drop_column": ("table", "target"),
    "alter_column": ("table", "target"),
    "create_index": ("target", "table", "on"),
    "drop_index": ("target", "table"),
    "create_unique_constraint": ("target", "table", "on"),
    "create_check_constraint": ("target", "table"),
    "create_exclude_constraint": ("target", "table"),
    "create_primary_key": ("target", "table", "on"),
    "create_foreign_key": ("target", "table", "referent", "on"),
    "drop_constraint": ("target", "table"),
    "create_table_comment": ("table",),
    "drop_table_comment": ("table",),
}


class Steps(NamedTuple):
    """The work of a function step by step: literal loops run once for each element.

    `opaque` is what else it does, or may do, to the schema.
    """

    operations: tuple[Operation, ...]
    opaque: tuple[Opaque, ...]
