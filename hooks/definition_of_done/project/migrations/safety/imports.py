"""Finds the models and services of the application that a migration imports."""

from __future__ import annotations

import ast
import re
from os.path import commonpath

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.layout import is_migration, is_test
from definition_of_done.project.migrations.models import read_models
from definition_of_done.project.migrations.safety.advice import quoted
from definition_of_done.project.migrations.safety.hazards import Hazard
from definition_of_done.project.migrations.safety.transactions import env_of
from definition_of_done.project.references import ALL, References
from definition_of_done.readers.nodes import statements
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.models import Table
    from definition_of_done.readers.python import Module

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\.*\w*)", re.M)
_SERVICES = re.compile(
    r"(?:^|/|_)(?:services?|repositor(?:y|ies)|repos?|crud|daos?|use_?cases?|interactors|resolvers"
    r"|controllers?|views|routers?|tasks?|workers?|jobs?)(?:/|\.py$)"
)
# A project's own folder has the name of the first, and nobody's code lies in the others.
_LIBRARIES = {"alembic", "sqlalchemy", "typing", "collections"}
# A service works on rows, which a helper in its folder may not.
_ROWS = (b"sqlalchemy", b"session", b"models", b"repositor")
_SERVICE_CLASS = re.compile(r"(?:Service|Repository|Repo|UseCase|CRUD|Crud|DAO|Dao)$")
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


def application_imports(imported: tuple[Imported, ...]) -> Iterator[Hazard]:
    """Yield each of them once."""
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
        yield Hazard(found.spot, message, help, found.name)


def _read(session: Session, path: str, data: bytes) -> Iterator[Imported]:
    if not _own_imports(session, data):
        return
    module = read_module(path, data)
    home = env_of(session, path).rpartition("/")[0]
    for spot, origin in _origins(module):
        for file, name in _definitions(session, path, origin):
            if is_migration(session, file) or (home and file.startswith(f"{home}/")):
                continue
            if found := _imported(session, spot, file, name):
                yield found._replace(columns=_used(data, found.columns))


def package(session: Session, path: str, name: str) -> str:
    """The folder or module of this name that is nearest to a file, the name where there is none."""
    nearest, folder = -1.0, name
    for above in _places(session).get(name, ()):
        shared = len(commonpath([f"{above}/", f"/{path}"])) - len(above) / 1000
        if shared > nearest:
            nearest, folder = shared, f"{above}/{name}".strip("/")
    return folder


def _places(session: Session) -> dict[str, set[str]]:
    """The folders above each folder and file of code, by its name; of several nested the upper."""

    def read() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in session.tree.tracked:
            if path.endswith(".py") and not is_test(path):
                above = ""
                for part in path.removesuffix(".py").split("/"):
                    if f"/{part}/" not in f"{above}/":
                        found.setdefault(part, set()).add(above)
                    above += f"/{part}"
        return found

    return session.cache.keep("places of own code", read)


def _own_imports(session: Session, data: bytes) -> set[str]:
    """The first names of what a file may import from the project, empty for what is beside it."""
    names = {found.decode() for found in _IMPORT.findall(data)} - _LIBRARIES
    return {name for name in names if name.startswith(".") or name in _places(session)}


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
    if first in _LIBRARIES or first not in _places(session):
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
