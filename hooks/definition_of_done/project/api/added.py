"""The declarations, operations, tasks and services that the branch adds."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import decode
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.declarations import (
    OPERATIONS,
    Declaration,
    Field,
    GraphQLCode,
    camel_case,
)
from definition_of_done.project.api.graphql import read_code, read_graphql
from definition_of_done.project.api.services import Service, read_services
from definition_of_done.project.api.tasks import Task, read_tasks
from definition_of_done.project.layout import (
    SERVICE,
    changed_code,
    is_resource_code,
    is_test,
    layer_of,
)
from definition_of_done.project.references import References
from definition_of_done.readers.graphql import (
    Schema,
    pack_schema,
    read_names,
    read_schema,
    unpack_schema,
)


class Added(NamedTuple):
    """The code that the new side has and the base has not.

    Code that moves or is edited adds nothing. A class whose fields are operations is not among the
    `declarations`; its fields are `operations`, each with the `kind` of its operation. `fields` are
    those that types of the base gain, each with the type's name.
    """

    declarations: tuple[Declaration, ...] = ()
    operations: tuple[Field, ...] = ()
    tasks: tuple[Task, ...] = ()
    services: tuple[Service, ...] = ()
    fields: tuple[tuple[str, Field], ...] = ()


def shown_names(session: Session, field: Field) -> tuple[str, ...]:
    """The names by which the API may show a field.

    There is one, or two where a name converter of the project's own decides.
    """
    camel = next((code.camel_case for code in read_schema_modules(session)), True)
    if camel or field.name != camel_case(field.attribute):
        return (field.name,)
    return (field.attribute,) if camel is False else (field.name, field.attribute)


@once
def read_added(session: Session) -> Added:
    """Read what the branch adds; on main itself that is nothing."""
    changed = changed_code(session)
    new = _Side(session)
    for path, letter in changed.items():
        if letter != "D":
            new.read(path, session.tree.read(path))
    if not (new.declarations or new.operations or new.tasks or new.services):
        return Added()
    old = _Side(session)
    for path, letter in changed.items():
        if letter != "A":
            try:
                old.read(path, session.branch.read_before(path))
            except Unreadable:
                # A file that was not Python on the base declared nothing.
                continue
    declarations, operations = old.declarations, old.operations
    task_names = {name for task in old.tasks for name in task.names}
    return Added(
        tuple(made for key, made in new.declarations.items() if key not in declarations),
        tuple(made for key, made in new.operations.items() if key not in operations),
        tuple(task for task in new.tasks if task_names.isdisjoint(task.names)),
        tuple(new.services_beyond(old)),
        tuple(new.fields_beyond(old)),
    )


class _Side:
    """The declarations of the changed files, as they stand on one side of the change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.declarations: dict[tuple[str, str], Declaration] = {}
        self.operations: dict[tuple[str, str], Field] = {}
        self.tasks: list[Task] = []
        self.services: list[Service] = []

    def services_beyond(self, old: _Side) -> Iterator[Service]:
        """Yield the services that the old side does not have.

        A module of functions is an old one where it keeps one of its functions.
        """
        names = {service.name for service in old.services if service.name}
        functions = {
            method.name
            for service in old.services
            if not service.name
            for method in service.methods
        }
        for service in self.services:
            if service.name:
                if service.name not in names:
                    yield service
            elif not functions & {method.name for method in service.methods}:
                yield service

    def fields_beyond(self, old: _Side) -> Iterator[tuple[str, Field]]:
        """Yield the fields that the declarations of both sides have gained."""
        for key, declared in self.declarations.items():
            if key in old.declarations:
                before = {field.name for field in old.declarations[key].fields}
                yield from (
                    (key[1], field) for field in declared.fields if field.name not in before
                )

    def read(self, path: str, data: bytes) -> None:
        """Add the declarations of one file; raise Unreadable where it is not Python."""
        code = read_graphql(path, data)
        for declaration in code.declarations:
            kind_of_all = operation_of(self._session, declaration)
            if kind_of_all is not None:
                for field in declaration.fields:
                    kind = field.kind if field.kind in OPERATIONS else kind_of_all
                    self.operations.setdefault((kind, field.name), field._replace(kind=kind))
            elif declaration.name is not None:
                self.declarations.setdefault((declaration.kind, declaration.name), declaration)
        for field in code.loose:
            self.operations.setdefault((field.kind, field.name), field)
        self.tasks += read_file_tasks(self._session, path, data)
        if layer_of(self._session, path) == SERVICE:
            self.services += read_services(path, data)


def operation_of(session: Session, declaration: Declaration) -> str | None:
    """The operation whose fields a class has, by its own file or as the schema module mounts it."""
    if declaration.operation or declaration.kind != "type":
        return declaration.operation
    mounted = session.cache.keep("mounted classes", lambda: _read_mounted(session))
    return mounted.get((declaration.spot.path, declaration.label))


def _read_mounted(session: Session) -> dict[tuple[str, str], str]:
    """Read the operation of each class that the schema module mounts, and of their bases."""
    references = References(session, session.config["resources"])
    waiting = [
        (code.path, mount.origin, mount.operation)
        for code in read_schema_modules(session)
        for mount in code.mounts
    ]
    found: dict[tuple[str, str], str] = {}
    while waiting:
        path, origin, operation = waiting.pop()
        place = _plain_place(session, origin) or references.definition(path, origin)
        if place and place not in found:
            found[place] = operation
            waiting += [
                (place[0], above, operation)
                for declared in read_code(session, place[0]).declarations
                if declared.label == place[1]
                for above in declared.elsewhere
            ]
    return found


def _plain_place(session: Session, origin: str) -> tuple[str, str] | None:
    """The file and the name of a class that the file of its module has, whose facts are kept."""
    module, _, name = origin.rpartition(".")
    path = f"{module.replace('.', '/')}.py"
    is_there = session.tree.exists(path) and any(
        declared.label == name for declared in read_code(session, path).declarations
    )
    return (path, name) if is_there else None


@once
def read_schema_modules(session: Session) -> list[GraphQLCode]:
    """Read the module or package beside the resources that mounts them.

    The list has one entry, or none where there is no such module.
    """
    folder = session.config["resources"]
    paths = [f"{folder}/schema.py", f"{folder}/schema/__init__.py"]
    return [read_code(session, path) for path in paths if folder and session.tree.exists(path)]


def read_exports(session: Session, commit: str | None = None) -> set[str] | None:
    """Read the names in the exported schemas, of the new side or of a commit.

    None where no schema is exported there.
    """
    names: set[str] | None = None
    for path in session.config["schema-exports"]:
        try:
            data = session.branch.read_at(commit, path) if commit else session.tree.read(path)
        except OSError:
            # It is not there, or it is no file.
            continue
        names = (names or set()) | read_names(decode(path, data).text)
    return names


def read_export(session: Session, path: str) -> Schema:
    """Read an exported schema of the new side, once a run; raise Unreadable."""
    return session.cache.keep(
        f"schema {path}", lambda: recall_schema(session, path, session.tree.read(path))
    )


def recall_schema(session: Session, path: str, data: bytes) -> Schema:
    """The schema of these bytes, parsed once for all runs; raises Unreadable."""
    return session.cache.recall("schema", path, data, read_schema, pack_schema, unpack_schema)


def read_file_tasks(session: Session, path: str, data: bytes) -> tuple[Task, ...]:
    """Read the taskiq tasks of a file, whose broker another file may define; raise Unreadable."""
    return read_tasks(path, data, lambda origin: _is_broker(session, origin))


def read_resource_tasks(session: Session) -> list[Task]:
    """Read the tasks of all files below the resources; raise Unreadable."""
    paths = [
        path
        for path in session.tree.tracked
        if is_resource_code(session, path) and not is_test(path)
        if not session.config.excludes(path)
    ]
    files = session.tree.read_each(paths)
    return [task for path, data in files for task in read_file_tasks(session, path, data)]


def _is_broker(session: Session, origin: str) -> bool:
    """True where the file that defines an object mentions taskiq."""
    module = origin.rpartition(".")[0].replace(".", "/")
    paths = [
        path for path in (f"{module}.py", f"{module}/__init__.py") if session.tree.exists(path)
    ]
    return any(b"taskiq" in session.tree.read(path) for path in paths)
