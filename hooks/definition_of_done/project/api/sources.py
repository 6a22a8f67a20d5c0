"""The Python code of the new side, for searches of names."""

from __future__ import annotations

from definition_of_done.project.layout import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session


def read_sources(session: Session) -> Iterator[bytes]:
    """Yield the bytes of each Python file that is no test; what nobody else read is forgotten."""
    read_before = session.tree.paths_read
    for path in session.tree.tracked:
        if path.endswith(".py") and not is_test(path) and session.tree.exists(path):
            yield session.tree.read(path)
            if path not in read_before:
                session.tree.forget(path)
