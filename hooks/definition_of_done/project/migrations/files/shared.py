"""Reads a migration once for the subjects that judge it one after the other."""

from __future__ import annotations

from definition_of_done.project.migrations.files.migration import Migration, read_migration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session


# As many as a branch brings; a history of thousands is not kept.
_MOST = 16


def read_shared(session: Session, path: str) -> Migration:
    """Read a migration, and keep the last few that were read; raises Unreadable and OSError."""
    last: dict[tuple[str, bytes], Migration] = session.cache.keep("last migrations", dict)
    key = path, session.tree.read(path)
    if key not in last:
        if len(last) == _MOST:
            del last[next(iter(last))]
        last[key] = read_migration(*key)
    return last[key]
