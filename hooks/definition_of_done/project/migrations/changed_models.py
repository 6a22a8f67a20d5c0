"""Reads how the branch changes the tables that SQLAlchemy models declare."""

from __future__ import annotations

import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.layout import (
    changed_code,
    is_code,
    is_migration,
    is_migration_anywhere,
    shows_migration,
)
from definition_of_done.project.migrations.model_comparison import Difference, added_tables, compare
from definition_of_done.project.migrations.models import Table, read_models
from definition_of_done.readers.python import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

_MARKS = (b"mapped_column", b"Column(", b"Mapped[", b"table=True", b"Table(", b"__tablename__")


def read_models_changed(session: Session) -> list[Difference]:
    """Read the changes of the models; there are none where the branch has a migration.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    changed = session.branch.changed_or_nothing()
    written = [path for path, letter in changed.items() if letter != "D"]
    if any(is_migration_anywhere(session, path) for path in written):
        return []
    if not any(is_migration(session, path) for path in session.tree.tracked):
        return []
    return [*compare(*_sides(session), lambda mixin: _has_heirs(session, mixin))]


def _has_heirs(session: Session, mixin: str) -> bool:
    """True where several classes of the project inherit from one."""
    heir = re.compile(rb"^class \w+\([^)]*\b" + re.escape(mixin.encode()) + rb"\b", re.M)
    paths = [path for path in session.tree.tracked if is_code(path)]
    found = (heir.findall(data) for _, data in session.tree.read_each(paths))
    return sum(map(len, found)) > 1


def read_new_tables(session: Session) -> list[Table]:
    """Read the tables that the branch adds.

    Raises NotEvaluated where there is no base, and Unreadable for a file that is not Python.
    """
    return [*added_tables(*_sides(session))]


def _sides(session: Session) -> tuple[list[Table], list[Table]]:
    """The tables of the changed files before and after."""
    old: list[Table] = []
    new: list[Table] = []
    for path, letter in changed_code(session).items():
        now = (
            read_tables(path, session.tree.read(path))
            if letter != "D" and session.tree.exists(path)
            else []
        )
        if letter != "A":
            try:
                old += read_tables(path, session.branch.read_before(path))
            except Unreadable:
                # A file that was not Python cannot be compared.
                continue
        new += now
    return old, new


def read_tables(path: str, data: bytes) -> list[Table]:
    """Read the tables that a file's models declare, and none of a migration.

    Raises Unreadable where the file is not Python.
    """
    if not any(mark in data for mark in _MARKS) or shows_migration(data):
        return []
    return read_models(read_module(path, data))
