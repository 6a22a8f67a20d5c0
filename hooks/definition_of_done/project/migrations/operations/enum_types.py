"""Finds the enum types that a migration creates and drops, beside its tables."""

from __future__ import annotations

import ast

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.operations.operations import Operation, Steps
    from definition_of_done.project.migrations.source.sql import Resolve

ENUMS = ("Enum", "ENUM")
_UNDONE = {"create_table": "drop_table", "add_column": "drop_column"}
_VERBS = {"create": True, "drop": False}
_SQL = regex(
    r"(?i)\bcreate\s+type\s+([\w.\"]+)\s+as\s+enum\b"
    r"|\bdrop\s+type\s+(?:if\s+exists\s+)?([\w.\"]+)"
)


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
    for found in _SQL.finditer(text):
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

    The opposite direction makes that one. What may have taken the type from it leaves it out.
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
