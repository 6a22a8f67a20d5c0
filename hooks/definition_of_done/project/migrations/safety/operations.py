"""Reads Alembic's operations as the statements that PostgreSQL gets for them."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.operation_calls import OperationCall
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.columns import (
    HIDDEN,
    constant,
    expression,
    is_given,
    read_columns,
    read_type,
)
from definition_of_done.project.migrations.safety.statements import NewColumn, Statement
from definition_of_done.project.migrations.safety.types import read_using
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.source.evaluator import Evaluator
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
    "if_exists": kinds.IF_EXISTS,
    "if_not_exists": kinds.IF_EXISTS,
}


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
    """Yield the change of rows that a call sends as SQLAlchemy's update, insert or delete."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords)][:1]
    for node in given:
        for found in resolve(node):
            if isinstance(found, ast.Call) and (statement := _data(found, resolve, spot)):
                yield statement


def read_query(call: ast.Call, resolve: Resolve, spot: Spot) -> Iterator[Statement]:
    """Yield the change of rows that `session.query(Order).filter(...).update(...)` makes."""
    kind = _QUERIES.get(called(call))
    names: list[str] = []
    at: ast.expr = call.func
    while kind and isinstance(at, ast.Attribute | ast.Call):
        if isinstance(at, ast.Call):
            names.append(called(at))
            if names[-1] == "query" and at.args:
                bound = "where" if _BOUNDS & {*names} else None
                yield Statement(kind, spot, table=_table(at.args[0], resolve), condition=bound)
                return
        at = at.func if isinstance(at, ast.Call) else at.value


def _data(node: ast.Call, resolve: Resolve, spot: Spot) -> Statement | None:
    """The change at the start of a chain of calls such as `sa.update(t).where(...).values(...)`."""
    names: list[str] = []
    at: ast.expr = node
    while isinstance(at, ast.Call):
        names.append(called(at))
        if kind := _DATA.get(names[-1]):
            home = at.func.value if isinstance(at.func, ast.Attribute) else None
            table = next(
                (
                    found
                    for node in (*at.args[:1], home)
                    if node and (found := _table(node, resolve))
                ),
                None,
            )
            bound = "where" if _BOUNDS & {*names} else None
            return Statement(kind, spot, table=table, condition=bound)
        at = at.func.value if isinstance(at.func, ast.Attribute) else at.func
    return None


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
            yield from read_using(using, values.text(call.parameter("target")))
        elif keyword.arg in _OPTIONS:
            value = constant(keyword.value, call.given.scope, values)
            if value is HIDDEN:
                yield kinds.UNSEEN
            elif value:
                yield _OPTIONS[keyword.arg]


def _of_kind(kind: str) -> Reader:
    def reader(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
        yield start._replace(kind=kind, on=values.texts(call.parameter("on")))

    return reader


def _create_table(call: OperationCall, values: Evaluator, start: Statement) -> Iterator[Statement]:
    scope = call.given.scope
    columns = tuple(read_columns(call.contents, scope, values))
    checks = [
        expression((node.args[0], scope), values) or ""
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
    found = list(read_columns([node], call.given.scope, values)) if node else []
    if len(found) != 1:
        yield start._replace(kind=kinds.ADD_COLUMN)
        return
    column = found[0]
    start = start._replace(name=column.name)
    yield start._replace(kind=kinds.ADD_COLUMN, columns=(column,))
    is_inline = constant(call.given.node(None, "inline_references"), call.given.scope, values)
    beside = column._replace(keys=()) if is_inline is True else column
    yield from _beside(beside, start._replace(name=None))


def _beside(column: NewColumn, start: Statement) -> Iterator[Statement]:
    """Yield the statements that Alembic sends after the column's own."""
    on = (column.name,) if column.name else None
    start = start._replace(on=on, options=frozenset())
    for key in column.keys:
        remote = (key.remote,) if key.remote else None
        yield start._replace(
            kind=kinds.ADD_FOREIGN_KEY, name=key.name, other=key.referent, remote=remote
        )
    if column.is_unique and not column.is_indexed:
        yield start._replace(kind=kinds.ADD_UNIQUE)
    if column.is_indexed:
        unique = frozenset({kinds.UNIQUE}) if column.is_unique else frozenset()
        yield start._replace(kind=kinds.CREATE_INDEX, options=unique)
    if column.has_check:
        yield start._replace(kind=kinds.ADD_CHECK)


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
    if is_given(given.node(None, "type_")):
        yield start._replace(
            kind=kinds.SET_TYPE,
            type=read_type(given.value(None, "type_"), values),
            told=read_type(given.value(None, "existing_type"), values),
        )
    if is_given(given.node(None, "comment")):
        yield start._replace(kind=kinds.COMMENT)
    if is_given(given.node(None, "new_column_name", "name")):
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
    yield start._replace(kind=kinds.ADD_CHECK, condition=expression(value, values))


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
