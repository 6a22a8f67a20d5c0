"""Finds the enum types that a migration creates and drops, beside its tables."""

from __future__ import annotations

import ast

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.operations.operations import Operation, Steps
    from definition_of_done.project.migrations.source.sql import Resolve

ENUMS = ("Enum", "ENUM")
_VERBS = {"create": True, "drop": False}
_SQL = regex(
    r"(?i)\bcreate\s+type\s+([\w.\"]+)\s+as\s+enum\b"
    r"|\bdrop\s+type\s+(?:if\s+exists\s+)?([\w.\"]+)"
)


class TypeChange(NamedTuple):
    """An enum type that is created, else dropped; `name` is None where it is computed."""

    spot: Spot
    is_created: bool
    name: str | None


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
    gone = {operation.full_table for operation in downgrade.operations if _drops(operation)}
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


def _dropped(steps: Steps) -> Iterator[TypeChange]:
    return (change for change in steps.types if not change.is_created)


def _drops(operation: Operation) -> bool:
    return operation.name == "drop_table"
