"""Files that look like migrations and that no rule judges, as no setting names their folder."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.candidates import folder_of, is_own, own_files
from definition_of_done.project.layout import is_migration, shows_migration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session


def refuse_overlooked(session: Session, path: str) -> None:
    """Raise UsageError for a file that shows a migration outside of the folders that are known.

    A test is none, nor is an example, a file of a vendored package, or one that is excluded.
    """
    if not path.endswith(".py") or is_migration(session, path):
        return
    if not is_own(path) or session.config.excludes(path) or not session.tree.exists(path):
        return
    try:
        is_shown = shows_migration(session.tree.read(path))
    except OSError:
        return
    if is_shown:
        _refuse(session, path)


def refuse_blindness(session: Session) -> None:
    """Raise UsageError where no migration is known, and a file shows that there are some."""
    if any(is_migration(session, path) for path in session.tree.tracked):
        return
    for path, data in session.tree.read_each(own_files(session, ".py")):
        if shows_migration(data):
            _refuse(session, path)


def _refuse(session: Session, path: str) -> None:
    folder = version_folders(session).innermost(path)
    if not folder:
        raise UsageError(
            f"{path} looks like a migration, and no setting names its folder: set versions or"
            " alembic-config in [tool.definition-of-done], or exclude it"
        )
    if _is_empty(session, folder):
        raise UsageError(
            f"no migration lies directly in {folder}, and {path} lies deeper: set recursive = true"
            " in [tool.definition-of-done], or name its folder in versions"
        )


def _is_empty(session: Session, folder: str) -> bool:
    """True where no migration lies directly in a folder, so that Alembic would find none there."""

    def look() -> bool:
        direct = [path for path in session.tree.tracked if (folder_of(path) or ".") == folder]
        return not any(is_migration(session, path) for path in direct)

    return session.cache.keep(f"no migration in {folder}", look)
