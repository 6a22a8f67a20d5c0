"""Reads the columns and foreign keys in a call of one of Alembic's operations."""

from __future__ import annotations

import ast

from definition_of_done.project.migrations.operations.enum_types import ENUMS, makes_type, type_name
from definition_of_done.project.migrations.operations.operations import Column, ForeignKey
from definition_of_done.project.migrations.source.sql import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from definition_of_done.project.migrations.source.alembic_names import AlembicNames
    from definition_of_done.project.migrations.source.evaluator import Evaluator, Scope, Value
    from definition_of_done.readers.python import Module

    # A comment, and whether an expression may give another one.
    _Comment: TypeAlias = tuple[str | None, bool]


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


class ColumnReader:
    """Reads the columns and foreign keys of a file's operations."""

    def __init__(self, module: Module, names: AlembicNames, values: Evaluator) -> None:
        self.module = module
        self._names = names
        self.values = values

    def columns(self, nodes: Iterable[ast.expr], table: str, scope: Scope) -> Iterator[Column]:
        """Yield the columns among arguments, in order; `table` stands in their labels."""
        for node in nodes:
            if isinstance(node, ast.Starred):
                values = self.values.elements((node.value, scope)) or []
            else:
                values = [(node, scope)]
            for value in values:
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
        enum = self._enum(given)
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
            enum=None if enum is None else type_name(enum),
            makes_type=enum is not None and makes_type(enum),
            call=call,
        )

    def _enum(self, given: Arguments) -> ast.Call | None:
        """The call that makes the enum type of a column, None where it has another type."""
        value = given.value(1, "type_")
        found = self.values.resolve(value) if value is not None else []
        match found:
            case [(ast.Call() as call, _)] if called(call) in ENUMS:
                return call
        return None

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
