"""The classes of queries and mutations that no schema is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_schema_modules
from definition_of_done.project.api.declarations import Declaration
from definition_of_done.project.api.graphql import read_code
from definition_of_done.project.api.references import ALL, References
from definition_of_done.project.api.resources import resource_files
from definition_of_done.project.layout import is_test


class Unmounted(NamedTuple):
    """A class, its resource, its operation, and the module that should mount it."""

    declaration: Declaration
    resource: str
    operation: str
    schema: str


def read_unmounted(session: Session) -> list[Unmounted]:
    """The classes that no schema leads to.

    Empty where there is no schema module, and where what it mounts cannot be seen. Raises
    Unreadable for a file that is not Python.
    """
    schemas = [one for one in read_schema_modules(session) if one.mounts]
    if not schemas:
        return []
    references = References(session, session.config["resources"])
    if not references.follow(one.path for one in schemas):
        return []
    for code in schemas:
        for one in code.mounts:
            places = references.places(code.path, one.origin)
            if any(references.file(path).makes(name) for path, name in places):
                return []
    found = list(_without(references, _operations(session, schemas[0].path)))
    if not found:
        return []
    # A team may have a second schema, for its administrators, beside the first.
    others = [
        path
        for path in session.tree.tracked
        if path.endswith(".py") and not is_test(path) and b"Schema(" in session.tree.read(path)
    ]
    return list(_without(references, found)) if references.follow(others) else []


def _without(references: References, operations: list[Unmounted]) -> Iterator[Unmounted]:
    for one in operations:
        declaration = one.declaration
        path, label = declaration.spot.path, declaration.label
        if {(path, label), (path, ALL)} & references.reached:
            continue
        if label not in references.file(path).handed_on:
            yield one


def _operations(session: Session, schema: str) -> list[Unmounted]:
    """The classes of the resources whose fields are queries or mutations."""
    found = []
    for resource, path in resource_files(session):
        for one in read_code(session, path).declarations:
            if one.kind != "type" or one.is_base or not one.fields or one.label.startswith("_"):
                continue
            if one.operation in ("query", "mutation"):
                found.append(Unmounted(one, resource, one.operation, schema))
    return found
