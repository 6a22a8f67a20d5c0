"""`definition-of-done new migration TITLE`: the file in the template's shape, to be filled in."""

from __future__ import annotations

import os
import re
import sys
from datetime import date, datetime
from uuid import uuid4

from definition_of_done.base.errors import Unreadable, UsageError
from definition_of_done.base.words import listed, nearest, write
from definition_of_done.commands.options import printable_title
from definition_of_done.engine.fixing import run_and_fix
from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.writing import refuse_existing, target
from definition_of_done.project.alembic import version_folders
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.graph import Line, names, read_lines
from definition_of_done.project.migrations.ancestry.history import read_scans
from definition_of_done.project.migrations.files.migration import with_docstring
from definition_of_done.project.migrations.files.slugs import fault, slug
from definition_of_done.project.migrations.shapes.filename_form import filename_form
from definition_of_done.project.migrations.team.team_alembic import (
    alembic_home,
    autogenerate,
    team_python,
)
from definition_of_done.project.patterns import HASH, SLUG
from definition_of_done.rules.migrations.subjects import MIGRATION, SHAPED_MIGRATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.ancestry.history import Scan

HELP = "write a migration on top of the head, with upgrade and downgrade to fill in"
_TEMPLATE = '''\
"""{title}

Revision ID: {revision}
Revises:{revises}
Create Date: {created:%Y-%m-%d %H:%M:%S.%f}
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "{revision}"
down_revision: {kind} = {parents}
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
    parser.add_argument(
        "--revision",
        metavar="REVISION",
        help="its revision, as Alembic's --rev-id; default: one that revision-pattern asks for",
    )
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day it is of; default: today")
    parser.add_argument(
        "--folder",
        metavar="PATH",
        help="which of several folders of migrations it goes to; default: the only one",
    )
    line = parser.add_mutually_exclusive_group()
    line.add_argument(
        "--parent",
        metavar="REVISION",
        help="which of several heads it comes after; default: the only one",
    )
    line.add_argument(
        "--label",
        metavar="LABEL",
        help="the branch label of the line that it continues; default: any",
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--merge", action="store_true", help="join several heads, as `alembic merge heads` does"
    )
    kind.add_argument(
        "--autogenerate",
        action="store_true",
        help="run the team's Alembic, its env.py and models, to fill it in from what the database"
        " lacks; nothing is left behind where that fails",
    )
    parser.add_argument(
        "-x",
        metavar="ARGUMENT",
        action="append",
        default=[],
        help="with --autogenerate: what env.py gets as alembic's -x; default: none (repeatable)",
    )
    parser.add_argument(
        "--name",
        metavar="SECTION",
        default="alembic",
        help="with --autogenerate: the section of alembic.ini; default: alembic",
    )


def draft(session: Session, options: argparse.Namespace) -> tuple[str, str] | None:
    """The path of the migration, and its text; None where Alembic finds nothing to do.

    Raises UsageError for a date that does not exist, a title without a word for the revision, a
    revision that exists or has another form, a filename that is not certain, a folder without
    migrations, where the parent is not certain, and where Alembic fails.
    """
    title = printable_title(options.title)
    folder = _folder(session, options.folder)
    form = filename_form(session, f"{folder}/")
    created = _created(options.date, has_time=form.shows_time)
    revision = _revision(session, title, options.revision)
    parents = _parents(session, folder, revision, options)
    name = form.new_name(revision, title, created)
    if not name:
        raise UsageError(
            "filename-pattern does not tell the name of a new migration: write it as a template,"
            " such as %(rev)s_%(slug)s"
        )
    path = f"{folder}/{name}"
    shown = title.replace("\\", "\\\\").replace('"', "'")
    revises = ", ".join(parents)
    quoted = [f'"{parent}"' for parent in parents]
    empty = _TEMPLATE.format(
        title=shown,
        revision=revision,
        revises=f" {revises}" if revises else "",
        created=created,
        kind="str | Sequence[str] | None" if len(parents) > 1 else "str | None",
        parents=f"({', '.join(quoted)})" if len(parents) > 1 else "".join(quoted) or "None",
    )
    text = _generated(session, options, path, (shown, revision, revises), empty)
    return None if text is None else (path, text)


def _generated(
    session: Session,
    options: argparse.Namespace,
    path: str,
    words: tuple[str, str, str],
    empty: str,
) -> str | None:
    """The text that Alembic writes where it is asked to, with the docstring of `empty` if none."""
    if not options.autogenerate:
        return empty

    refuse_existing(session, path)
    target(session, path)
    python = team_python(session, alembic_home(session))
    sys.stderr.write("running the team's Alembic: env.py and the models are executed\n")
    text = autogenerate(session, python, path, words, section=options.name, arguments=options.x)
    if text is None:
        write("nothing to do: the database has what the models declare\n")
        return None
    try:
        return with_docstring(path, text, empty[: empty.index('"""', 3) + 4])
    except Unreadable as error:
        raise UsageError(
            f"Alembic's template makes a file that is broken in line {error.line}: {error.message}"
        ) from None


def finish(session: Session, path: str) -> str:
    """Mend what is certain in the new file: what a template lacks, and what Alembic leaves."""
    subjects = (MIGRATION, SHAPED_MIGRATION)
    rules = [rule for rule in all_rules() if rule.fixes and rule.subject in subjects]
    run_and_fix(session, rules, [path])
    return ""


def _created(day: str | None, *, has_time: bool) -> datetime:
    """The start of the day; the present time where the day is not given and filenames show it."""
    if day is None and has_time:
        return datetime.now()
    day = day or date.today().isoformat()
    try:
        created = datetime.fromisoformat(day)
    except ValueError:
        created = datetime.min
    if len(day) != 10 or created.year < 2000:
        raise UsageError(f"--date is no date since 2000: {day!r}; write it as YYYY-MM-DD")
    return created


def _revision(session: Session, title: str, given: str | None) -> str:
    """The given revision, else one of the team's form: the title's words as a slug, or a hash."""
    longest, form = session.config["revision-max-length"], session.config["revision-pattern"]
    # As Alembic makes them.
    made = given or (uuid4().hex[-12:] if form == HASH else slug(title, longest))
    number = _next_number(session) if form not in (HASH, SLUG) and made and not given else ""
    if number and next(fault(made, longest, form), None):
        made = number + slug(title, longest - len(number))
    wrong = next(fault(made, longest, form), None) if made else "it has no word for a revision"
    if not wrong:
        return made
    if given or form != SLUG:
        raise UsageError(f"{wrong}: give another one with --revision")
    raise UsageError(
        f"the title {title!r} cannot be used: {wrong}; say in short English words what it does"
    )


def _next_number(session: Session) -> str:
    """The number after the highest with which a revision starts, as 0109_; empty without one."""
    found = (re.match("[0-9]{1,18}(?=_)", node.revision or "") for node in read_scans(session))
    last = max((each[0] for each in found if each), key=int, default="")
    return f"{int(last) + 1:0{len(last)}}_" if last else ""


def _folder(session: Session, wanted: str | None) -> str:
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


def _parents(
    session: Session, folder: str, revision: str, options: argparse.Namespace
) -> list[str]:
    """The revisions that the migration comes after, none where it is the first one."""
    for path in session.tree.untracked(folder):
        if is_migration(session, path):
            raise UsageError(f"{path} is not tracked: git add it, so that it counts as a parent")
    try:
        nodes, lines = read_lines(session, folder)
    except Unreadable as error:
        place = f"{error.path}:{error.line}:{error.column}"
        raise UsageError(f"{place}: {error.message}; mend it first") from None
    existing = next((node for node in nodes if node.revision == revision), None)
    if existing:
        raise UsageError(f"revision {revision!r} stands in {existing.path}: give it another title")
    if not all(node.is_certain for node in nodes):
        raise UsageError("the head is not certain: a migration computes its revision or parent")
    if nodes and not lines:
        raise UsageError("there is no head: the migrations go in a circle; mend that first")
    heads = _chosen(lines, options)
    return [head.revision for head in heads if head.revision]


def _chosen(lines: Sequence[Line], options: argparse.Namespace) -> Sequence[Scan]:
    """The head that the options mean, or the heads that are to be joined."""
    every = [head for line in lines for head in line.heads]
    if options.parent:
        found = [head for head in every if head.revision == options.parent]
        if not found or options.merge:
            known = f"the heads are {names(every)}" if every else "there is none"
            raise UsageError(f"--parent must name the one head to come after: {known}")
        return found
    if options.label:
        known_labels = {label for line in lines for label in line.labels}
        lines = [line for line in lines if options.label in line.labels]
        if not lines:
            hint = nearest(options.label, known_labels)
            raise UsageError(f"no line has the branch label {options.label!r}{hint}")
    heads = [head for line in lines for head in line.heads]
    if options.merge:
        if len(lines) > 1:
            own = listed([" and ".join(sorted(line.labels)) or "none" for line in lines])
            raise UsageError(f"lines of different labels stay apart ({own}): choose --label")
        if len(heads) < 2:
            raise UsageError("there is one head at most: nothing is to be merged")
        return heads
    if len(heads) > 1:
        advice = (
            "put one after the other, or merge them with alembic merge heads, then run this again"
            if len(lines) == 1
            else "choose a line with --label, or a head with --parent"
        )
        raise UsageError(f"there are several heads, {names(heads)}: {advice}")
    return heads
