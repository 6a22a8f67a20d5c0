"""The project's GraphQL: what files declare, what the schema module mounts, what is exported."""

from __future__ import annotations

from definition_of_done.base.text import decode
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.declarations import Declaration, Field, GraphQLCode, camel_case
from definition_of_done.project.references import References
from definition_of_done.readers.graphql import (
    Schema,
    pack_schema,
    read_names,
    read_schema,
    unpack_schema,
)
from definition_of_done.readers.python import read_module

# A file without either word does not use Strawberry, and need not be parsed.
_MARKS = (b"strawberry", b"Strawberry")


def read_graphql(path: str, data: bytes) -> GraphQLCode:
    """Read the declarations of a file; raise Unreadable where it is not Python."""
    if not any(mark in data for mark in _MARKS):
        return GraphQLCode(path, ())
    from definition_of_done.project.api.strawberry import DeclarationReader

    return DeclarationReader(read_module(path, data)).read()


def read_code(session: Session, path: str) -> GraphQLCode:
    """Read the declarations of a file of the new side, once a run; raise Unreadable."""
    return session.cache.keep(
        f"graphql {path}", lambda: read_graphql(path, session.tree.read(path))
    )


def shown_names(session: Session, field: Field) -> tuple[str, ...]:
    """The names by which the API may show a field.

    There is one, or two where a name converter of the project's own decides.
    """
    camel = next((code.camel_case for code in read_schema_modules(session)), True)
    if camel or field.name != camel_case(field.attribute):
        return (field.name,)
    return (field.attribute,) if camel is False else (field.name, field.attribute)


def operation_of(session: Session, declaration: Declaration) -> str | None:
    """The operation whose fields a class has, by its own file or as the schema module mounts it."""
    if declaration.operation or declaration.kind != "type":
        return declaration.operation
    return _read_mounted(session).get((declaration.spot.path, declaration.label))


@once
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
    """The file and the name of a class, where the file of its module has it: most have."""
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
