"""The declarations that a Python file makes with Strawberry."""

from __future__ import annotations

from definition_of_done.project.api.declarations import GraphQLCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

# Of a file without either word no part is Strawberry's, and none needs to be parsed.
_MARKS = (b"strawberry", b"Strawberry")


def read_graphql(path: str, data: bytes) -> GraphQLCode:
    """The facts of a Python file; raises Unreadable where it is not Python."""
    if not any(mark in data for mark in _MARKS):
        return GraphQLCode(path, ())
    from definition_of_done.project.api.strawberry import Reader
    from definition_of_done.readers.python import read_module

    return Reader(read_module(path, data)).read()


def read_code(session: Session, path: str) -> GraphQLCode:
    """The same of a file of the new side, read once."""
    return session.cache.keep(
        f"graphql {path}", lambda: read_graphql(path, session.tree.read(path))
    )
