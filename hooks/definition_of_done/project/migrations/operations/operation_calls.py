"""Reads the calls of Alembic's operations: a function for each kind, and their columns and keys."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.operations import (
    ENUMS,
    SCHEMA_OPERATIONS,
    Column,
    ForeignKey,
    Operation,
    enum_name,
    makes_type,
)
from definition_of_done.project.migrations.source.evaluator import Made
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from definition_of_done.project.migrations.operations.opaque import AlembicNames
    from definition_of_done.project.migrations.source.evaluator import Evaluator, Scope, Value
    from definition_of_done.readers.python import Module

    # A comment, and whether an expression may give another one.
    _Comment: TypeAlias = tuple[str | None, bool]
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
_CONSTRAINTS = ("ForeignKey", "CheckConstraint")
# Types that may bring a constraint.
_CHECKED = ("Boolean", "Enum", "ENUM")
_SINGLE = ("str", "int", "float", "bool", "dict", "list")


class Arguments:
    """The arguments of a call by place or by keyword; none by place after a list that is spread."""

    def __init__(self, call: ast.Call, scope: Scope) -> None:
        self.call = call
        self.scope = scope
        # Of a name that is given twice, the first counts.
        self._by_name = {keyword.arg: keyword.value for keyword in call.keywords[::-1]}
        self._placed = call.args
        for at, node in enumerate(call.args):
            if isinstance(node, ast.Starred):
                self._placed = call.args[:at]
                break

    def node(self, at: int | None, *names: str) -> ast.expr | None:
        """An argument by its place (None: it has none) or by the first name that is given."""
        if at is not None and at < len(self._placed):
            return self._placed[at]
        for name in names if self._by_name else ():
            if name in self._by_name:
                return self._by_name[name]
        return None

    def value(self, at: int | None, *names: str) -> Value | None:
        """The same argument with the scope of its names."""
        node = self.node(at, *names)
        return None if node is None else (node, self.scope)


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


class OperationReader:
    """Reads the calls of operations in one file."""

    def __init__(self, module: Module, names: AlembicNames, values: Evaluator) -> None:
        self.module = module
        self._names = names
        self.values = values

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

    def columns(self, nodes: Iterable[ast.expr], table: str, scope: Scope) -> Iterator[Column]:
        """Yield the columns among arguments, in order; `table` stands in their labels."""
        for value in self.values.spread(nodes, scope):
            for found, found_scope in self.values.resolve(value):
                if isinstance(found, ast.Call) and self._is_column(found, found_scope):
                    yield self._column(Arguments(found, found_scope), table)

    def primary_key(self, nodes: Iterable[ast.expr], scope: Scope) -> Iterator[str]:
        """Yield the columns of the primary keys that a table declares beside its columns."""
        for node in nodes:
            match node:
                case ast.Call(args=names) if called(node) == "PrimaryKeyConstraint":
                    for name in names:
                        yield self.values.text((name, scope)) or ""

    def constraints(self, nodes: Iterable[ast.expr], scope: Scope) -> Iterator[ForeignKey]:
        """Yield the foreign keys that a table declares beside its columns."""
        for node in nodes:
            for found, found_scope in self.values.resolve((node, scope)):
                if isinstance(found, ast.Call) and called(found) == "ForeignKeyConstraint":
                    given = Arguments(found, found_scope)
                    on = self.values.texts(given.value(0, "columns"))
                    name = self.values.text(given.value(2, "name"))
                    for text in self.values.texts(given.value(1, "refcolumns")) or ():
                        referent, _, remote = text.rpartition(".")
                        yield ForeignKey(only(on), referent, remote, name)

    def is_constraint(self, node: ast.expr, scope: Scope) -> bool:
        """True where an argument is exactly one constraint."""
        match self.values.resolve((node, scope)):
            case [(ast.Call() as call, _)]:
                return called(call).endswith("Constraint")
        return False

    def constraint_names(self, nodes: Iterable[ast.expr], scope: Scope) -> frozenset[str] | None:
        """The names of the constraints of a plain table, None where the database names one."""
        names = set()
        for node in nodes:
            for found, found_scope in self.values.resolve((node, scope)):
                if not isinstance(found, ast.Call):
                    return None
                calls = [found]
                if self._is_column(found, found_scope):
                    calls = [part for part in found.args if isinstance(part, ast.Call)]
                    if any(called(part) in _CHECKED for part in calls):
                        return None
                    calls = [part for part in calls if called(part) in _CONSTRAINTS]
                for call in calls:
                    name = self.values.text(Arguments(call, found_scope).value(None, "name"))
                    if name is None:
                        return None
                    names.add(name)
        return frozenset(names)

    def is_written(self, node: ast.expr) -> bool:
        """True where an expression is the same wherever it stands: of literals and imports."""
        return all(
            inner.id in self._names.packages or inner.id in _SINGLE
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name)
        ) and not any(isinstance(inner, ast.Starred) for inner in ast.walk(node))

    def _is_column(self, call: ast.Call, scope: Scope) -> bool:
        match call.func:
            case ast.Attribute(attr=attr):
                return attr == "Column"
            case ast.Name(id=name):
                values = scope.values(name)
                if values is None:
                    return name in self._names.columns
                return any(
                    isinstance(found, ast.Attribute) and found.attr == "Column"
                    for value in values
                    for found, _ in self.values.resolve(value)
                )
        return False

    def _column(self, given: Arguments, table: str) -> Column:
        call = given.call
        value = given.value(0, "name")
        name = self.values.text(value)
        comment, is_hidden = self._comment(given)
        flags = {
            keyword.arg
            for keyword in call.keywords
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        }
        is_plain = len(call.args) == 2 and not is_hidden
        enum, is_made = self._enum(given)
        return Column(
            spot=self.module.spot(call),
            label=f"{table}.{name if name is not None else source(value)}",
            name=name,
            comment=comment,
            comment_is_hidden=is_hidden,
            keys=tuple(self._keys(given, name)),
            is_indexed="index" in flags,
            is_unique="unique" in flags,
            is_plain=is_plain and flags.isdisjoint(("index", "unique", "primary_key")),
            is_primary="primary_key" in flags,
            enum=enum,
            makes_type=is_made,
            call=call,
        )

    def _enum(self, given: Arguments) -> tuple[str | None, bool]:
        """The name of a column's enum type, and True where PostgreSQL makes it with the table."""
        value = given.value(1, "type_")
        match self.values.resolve(value) if value is not None else []:
            case [(ast.Call() as call, _)] if called(call) in ENUMS:
                return enum_name(call), makes_type(call)
        return None, False

    def _keys(self, given: Arguments, column: str | None) -> Iterator[ForeignKey]:
        """Yield the foreign keys of a column."""
        for node in given.call.args:
            if isinstance(node, ast.Call) and called(node) == "ForeignKey":
                key = Arguments(node, given.scope)
                text = self.values.text(key.value(0, "column"))
                if text is not None:
                    referent, _, remote = text.rpartition(".")
                    name = self.values.text(key.value(None, "name"))
                    yield ForeignKey(column, referent, remote, name)

    def _comment(self, given: Arguments) -> _Comment:
        """The comment of a column, from its keyword or from the mappings that it spreads."""
        comment, is_hidden = None, False
        for keyword in given.call.keywords:
            if keyword.arg == "comment":
                comment, is_hidden = self._text_of((keyword.value, given.scope))
            elif keyword.arg is None and comment is None and not is_hidden:
                comment, is_hidden = self._comment_among((keyword.value, given.scope))
        return comment, is_hidden

    def _text_of(self, value: Value) -> _Comment:
        if isinstance(value[0], ast.Constant):
            return None if value[0].value is None else str(value[0].value), False
        found = self.values.resolve(value)
        constants = [node.value for node, _ in found if isinstance(node, ast.Constant)]
        if not found or len(constants) < len(found):
            return None, True
        texts = [text for text in constants if text is not None and str(text).strip()]
        # Of several values, a right one counts.
        text = texts[0] if texts else constants[0]
        return (None, False) if text is None else (str(text), len(constants) > 1 and bool(texts))

    def _comment_among(self, options: Value) -> _Comment:
        """The comment that `**options` give."""
        found = self.values.resolve(options)
        pairs = _pairs(found[0][0]) if len(found) == 1 else None
        if pairs is None:
            return None, True
        for name, node in pairs:
            if name == "comment":
                return self._text_of((node, found[0][1]))
        return None, False


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


def _pairs(node: object) -> list[tuple[object, ast.expr]] | None:
    """The keys and values of a literal mapping, None for another one."""
    match node:
        case ast.Dict(keys=keys, values=values):
            constants = [key.value for key in keys if isinstance(key, ast.Constant)]
            if len(constants) == len(values):
                return list(zip(constants, values, strict=True))
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            if all(keyword.arg for keyword in keywords):
                return [(keyword.arg, keyword.value) for keyword in keywords]
    return None


def only(columns: tuple[str, ...] | None) -> str | None:
    """The one column of a key, None where it has several or is computed."""
    return columns[0] if columns and len(columns) == 1 else None


def source(value: Value | None) -> str:
    """The source of a computed value in braces, as a label has it."""
    node = value[0] if value is not None else None
    if not isinstance(node, ast.expr):
        return "{?}"
    text = ast.unparse(node)
    return "{" + (text if len(text) <= 40 else text[:37] + "...") + "}"
