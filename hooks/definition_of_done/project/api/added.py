"""The declarations, operations, tasks and services that the branch adds."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.declarations import OPERATIONS, Declaration, Field
from definition_of_done.project.api.graphql import operation_of, read_graphql
from definition_of_done.project.api.services import Service, read_services
from definition_of_done.project.api.tasks import Task, read_file_tasks
from definition_of_done.project.layout import SERVICE, changed_code, layer_of


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
    task_names = {name for task in old.tasks for name in task.names}
    services = {name for service in old.services for name in _names(service)}
    return Added(
        tuple(made for key, made in new.declarations.items() if key not in old.declarations),
        tuple(made for key, made in new.operations.items() if key not in old.operations),
        tuple(task for task in new.tasks if task_names.isdisjoint(task.names)),
        tuple(service for service in new.services if services.isdisjoint(_names(service))),
        tuple(new.fields_beyond(old)),
    )


def _names(service: Service) -> list[str]:
    """The names that tell a service: its class, else its functions, one of which is enough."""
    return [service.name] if service.name else [f"{method.name}()" for method in service.methods]


class _Side:
    """The declarations of the changed files, as they stand on one side of the change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.declarations: dict[tuple[str, str], Declaration] = {}
        self.operations: dict[tuple[str, str], Field] = {}
        self.tasks: list[Task] = []
        self.services: list[Service] = []

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
