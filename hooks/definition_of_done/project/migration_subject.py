"""Makes the subjects that read each migration by itself."""

from __future__ import annotations

from definition_of_done.engine.rule import FileSubject, nothing_else
from definition_of_done.project.layout import is_migration
from definition_of_done.project.overlooked import refuse_overlooked
from definition_of_done.project.since import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from definition_of_done.engine.session import Session

    Facts = TypeVar("Facts")

# The keys that tell which files are migrations to be judged.
FOLDERS = ("versions", "recursive", "alembic-config", "since")


def of_migrations(
    name: str,
    read: Callable[[Session, str], Facts],
    *,
    settings: Sequence[str] = FOLDERS,
    inputs: Callable[[Session, str], object] = nothing_else,
    answers: Callable[[Session, str, Sequence[str]], object] | None = None,
    judges: Callable[[Facts], bool] | None = None,
    sights: Sequence[str] = ("MIGRATIONS",),
) -> FileSubject[Facts]:
    """A subject that reads each migration by itself, but those that `since` leaves out."""
    return FileSubject(
        name,
        suffix=".py",
        concerns=is_migration,
        read=read,
        settings=settings,
        inputs=inputs,
        answers=answers,
        leaves_out=is_left_out,
        judges=judges,
        refuses=refuse_overlooked,
        sights=sights,
    )
