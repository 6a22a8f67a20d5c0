"""The classes of queries and mutations that no schema mounts."""

from __future__ import annotations

from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.api.declarations import Declaration
from definition_of_done.project.api.graphql import read_code, read_schema_modules
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.layout import is_code
from definition_of_done.project.references import ALL, References


class Unmounted(NamedTuple):
    """A class, its resource, its operation, and the module that should mount it."""

    declaration: Declaration
    resource: str
    operation: str
    schema: str


def read_unmounted(session: Session) -> list[Unmounted]:
    """Read which classes no schema leads to.

    The list is empty where there is no schema module, and where nobody can see what it mounts.
    """
    schemas = [code for code in read_schema_modules(session) if code.mounts]
    if not schemas:
        return []
    references = References(session, session.config["resources"])
    roots: list[tuple[str, str]] = []
    for code in schemas:
        for mount in code.mounts:
            places = [*references.places(code.path, mount.origin)]
            if any(references.file(path).makes(name) for path, name in places):
                return []
            # What a call makes of classes stands in none of the project's files.
            roots += places or [(code.path, ALL)]
    if not references.follow(roots):
        return []
    unmounted = list(_unreached(references, _operations(session, schemas[0].path)))
    if not unmounted:
        return []
    # A team may have a second schema, such as one for its administrators.
    other_schemas = [
        path
        for path in session.tree.tracked
        if is_code(path) and b"Schema(" in session.tree.read(path)
    ]
    others = [(path, ALL) for path in other_schemas if path not in {code.path for code in schemas}]
    return list(_unreached(references, unmounted)) if references.follow(others) else []


def _unreached(references: References, operations: list[Unmounted]) -> Iterator[Unmounted]:
    for operation in operations:
        declaration = operation.declaration
        path, label = declaration.spot.path, declaration.label
        if {(path, label), (path, ALL)} & references.reached:
            continue
        if label not in references.file(path).handed_on:
            yield operation


def _operations(session: Session, schema: str) -> list[Unmounted]:
    """The classes of the resources whose fields are queries or mutations."""
    return [
        Unmounted(declared, resource, declared.operation, schema)
        for resource, path in resource_files(session)
        for declared in read_code(session, path).declarations
        if declared.operation in ("query", "mutation") and declared.kind == "type"
        if declared.fields and not (declared.is_base or declared.label.startswith("_"))
    ]
