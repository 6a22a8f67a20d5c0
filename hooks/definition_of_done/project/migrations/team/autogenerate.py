"""Has the team's Alembic write a migration from the difference between database and models."""

from __future__ import annotations

import json
import os

from definition_of_done.base.errors import UsageError
from definition_of_done.base.records import NamedTuple
from definition_of_done.project.alembic import ini_name
from definition_of_done.project.migrations.team.team_alembic import alembic_home, ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from definition_of_done.engine.session import Session


class Wanted(NamedTuple):
    """A migration to generate.

    `parent` is empty for the first one of a line. `section` is that of alembic.ini, and `arguments`
    are what env.py finds as its -x.
    """

    path: str
    title: str
    revision: str
    parent: str
    section: str
    arguments: Sequence[str]


def autogenerate(session: Session, python: list[str], wanted: Wanted) -> str | None:
    """The text of the migration as Alembic writes it, None where database and models agree.

    This runs the team's env.py and models with `python`, and reads their database. No file is left
    behind. Raises UsageError with the reason where Alembic stops.
    """
    home = alembic_home(session)
    full = session.tree.full(wanted.path)
    folder, name = os.path.split(full)
    request = {
        "ini": ini_name(session),
        "section": wanted.section,
        "arguments": list(wanted.arguments),
        "message": wanted.title,
        "revision": wanted.revision,
        "head": wanted.parent or "base",
        "folder": folder,
        "name": name.removesuffix(".py"),
    }
    had_folder = os.path.isdir(folder)
    path = full
    try:
        answer = json.loads(ask(home, python, request))
        if "fatal" in answer:
            root = os.path.realpath(session.root) + os.sep
            raise UsageError(answer["fatal"].removeprefix(root))
        if answer["path"] is None:
            return None
        path = answer["path"]
        with open(path, "rb") as stream:
            return stream.read().decode()
    except UnicodeDecodeError:
        raise UsageError("Alembic's template writes a file that is not UTF-8") from None
    finally:
        if os.path.lexists(path):
            os.unlink(path)
        if not had_folder and os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
