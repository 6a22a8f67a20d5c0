"""Finds what changes the schema in Python code: SQL, and SQLAlchemy's `create_all`."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache, partial

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple, Record
from definition_of_done.project.layout import shows_migration
from definition_of_done.project.migrations.source.sql import called, texts
from definition_of_done.readers.nodes import children, statements
from definition_of_done.readers.python import Module, read_module
from definition_of_done.readers.sql import parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.source.sql import Resolve

_MAKERS = {"create_all", "drop_all"}
# The methods of one table that do the same.
_OF_TABLES = {"create", "drop"}
# The bytes of a file that may make or drop tables of models.
_MAKING = (b".create_all", b".drop_all", b".__table__.")
_ENGINES = {"create_engine", "create_async_engine"}
# The classes whose objects are metadata, or make tables as metadata does.
_METADATA = {"MetaData", "SQLAlchemy"}
_VERSION_TABLE = "alembic_version"
_CALLS = {"execute", "executescript", "exec_driver_sql", "text", "DDL"}
# Drivers of databases that no migration knows of.
_OTHER_DATABASES = {"sqlite3", "aiosqlite", "duckdb", "apsw", "clickhouse_driver"}
_WORDS = (b"alter", b"create", b"drop")
# Matches behind a word that begins a statement. It does not match behind a method, or where another
# word follows, such as in the `Create Date:` of each migration.
_GOING_ON = regex(
    rb"(?=[\s\\'\"{\x80-\xff])(?!\s+(?!(?:or|unique|unlogged|global|local|temp|temporary|table|index"
    rb"|type)\b)[a-z]+[\s.,:])"
)
_EDGE = regex(rb"\b")
_NAME = r"""((?:[\w.$%:{}…]|"[^"]*"|`[^`]*`|\[[^\]]*\])+)"""
_DDL = regex(
    r"\s*+(?:--[^\n]*+(?:\n\s*+|$)|/\*.*?\*/\s*+)*+"
    r"(alter|create|drop)\s+(?:(?:or\s+replace|unique|unlogged|global|local)\s+)*"
    r"(temp\s+|temporary\s+)?(table|index|type)\s+"
    r"(?:(?:concurrently|if\s+not\s+exists|if\s+exists|only)\s+)*" + _NAME,
    re.I | re.S,
)
_SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)
_ALTER = regex(r"\s*alter\s+table\s+(?:only\s+)?" + _NAME + r"\s+(.*)", re.I | re.S)
# Follows ADD or RENAME where these do not mean a column: COLUMN may be left out.
_NO_COLUMN = (
    r"(?:(?:if|constraint|primary|foreign|unique|check|exclude|index|key|fulltext|spatial"
    r"|partition|period|system|to|as|column\s+if)\b)"
)
# Says how a database does the other actions: no operation takes that along.
_MANNER = regex(r"(?:algorithm|lock|wait|nowait)\b", re.I)
# The actions of ALTER TABLE that Alembic has an operation for.
_OPERATIONS = (
    (r"add\s+constraint\s+\S+\s+foreign\s+key\b(?!.*\bnot\s+valid\b)", "create_foreign_key"),
    (r"add\s+constraint\s+\S+\s+unique\b(?!\s+using)", "create_unique_constraint"),
    (r"add\s+constraint\s+\S+\s+check\b(?!.*\bnot\s+valid\b)", "create_check_constraint"),
    (r"add\s+constraint\s+\S+\s+primary\s+key\b(?!\s+using)", "create_primary_key"),
    (r"add\s+constraint\s+\S+\s+exclude\b", "create_exclude_constraint"),
    (r"add\s+primary\s+key\b(?!\s+using)", "create_primary_key"),
    (r"drop\s+constraint\s+(?!if\b)\S+\s*$", "drop_constraint"),
    (r"add\s+column\s+(?!if\b)\S+\s+\S", "add_column"),
    (r"add\s+(?!" + _NO_COLUMN + r")[\w\"`…]+\s+\w", "add_column"),
    (r"drop\s+foreign\s+key\s+(?!if\b)\S+\s*$", "drop_constraint"),
    (r"add\s+(?:index|key)\s+(?!if\b)[\w\"`…]+\s*\(", "create_index"),
    (r"drop\s+(?:index|key)\s+(?!if\b)\S+\s*$", "drop_index"),
    (r"drop\s+column\s+(?!if\b)\S+\s*$", "drop_column"),
    (r"drop\s+(?!" + _NO_COLUMN + r"|column\b)[\w\"`…]+\s*$", "drop_column"),
    (r"rename\s+column\s+\S+\s+to\s+\S+\s*$", "alter_column"),
    (r"rename\s+(?!" + _NO_COLUMN + r")[\w\"`…]+\s+to\s+\S+\s*$", "alter_column"),
    (r"rename\s+to\s+\S+\s*$", "rename_table"),
    (r"alter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\s", "alter_column"),
    (r"alter\s+(?:column\s+)?\S+\s+(?:set|drop)\s+(?:not\s+null|default)\b", "alter_column"),
    (r"(?:modify|change)\s+(?!" + _NO_COLUMN + r")[\w\"`…]+\s+\w", "alter_column"),
)


class Ddl(NamedTuple):
    """One statement: `words` name it (`ALTER TABLE orders`), without a name that is computed.

    `operation` is the operation of Alembic that does the same, or `x and op.y`; None where there is
    none.
    """

    spot: Spot
    words: str
    operation: str | None


class Code(Record):
    """A Python file: the DDL in it, and whether it is a migration."""

    is_migration: bool
    statements: Sequence[Ddl]


def read_code(path: str, data: bytes, *, is_migration: bool, has_migrations: bool = True) -> Code:
    """Read the DDL in a file; raises Unreadable where it may hold some and is not Python.

    A migration in a folder that no setting names is one all the same. Where the project has no
    migrations, the application may make the tables.
    """
    is_migration = is_migration or shows_migration(data)
    return Code(is_migration, _read(path, data, is_migration, has_migrations))


def _read(path: str, data: bytes, is_migration: bool, has_migrations: bool) -> tuple[Ddl, ...]:
    may_make = has_migrations and not is_migration
    makes = may_make and any(mark in data for mark in _MAKING)
    lower = data.lower()
    places = [(at, at + len(word)) for word in _WORDS for at in _found(word, lower)]
    if not makes and not any(
        _EDGE.match(lower, start) and _EDGE.match(lower, end) for start, end in places
    ):
        return ()
    # A file that is not Python is reported even where it turns out to hold none.
    module = read_module(path, data)
    going_on = (start for start, end in places if _GOING_ON.match(lower, end))
    if not makes and all(lower[start - 1 : start] == b"." for start in going_on):
        return ()
    if is_migration:
        return tuple(_statements(module, ()))
    packages = _packages(module.tree)
    if packages & _OTHER_DATABASES and "sqlalchemy" not in packages:
        return ()
    versions = _version_tables(module.tree) if "alembic" in packages else ()
    return (*_statements(module, versions), *(_made(module) if makes else ()))


def _found(word: bytes, data: bytes) -> Iterator[int]:
    """Yield each offset of a word, also inside of longer words."""
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + len(word))


def _packages(tree: ast.Module) -> set[str]:
    packages = set()
    for node in statements(tree):
        if isinstance(node, ast.Import):
            packages |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            packages.add((node.module or "").partition(".")[0])
    return packages


def _version_tables(tree: ast.Module) -> tuple[str, ...]:
    """The tables in which Alembic keeps the present revision."""
    given = (
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "version_table"
        if isinstance(node.value, ast.Constant)
    )
    return (_VERSION_TABLE, *(name for name in given if isinstance(name, str)))


def _made(module: Module) -> Iterator[Ddl]:
    """Yield the places where tables of models are made or dropped.

    There are none in a file with an engine of its own, which no migration knows of.
    """
    makers = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and (node.attr in _MAKERS or (node.attr in _OF_TABLES and _is_table(node.value)))
    ]
    if not makers:
        return
    assigned = _assigned_once(module.tree)
    for call in ast.walk(module.tree):
        if isinstance(call, ast.Call) and called(call) == "create_mock_engine":
            return
        if isinstance(call, ast.Call) and called(call) in _ENGINES and call.args:
            url = call.args[0]
            url = assigned.get(url.id, url) if isinstance(url, ast.Name) else url
            if isinstance(url, ast.Constant) and str(url.value).startswith("sqlite"):
                return
    for maker in makers:
        if _is_table(maker.value):
            yield Ddl(module.spot(maker), f"__table__.{maker.attr}", None)
        elif _is_metadata(maker.value, assigned):
            yield Ddl(module.spot(maker), f"metadata.{maker.attr}", None)


def _is_table(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "__table__"


def _is_metadata(node: ast.expr, assigned: dict[str, ast.expr]) -> bool:
    match node:
        case ast.Name(id="metadata") | ast.Attribute(attr="metadata"):
            return True
        case ast.Name(id=name) if name in assigned:
            value = assigned[name]
            if isinstance(value, ast.Call):
                return called(value) in _METADATA
            return isinstance(value, ast.Attribute) and value.attr == "metadata"
    return False


def _statements(module: Module, versions: tuple[str, ...]) -> Iterator[Ddl]:
    """Yield the statements of SQL, but those on Alembic's own tables, the `versions`."""
    found = [
        (module.spot(arg), text)
        for arg, resolve in _arguments(module.tree)
        for text, _ in texts(arg, resolve)
    ]
    temporary = {
        match[4].lower()
        for _, text in found
        for statement in text.split(";")
        if (match := _DDL.match(statement)) and match[2]
    }
    for spot, text in found:
        for statement in text.split(";"):
            match = _DDL.match(statement)
            if match and not match[2] and match[4].lower() not in temporary:
                if re.sub(r'["`\[\]]', "", match[4]).rpartition(".")[2] in versions:
                    continue
                words = f"{match[1].upper()} {match[3].upper()}"
                # A computed name has no place in a message.
                name = "" if re.fullmatch(r"\W*(?:%s|…|{\w*})\W*", match[4]) else f" {match[4]}"
                yield Ddl(spot, words + name, _operation(statement))


def _arguments(tree: ast.Module) -> Iterator[tuple[ast.expr, Resolve]]:
    """Yield the argument of each call that takes SQL, with a function that resolves its names."""
    # Few files give a name to such a call: a scope is read once, when it is needed.
    assigned = cache(_assigned_once)
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while stack:
        node, scopes = stack.pop()
        if isinstance(node, _SCOPES):
            scopes = (node, *scopes)
        if isinstance(node, ast.Call) and called(node) in _CALLS and node.args:
            # In `execute(text(...))` the inner call has the SQL.
            arg = node.args[0]
            if not (isinstance(arg, ast.Call) and called(arg) in _CALLS):
                yield arg, partial(_resolved, scopes, assigned)
        stack += [(inner, scopes) for inner in children(node)]


def _resolved(
    scopes: tuple[ast.AST, ...],
    assigned: Callable[[ast.AST], dict[str, ast.expr]],
    node: ast.expr,
) -> list[ast.expr]:
    if not isinstance(node, ast.Name):
        return [node]
    return next(([found[node.id]] for scope in scopes if node.id in (found := assigned(scope))), [])


def _assigned_once(tree: ast.AST) -> dict[str, ast.expr]:
    """The values of the names that a file or function assigns exactly once, and plainly."""
    bound: Counter[str] = Counter()
    values: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound[name] += 1
            case ast.Assign(targets=targets, value=value):
                values |= {target.id: value for target in targets if isinstance(target, ast.Name)}
    return {name: value for name, value in values.items() if bound[name] == 1}


def _operation(statement: str) -> str | None:
    """The operations that do the same as some of the actions of ALTER TABLE, None for none."""
    found = _ALTER.match(re.sub(r"--[^\n]*", "", statement))
    if found is None:
        return None
    actions = parts(found[2])
    if any(_MANNER.match(action) for action in actions):
        return None
    names = dict.fromkeys(name for action in actions if (name := _for_action(action)))
    return " and op.".join(names) or None


def _for_action(action: str) -> str | None:
    for pattern, name in _OPERATIONS:
        if re.match(pattern, action, re.I | re.S):
            return name
    return None
