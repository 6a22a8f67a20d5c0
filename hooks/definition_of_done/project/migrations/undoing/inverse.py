"""Computes the calls that undo an upgrade, from its own operations and those of its ancestors."""

from __future__ import annotations

import ast
import re

from definition_of_done.base.errors import Refused
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.ancestry.past import is_on, renamed
from definition_of_done.project.migrations.operations.operations import (
    CONSTRAINT_OF,
    CONSTRAINTS,
    SCHEMA_OPERATIONS,
)
from definition_of_done.project.migrations.operations.plain import ENUMS, calls
from definition_of_done.project.migrations.operations.schema import (
    Call,
    Column,
    Table,
    constraint_name,
    literal,
    made,
    named_in,
    names_column,
)
from definition_of_done.project.migrations.undoing.altered import unaltered
from definition_of_done.readers.nodes import is_constant
from definition_of_done.readers.python import parse_expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from definition_of_done.project.migrations.ancestry.past import Past
    from definition_of_done.project.migrations.operations.plain import Statement
    from definition_of_done.project.migrations.operations.schema import Name

    Keywords: TypeAlias = dict[str, ast.expr]

_OP = "alembic.op."
_BIND = f"{_OP}get_bind()"
# Keywords that make an operation depend on what is there, or run outside of the transaction.
_DOUBTFUL = ("if_exists", "if_not_exists", "postgresql_concurrently")
_BATCH_KEYWORDS = {"table_name", "schema", "recreate", "naming_convention"}
# Keywords of a column that concern Python alone.
_PYTHON_ONLY = ("default", "onupdate", "info", "doc")
# A check holds for a NULL, unless it asks for it.
_NULLS = regex("null|coalesce|is_|case", re.I)


class Undo(NamedTuple):
    """A statement, and those that undo it, in the order in which they run."""

    statement: Statement
    by: tuple[Statement, ...]


def undone(statements: Iterable[Statement], past: Past) -> list[Undo]:
    """Undo each statement of an upgrade; raises Refused where one of them is not certain.

    They run in the reverse order.
    """
    inverter = _Inverter(past)
    steps = [(statement, inverter.undo(statement)) for statement in statements]
    return [
        Undo(
            statement,
            tuple(
                statement._replace(call=line, batch=statement.batch if line.startswith(_OP) else "")
                for line in inverter.settled(lines)
            ),
        )
        for statement, lines in steps
    ]


def named(statement: Statement) -> tuple[Name, bool]:
    """The kind and the name of the thing that an operation is on, and True for a renaming."""
    call = Call(statement)
    if call.name not in SCHEMA_OPERATIONS:
        return ("type", _type_name(_enum_of(call))), False
    if call.name == "rename_table":
        return ("table", call.text("target")), True
    if call.name == "add_column":
        added = next(iter(calls(call.node, "sqlalchemy.Column")), None)
        return ("column", literal(added.args[0]) if added and added.args else ""), False
    if "target" in SCHEMA_OPERATIONS[call.name]:
        kind = "column" if "column" in call.name else "part"
        return (kind, call.text("target")), "new_column_name" in call.keywords
    return ("table", call.table[1]), False


class _Inverter:
    """Follows an upgrade step by step, with the tables that it needs to know."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._done: list[Call] = []
        self._tables: list[Table] = []
        # The constraints and indexes that upgrade drops by themselves.
        self._back: list[ast.Call] = []
        # The enum types that upgrade makes, that it drops, and that tables and columns bring back.
        self._made_types: set[str] = set()
        self._dropped: dict[str, ast.Call] = {}
        self._brought: dict[str, bool] = {}
        self._spelt: dict[str, ast.Call] = {}

    def undo(self, statement: Statement) -> list[str]:
        """The calls that undo a statement; `settled` makes those of types final."""
        call = Call(statement)
        if any(not is_constant(call.keywords.get(name, _FALSE), False) for name in _DOUBTFUL):
            raise Refused(f"{call.name} depends on what is there")
        if call.batch and {keyword.arg for keyword in call.batch.keywords} - _BATCH_KEYWORDS:
            raise Refused("the batch has more than a table")
        lines = _UNDO[call.name](self, call)
        self._done.append(call)
        if call.name in SCHEMA_OPERATIONS:
            gone = [table for table in self._tables if is_on(call, table)]
            for table in gone:
                table.apply(call)
            if call.name == "drop_table":
                self._tables = [table for table in self._tables if table not in gone]
        return lines

    def settled(self, lines: list[str]) -> list[str]:
        """The lines, where a type that upgrade drops is made by the table that brings it back."""
        result = []
        for line in lines:
            name = line.removeprefix(_MAKES)
            if name == line:
                result.append(line)
            elif name not in self._brought or not self._brought[name]:
                enum = self._spelt.get(name) or self._dropped[name]
                if len(enum.args) == 0:
                    raise Refused(f"no ancestor tells the values of enum type {name}")
                result.append(f"{ast.unparse(enum)}.create({_BIND})")
        for name in self._brought:
            if self._brought[name] and name not in self._dropped:
                raise Refused(f"upgrade leaves enum type {name}, which its table would make again")
        return result

    def table(self, name: Name) -> Table:
        """A table as it is before the present step."""
        for table in self._tables:
            if table.name == name:
                return table
        original, start, is_own = name, 0, False
        for at, call in reversed([*enumerate(self._done)]):
            if call.name == "rename_table" and renamed(call) == original:
                original = call.table
            elif call.name == "create_table" and call.table == original:
                start, is_own = at, True
                break
        table = Table(original) if is_own else self._past.table(original)
        for call in self._done[start:]:
            if call.name in SCHEMA_OPERATIONS and is_on(call, table):
                table.apply(call)
        if table.name != name:
            raise Refused(f"upgrade takes table {name[1]} away")
        self._tables.append(table)
        return table

    # Undoing what upgrade makes

    def create_table(self, call: Call) -> list[str]:
        """Drop the table and the enum types that came with it."""
        drops: list[str] = []
        for column in _added(call).columns.values():
            _refuse_strange(column)
            for enum in _enums(column):
                drops += [] if _is_off(enum, "create_type") else self._type_drop(enum)
        return [_call(call, "drop_table", [call.required("table")]), *drops]

    def create_type(self, call: Call) -> list[str]:
        """Drop the enum type."""
        self._refuse_other_connection(call)
        enum = _enum_of(call)
        return [] if _is_off(enum, "native_enum") else self._type_drop(enum)

    def _type_drop(self, enum: ast.Call) -> list[str]:
        """The drop of a type that this migration makes, none where an earlier step made it."""
        name = _type_name(enum)
        if name in self._made_types:
            return []
        self._past.refuse_shared_type(name)
        self._made_types.add(name)
        kept = {
            keyword.arg or "": keyword.value
            for keyword in enum.keywords
            if keyword.arg in ("name", "schema")
        }
        return [f"{made(ast.unparse(enum.func), [], kept)}.drop({_BIND})"]

    def add_column(self, call: Call) -> list[str]:
        """Drop the column, and before it the constraints that it names."""
        table = _added(call)
        lines = [
            _drop_constraint(call, _keywords(constraint)["name"], _kind(constraint))
            for constraint in table.constraints
        ]
        for column in table.columns.values():
            _refuse_strange(column)
            _refuse_keys(column)
            lines.append(_call(call, "drop_column", [*_on(call), ast.Constant(column.name)]))
        return lines

    def create_index(self, call: Call) -> list[str]:
        """Drop the index."""
        named = {} if call.batch else {"table_name": call.required("table")}
        return [_call(call, "drop_index", [call.required("target")], named)]

    def create_constraint(self, call: Call) -> list[str]:
        """Drop the constraint."""
        name = call.required("target")
        if call.name == "create_primary_key":
            table = self.table(call.table)
            on = call.argument("on")
            for node in getattr(on, "elts", []):
                if table.takes_null(table.column(literal(node))):
                    raise Refused(f"the primary key makes column {literal(node)} NOT NULL")
        return [_drop_constraint(call, name, CONSTRAINT_OF[call.name])]

    def rename_table(self, call: Call) -> list[str]:
        """Rename it back."""
        return [_call(call, "rename_table", [call.required("target"), call.required("table")])]

    # Undoing what upgrade takes away

    def drop_table(self, call: Call) -> list[str]:
        """Create the table as it was."""
        table = self.table(call.table)
        if table.doubt:
            raise Refused(table.doubt)
        if table.is_keyed_later:
            raise Refused(f"table {table.name[1]} was made without its primary key")
        for column in table.columns.values():
            _refuse_strange(column)
            self._bring_types(column, is_made=True)
        for constraint in table.constraints:
            self._check_key(constraint, table)
        columns = [_restored(column) for column in table.columns.values()]
        for column in columns:
            for key in column.args:
                self._check_key(key, table)
        name = call.required("table")
        old = ast.Constant(table.made_as[1]) if table.made_as != table.name else name
        parts = [old, *(parse_expression(column.text) for column in columns)]
        lines = [made(f"{_OP}create_table", [*parts, *table.constraints], table.keywords)]
        if old is not name:
            self._refuse_taken(table)
            lines.append(_call(call, "rename_table", [old, name]))
        return [*lines, *(_create_index(call, index) for index in table.indexes.values())]

    def _refuse_taken(self, table: Table) -> None:
        """Raise Refused where a table cannot be made under its first name and then be renamed."""
        nodes = [*table.constraints, *(key for made in table.columns.values() for key in made.args)]
        targets = [literal(target) for node in nodes for target in _targets(node)]
        if any(target.startswith(f"{table.name[1]}.") for target in targets):
            raise Refused(f"table {table.name[1]} was renamed and refers to itself")
        try:
            self.table(table.made_as)
        except Refused:
            return
        raise Refused(f"another table is called {table.made_as[1]} by now")

    def drop_type(self, call: Call) -> list[str]:
        """Make the type again, unless a table brings it back."""
        self._refuse_other_connection(call)
        enum = _enum_of(call)
        if _is_off(enum, "native_enum"):
            return []
        self._past.refuse_sql(_type_name(enum))
        self._dropped[_type_name(enum)] = enum
        return [_MAKES + _type_name(enum)]

    def drop_column(self, call: Call) -> list[str]:
        """Add the column as it was, with the indexes and constraints that went with it."""
        table = self.table(call.table)
        column = table.column(call.text("target"))
        _refuse_strange(column)
        _refuse_keys(column)
        is_filled = "server_default" in column.keywords or any(
            named_in(node, "Identity", "Computed") for node in column.args
        )
        if not table.takes_null(column) and not is_filled:
            raise Refused(f"column {table.name[1]}.{column.name} is NOT NULL without a default")
        self._bring_types(column, is_made=False)
        self._refuse_same_values(table, column)
        with_it = [found for found in table.constraints if names_column(found, column.name)]
        if any(constraint_name(found) is None for found in with_it):
            raise Refused(f"an unnamed constraint went with column {column.name}")
        added = parse_expression(_restored(column).text)
        lines = [_call(call, "add_column", [*_on(call), added])]
        indexes = [found for found in table.indexes.values() if names_column(found, column.name)]
        lines += [_create_index(call, index) for index in indexes]
        return [*lines, *(self._create_constraint(call, table, found) for found in with_it)]

    def _refuse_same_values(self, table: Table, column: Column) -> None:
        """Raise Refused where a key or a check may forbid that all rows get one value."""
        back = [*self._back, *table.constraints, *table.indexes.values()]
        keys = tuple(CONSTRAINTS.keys() - {"CheckConstraint"})
        has_default = "server_default" in column.keywords
        name = table.name[1]
        for found in back:
            text = ast.unparse(found)
            if not names_column(found, column.name):
                continue
            if has_default and (named_in(found, *keys) or "unique=True" in text):
                raise Refused(f"a key forbids that all rows of {name} get the same default")
            if named_in(found, "CheckConstraint") and (has_default or _NULLS.search(text)):
                raise Refused(f"a check may forbid what column {column.name} holds when it is back")

    def drop_index(self, call: Call) -> list[str]:
        """Create the index as it was."""
        table, name = self.table(call.table), call.text("target")
        if table.doubt or name not in table.indexes:
            raise Refused(table.doubt or f"no ancestor makes index {name}")
        self._back.append(table.indexes[name])
        return [_create_index(call, table.indexes[name])]

    def drop_constraint(self, call: Call) -> list[str]:
        """Create the constraint as it was."""
        table = self.table(call.table)
        found = table.constraint(call.text("target"))
        self._back.append(found)
        return [self._create_constraint(call, table, found)]

    def _create_constraint(self, call: Call, table: Table, constraint: ast.Call) -> str:
        self._check_key(constraint, table)
        kind, keywords = _kind(constraint), _keywords(constraint)
        parts = [keywords.pop("name"), *_on(call)]
        if kind == "ForeignKeyConstraint":
            local, remote = constraint.args
            targets = [literal(node).rpartition(".") for node in getattr(remote, "elts", ())]
            schema, _, referent = targets[0][0].rpartition(".")
            columns: list[ast.expr] = [ast.Constant(column) for _, _, column in targets]
            parts += [ast.Constant(referent), local, ast.List(columns, ast.Load())]
            if schema:
                keywords["referent_schema"] = ast.Constant(schema)
            if call.schema and not call.batch:
                keywords["source_schema"] = call.schema
            return made(f"{_OP}create_foreign_key", parts, keywords)
        if kind == "CheckConstraint":
            parts += constraint.args
        elif kind == "ExcludeConstraint":
            raise Refused("an exclusion constraint is not made again")
        else:
            parts.append(ast.List(constraint.args, ast.Load()))
        return _call(call, CONSTRAINTS[kind][0], parts, keywords)

    def _check_key(self, node: ast.expr, table: Table) -> None:
        """Raise Refused where a foreign key's table or column has another name by now."""
        for target in _targets(node):
            above, _, column = literal(target).rpartition(".")
            schema, _, name = above.rpartition(".")
            found = table if (schema, name) == table.name else self.table((schema, name))
            found.column(column)

    def _bring_types(self, column: Column, *, is_made: bool) -> None:
        """Note the enum types of a column that comes back; a new table makes them."""
        for enum in _enums(column):
            name = _type_name(enum)
            is_here = is_made and not _is_off(enum, "create_type")
            if self._brought.setdefault(name, is_here) != is_here:
                raise Refused(f"enum type {name} is used by a table and a column")
            self._spelt[name] = enum
            self._past.refuse_sql(name)

    def _refuse_other_connection(self, call: Call) -> None:
        if not call.node.args or ast.unparse(call.node.args[0]) != _BIND:
            raise Refused("a type is made on another connection")

    # Undoing changes

    def alter_column(self, call: Call) -> list[str]:
        """Turn the change round."""
        keywords = unaltered(call, lambda: self.table(call.table))
        new = call.keywords.get("new_column_name")
        present = call.required("target") if new is None or is_constant(new, None) else new
        return [_call(call, "alter_column", [*_on(call), present], keywords)]

    def change_comment(self, call: Call) -> list[str]:
        """Give the table the comment that it had."""
        old = call.keywords.get("existing_comment")
        if old is None:
            table = self.table(call.table)
            if table.doubt:
                raise Refused(table.doubt)
            old = table.keywords.get("comment")
        new = self._comment_of(call)
        existing = {} if new is None else {"existing_comment": new}
        if old is None or is_constant(old, None):
            return [_call(call, "drop_table_comment", _on(call), existing)]
        return [_call(call, "create_table_comment", [*_on(call), old], existing)]

    def _comment_of(self, call: Call) -> ast.expr | None:
        if call.name == "drop_table_comment":
            return None
        at = 0 if call.batch else 1
        return call.node.args[at] if len(call.node.args) > at else call.keywords.get("comment")


_FALSE = ast.Constant(False)
# Stands before the name of a type that has to be made.
_MAKES = "make type "
_UNDO: dict[str, Callable[[_Inverter, Call], list[str]]] = {
    "create_table": _Inverter.create_table,
    "create": _Inverter.create_type,
    "add_column": _Inverter.add_column,
    "create_index": _Inverter.create_index,
    "rename_table": _Inverter.rename_table,
    "drop_table": _Inverter.drop_table,
    "drop": _Inverter.drop_type,
    "drop_column": _Inverter.drop_column,
    "drop_index": _Inverter.drop_index,
    "drop_constraint": _Inverter.drop_constraint,
    "alter_column": _Inverter.alter_column,
    "create_table_comment": _Inverter.change_comment,
    "drop_table_comment": _Inverter.change_comment,
    **dict.fromkeys(CONSTRAINT_OF, _Inverter.create_constraint),
}


def identity(statement: Statement) -> tuple[str, Name, Name]:
    """The same value for two operations of one kind on one thing."""
    call = Call(statement)
    thing, _ = named(statement)
    is_on_table = thing[0] == "column" and call.name in SCHEMA_OPERATIONS
    return call.name, thing, call.table if is_on_table else ("", "")


def _call(call: Call, name: str, args: list[ast.expr], keywords: Keywords | None = None) -> str:
    """The text of an operation with the schema of the one that it undoes."""
    keywords = dict(keywords or {})
    if call.schema and not call.batch:
        keywords["schema"] = call.schema
    return made(_OP + name, args, keywords)


def _on(call: Call) -> list[ast.expr]:
    """The argument that names the table, which a batch's own header does."""
    return [] if call.batch else [call.required("table")]


def _added(call: Call) -> Table:
    """The parts that an operation makes, as a table with nothing else in it."""
    table = Table(call.table)
    table.apply(call)
    if table.doubt:
        raise Refused(table.doubt)
    return table


def _kind(constraint: ast.Call) -> str:
    return ast.unparse(constraint.func).rpartition(".")[2]


def _keywords(made: ast.Call) -> Keywords:
    return {keyword.arg or "": keyword.value for keyword in made.keywords}


def _drop_constraint(call: Call, name: ast.expr, kind: str) -> str:
    word = CONSTRAINTS[kind][1]
    keywords: Keywords = {"type_": ast.Constant(word)} if word else {}
    return _call(call, "drop_constraint", [name, *_on(call)], keywords)


def _create_index(call: Call, index: ast.Call) -> str:
    keywords = _keywords(index)
    on = ast.List(index.args, ast.Load())
    return _call(call, "create_index", [keywords.pop("name"), *_on(call), on], keywords)


def _restored(column: Column) -> Column:
    keywords = {name: value for name, value in column.keywords.items() if name not in _PYTHON_ONLY}
    return Column(column.name, column.args, keywords)


def _targets(node: ast.expr) -> list[ast.expr]:
    """The columns that a foreign key refers to."""
    if isinstance(node, ast.Call) and named_in(node, "ForeignKeyConstraint"):
        return list(getattr(node.args[1], "elts", [])) if len(node.args) > 1 else []
    return node.args[:1] if isinstance(node, ast.Call) and named_in(node, "ForeignKey") else []


def _refuse_strange(column: Column) -> None:
    """Raise Refused for a type that is none of SQLAlchemy's, or that brings a constraint."""
    kind = column.type
    if "key" in column.keywords:
        raise Refused(f"column {column.name} has a key, another name")
    for node in ast.walk(kind) if kind else ():
        if isinstance(node, ast.Name) and node.id not in ("sqlalchemy", "alembic"):
            raise Refused(f"the type of column {column.name} is none of SQLAlchemy's")
        if isinstance(node, ast.keyword) and node.arg in ("create_constraint", "metadata"):
            raise Refused(f"the type of column {column.name} brings a constraint")


def _refuse_keys(column: Column) -> None:
    """Raise Refused for a column that makes an index or a constraint without a name."""
    for name in ("index", "unique", "primary_key"):
        value = column.keywords.get(name)
        if value is not None and not (is_constant(value, False) or is_constant(value, None)):
            raise Refused(f"column {column.name} makes an unnamed constraint or index")
    if any(named_in(node, "ForeignKey", "CheckConstraint") for node in column.args):
        raise Refused(f"column {column.name} has an unnamed constraint")


def _enums(column: Column) -> list[ast.Call]:
    """The enum types of a column that the database knows; raises Refused for a nested one."""
    kind = column.type
    enums = calls(kind, *ENUMS) if kind else ()
    found = [enum for enum in enums if not _is_off(enum, "native_enum")]
    if any(enum is not kind for enum in found):
        raise Refused(f"an enum stands inside of the type of column {column.name}")
    return found


def _is_off(enum: ast.Call, option: str) -> bool:
    """True where an option is given, and not as True."""
    return any(
        keyword.arg == option and not is_constant(keyword.value, True) for keyword in enum.keywords
    )


def _type_name(enum: ast.Call) -> str:
    for keyword in enum.keywords:
        if keyword.arg == "name":
            return literal(keyword.value)
    raise Refused("an enum type has no name")


def _enum_of(call: Call) -> ast.Call:
    func = call.node.func
    assert isinstance(func, ast.Attribute)
    assert isinstance(func.value, ast.Call)
    return func.value
