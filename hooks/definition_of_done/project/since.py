"""Tells which migrations the setting `since` leaves out: nobody judges them any more."""

from __future__ import annotations

from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_migration


def is_left_out(session: Session, path: str) -> bool:
    """True where `since` leaves out a migration.

    Raises UsageError for a `since` that no migration has, and Unreadable, with the path, where the
    graph does not tell its ancestors.
    """
    if not session.config["since"] or not is_migration(session, path):
        return False
    from definition_of_done.project.migrations.ancestry.history import read_left_out

    return path in read_left_out(session).paths
