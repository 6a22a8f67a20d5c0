"""The operations of a migration, and the things beside tables that it creates and drops."""

from __future__ import annotations

import ast
import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.sql import called
from definition_of_done.readers.nodes import keyword_of
from definition_of_done.readers.sql import inside, parts, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.files.migration import Direction
    from definition_of_done.project.migrations.operations.opaque import Opaque
    from definition_of_done.project.migrations.source.sql import Resolve

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
ENUMS = ("Enum", "ENUM")
_UNDONE = {"create_table": "drop_table", "add_column": "drop_column"}
_TYPE_IN_SQL = regex(
    r"(?i)\bcreate\s+type\s+([\w.\"]+)\s+as\s+enum\b"
    r"|\bdrop\s+type\s+(?:if\s+exists\s+)?([\w.\"]+)"
)
_NAME = r"""[\w."`\[\]]++"""
# What is temporary, may be there or is replaced is left out: nobody knows what was there before.
_STATEMENT = regex(
    r"(create|drop) (materialized |unique |constraint )?"
    r"(view|sequence|trigger|function|procedure|domain|schema|policy|index) (?:concurrently )?"
    rf"(if (?:not )?exists )?({_NAME})(?:.*? on (?:only )?({_NAME}))?",
    re.I,
)
# These go with their table.
_ON_TABLES = ("trigger", "policy", "index")
_WORD = r'(?:"[^"]*+"|[^\s])++'
_VALIDATION = regex(rf"alter table (?:only |if exists )*+{_WORD} validate constraint {_WORD}", re.I)
# A sequence may belong to a column, and an index become a constraint.
_HANDED_ON = regex(r"\bowned by\b|\busing index\b", re.I)


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


class TypeChange(NamedTuple):
    """An enum type that is created, else dropped; `name` is None where it is computed.

    `after` is the number of operations before it, `is_certain` says that no branch decides on it.
    """

    spot: Spot
    is_created: bool
    name: str | None
    after: int = 0
    is_certain: bool = False


class SqlThing(NamedTuple):
    """A thing that a statement creates, else drops; `kind` is SQL's word for it.

    `table` is the one that it is on. `columns` are those of a plain index, None for another thing.
    """

    spot: Spot
    is_created: bool
    kind: str
    name: str
    table: str | None
    columns: tuple[str, ...] | None

    @property
    def drop(self) -> str:
        """The statement that drops it."""
        on = f" ON {self.table}" if self.kind in ("trigger", "policy") and self.table else ""
        return f"DROP {self.kind.upper()} {self.name}{on}"


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


class EarlyDrop(NamedTuple):
    """An enum type that a direction drops before `late`, which drops what has it."""

    direction: str
    spot: Spot
    name: str
    late: Operation

    @property
    def message(self) -> str:
        """The whole message."""
        table, column = self.late.full_table, self.late.target
        user = f"column {table}.{column}" if column else f"table {table}"
        return f"{self.direction} drops enum type {self.name} before {user}, which has it"


def types_in_sql(text: str, spot: Spot) -> Iterator[TypeChange]:
    """Yield the types that a text of SQL creates or drops."""
    for found in _TYPE_IN_SQL.finditer(text):
        name = (found[1] or found[2]).replace('"', "").rpartition(".")[2]
        yield TypeChange(spot, found[1] is not None, name)


def types_in_call(call: ast.Call, resolve: Resolve, spot: Spot) -> Iterator[TypeChange]:
    """Yield the types on which a call of `create` or `drop` is made."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("create", "drop"):
        return
    for node in resolve(call.func.value):
        if isinstance(node, ast.Call) and called(node) in ENUMS:
            yield TypeChange(spot, call.func.attr == "create", enum_name(node))


def enum_name(call: ast.Call) -> str | None:
    """The name of an enum type: the one that is given, else the one of its class in lower case."""
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in options:
        return None
    if "name" in options:
        name = getattr(options["name"], "value", None)
        return name if isinstance(name, str) else None
    match call.args:
        case [ast.Name(id=owner) | ast.Attribute(attr=owner)] if owner[:1].isupper():
            return owner.lower()
    return None


def makes_type(call: ast.Call) -> bool:
    """True where PostgreSQL makes the type of a column with its table."""
    return not any(
        keyword.arg in (None, "create_type", "native_enum", "metadata") for keyword in call.keywords
    )


def left_types(upgrade: Steps, downgrade: Steps) -> Iterator[TypeChange]:
    """Yield the types that `upgrade` creates and neither direction drops, each once."""
    dropped = {
        change.name for change in (*upgrade.types, *downgrade.types) if not change.is_created
    }
    if None in dropped or any(call.sql is None for call in (*upgrade.opaque, *downgrade.opaque)):
        return
    gone = {drop.full_table for drop in downgrade.operations if drop.name == "drop_table"}
    made = [change for change in upgrade.types if change.is_created]
    for operation in upgrade.operations:
        if operation.name == "create_table" and operation.full_table in gone:
            made += [
                TypeChange(operation.spot, is_created=True, name=column.enum)
                for column in operation.columns
                if column.makes_type
            ]
    told: set[str | None] = {None}
    for change in made:
        name = change.name
        if name in told or name in dropped or name is None:
            continue
        told.add(name)
        if not any(call.explains([name], None) for call in downgrade.opaque):
            yield change


def early_drops(directions: Mapping[str, Steps]) -> Iterator[EarlyDrop]:
    """Yield the types that a direction drops before a table or column that has them.

    The opposite direction makes that one. It is left out where it may have got another type before.
    """
    for direction, steps in directions.items():
        (opposite,) = (other for name, other in directions.items() if name != direction)
        users = {
            (
                _UNDONE[made.name],
                made.full_table,
                column.name if made.name == "add_column" else None,
            ): made
            for made in opposite.operations
            for column in made.columns
            if column.enum and made.name in _UNDONE
        }
        dropped = [change for change in steps.types if change.is_certain and not change.is_created]
        for change in dropped if users else ():
            for late in steps.operations[change.after :]:
                made = users.get((late.name, late.full_table, late.target))
                names = {column.enum for column in made.columns} if made else ()
                if change.name in names and late.is_certain and not _may_be_retyped(late, steps):
                    yield EarlyDrop(direction, change.spot, str(change.name), late)
                    break


def _may_be_retyped(dropped: Operation, steps: Steps) -> bool:
    """Tell whether a column of a table may get another type before."""
    return any(
        operation.name == "alter_column" and operation.full_table == dropped.full_table
        for operation in steps.operations
    ) or any(thing.explains([dropped.table or ""], None) for thing in steps.opaque)


def things_in_sql(text: str, spot: Spot) -> Iterator[SqlThing]:
    """Yield the things that a text of SQL creates or drops."""
    for statement in statements(text):
        found = _STATEMENT.match(statement)
        if not found:
            continue
        verb, manner, kind, condition, name, table = found.groups()
        is_created, kind = verb.lower() == "create", kind.lower()
        if not (is_created and condition):
            on = table if kind in _ON_TABLES else None
            is_plain = kind == "index" and not manner
            columns = _columns(statement, found.end()) if is_plain else None
            yield SqlThing(spot, is_created, kind, _bare(name), on and _bare(on), columns)


def _columns(statement: str, at: int) -> tuple[str, ...] | None:
    """The columns of an index, None for one with expressions, options or a condition."""
    plain = re.fullmatch(r" ?\(([\w\", ]+)\)", statement[at:])
    return tuple(map(_bare, parts(inside(statement, at)))) if plain else None


def _bare(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name).rpartition(".")[2]


def left_things(upgrade: Steps, downgrade: Steps) -> Iterator[SqlThing]:
    """Yield the things that SQL of `upgrade` creates and neither direction drops."""
    both = (*upgrade.opaque, *downgrade.opaque)
    if any(call.sql is None for call in both):
        return
    dropped = {thing.name for thing in (*upgrade.things, *downgrade.things) if not thing.is_created}
    is_handed_on = any(_HANDED_ON.search(str(call.sql)) for call in both)
    for thing in upgrade.things:
        is_gone = (
            thing.name in dropped
            or (is_handed_on and thing.kind in ("sequence", "index"))
            or any(call.explains([thing.name], thing.table) for call in downgrade.opaque)
            or any(_takes_along(operation, thing) for operation in downgrade.operations)
        )
        if thing.is_created and not is_gone:
            yield thing


def _takes_along(operation: Operation, thing: SqlThing) -> bool:
    """True where an operation may take a thing with its table or column, or drops it."""
    if operation.target == thing.name:
        return True
    # A table that is not named may be the same one.
    is_on_it = thing.table is not None and operation.table in (None, thing.table)
    takes = ("drop_table", "rename_table", *(["drop_column"] if thing.kind == "index" else ()))
    return is_on_it and operation.name in takes


def only_validates(direction: Direction) -> bool:
    """True where all that it does is `ALTER TABLE ... VALIDATE CONSTRAINT ...`."""
    steps = direction.steps
    texts = [*steps.data, *(thing.sql for thing in steps.opaque)]
    return (
        bool(texts)
        and all(text is not None and _validates(text) for text in texts)
        and not any(direction.schema_changes)
    )


def _validates(text: str) -> bool:
    found = statements(text)
    return bool(found) and all(map(_VALIDATION.fullmatch, found))
