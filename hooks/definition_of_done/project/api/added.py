"""What the branch adds: declarations, operations, tasks and services that the base has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import decode
from definition_of_done.engine.session import Session
from definition_of_done.project.api.declarations import (
    OPERATIONS,
    Declaration,
    Field,
    GraphQLCode,
    Mount,
    Operation,
    camel_case,
)
from definition_of_done.project.api.graphql import read_code, read_graphql
from definition_of_done.project.api.services import Service, read_services
from definition_of_done.project.api.tasks import Task, read_tasks
from definition_of_done.project.layout import SERVICE, changed_code, layer_of
from definition_of_done.readers.graphql import (
    Schema,
    pack_schema,
    read_names,
    read_schema,
    unpack_schema,
)

_Key = TypeVar("_Key")
_Thing = TypeVar("_Thing")


class Added(NamedTuple):
    """What the new side has and the base has not; what moves or is edited adds nothing.

    `declarations` leaves out the classes whose fields are operations.
    """

    declarations: tuple[Declaration, ...] = ()
    operations: tuple[Operation, ...] = ()
    tasks: tuple[Task, ...] = ()
    services: tuple[Service, ...] = ()


def shown_names(session: Session, field: Field) -> tuple[str, ...]:
    """The names that the API may show a field by: one, unless a name converter decides."""
    camel = next((code.camel_case for code in read_schema_modules(session)), True)
    if camel or field.name != camel_case(field.attribute):
        return (field.name,)
    return (field.attribute,) if camel is False else (field.name, field.attribute)


def read_added(session: Session) -> Added:
    """What the branch adds, nothing on main itself.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    return session.cache.keep("added code", lambda: _read(session))


def _read(session: Session) -> Added:
    changed = changed_code(session)
    new = _Side(session)
    for path, letter in changed.items():
        if letter != "D":
            new.read(path, session.tree.read(path))
    if not new.has_some:
        return Added()
    old = _Side(session)
    for path, letter in changed.items():
        if letter != "A":
            try:
                old.read(path, session.branch.read_at(session.branch.base or "HEAD", path))
            except Unreadable:
                # What was no Python on the base declared nothing.
                continue
    return Added(
        tuple(_without(new.declarations, old.declarations)),
        tuple(_without(new.operations, old.operations)),
        tuple(one for one in new.tasks if not set(one.names) & old.names_of_tasks),
        tuple(new.services_beyond(old)),
    )


def _without(new: Mapping[_Key, _Thing], old: Mapping[_Key, _Thing]) -> Iterator[_Thing]:
    return (one for key, one in new.items() if key not in old)


class _Side:
    """The facts of the changed files as they stand on one side."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._mounts = _mounts(session)
        self.declarations: dict[tuple[str, str], Declaration] = {}
        self.operations: dict[tuple[str, str], Operation] = {}
        self.tasks: list[Task] = []
        self.services: list[Service] = []

    @property
    def has_some(self) -> bool:
        """Whether anything is declared."""
        return bool(self.declarations or self.operations or self.tasks or self.services)

    @property
    def names_of_tasks(self) -> set[str]:
        """All names that tasks are known by."""
        return {name for one in self.tasks for name in one.names}

    def services_beyond(self, old: _Side) -> Iterator[Service]:
        """The services that the old side has not; a module of functions keeps some of them."""
        names = {one.name for one in old.services if one.name}
        functions = {method.name for one in old.services if not one.name for method in one.methods}
        for one in self.services:
            if one.name:
                if one.name not in names:
                    yield one
            elif not functions & {method.name for method in one.methods}:
                yield one

    def read(self, path: str, data: bytes) -> None:
        """Adds the facts of one file; raises Unreadable."""
        code = read_graphql(path, data)
        for one in code.declarations:
            kind_of_all = one.operation or self._mounted(path, one)
            if kind_of_all is not None:
                for field in one.fields:
                    kind = field.kind if field.kind in OPERATIONS else kind_of_all
                    self.operations.setdefault((kind, field.name), Operation(kind, field))
            elif one.name is not None:
                self.declarations.setdefault((one.kind, one.name), one)
        for operation in code.loose:
            self.operations.setdefault((operation.kind, operation.field.name), operation)
        self.tasks += read_tasks(path, data, lambda origin: is_broker(self._session, origin))
        if layer_of(self._session, path) == SERVICE:
            self.services += read_services(path, data)

    def _mounted(self, path: str, declaration: Declaration) -> str | None:
        if declaration.kind != "type":
            return None
        return next(
            (one.operation for one in self._mounts if one.names(path, declaration.label)), None
        )


def _mounts(session: Session) -> tuple[Mount, ...]:
    """The classes that the API's schema module makes its operations of."""
    return tuple(one for code in read_schema_modules(session) for one in code.mounts)


def read_schema_modules(session: Session) -> list[GraphQLCode]:
    """The module or package beside the resources that mounts them, one or none."""

    def read() -> list[GraphQLCode]:
        folder = session.config["resources"]
        paths = [f"{folder}/schema.py", f"{folder}/schema/__init__.py"]
        return [read_code(session, path) for path in paths if folder and session.tree.exists(path)]

    return session.cache.keep("schema modules", read)


def read_exports(session: Session, commit: str | None = None) -> set[str] | None:
    """The names in the exported schemas, of the new side or of a commit; None where none is there.

    Raises Unreadable for one that is not UTF-8 text.
    """
    found: set[str] | None = None
    for path in session.config["schema-exports"]:
        try:
            data = session.branch.read_at(commit, path) if commit else session.tree.read(path)
        except FileNotFoundError:
            continue
        found = (found or set()) | read_names(decode(path, data).text)
    return found


def read_export(session: Session, path: str) -> Schema:
    """An exported schema of the new side, read once; raises Unreadable."""
    return session.cache.keep(
        f"schema {path}", lambda: recall_schema(session, path, session.tree.read(path))
    )


def recall_schema(session: Session, path: str, data: bytes) -> Schema:
    """The schema of these bytes, parsed once for all runs; raises Unreadable."""
    return session.cache.recall("schema", path, data, read_schema, pack_schema, unpack_schema)


def is_broker(session: Session, origin: str) -> bool:
    """Whether the file that defines an object is one of taskiq's users."""
    module = origin.rpartition(".")[0].replace(".", "/")
    paths = [
        path for path in (f"{module}.py", f"{module}/__init__.py") if session.tree.exists(path)
    ]
    return any(b"taskiq" in session.tree.read(path) for path in paths)
