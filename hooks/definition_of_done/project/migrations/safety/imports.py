"""Finds the models and services of the application that a migration imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.mapped.models import Table, read_models
from definition_of_done.project.migrations.safety.advice import quoted
from definition_of_done.project.migrations.safety.own_code import is_own, package
from definition_of_done.project.migrations.safety.transactions import env_of
from definition_of_done.project.references import ALL, References
from definition_of_done.readers.nodes import statements
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import Module, read_module

_SERVICES = regex(
    r"(?:^|/|_)(?:services?|repositor(?:y|ies)|repos?|crud|daos?|use_?cases?|interactors|resolvers"
    r"|controllers?|views|routers?|tasks?|workers?|jobs?)(?:/|\.py$)"
)
# A service works on rows, which a helper in its folder may not.
_ROWS = (b"sqlalchemy", b"session", b"models", b"repositor")
_SERVICE_CLASS = regex(r"(?:Service|Repository|Repo|UseCase|CRUD|Crud|DAO|Dao)$")
_TO_SERVICE = (
    "write what it does into the migration with op.execute, or leave it to a script that is run"
    " after the deploy"
)


class Imported(NamedTuple):
    """A name that a migration imports, and the file of the application that defines it.

    `table` is that of a model, empty for a service, and `columns` are those that are used.
    """

    spot: Spot
    name: str
    path: str
    table: str
    columns: tuple[str, ...] = ()


def read_imports(session: Session, path: str) -> tuple[Imported, ...]:
    """Read the models and services that a migration imports; raises Unreadable."""
    return session.cache.keep(
        f"imports of {path}", lambda: tuple(_read(session, path, session.tree.read(path)))
    )


def application_imports(imported: tuple[Imported, ...]) -> Iterator[Finding]:
    """Yield the models and services that a migration imports, each once."""
    for found in {found.name: found for found in reversed(imported)}.values():
        kind = "model" if found.table else "service"
        message = (
            f"{kind} {found.name} of {found.path} is imported: once that moves on, the migration"
            " fails or does something else"
        )
        help = _TO_SERVICE
        if found.table:
            columns = "".join(f", sa.column({quoted(name)})" for name in found.columns or ("id",))
            help = f"write the table down: {found.name} = sa.table({quoted(found.table)}{columns})"
        yield Finding(found.spot, message, help, symbol=found.name)


def _read(session: Session, path: str, data: bytes) -> Iterator[Imported]:
    module = read_module(path, data)
    home = env_of(session, path).rpartition("/")[0]
    for spot, origin in _origins(module):
        for file, name in _definitions(session, path, origin):
            if is_migration(session, file) or (home and file.startswith(f"{home}/")):
                continue
            if found := _imported(session, spot, file, name):
                yield found._replace(columns=_used(data, found.columns))


def _origins(module: Module) -> Iterator[tuple[Spot, str]]:
    """Yield what is imported, and what is taken from a module that is, but for types alone."""
    origins = Origins(module.path, module.tree)
    unseen = {
        id(inner)
        for node in statements(module.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in statements(module.tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in unseen:
            above = origins.module("." * node.level + (node.module or ""))
            for name in [alias.name for alias in node.names]:
                names = _loaded(module.tree) if name == ALL else (name,)
                yield from ((module.spot(node), f"{above}.{taken}") for taken in names)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and id(node) not in unseen:
            origin = origins.of(node)
            if origin.count(".") and origins.is_imported(_first(node)):
                yield module.spot(node), origin


def _loaded(tree: ast.Module) -> list[str]:
    """The names that a file uses, one of which a star may bring."""
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(names))


def _first(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _definitions(session: Session, path: str, origin: str) -> Iterator[tuple[str, str]]:
    """Yield the file and name that define an origin of the project, none where there is none."""
    first = origin.partition(".")[0]
    if not is_own(session, first):
        return
    folder = package(session, path, first)
    references: References = session.cache.keep(
        f"references from {folder}", lambda: References(session, folder)
    )
    try:
        found = references.definition(path, origin)
    except (Unreadable, OSError, RecursionError):
        return
    if found and found[1] != ALL:
        yield found


def _imported(session: Session, spot: Spot, path: str, name: str) -> Imported | None:
    data = session.tree.read(path)
    table = next((table for table in _models(session, path) if table.owner == name), None)
    if table is not None and not table.is_mixin:
        columns = tuple(part.name for key, part in table.parts.items() if key[:7] == "column ")
        return Imported(spot, name, path, table.name if table.is_named else "...", columns)
    is_service = _SERVICE_CLASS.search(name) or (
        _SERVICES.search(path) and any(word in data for word in _ROWS)
    )
    if is_service and _does_something(path, data, name):
        return Imported(spot, name, path, "")
    return None


def _models(session: Session, path: str) -> list[Table]:
    def read() -> list[Table]:
        try:
            return read_models(read_module(path, session.tree.read(path)))
        except (Unreadable, RecursionError):
            return []

    return session.cache.keep(f"models of {path}", read)


def _does_something(path: str, data: bytes, name: str) -> bool:
    """True for a function, and for a class that is neither a type nor an enum."""
    for node in read_module(path, data).tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return True
        if isinstance(node, ast.ClassDef) and node.name == name:
            bases = " ".join(map(ast.unparse, node.bases))
            return not re.search(r"Enum|Type|Error|Exception", bases)
    return False


def _used(data: bytes, columns: tuple[str, ...]) -> tuple[str, ...]:
    words = set(re.findall(rb"\w+", data))
    return tuple(name for name in columns if name.encode() in words)[:5]
