"""The migrations that the branch adds."""

from __future__ import annotations

from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.history import read_left_out
from definition_of_done.project.migrations.files.shared import read_shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.files.migration import Migration


def read_branch_migrations(session: Session) -> list[Migration]:
    """Read the migrations that the branch adds, by path; those that `since` leaves out are not."""

    def read() -> list[Migration]:
        added = [
            path
            for path, letter in sorted(session.branch.changed_or_nothing().items())
            if letter == "A" and is_migration(session, path) and not session.config.excludes(path)
        ]
        left = read_left_out(session).paths if added else ()
        found = (read_shared(session, path) for path in added if path not in left)
        return [migration for migration in found if migration.revision]

    return session.cache.keep("migrations of the branch", read)
