"""Reads Alembic's operations and their columns as the statements that PostgreSQL gets for them."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.operation_calls import (
    Arguments,
    OperationCall,
    is_off,
)
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety import types
from definition_of_done.project.migrations.safety.statements import (
    Key,
    NewColumn,
    Statement,
    brought,
)
from definition_of_done.project.migrations.source.evaluator import Made
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.safety.types import Type
    from definition_of_done.project.migrations.source.evaluator import Evaluator, Scope, Value
    from definition_of_done.project.migrations.source.sql import Resolve

    Reader: TypeAlias = Callable[[OperationCall, Evaluator, Statement], Iterator[Statement]]

_DATA = {"update": kinds.UPDATE, "insert": kinds.INSERT, "delete": kinds.DELETE}
_QUERIES = {"update": kinds.UPDATE, "delete": kinds.DELETE}
_BOUNDS = {"where", "filter", "filter_by"}
_COMPUTED = "\u2026"
# The keywords of Alembic for each option of a statement.
_OPTIONS = {
    "postgresql_concurrently": kinds.CONCURRENTLY,
    "postgresql_not_valid": kinds.NOT_VALID,
    "unique": kinds.UNIQUE,
}
# Stands for a value that is computed.
_HIDDEN = object()
_NO_TYPES = ("ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue")
_GENERATED = ("Identity", "Computed")
_CHECKED = ("native_enum", "create_constraint")
_TEXTS = ("text", "literal_column")
_CONSTANTS = ("true", "false")


def read(call: OperationCall, values: Evaluator, spot: Spot) -> Iterator[Statement]:
    """Yield the statements of an operation."""
    reader = _READERS.get(call.name)
    if reader is None:
        return
    table, schema = values.text(call.parameter("table")), values.text(call.schema)
    start = Statement(
        kinds.OTHER,
        spot,
        table=f"{schema}.{table}" if schema and table else table,
        name=values.text(call.parameter("target")),
        options=frozenset(_options(call, values)),
        is_batch=call.batch is not None,
        call=call.name,
    )
    yield from reader(call, values, start)


def read_data(call: ast.Call, resolve: Resolve, spot: Spot) -> Iterator[Statement]:
    """Yield the change of rows that a call sends as `sa.update(t).where(...).values(...)`."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords)][:1]
    for sent in (found for node in given for found in resolve(node)):
        for part, bound in _chain(sent):
            if kind := _DATA.get(called(part)):
                home = [part.func.value] if isinstance(part.func, ast.Attribute) else []
                tables = (_table(node, resolve) for node in (*part.args[:1], *home))
                table = next(filter(None, tables), None)
                yield Statement(kind, spot, table=table, condition=bound)
                break


def read_query(call: ast.Call, resolve: Resolve, spot: Spot) -> Iterator[Statement]:
    """Yield the change of rows that `session.query(Order).filter(...).update(...)` makes."""
    kind = _QUERIES.get(called(call))
    for part, bound in _chain(call.func) if kind else ():
        if kind and called(part) == "query" and part.args:
            yield Statement(kind, spot, table=_table(part.args[0], resolve), condition=bound)
            return


def _chain(node: ast.expr) -> Iterator[tuple[ast.Call, str | None]]:
    """Yield the calls of a chain, the last first, each with `where` where the rows are bound."""
    bound = None
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Call):
            bound = "where" if called(node) in _BOUNDS else bound
            yield node, bound
        node = node.func if isinstance(node, ast.Call) else node.value


def _table(node: ast.expr, resolve: Resolve) -> str | None:
    """The name in `sa.table("orders", ...)` or `sa.Table("orders", ...)`."""
    for found in resolve(node):
        match found:
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if called(found) in (
                "table",
                "Table",
            ):
                return name
    return None


def _options(call: OperationCall, values: Evaluator) -> Iterator[str]:
    """Yield the options that are given, with UNSEEN where one of them cannot be seen."""
    for keyword in call.given.call.keywords:
        if keyword.arg is None:
            yield kinds.UNSEEN
        elif keyword.arg == "postgresql_partition_by":
            yield kinds.PARTITIONED
        elif keyword.arg == "postgresql_using" and call.name == "alter_column":
            using = values.text((keyword.value, call.given.scope)) or _COMPUTED
            yield from types.read_using(using, values.text(call.parameter("target")))
        elif keyword.arg in _OPTIONS:
            value = constant(keyword.value, call.given.scope, values)
            if value is _HIDDEN:
                yield kinds.UNSEEN
            elif value:
                yield _OPTIONS[keyword.arg]


def _of_kind(kind: str) -> Reader:
    def reader(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
        yield start._replace(kind=kind, on=values.texts(call.parameter("on")))

    return reader


def _create_table(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    scope = call.given.scope
    columns = tuple(_read_columns(call.contents, scope, values))
    checks = [
        _expression((node.args[0], scope), values) or ""
        for node in call.contents
        if isinstance(node, ast.Call) and called(node) == "CheckConstraint" and node.args
    ]
    yield start._replace(
        kind=kinds.CREATE_TABLE, columns=columns, condition=" and ".join(checks) or None
    )


def _rename_table(_: OperationCall, __: Evaluator, start: Statement) -> Iterator[Statement]:
    yield start._replace(kind=kinds.RENAME_TABLE, name=None, other=start.name)


def _add_column(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    node = call.given.node(0 if call.batch else 1, "column")
    found = list(_read_columns([node], call.given.scope, values)) if node else []
    if len(found) != 1:
        yield start._replace(kind=kinds.ADD_COLUMN)
        return
    column = found[0]
    yield start._replace(kind=kinds.ADD_COLUMN, name=column.name, columns=(column,))
    is_inline = constant(call.given.node(None, "inline_references"), call.given.scope, values)
    keys = () if is_inline is True else column.keys
    # Its primary key stands in the column's own statement.
    yield from brought(start, column._replace(keys=keys, is_primary=False))


def _alter_column(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    given, scope = call.given, call.given.scope
    nullable = constant(given.node(None, "nullable"), scope, values)
    existing = constant(given.node(None, "existing_nullable"), scope, values)
    if isinstance(nullable, bool):
        # Alembic sends it, too, where the column is so already.
        changed = kinds.DROP_NOT_NULL if nullable else kinds.SET_NOT_NULL
        yield start._replace(kind=kinds.ALTER if nullable is existing else changed)
    default = given.node(None, "server_default")
    if default is not None and constant(default, scope, values) is not False:
        is_none = constant(default, scope, values) is None
        yield start._replace(kind=kinds.DROP_DEFAULT if is_none else kinds.SET_DEFAULT)
    if _is_given(given.node(None, "type_")):
        yield start._replace(
            kind=kinds.SET_TYPE,
            type=_read_type(given.value(None, "type_"), values),
            told=_read_type(given.value(None, "existing_type"), values),
        )
    if _is_given(given.node(None, "comment")):
        yield start._replace(kind=kinds.COMMENT)
    if _is_given(given.node(None, "new_column_name", "name")):
        new = values.text(given.value(None, "new_column_name", "name"))
        yield start._replace(kind=kinds.RENAME_COLUMN, other=new)


def _foreign_key(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    at = 3 if call.batch else 4
    schema = values.text(call.given.value(None, "referent_schema"))
    referent = values.text(call.parameter("referent"))
    yield start._replace(
        kind=kinds.ADD_FOREIGN_KEY,
        on=values.texts(call.parameter("on")),
        other=f"{schema}.{referent}" if schema and referent else referent,
        remote=values.texts(call.given.value(at, "remote_cols")),
    )


def _check(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    value = call.given.value(1 if call.batch else 2, "condition")
    yield start._replace(kind=kinds.ADD_CHECK, condition=_expression(value, values))


def _insert(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    value = call.given.value(0, "table")
    resolved = [node for node, _ in (values.resolve(value) if value else [])]
    tables = {_table(node, lambda node: [node]) for node in resolved if isinstance(node, ast.expr)}
    yield start._replace(kind=kinds.INSERT, table=tables.pop() if len(tables) == 1 else None)


_READERS: dict[str, Reader] = {
    "create_table": _create_table,
    "drop_table": _of_kind(kinds.DROP_TABLE),
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _of_kind(kinds.DROP_COLUMN),
    "alter_column": _alter_column,
    "create_index": _of_kind(kinds.CREATE_INDEX),
    "drop_index": _of_kind(kinds.DROP_INDEX),
    "create_unique_constraint": _of_kind(kinds.ADD_UNIQUE),
    "create_primary_key": _of_kind(kinds.ADD_PRIMARY_KEY),
    "create_exclude_constraint": _of_kind(kinds.ADD_EXCLUDE),
    "create_check_constraint": _check,
    "create_foreign_key": _foreign_key,
    "drop_constraint": _of_kind(kinds.DROP_CONSTRAINT),
    "create_table_comment": _of_kind(kinds.COMMENT),
    "drop_table_comment": _of_kind(kinds.COMMENT),
    "bulk_insert": _insert,
}


# Columns, types and defaults


def _read_columns(
    nodes: Iterable[ast.expr], scope: Scope, values: Evaluator
) -> Iterator[NewColumn]:
    """Yield the columns among the arguments of an operation."""
    for value in values.spread(nodes, scope):
        match values.resolve(value):
            case [(ast.Call() as call, inner)] if called(call) == "Column":
                yield _new_column(Arguments(call, inner), values)


def _new_column(given: Arguments, values: Evaluator) -> NewColumn:
    scope, call = given.scope, given.call

    def option(name: str) -> object:
        return constant(given.node(None, name), scope, values)

    parts = [*_parts(given, values)]
    default = given.value(None, "server_default")
    found = values.resolve(default) if default else []
    parts += [part for part in found if _last(part[0]) in _GENERATED]
    called_as = {called(part): part for part, _ in parts if isinstance(part, ast.Call)}
    first = next((part for part in parts if _last(part[0]) not in _NO_TYPES), None)
    kind = _read_type(given.value(None, "type_") or first, values)
    is_primary = option("primary_key") is True
    nullable = option("nullable")
    is_required = is_primary if nullable is None else None
    if isinstance(nullable, bool):
        is_required = not nullable
    # Alembic makes the only column of a primary key a serial one.
    is_serial = (
        is_primary
        and kind is not None
        and kind.name in types.INTEGERS
        and option("autoincrement") in (None, True, "auto")
        and "ForeignKey" not in called_as
    )
    return NewColumn(
        values.text(given.value(0, "name")),
        type=kind,
        is_required=is_required,
        default=_default(found, values) if default else "",
        generated=_generated(called_as) or ("identity" if is_serial else ""),
        is_primary=is_primary,
        is_unique=option("unique") is True,
        is_indexed=option("index") is True,
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
    is_stored = _literal(parts["Computed"], "persisted")
    return "computed" if is_stored is None else "stored" if is_stored else "virtual"


def _is_checked(enum: ast.Call) -> bool:
    """True for an enum that is a text with a check of its values."""
    return [_literal(enum, name) for name in _CHECKED] == [False, True]


def _literal(call: ast.Call, option: str) -> object:
    """The value of an option that is a literal, None for another one."""
    return next(
        (getattr(given.value, "value", None) for given in call.keywords if given.arg == option),
        None,
    )


def _default(found: Iterable[Value], values: Evaluator) -> str:
    kinds = {_default_of(node, scope, values) for node, scope in found}
    return kinds.pop() if len(kinds) == 1 else types.UNKNOWN


def _default_of(node: ast.expr | Made, scope: Scope, values: Evaluator) -> str:
    match node:
        case ast.Constant(value=None):
            return ""
        case ast.Constant():
            return types.CONSTANT
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr="func") | ast.Name(id="func"), attr=name)
        ):
            return types.default_of_function(name)
        case ast.Call(args=[inner, *_]) if called(node) in _TEXTS:
            text = values.text((inner, scope))
            return types.UNKNOWN if text is None else types.default_of_sql(text)
        case ast.Call() if called(node) in _CONSTANTS:
            return types.CONSTANT
        case ast.Call() if called(node) == "null":
            return ""
        case ast.Call() if called(node) == "next_value":
            return types.VOLATILE
    return types.UNKNOWN


def _read_type(value: Value | None, values: Evaluator) -> Type | None:
    """The type that an argument gives, None where it is not known."""
    match values.resolve(value) if value else []:
        case [(ast.Call(ast.Attribute(usual, "with_variant"), [variant, *names]), scope)]:
            is_own = "postgresql" in [constant(name, scope, values) for name in names]
            return _read_type((variant if is_own else usual, scope), values)
        case [(ast.expr() as node, scope)]:
            return types.type_of_node(node, lambda inner: constant(inner, scope, values))
    return None


def constant(node: ast.expr | None, scope: Scope, values: Evaluator) -> object:
    """The value of a literal, None for none at all, _HIDDEN for one that is computed."""
    if node is None:
        return None
    if isinstance(node, ast.Constant):
        return node.value
    found = values.resolve((node, scope))
    if len(found) == 1 and isinstance(found[0][0], ast.Constant):
        return found[0][0].value
    text = values.text((node, scope))
    return _HIDDEN if text is None else text


def _is_given(node: ast.expr | None) -> bool:
    """True for an argument that is not literally None or False."""
    return node is not None and not is_off(node)


def _expression(value: Value | None, values: Evaluator) -> str | None:
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
