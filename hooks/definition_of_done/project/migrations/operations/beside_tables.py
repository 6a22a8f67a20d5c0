"""Finds what a migration creates and drops beside tables: enum types, and in SQL views and more."""

from __future__ import annotations

import ast
import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.sql import called
from definition_of_done.readers.sql import inside, parts, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.files.migration import Direction
    from definition_of_done.project.migrations.operations.operations import Operation, Steps
    from definition_of_done.project.migrations.source.sql import Resolve

ENUMS = ("Enum", "ENUM")
_UNDONE = {"create_table": "drop_table", "add_column": "drop_column"}
_VERBS = {"create": True, "drop": False}
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


class TypeChange(NamedTuple):
    """An enum type that is created, else dropped; `name` is None where it is computed.

    `after` is the number of operations before it, `is_certain` says that no branch decides on it.
    """

    spot: Spot
    is_created: bool
    name: str | None
    after: int = 0
    is_certain: bool = False


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


def in_sql(text: str, spot: Spot) -> Iterator[TypeChange]:
    """Yield the types that a text of SQL creates or drops."""
    for found in _TYPE_IN_SQL.finditer(text):
        name = (found[1] or found[2]).replace('"', "").rpartition(".")[2]
        yield TypeChange(spot, found[1] is not None, name)


def in_call(call: ast.Call, resolve: Resolve, spot: Spot) -> Iterator[TypeChange]:
    """Yield the types on which a call of `create` or `drop` is made."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _VERBS:
        return
    for node in resolve(call.func.value):
        if isinstance(node, ast.Call) and called(node) in ENUMS:
            yield TypeChange(spot, _VERBS[call.func.attr], type_name(node))


def type_name(call: ast.Call) -> str | None:
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
    dropped = {change.name for steps in (upgrade, downgrade) for change in _dropped(steps)}
    if None in dropped or any(
        thing.sql is None for steps in (upgrade, downgrade) for thing in steps.opaque
    ):
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
        if not any(thing.explains([name], None) for thing in downgrade.opaque):
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
        for change in _dropped(steps) if users else ():
            for late in steps.operations[change.after :] if change.is_certain else ():
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


def _dropped(steps: Steps) -> Iterator[TypeChange]:
    return (change for change in steps.types if not change.is_created)


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


def things_in(text: str, spot: Spot) -> Iterator[SqlThing]:
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
    dropped = {
        thing.name
        for steps in (upgrade, downgrade)
        for thing in steps.things
        if not thing.is_created
    }
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
