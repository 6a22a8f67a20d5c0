"""Knows Alembic's operations by name, and other calls that may change the schema: SQL, and code."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from functools import lru_cache

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.migrations.source.sql import called, texts
from definition_of_done.readers.nodes import statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from definition_of_done.project.migrations.source.sql import Resolve

_TRUSTED = {"sqlalchemy", "alembic", "sqlmodel", "sqlalchemy_utils", "geoalchemy2", "pgvector"}
SQL_CALLS = {"execute", "exec_driver_sql", "executescript", "executemany", "scalar", "scalars"}
_SCHEMA_CALLS = {"create", "drop", "create_all", "drop_all", "run_sync", "run_async", "invoke"}
_TYPES = {"Enum", "ENUM", "DOMAIN", "Sequence"}
_LOGGING = {"debug", "info", "warning", "error", "exception", "log", "critical"}
# Operations of Alembic and of its plugin for views and functions that change no table.
_HARMLESS = {"bulk_insert", "get_bind", "get_context", "f", "inline_literal", "batch_alter_table"}
_HARMLESS |= {"create_entity", "drop_entity", "replace_entity", "implementation_for", "context"}
# DO, with or without LANGUAGE, up to the start of its body.
_DO = r"\bdo(?:\s++\w++){0,2}\s++\$"
_DDL = regex(
    r"(?i)\b(alter|create|drop|rename|call|exec|execute|perform|sp_rename|comment\s+on)|" + _DO
)
_ANYTHING = regex(r"(?i)\b(call|exec|execute|perform|cascade)|" + _DO)
_WHOLE_TABLE = regex(r"(?i)\b(create|drop)\s++(?:\w++\s++)?table\b|\brename\b")
_INDEX = regex(r"(?i)\bcreate\s+(?:unique\s+)?index\b")
_QUERY = regex(r"(?s)\s*+(?:--[^\n]*+\n\s*+|/\*.*?\*/\s*+)*+(\w+)")
_CHAINED = (ast.Attribute, ast.Call, ast.Subscript)
_DATA_WORDS = {"update", "insert", "delete", "with", "merge", "replace", "truncate", "set", "copy"}


class Opaque(NamedTuple):
    """A call whose effect cannot be seen: its SQL, or None where it may do anything."""

    sql: str | None

    def explains(
        self, names: Iterable[str], table: str | None, *, may_be_prefixed: bool = False
    ) -> bool:
        """True where it may create or drop a thing with one of these names, on this table.

        `may_be_prefixed` says that a naming convention may put more before the name.
        """
        if self.sql is None or _ANYTHING.search(self.sql):
            return True
        if any(_is_word(name, self.sql, may_be_prefixed=may_be_prefixed) for name in names):
            return True
        return bool(_WHOLE_TABLE.search(self.sql) and table and self._names(table))

    def may_index(self, table: str) -> bool:
        """True where it may create an index on the table."""
        if self.sql is None or _ANYTHING.search(self.sql):
            return True
        return bool(_INDEX.search(self.sql)) and self._names(table)

    def _names(self, table: str) -> bool:
        return self.sql is not None and _is_word(table.rpartition(".")[2], self.sql)


def joined(opaque: Iterable[Opaque]) -> tuple[Opaque, ...]:
    """Join calls into one or two that explain the same things; asking these is faster."""
    texts = list(dict.fromkeys(thing.sql for thing in opaque))
    if None in texts:
        return (Opaque(None),)
    whole = [sql for sql in texts if sql is not None and _WHOLE_TABLE.search(sql)]
    rest = [sql for sql in texts if sql is not None and not _WHOLE_TABLE.search(sql)]
    # The semicolon ends a statement.
    return tuple(Opaque("\n;\n".join(some)) for some in (whole, rest) if some)


def _is_word(name: str, sql: str, *, may_be_prefixed: bool = False) -> bool:
    if not may_be_prefixed and name.isascii() and re.fullmatch(r"\w+", name):
        return name.lower() in _words(sql)
    before = r"(?<![^\W_])" if may_be_prefixed else r"(?<!\w)"
    return re.search(rf"{before}{re.escape(name)}(?!\w)", sql, re.I) is not None


# One text is searched for thousands of names.
@lru_cache(maxsize=64)
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql.lower()))


class AlembicNames:
    """The names of Alembic's operations and SQLAlchemy's columns, wherever a file imports them.

    `op` are the names of the module `alembic.op`, `operations` maps the name of each function that
    is imported from it to the operation, and `columns` are the names of the class `Column`.
    `packages` maps each imported name to the package that it comes from, `.` where that is
    relative; `classes` are the classes of the file itself.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.op = {"op"}
        self.operations: dict[str, str] = {}
        self.columns: set[str] = set()
        self.packages: dict[str, str] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        for node in statements(tree):
            if isinstance(node, ast.Import):
                self._add_import(node)
            elif isinstance(node, ast.ImportFrom):
                self._add_import_from(node)
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = node

    def _add_import(self, node: ast.Import) -> None:
        for alias in node.names:
            package = alias.name.partition(".")[0]
            self.packages[alias.asname or package] = package
            if alias.name == "alembic.op" and alias.asname:
                self.op.add(alias.asname)

    def _add_import_from(self, node: ast.ImportFrom) -> None:
        source = node.module or ""
        package = source.partition(".")[0]
        for alias in node.names:
            bound = alias.asname or alias.name
            self.packages[bound] = "." if node.level else package
            if source == "alembic" and alias.name == "op":
                self.op.add(bound)
            elif source == "alembic.op":
                self.operations[bound] = alias.name
            elif package in ("sqlalchemy", "sqlmodel"):
                if alias.name == "Column":
                    self.columns.add(bound)
                elif alias.name == "*":
                    self.columns.add("Column")


def dispatched_prefix(func: ast.expr) -> str | None:
    """The prefix of the functions that a call such as `globals()["upgrade_%s" % x]()` may reach.

    Alembic's template for several databases has such calls. `func` is the expression that is
    called. None where it does not look up a computed name.
    """
    if not isinstance(func, ast.Call | ast.Subscript):
        return None
    nodes = list(ast.walk(func))
    if not any(isinstance(node, ast.Name) and node.id in ("globals", "eval") for node in nodes):
        return None
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for prefix in ("upgrade_", "downgrade_"):
                if node.value.startswith(prefix):
                    return prefix
    return None


class CallClassifier:
    """Tells which calls of a file may change the schema although nothing in them shows it."""

    def __init__(self, names: AlembicNames) -> None:
        self._names = names
        # Whether a class of the file mentions an operation, as far as it was asked.
        self._mentioning: dict[str, bool] = {}

    def _mentions_op(self, name: str) -> bool:
        if name not in self._mentioning:
            self._mentioning[name] = any(
                isinstance(node, ast.Name) and node.id in self._names.op
                for node in ast.walk(self._names.classes[name])
            )
        return self._mentioning[name]

    def takes_values(self, call: ast.Call) -> bool:
        """True where the arguments of a call are mere values: types, columns, statements."""
        return called(call) in SQL_CALLS or self._is_trusted(_root(call.func))

    def operation(self, name: str, call: ast.Call, resolve: Resolve) -> Opaque | None:
        """Classify an operation such as `execute`; returns None where it changes no schema."""
        if name == "execute":
            return _statement(call, resolve)
        return None if name in _HARMLESS else Opaque(None)

    def call(self, call: ast.Call, resolve: Resolve) -> Opaque | None:
        """Classify any other call that leaves the file; returns None where it is harmless."""
        name, root = called(call), _root(call.func)
        if name in SQL_CALLS and isinstance(call.func, ast.Attribute):
            return _statement(call, resolve)
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        if any(isinstance(value, ast.Name) and value.id in self._names.op for value in values):
            return Opaque(None)
        if name in _SCHEMA_CALLS and isinstance(call.func, ast.Attribute):
            is_harmless = _is_type(call.func.value, resolve)
        else:
            is_harmless = self._is_harmless(call.func, root, resolve)
        return None if is_harmless else Opaque(None)

    def _is_harmless(self, func: ast.expr, root: str, resolve: Resolve) -> bool:
        """True where the called function cannot change the schema; `root` is its first name."""
        if self._is_trusted(root) or root in self._names.op:
            return True
        if root in self._names.classes:
            return not self._mentions_op(root)
        if isinstance(func, ast.Name):
            return self._is_harmless_name(func, resolve)
        return self._is_harmless_method(func, root)

    def _is_trusted(self, name: str) -> bool:
        package = self._names.packages.get(name)
        return package in _TRUSTED or package in sys.stdlib_module_names

    def _is_harmless_name(self, func: ast.Name, resolve: Resolve) -> bool:
        if func.id in self._names.packages:
            return False
        if hasattr(builtins, func.id):
            return func.id not in ("exec", "eval", "__import__")
        found = resolve(func)
        return bool(found) and all(
            isinstance(value, ast.Call | ast.Attribute) and self._is_trusted(_root(value))
            for value in found
        )

    def _is_harmless_method(self, func: ast.expr, root: str) -> bool:
        if root not in self._names.packages:
            return True
        # The name is the team's own: it may be a model, a session or a logger.
        parts = {part.attr for part in ast.walk(func) if isinstance(part, ast.Attribute)}
        last = func.attr if isinstance(func, ast.Attribute) else ""
        return (
            root[:1].isupper()
            or bool(parts & {"session", "query"})
            or last in _LOGGING
            or last.startswith("get")
        )


def _root(node: ast.AST) -> str:
    """The first name of a chain of attributes and calls, empty where it has none."""
    while isinstance(node, _CHAINED):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_type(node: ast.expr, resolve: Resolve) -> bool:
    """True where this is an enum, a domain or a sequence: to create one changes no table."""
    found = resolve(node)
    return bool(found) and all(
        isinstance(value, ast.Call) and (called(value) in _TYPES or "num" in called(value))
        for value in found
    )


def sql_of(call: ast.Call, resolve: Resolve) -> list[str | None]:
    """The texts of SQL that a call may send, None for a statement that is no plain text."""
    return [text if is_whole else None for text, is_whole in sent_texts(call, resolve)] or [None]


def sent_texts(call: ast.Call, resolve: Resolve) -> Iterator[tuple[str, bool]]:
    """Yield the texts that a call may send, each with True where it is whole."""
    for node in [*call.args[:1], *(keyword.value for keyword in call.keywords)][:1]:
        yield from texts(node, resolve)


def _statement(call: ast.Call, resolve: Resolve) -> Opaque | None:
    """Classify a call by its SQL; returns None where that only reads or changes data."""
    for text, is_whole in sent_texts(call, resolve):
        first = _QUERY.match(text)
        word = first[1].lower() if first else ""
        is_data = word in _DATA_WORDS or (word == "select" and re.search(r"\bfrom\b", text, re.I))
        if _DDL.search(text) or not (is_data or (is_whole and word != "select")):
            return Opaque(text if is_whole else None)
    return None
