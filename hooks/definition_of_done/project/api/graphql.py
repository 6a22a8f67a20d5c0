"""The declarations of a Python file that uses Strawberry."""

from __future__ import annotations

from definition_of_done.project.api.declarations import GraphQLCode
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

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
