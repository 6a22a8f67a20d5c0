"""The Python code of the new side, for searches of names."""

from __future__ import annotations

from definition_of_done.project.layout import is_test, named_layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from definition_of_done.engine.session import Session


def read_sources(session: Session, without: Collection[str] = ()) -> Iterator[bytes]:
    """Yield the bytes of each Python file that is no test; what nobody else read is forgotten.

    Files of the layers `without` are left out.
    """
    read_before = session.tree.paths_read
    for path in session.tree.tracked:
        if is_source(session, path, without) and session.tree.exists(path):
            yield session.tree.read(path)
            if path not in read_before:
                session.tree.forget(path)


def is_source(session: Session, path: str, without: Collection[str]) -> bool:
    """True for a Python file that is no test, and of no layer `without`."""
    if not path.endswith(".py") or is_test(path):
        return False
    return not without or named_layer(session, path) not in without
