"""The records of Alembic's operations: columns, keys, and the steps of a direction."""

from __future__ import annotations

import ast

from definition_of_done.base.records import NamedTuple
from definition_of_done.readers.nodes import keyword_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.operations.beside_tables import SqlThing, TypeChange
    from definition_of_done.project.migrations.operations.opaque import Opaque


class Column(NamedTuple):
    """A column that an operation adds.

    `label` names it as `table.column`; a computed part is its source in braces. `name` is None
    where it is computed. `comment` is its literal comment, None where it has none.
    `comment_is_hidden` says that an expression or `**options` may give it one. `keys` are its
    foreign keys. `is_indexed` and `is_unique` say that it has `index=True` or `unique=True`.
    `is_plain` says that it has a name, a type, and no keyword that makes an index or a constraint,
    `is_primary` that it belongs to its table's primary key. `enum` is the name of the enum type
    that it has, and `makes_type` says that PostgreSQL makes this type with the table. `call` is the
    one that makes it.
    """

    spot: Spot
    label: str
    name: str | None
    comment: str | None
    comment_is_hidden: bool
    keys: tuple[ForeignKey, ...] = ()
    is_indexed: bool = False
    is_unique: bool = False
    is_plain: bool = False
    is_primary: bool = False
    enum: str | None = None
    makes_type: bool = False
    call: ast.Call | None = None

    @property
    def type_name(self) -> str:
        """The last name of its type, as far as it stands in the call."""
        if self.call is None:
            return ""
        args = self.call.args
        node = args[1] if len(args) > 1 else keyword_of(self.call, "type_")
        node = node.func if isinstance(node, ast.Call) else node
        return getattr(node, "attr", getattr(node, "id", ""))


class ForeignKey(NamedTuple):
    """A foreign key of an operation: its local column, None for several, and the other table.

    `remote` is the column of the other table, and `name` the key's own; None where they are absent
    or computed.
    """

    column: str | None
    referent: str
    remote: str | None = None
    name: str | None = None


class Operation(NamedTuple):
    """A call of one of Alembic's operations.

    `table`, `target` (its column, index, constraint or new name) and `schema` are None where they
    are absent or computed. `on` are the columns of an index or constraint, None where they are
    computed. `options` are the names of its keywords that are not literally False or None.
    `attributes` are the ones that `alter_column` sets (`**` for keywords that cannot be seen),
    `restated` those that hold already by its `existing_...`, and `new_name` is the column's new
    name. `is_plain` says that a table has nothing but plain columns and constraints.
    `is_certain` says that no branch or loop decides whether the operation runs. `is_doubtful` says
    that one does, and asks for more than the dialect: for what is there already, say.
    `values` are the attributes that `alter_column` sets to what is written there, with its source.
    `constraints` are the names of a table's constraints, None where one of them is not known.
    `is_seen` says that all columns of a table are. `call` is the operation's own.
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
    values: tuple[tuple[str, str], ...] = ()
    constraints: frozenset[str] | None = None
    is_seen: bool = True
    call: ast.Call | None = None

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
# The operation that adds a constraint of each class, and the word for it in `drop_constraint`.
CONSTRAINTS = {
    "UniqueConstraint": ("create_unique_constraint", "unique"),
    "ForeignKeyConstraint": ("create_foreign_key", "foreignkey"),
    "CheckConstraint": ("create_check_constraint", "check"),
    "PrimaryKeyConstraint": ("create_primary_key", "primary"),
    "ExcludeConstraint": ("create_exclude_constraint", ""),
}
CONSTRAINT_OF = {operation: made for made, (operation, _) in CONSTRAINTS.items()}


class Steps(NamedTuple):
    """The operations of a function in order, with literal loops unrolled.

    `opaque` are the other calls that may change the schema, `types` the enum types that are created
    or dropped. `data` are the texts of all SQL, None for a statement that is no plain text.
    `things` are what plain SQL creates and drops.
    """

    operations: tuple[Operation, ...]
    opaque: tuple[Opaque, ...]
    types: tuple[TypeChange, ...] = ()
    data: tuple[str | None, ...] = ()
    things: tuple[SqlThing, ...] = ()
