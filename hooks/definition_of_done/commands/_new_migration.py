"""`definition-of-done new migration TITLE`: the file in the template's shape, to be filled in."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.commands._title import printable_title

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from definition_of_done.engine.session import Session

HELP = "write a migration on top of the head, with upgrade and downgrade to fill in"
_TEMPLATE = '''\
"""{title}

Revision ID: {revision}
Revises:{revises}
Create Date: {day} 00:00:00.000000
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: str | None = {parent}
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the kind."""
    parser.add_argument("title", metavar="TITLE", help='what it does, e.g. "add vendor credits"')
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day it is of; default: today")
    parser.add_argument(
        "--folder",
        metavar="PATH",
        help="which of several folders of migrations it goes to; default: the only one",
    )


def draft(session: Session, options: argparse.Namespace) -> tuple[str, str]:
    """The path of the migration, and its text.

    Raises UsageError for a date that does not exist, a title without a word for the revision, a
    revision that exists, a folder without migrations, and where the parent is not certain.
    """
    from datetime import date

    day = options.date or date.today().isoformat()
    if not _is_date(day):
        raise UsageError(f"--date is no date since 2000: {day!r}; write it as YYYY-MM-DD")
    title = printable_title(options.title)
    revision = _revision(session, title)
    folder = _folder(session, options.folder)
    parent = _parent(session, folder, revision)
    text = _TEMPLATE.format(
        title=title.replace("\\", "\\\\").replace('"', "'"),
        revision=revision,
        revises=f" {parent}" if parent else "",
        day=day,
        parent=f'"{parent}"' if parent else "None",
    )
    return f"{folder}/{day.replace('-', '')}_{revision}.py", text


def _is_date(day: str) -> bool:
    from datetime import date

    try:
        return len(day) == 10 and date.fromisoformat(day).year >= 2000
    except ValueError:
        return False


def _revision(session: Session, title: str) -> str:
    """The title's words as a slug: as many as fit the longest revision."""
    from definition_of_done.project.migrations.slugs import fault, slug

    longest = session.config["revision-max-length"]
    revision = slug(title, longest)
    wrong = next(fault(revision, longest), None) if revision else "it has no word for a revision"
    if wrong:
        raise UsageError(
            f"the title {title!r} cannot be used: {wrong}; say in short English words what it does"
        )
    return revision


def _folder(session: Session, wanted: str | None) -> str:
    import os

    from definition_of_done.project.alembic import version_folders

    folders = version_folders(session).folders
    known = ", ".join(folders)
    if wanted is None and len(folders) > 1:
        raise UsageError(f"migrations stand in several folders: choose one with --folder: {known}")
    folder = folders[0] if wanted is None else os.path.normpath(wanted).replace(os.sep, "/")
    if folder not in folders:
        raise UsageError(f"--folder names no folder of migrations: {wanted!r}; there is {known}")
    if not os.path.isdir(session.tree.full(os.path.dirname(folder))):
        raise UsageError(f"no folder to put {folder} in: create it, or set versions")
    return folder


def _parent(session: Session, folder: str, revision: str) -> str | None:
    """The head of the folder's graph, None where the migration is the first one."""
    from definition_of_done.base.errors import Unreadable
    from definition_of_done.engine.git import names
    from definition_of_done.project.layout import is_migration
    from definition_of_done.project.migrations.graph import names as listed
    from definition_of_done.project.migrations.graph import read_heads

    for path in names(session.root, "ls-files", "-o", "-z", "--exclude-standard", folder):
        if is_migration(session, path):
            raise UsageError(f"{path} is not tracked: git add it, so that it counts as a parent")
    try:
        nodes, heads = read_heads(session, folder)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it first") from None
    existing = next((node for node in nodes if node.revision == revision), None)
    if existing:
        raise UsageError(f"revision {revision!r} stands in {existing.path}: give it another title")
    if not all(node.is_certain for node in nodes):
        raise UsageError("the head is not certain: a migration computes its revision or parent")
    if len(heads) > 1:
        raise UsageError(
            f"there are several heads, {listed(heads)}: put one after the other, or merge them"
            " with alembic merge heads, then run this again"
        )
    if nodes and not heads:
        raise UsageError("there is no head: the migrations go in a circle; mend that first")
    return heads[0].revision if heads else None
