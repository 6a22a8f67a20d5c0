"""Follows a table through plain operations: its columns, constraints, indexes and comment."""

from __future__ import annotations

import ast

from definition_of_done.base.errors import Refused
from definition_of_done.base.expressions import regex
from definition_of_done.project.migrations.operations.operation_calls import KEYWORDS
from definition_of_done.project.migrations.operations.operations import (
    CONSTRAINT_OF,
    CONSTRAINTS,
    SCHEMA_OPERATIONS,
)
from definition_of_done.project.migrations.operations.plain import dotted
from definition_of_done.project.migrations.source.evaluator import is_spread
from definition_of_done.readers.nodes import is_constant, keyword_of
from definition_of_done.readers.python import parse_expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from definition_of_done.project.migrations.operations.plain import Statement

    Name: TypeAlias = tuple[str, str]

_OP = "alembic.op."
# What may stand behind a column's name although it is no type.
_NUMBERED = {"Identity", "Computed", "Sequence", "FetchedValue"}
_NO_TYPES = {"ForeignKey", "CheckConstraint", *_NUMBERED}
# Keywords of a constraint or an index that name no column.
_OPTIONS = {"name", "ondelete", "onupdate", "deferrable", "initially", "match", "comment", "using"}
_OPTIONS |= {"postgresql_using", "postgresql_with", "postgresql_tablespace"}
# What stands in quotes, and the words that are no functions and no types of casts.
_SQL_NAMES = regex(r"'(?:[^']|'')*'|\"([^\"]+)\"|(?<!:)\b(\w+)\b(?!\s*\()")


class Call:
    """A call of an operation, with its arguments by name.

    `name` is the operation's; for a type of its own it is `create` or `drop`.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        node = parse_expression(statement.call)
        header = parse_expression(statement.batch) if statement.batch else None
        assert isinstance(node, ast.Call)
        self.node = node
        self.name = dotted(node.func).removeprefix(_OP) or getattr(node.func, "attr", "")
        self.batch = header if isinstance(header, ast.Call) else None
        for call in (node, self.batch):
            if call and is_spread(call):
                raise Refused("arguments are spread")
        self.keywords = {keyword.arg or "": keyword.value for keyword in node.keywords}
        self._places = SCHEMA_OPERATIONS.get(self.name, ())

    def argument(self, parameter: str) -> ast.expr | None:
        """The expression of a parameter, None where the call does not give it."""
        if self.batch and parameter == "table":
            return _given(self.batch, 0, "table_name")
        if parameter not in self._places:
            return None
        at = self._places.index(parameter)
        if self.batch:
            at -= at > self._places.index("table")
        return _given(self.node, at, *KEYWORDS[parameter])

    def required(self, parameter: str) -> ast.expr:
        """The same expression; raises Refused where it names nothing certain."""
        found = self.argument(parameter)
        if found is None or text_of(found) is None:
            thing = {"target": "a name", "table": "a table's name"}[parameter]
            raise Refused(f"{self.name} has {thing} that is missing or computed")
        return found

    def text(self, parameter: str) -> str:
        """The text of a parameter; raises Refused where it is missing or computed."""
        return text_of(self.required(parameter)) or ""

    @property
    def schema(self) -> ast.expr | None:
        """The schema of the call or its batch, None for the default one."""
        given = _given(self.batch or self.node, None, "schema", "source_schema")
        return None if given is None or is_constant(given, None) else given

    @property
    def table(self) -> Name:
        """The table's name with its schema; raises Refused where it is computed."""
        schema = self.schema
        prefix = "" if schema is None else text_of(schema)
        if prefix is None:
            raise Refused("a schema's name is computed")
        return prefix, self.text("table")

    @property
    def contents(self) -> list[ast.expr]:
        """The columns and constraints that it names."""
        first = 0 if self.batch else 1
        given = self.keywords.get("column")
        return [*self.node.args[first:], *([given] if given and self.name == "add_column" else [])]


class Column:
    """A column: its type and constraints in order, and its keywords."""

    def __init__(self, name: str, args: list[ast.expr], keywords: dict[str, ast.expr]) -> None:
        self.name = name
        self.args = args
        self.keywords = keywords

    @property
    def type(self) -> ast.expr | None:
        """The type, None where the column's foreign key tells it."""
        if "type_" in self.keywords:
            return self.keywords["type_"]
        first = self.args[0] if self.args else None
        return None if first is None or named_in(first, *_NO_TYPES) else first

    @property
    def is_nullable(self) -> bool:
        """True where it takes NULL; raises Refused where that is computed."""
        given = self.keywords.get("nullable")
        if given is None:
            return not is_constant(self.keywords.get("primary_key"), True)
        if isinstance(given, ast.Constant) and isinstance(given.value, bool):
            return given.value
        raise Refused(f"it is computed whether column {self.name} takes NULL")

    @property
    def text(self) -> str:
        """The column as a call."""
        return made("sqlalchemy.Column", [ast.Constant(self.name), *self.args], self.keywords)

    def set_type(self, type_: ast.expr) -> None:
        """Give it another type."""
        if "type_" in self.keywords or self.type is None:
            self.keywords["type_"] = type_
        else:
            self.args[0] = type_


class Table:
    """A table as the operations up to now leave it.

    `made_as` is the name that it was made with: its sequence and its unnamed key keep it. `doubt`
    says why it is not fully known, if so.
    """

    def __init__(self, name: Name) -> None:
        self.name = self.made_as = name
        self.columns: dict[str, Column] = {}
        self.constraints: list[ast.Call] = []
        self.indexes: dict[str, ast.Call] = {}
        self.keywords: dict[str, ast.expr] = {}
        self.doubt = ""
        # True where another operation than that which made the table gives it its primary key.
        self.is_keyed_later = False

    @property
    def index_names(self) -> set[str]:
        """The names of its indexes, with those that its columns may have made."""
        of_columns = [name for name, column in self.columns.items() if "index" in column.keywords]
        names = {self.name[1], self.made_as[1], "_".join(self.made_as)}
        return {*self.indexes, *(f"ix_{name}_{of}" for name in names for of in of_columns)}

    def apply(self, call: Call) -> None:
        """Do to the table what an operation on it does."""
        if call.name not in _APPLY:
            self.doubt = f"{call.name} is not followed"
            return
        try:
            _APPLY[call.name](self, call)
        except Refused as refused:
            self.doubt = str(refused)

    def column(self, name: str) -> Column:
        """A column; raises Refused where the table is known not to have it, or not known."""
        if self.doubt:
            raise Refused(self.doubt)
        if name not in self.columns:
            raise Refused(f"no ancestor makes column {self.name[1]}.{name}")
        return self.columns[name]

    def takes_null(self, column: Column) -> bool:
        """True where a column takes NULL; raises Refused where that is computed."""
        return column.is_nullable and not self._is_key(column)

    def default(self, column: Column) -> ast.expr | None:
        """The default of a column, None for none; raises Refused where that is a sequence."""
        if "server_default" not in column.keywords and (
            self._is_key(column) or any(named_in(node, *_NUMBERED) for node in column.args)
        ):
            raise Refused(f"column {column.name} may have a sequence for its default")
        return column.keywords.get("server_default")

    def _is_key(self, column: Column) -> bool:
        keys = [found for found in self.constraints if named_in(found, "PrimaryKeyConstraint")]
        is_named = any(names_column(key, column.name) for key in keys)
        return is_named or is_constant(column.keywords.get("primary_key"), True)

    def constraint(self, name: str) -> ast.Call:
        """A constraint by name; raises Refused where none has it."""
        if self.doubt:
            raise Refused(self.doubt)
        for call in self.constraints:
            if constraint_name(call) == name:
                return call
        raise Refused(f"no ancestor names constraint {name}")

    def _create(self, call: Call) -> None:
        if "if_not_exists" in call.keywords:
            raise Refused(f"table {self.name[1]} may be there already")
        self.keywords = {
            name: value for name, value in call.keywords.items() if name not in KEYWORDS["table"]
        }
        self.made_as = self.name
        for node in call.contents:
            origin = dotted(node.func) if isinstance(node, ast.Call) else ""
            kind = origin.rpartition(".")[2]
            if origin == "sqlalchemy.Column":
                self._add(_column(node))
            elif kind in CONSTRAINTS and isinstance(node, ast.Call):
                self.constraints.append(node)
            else:
                raise Refused(f"table {self.name[1]} has more than columns and constraints")

    def _add(self, column: Column) -> None:
        """Add a column; its named keys become constraints of the table."""
        self.columns[column.name] = column
        for node in list(column.args):
            if isinstance(node, ast.Call) and constraint_name(node):
                key = _as_constraint(column.name, node)
                if key:
                    column.args.remove(node)
                    self.constraints.append(key)

    def _add_columns(self, call: Call) -> None:
        for node in call.contents:
            self._add(_column(node))

    def _drop_column(self, call: Call) -> None:
        name = call.text("target")
        self.columns.pop(name, None)
        self.constraints = [found for found in self.constraints if not names_column(found, name)]
        self.indexes = {
            index: made for index, made in self.indexes.items() if not names_column(made, name)
        }

    def _alter(self, call: Call) -> None:
        column = self.column(call.text("target"))
        for name in ("nullable", "server_default", "comment", "autoincrement"):
            value = call.keywords.get(name)
            # False stands for no change where None is a value.
            if value is not None and (name == "nullable" or not is_constant(value, False)):
                if name == "server_default":
                    # What becomes of a sequence is not followed.
                    self.default(column)
                column.keywords[name] = value
                if is_constant(value, None):
                    del column.keywords[name]
        if call.keywords.get("type_"):
            column.set_type(call.keywords["type_"])
        new = call.keywords.get("new_column_name")
        if new is not None and not is_constant(new, None):
            self._rename(column, literal(new))

    def _rename(self, column: Column, new: str) -> None:
        old = column.name
        if (
            any(name in column.keywords for name in ("unique", "index", "primary_key"))
            or any(named_in(node, "ForeignKey", "CheckConstraint") for node in column.args)
            or any(
                named_in(found, "PrimaryKeyConstraint") or constraint_name(found) is None
                for found in self.constraints
                if names_column(found, old)
            )
        ):
            raise Refused(f"column {old} is renamed, and what is named after it is not")
        if any(
            isinstance(node, ast.Call)
            and named_in(node, "Computed", "CheckConstraint")
            and names_column(node, old)
            for other in self.columns.values()
            for node in other.args
        ):
            raise Refused(f"column {old} is renamed below an expression that names it")
        for holder in (*self.constraints, *self.indexes.values()):
            for text, _ in _own_texts(holder):
                if text.value == old:
                    text.value = new
            if names_column(holder, old):
                raise Refused(f"column {old} is renamed below an expression that names it")
        # The order of the columns stays.
        self.columns = {
            (new if name == old else name): found for name, found in self.columns.items()
        }
        column.name = new

    def _create_index(self, call: Call) -> None:
        self.indexes[call.text("target")] = index_of(call)

    def _drop_index(self, call: Call) -> None:
        if self.indexes.pop(call.text("target"), None) is None:
            self.doubt = f"index {call.text('target')} of {self.name[1]} is dropped, not made"

    def _add_constraint(self, call: Call) -> None:
        self.constraints.append(constraint_of(call))
        self.is_keyed_later |= call.name == "create_primary_key"

    def _drop_constraint(self, call: Call) -> None:
        found = self.constraint(call.text("target"))
        self.constraints.remove(found)
        if named_in(found, "PrimaryKeyConstraint"):
            self.doubt = f"what primary key {call.text('target')} made of its columns stays"

    def _comment(self, call: Call) -> None:
        text = _given(call.node, 0 if call.batch else 1, "comment")
        if call.name == "create_table_comment" and text is not None:
            self.keywords["comment"] = text
        else:
            self.keywords.pop("comment", None)

    def _rename_table(self, call: Call) -> None:
        self.name = call.table[0], call.text("target")


_APPLY: dict[str, Callable[[Table, Call], None]] = {
    "create_table": Table._create,
    "add_column": Table._add_columns,
    "drop_column": Table._drop_column,
    "alter_column": Table._alter,
    "create_index": Table._create_index,
    "drop_index": Table._drop_index,
    "drop_constraint": Table._drop_constraint,
    "create_table_comment": Table._comment,
    "drop_table_comment": Table._comment,
    "rename_table": Table._rename_table,
    **dict.fromkeys(CONSTRAINT_OF, Table._add_constraint),
}


def made(func: str, args: list[ast.expr], keywords: dict[str, ast.expr]) -> str:
    """The text of a call."""
    parts = [*map(ast.unparse, args), *(f"{n}={ast.unparse(v)}" for n, v in keywords.items())]
    return f"{func}({', '.join(parts)})"


def _made(func: str, args: list[ast.expr], keywords: dict[str, ast.expr]) -> ast.Call:
    """The call itself: nothing of what it is made from is in it."""
    found = parse_expression(made(func, args, keywords))
    assert isinstance(found, ast.Call)
    return found


def text_of(node: ast.expr) -> str | None:
    """The text of a literal, also in `op.f("...")`; None for another expression."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=func, args=[ast.Constant(value=str(text))], keywords=[]) if (
            dotted(func) == "alembic.op.f"
        ):
            return text
    return None


def constraint_name(call: ast.Call) -> str | None:
    """The name of a constraint or a key, None where it has none or it is computed."""
    name = keyword_of(call, "name")
    return None if name is None else text_of(name)


def constraint_of(call: Call) -> ast.Call:
    """The constraint, as a table declares it, that an operation adds."""
    kind = CONSTRAINT_OF[call.name]
    keywords = _declared(call)
    return _made(f"sqlalchemy.{kind}", _parts(call, kind), keywords)


def index_of(call: Call) -> ast.Call:
    """The index that `create_index` makes, with its keywords."""
    on = call.argument("on")
    if not isinstance(on, ast.List | ast.Tuple):
        raise Refused("the columns of an index are computed")
    return _made("sqlalchemy.Index", on.elts, _declared(call))


def _declared(call: Call) -> dict[str, ast.expr]:
    """The keywords of an operation that a declaration takes, too, with its name."""
    taken = {name for place in SCHEMA_OPERATIONS[call.name] for name in KEYWORDS[place]}
    taken |= {"schema", "source_schema", "referent_schema", "remote_cols", "condition"}
    kept = {name: value for name, value in call.keywords.items() if name not in taken}
    return {**kept, "name": call.required("target")}


def _parts(call: Call, kind: str) -> list[ast.expr]:
    shift = 1 if call.batch else 0
    if kind == "CheckConstraint":
        condition = _given(call.node, 2 - shift, "condition")
        if condition is None:
            raise Refused("a check has no condition")
        return [condition]
    on = call.argument("on")
    if not isinstance(on, ast.List | ast.Tuple) or None in map(text_of, on.elts):
        raise Refused(f"the columns of {call.name} are computed")
    if kind != "ForeignKeyConstraint":
        return list(on.elts)
    remote = _given(call.node, 4 - shift, "remote_cols")
    referent = call.argument("referent")
    schema = call.keywords.get("referent_schema")
    prefix = f"{literal(schema)}." if schema and not is_constant(schema, None) else ""
    if not isinstance(remote, ast.List | ast.Tuple) or referent is None:
        raise Refused("a foreign key is computed")
    targets = [f"{prefix}{literal(referent)}.{literal(node)}" for node in remote.elts]
    return [on, ast.List([ast.Constant(target) for target in targets], ast.Load())]


def _as_constraint(column: str, node: ast.Call) -> ast.Call | None:
    """The constraint of the table that is the same as a named key of a column."""
    kind = dotted(node.func).rpartition(".")[2]
    keywords = {keyword.arg or "": keyword.value for keyword in node.keywords}
    if kind == "CheckConstraint":
        return node
    if kind != "ForeignKey" or not node.args:
        return None
    parts: list[ast.expr] = [
        ast.List([ast.Constant(column)], ast.Load()),
        ast.List([node.args[0]], ast.Load()),
    ]
    return _made("sqlalchemy.ForeignKeyConstraint", parts, keywords)


def _column(node: ast.expr) -> Column:
    if not isinstance(node, ast.Call) or dotted(node.func) != "sqlalchemy.Column":
        raise Refused("a column is not SQLAlchemy's own")
    name = _given(node, 0, "name")
    if name is None or is_spread(node):
        raise Refused("a column is computed")
    keywords = {keyword.arg or "": keyword.value for keyword in node.keywords}
    keywords.pop("name", None)
    return Column(literal(name), node.args[1:], keywords)


def named_in(node: ast.AST, *kinds: str) -> bool:
    """True where this is a call of one of these classes."""
    return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in kinds


def literal(node: ast.expr) -> str:
    """The text of a literal; raises Refused for another expression."""
    text = text_of(node)
    if text is None:
        raise Refused("a name is computed")
    return text


def _given(call: ast.Call, at: int | None, *names: str) -> ast.expr | None:
    if at is not None and at < len(call.args):
        return call.args[at]
    return keyword_of(call, *names)


def names_column(node: ast.Call, column: str) -> bool:
    """True where a constraint, an index or a computed column names a column."""
    return any(
        text.value == column or (is_sql and _stands_in(str(text.value), column))
        for text, is_sql in _own_texts(node)
    )


def _stands_in(sql: str, column: str) -> bool:
    return any(
        quoted == column or plain.lower() == column.lower()
        for quoted, plain in _SQL_NAMES.findall(sql)
    )


def _own_texts(call: ast.Call) -> Iterator[tuple[ast.Constant, bool]]:
    """Yield the texts that may name columns of the call's table, each with True where it is SQL."""
    is_sql = named_in(call, "CheckConstraint", "Computed")
    for node in call.args[:1] if named_in(call, "ForeignKeyConstraint") else call.args:
        yield from _texts(node, is_sql=is_sql)
    for keyword in call.keywords:
        if keyword.arg not in _OPTIONS:
            yield from _texts(keyword.value, is_sql=str(keyword.arg).endswith("where"))


def _texts(node: ast.AST, *, is_sql: bool) -> Iterator[tuple[ast.Constant, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, is_sql
    # A list of columns has their names; what a call has is SQL.
    is_sql = is_sql or not isinstance(node, ast.List | ast.Tuple | ast.Dict)
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, is_sql=is_sql)
