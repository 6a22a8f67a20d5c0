"""Reads the calls of Alembic's operations, with a function for each kind."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.added_columns import (
    Arguments,
    ColumnReader,
    only,
    source,
)
from definition_of_done.project.migrations.operations.operations import (
    SCHEMA_OPERATIONS,
    Column,
    ForeignKey,
    Operation,
)
from definition_of_done.project.migrations.source.evaluator import Made
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from definition_of_done.project.migrations.source.evaluator import Value

    # A reader of one kind adds what only such operations have.
    _Kind: TypeAlias = "Callable[[OperationReader, OperationCall, Operation], Operation]"


# The keywords for each parameter of `SCHEMA_OPERATIONS`.
KEYWORDS = {
    "table": ("table_name", "tablename", "source_table", "source", "old_table_name"),
    "target": ("index_name", "constraint_name", "column_name", "new_table_name", "name"),
    "on": ("columns", "local_cols"),
    "referent": ("referent_table", "referent"),
}
_PLACES = {
    name: {parameter: at for at, parameter in enumerate(parameters)}
    for name, parameters in SCHEMA_OPERATIONS.items()
}
_FIRST = {"table": 0}
_ATTRIBUTES = ("nullable", "server_default", "type_", "comment", "autoincrement", "**")


class Batch(Made):
    """Stands for the batch that `batch_alter_table` makes: a table and its schema."""

    def __init__(self, table: Value | None, schema: Value | None) -> None:
        self.table = table
        self.schema = schema


class OperationCall:
    """A call of the operation `name`; `batch` is the batch that it is called on, if any."""

    def __init__(self, name: str, batch: Batch | None, given: Arguments) -> None:
        self.name = name
        self.batch = batch
        self.given = given
        # The first argument of other operations is taken for the table.
        self._places = _PLACES.get(name, _FIRST)

    def parameter(self, parameter: str) -> Value | None:
        """The value of a parameter, None where the call does not give it."""
        at = self._places.get(parameter)
        if at is None:
            return None
        if self.batch:
            if parameter == "table":
                return self.batch.table
            at -= at > self._places["table"]
        return self.given.value(at, *KEYWORDS[parameter])

    @property
    def schema(self) -> Value | None:
        """The schema of the batch, else of the call."""
        if self.batch:
            return self.batch.schema
        return self.given.value(None, "schema", "source_schema")

    @property
    def options(self) -> frozenset[str]:
        """The names of the keywords that are not literally False or None."""
        return frozenset(
            [
                keyword.arg
                for keyword in self.given.call.keywords
                if keyword.arg and not is_off(keyword.value)
            ]
        )

    @property
    def contents(self) -> list[ast.expr]:
        """The arguments after the table's name."""
        return self.given.call.args[0 if self.batch else 1 :]


class OperationReader(ColumnReader):
    """Reads calls of operations in one file."""

    def read(self, call: OperationCall, *, is_certain: bool, is_doubtful: bool) -> Operation:
        """Read the call as an operation."""
        values = self.values
        found = Operation(
            name=call.name,
            table=values.text(call.parameter("table")),
            columns=(),
            spot=self.module.spot(call.given.call),
            target=values.text(call.parameter("target")),
            on=values.texts(call.parameter("on")),
            schema=values.text(call.schema),
            options=call.options,
            is_certain=is_certain,
            is_doubtful=is_doubtful,
            call=call.given.call,
        )
        return _KINDS[call.name](self, call, found) if call.name in _KINDS else found

    def label(self, call: OperationCall, operation: Operation) -> str:
        """The table as the labels of its columns have it."""
        return source(call.parameter("table")) if operation.table is None else operation.table


def _add_column(reader: OperationReader, call: OperationCall, found: Operation) -> Operation:
    node = call.given.node(0 if call.batch else 1, "column")
    if node is None:
        return found
    label = reader.label(call, found)
    columns = tuple(reader.columns([node], label, call.given.scope))
    return found._replace(columns=columns, foreign_keys=tuple(_keys_of(columns)))


def _create_table(reader: OperationReader, call: OperationCall, found: Operation) -> Operation:
    scope = call.given.scope
    columns = tuple(reader.columns(call.contents, reader.label(call, found), scope))
    rest = [
        node
        for node in call.contents
        if not (isinstance(node, ast.Call) and called(node) == "Column")
    ]
    if primary := {*reader.primary_key(rest, scope)}:
        columns = tuple(
            column._replace(is_primary=column.is_primary or column.name in primary)
            for column in columns
        )
    keys = (*reader.constraints(rest, scope), *_keys_of(columns))
    others = sum(reader.is_constraint(node, scope) for node in rest)
    # A plain table has no index: all of its columns and constraints can be seen.
    is_seen = len(columns) + others == len(call.contents)
    is_plain = is_seen and not any(
        column.is_indexed or column.is_unique or column.comment_is_hidden for column in columns
    )
    names = reader.constraint_names(call.contents, scope) if is_plain else None
    return found._replace(
        columns=columns,
        foreign_keys=keys,
        is_plain=is_plain,
        constraints=names,
        is_seen=is_seen,
    )


def _batch(reader: OperationReader, call: OperationCall, found: Operation) -> Operation:
    contents = getattr(call.given.node(None, "table_args"), "elts", [])
    keys = reader.constraints(contents, call.given.scope)
    return found._replace(foreign_keys=tuple(keys))


def _create_foreign_key(
    reader: OperationReader, call: OperationCall, found: Operation
) -> Operation:
    name = reader.values.text(call.parameter("referent"))
    remote = reader.values.texts(call.given.value(3 if call.batch else 4, "remote_cols"))
    schema = call.given.value(None, "referent_schema")
    if name is not None and schema is not None and not is_off(schema[0]):
        prefix = reader.values.text(schema)
        name = None if prefix is None else f"{prefix}.{name}"
    if name is None:
        return found
    key = ForeignKey(only(found.on), name, only(remote), found.target)
    return found._replace(foreign_keys=(key,))


def _alter_column(reader: OperationReader, call: OperationCall, found: Operation) -> Operation:
    named = (keyword.arg or "**" for keyword in call.given.call.keywords)
    attributes = tuple(name for name in named if name in _ATTRIBUTES)
    return found._replace(
        attributes=attributes,
        restated=frozenset(_restated(call.given.call, attributes)),
        new_name=reader.values.text(call.given.value(None, "new_column_name", "name")),
        values=tuple(
            (keyword.arg, ast.unparse(keyword.value))
            for keyword in call.given.call.keywords
            if keyword.arg in attributes and reader.is_written(keyword.value)
        ),
    )


_KINDS: dict[str, _Kind] = {
    "add_column": _add_column,
    "create_table": _create_table,
    "batch_alter_table": _batch,
    "create_foreign_key": _create_foreign_key,
    "alter_column": _alter_column,
}


def _keys_of(columns: Iterable[Column]) -> Iterator[ForeignKey]:
    """Yield the foreign keys of columns."""
    return (key for column in columns for key in column.keys)


def _restated(call: ast.Call, attributes: tuple[str, ...]) -> Iterator[str]:
    """Yield the attributes that are set to what their `existing_...` says."""
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for name in attributes:
        value, existing = given.get(name), given.get(f"existing_{name.rstrip('_')}")
        if value is not None and existing is not None and ast.dump(value) == ast.dump(existing):
            yield name


def is_off(node: ast.expr | Made) -> bool:
    """True where an option is literally None or False."""
    return isinstance(node, ast.Constant) and node.value in (None, False)
