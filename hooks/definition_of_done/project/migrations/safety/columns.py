"""Reads the columns, types and defaults that operations are given."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.operation_calls import Arguments
from definition_of_done.project.migrations.safety import defaults, types
from definition_of_done.project.migrations.safety.statements import Key, NewColumn
from definition_of_done.project.migrations.source.evaluator import Made
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.project.migrations.safety.types import Type
    from definition_of_done.project.migrations.source.evaluator import Evaluator, Scope, Value

# Stands for a value that is computed.
HIDDEN = object()
_NO_TYPES = ("ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue")
_GENERATED = ("Identity", "Computed")
_COMPUTED = "\u2026"
_CHECKED = ("native_enum", "create_constraint")
_TEXTS = ("text", "literal_column")
_CONSTANTS = ("true", "false")


def read_columns(nodes: Iterable[ast.expr], scope: Scope, values: Evaluator) -> Iterator[NewColumn]:
    """Yield the columns among the arguments of an operation."""
    for value in values.spread(nodes, scope):
        match values.resolve(value):
            case [(ast.Call() as call, inner)] if called(call) == "Column":
                yield _column(Arguments(call, inner), values)


def _column(given: Arguments, values: Evaluator) -> NewColumn:
    scope, call = given.scope, given.call
    name = values.text(given.value(0, "name"))
    parts = [*_parts(given, values)]
    default = given.value(None, "server_default")
    found = values.resolve(default) if default else []
    parts += [part for part in found if _last(part[0]) in _GENERATED]
    called_as = {called(part): part for part, _ in parts if isinstance(part, ast.Call)}
    type_value = given.value(None, "type_")
    first = [part for part in parts if _last(part[0]) not in _NO_TYPES]
    type_value = type_value or (first[0] if first else None)
    is_primary = constant(given.node(None, "primary_key"), scope, values) is True
    nullable = constant(given.node(None, "nullable"), scope, values)
    is_required = is_primary if nullable is None else None
    if isinstance(nullable, bool):
        is_required = not nullable
    kind = read_type(type_value, values)
    increments = constant(given.node(None, "autoincrement"), scope, values)
    # Alembic makes the only column of a primary key a serial one.
    is_number = kind is not None and kind.name in types.INTEGERS
    is_serial = is_primary and is_number and increments in (None, True, "auto")
    is_serial = is_serial and "ForeignKey" not in called_as
    return NewColumn(
        name,
        type=kind,
        is_required=is_required,
        default=_default(found, values) if default else "",
        generated=_generated(called_as) or ("identity" if is_serial else ""),
        is_primary=is_primary,
        is_unique=constant(given.node(None, "unique"), scope, values) is True,
        is_indexed=constant(given.node(None, "index"), scope, values) is True,
        has_check="CheckConstraint" in called_as
        or ("Enum" in called_as and _is_checked(called_as["Enum"])),
        keys=tuple(_keys(parts, values)),
        is_hidden=any(keyword.arg is None for keyword in call.keywords)
        or any(isinstance(arg, ast.Starred) for arg in call.args),
    )


def _parts(given: Arguments, values: Evaluator) -> Iterator[Value]:
    """Yield what stands behind the name of a column: its type, keys and constraints."""
    at = 1 if given.node(None, "name") is None else 0
    for node in given.call.args[at:]:
        found = values.resolve((node, given.scope))
        yield found[0] if len(found) == 1 else (node, given.scope)


def _last(node: ast.expr | Made) -> str:
    func = node.func if isinstance(node, ast.Call) else node
    return getattr(func, "attr", getattr(func, "id", ""))


def _keys(parts: Iterable[Value], values: Evaluator) -> Iterator[Key]:
    for node, scope in parts:
        if isinstance(node, ast.Call) and called(node) == "ForeignKey":
            key = Arguments(node, scope)
            target = values.text(key.value(0, "column")) or ""
            table, _, column = target.rpartition(".")
            yield Key(values.text(key.value(None, "name")), table or None, column or None)


def _generated(parts: dict[str, ast.Call]) -> str:
    if "Identity" in parts:
        return "identity"
    if "Computed" not in parts:
        return ""
    given = {keyword.arg: keyword.value for keyword in parts["Computed"].keywords}
    is_stored = getattr(given.get("persisted"), "value", None)
    return "computed" if is_stored is None else "stored" if is_stored else "virtual"


def _is_checked(enum: ast.Call) -> bool:
    """True for an enum that is a text with a check of its values."""
    given = {keyword.arg: keyword.value for keyword in enum.keywords}
    options = [getattr(given.get(name), "value", None) for name in _CHECKED]
    return options == [False, True]


def _default(found: Iterable[Value], values: Evaluator) -> str:
    kinds = {_default_of(node, scope, values) for node, scope in found}
    return kinds.pop() if len(kinds) == 1 else defaults.UNKNOWN


def _default_of(node: ast.expr | Made, scope: Scope, values: Evaluator) -> str:
    match node:
        case ast.Constant(value=None):
            return ""
        case ast.Constant():
            return defaults.CONSTANT
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="func"), attr=name)):
            return defaults.of_function(name)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="func"), attr=name)):
            return defaults.of_function(name)
        case ast.Call(args=[inner, *_]) if called(node) in _TEXTS:
            text = values.text((inner, scope))
            return defaults.UNKNOWN if text is None else defaults.of_sql(text)
        case ast.Call() if called(node) in _CONSTANTS:
            return defaults.CONSTANT
        case ast.Call() if called(node) == "null":
            return ""
        case ast.Call() if called(node) == "next_value":
            return defaults.VOLATILE
    return defaults.UNKNOWN


def read_type(value: Value | None, values: Evaluator) -> Type | None:
    """The type that an argument gives, None where it is not known."""
    found = values.resolve(value) if value else []
    if len(found) != 1 or not isinstance(found[0][0], ast.expr):
        return None
    (node, scope) = found[0]
    assert isinstance(node, ast.expr)
    match node:
        case ast.Call(ast.Attribute(usual, "with_variant"), [variant, *names]):
            is_own = "postgresql" in [constant(name, scope, values) for name in names]
            return read_type((variant if is_own else usual, scope), values)
    return types.of_node(node, lambda inner: constant(inner, scope, values))


def constant(node: ast.expr | None, scope: Scope, values: Evaluator) -> object:
    """The value of a literal, None for none at all, HIDDEN for one that is computed."""
    if node is None:
        return None
    if isinstance(node, ast.Constant):
        return node.value
    found = values.resolve((node, scope))
    if len(found) == 1 and isinstance(found[0][0], ast.Constant):
        return found[0][0].value
    text = values.text((node, scope))
    return HIDDEN if text is None else text


def is_given(node: ast.expr | None) -> bool:
    """True for an argument that is not literally None or False."""
    is_off = isinstance(node, ast.Constant) and node.value in (None, False)
    return node is not None and not is_off


def expression(value: Value | None, values: Evaluator) -> str | None:
    """The text of a condition: a literal, what `sa.text` holds, or that of an expression.

    None for another one.
    """
    text = values.text(value)
    if text is not None or value is None:
        return text
    found = values.resolve(value)
    match found:
        case [(ast.Call(args=[inner, *_]) as call, scope)] if called(call) in _TEXTS:
            return values.text((inner, scope))
        case [(ast.Call(func=ast.Attribute(value=ast.Call(args=[name]), attr=attr)), scope)] if (
            attr in ("isnot", "is_not")
        ):
            return f"{values.text((name, scope)) or _COMPUTED} IS NOT NULL"
        case [
            (ast.Compare(ops=[ast.Gt() | ast.GtE() | ast.Lt() | ast.LtE() | ast.Eq()]) as node, _)
        ]:
            return ast.unparse(node)
    return None
