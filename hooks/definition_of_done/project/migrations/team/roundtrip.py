"""Runs migrations up, down and up again with the team's Alembic, on a throw-away database."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from typing import TypedDict

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.files import relative
from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.session import Session
from definition_of_done.project.alembic import ini_name
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.history import read_left_out, read_scans
from definition_of_done.project.migrations.files.migration import read_migration
from definition_of_done.project.migrations.team.team_alembic import alembic_home, ask, team_python
from definition_of_done.project.receipts import keep_roundtrip, tree_of

_ON_SQLITE = "; where SQLite cannot do it, name a database of the team's kind in roundtrip-url"
# A mode as `pg_locks` has it: AccessExclusiveLock.
_MODE = regex(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 99
_SECOND = "an upgrade after the downgrade"


class Entry(TypedDict, total=False):
    """The child's entry on one migration: its failure, or the differences that it leaves.

    A difference is kind, table, name, and the description before and after.
    """

    revision: str
    direction: str
    error: str
    path: str
    line: int
    differences: list[tuple[str, str, str, str | None, str | None]]


class Locked(TypedDict):
    """A statement of a migration, and the locks that it adds as table and mode.

    `ends` says that it runs outside of a transaction, where its locks end with it.
    """

    path: str
    line: int
    statement: str
    locks: list[tuple[str, str]]
    ends: bool


class Answer(TypedDict, total=False):
    """The child's answer: `fatal` alone, or all of the others.

    `unfilled` has the tables without rows, with the reason.
    """

    fatal: str
    backend: str
    trips: list[Entry]
    failed: Entry | None
    unfilled: dict[str, str]
    locks: list[Locked]


def read_roundtrip(session: Session) -> list[Finding]:
    """Run the project's migrations on a throw-away database; returns what went wrong.

    All migrations are upgraded from an empty database. Those of the change are also downgraded and
    upgraded again; with `roundtrip-all` all are. Those that `since` leaves out never are. With
    `roundtrip-rows` they meet rows, and with `roundtrip-locks` the session is told their locks.
    Raises NotEvaluated where there is no base, or where the work tree is not what is pushed. Raises
    UsageError where Alembic cannot be run at all.
    """
    if session.config["roundtrip-rows"] and session.config["roundtrip-reuse"]:
        raise UsageError("roundtrip-rows needs an empty database: leave roundtrip-reuse out")
    judged = _judged(session)
    before = tree_of(session.root)
    home = alembic_home(session)
    command = team_python(session, home)
    with tempfile.TemporaryDirectory(
        prefix="definition-of-done-", ignore_cleanup_errors=True
    ) as folder:
        url = os.path.expandvars(session.config["roundtrip-url"] or "")
        request = {
            "ini": ini_name(session),
            "url": url or f"sqlite:///{os.path.join(folder, 'roundtrip.db')}",
            "judged": list(judged),
            "reuse": session.config["roundtrip-reuse"],
            "rows": session.config["roundtrip-rows"],
            "locks": session.config["roundtrip-locks"],
        }
        answer: Answer = json.loads(ask(home, command, request))
    for migration in read_scans(session):
        # What ran was judged, and the report counts it.
        session.tree.read(migration.path)
    if "fatal" in answer:
        raise UsageError(answer["fatal"].removeprefix(os.path.realpath(session.root) + os.sep))
    session.remarks += _remarks(session, answer)
    findings = [*_findings(session, judged, answer)]
    if judged:
        keep_roundtrip(session, judged.keys(), before, code=1 if findings else 0)
    return findings


def _judged(session: Session) -> dict[str, str]:
    """The paths by revision of the migrations that are downgraded, too."""
    paths = {
        migration.revision: migration.path
        for migration in read_scans(session)
        if migration.revision
    }
    pushed = session.tree.commit
    if pushed and (
        stale := session.tree.stale([*paths.values(), session.config["alembic-config"]])
    ):
        raise NotEvaluated(f"the work tree's {stale[0]} is not the pushed one; check {pushed} out")
    left = read_left_out(session)
    paths = {name: path for name, path in paths.items() if path not in left.paths}
    if session.config["roundtrip-all"]:
        return paths
    try:
        branch = session.branch.changed_or_nothing()
    except NotEvaluated:
        advice = "no base; fetch the main branch, name it with --base, or say --all"
        raise NotEvaluated(advice) from None
    changed = {path for path, letter in branch.items() if letter != "D"}
    return {revision: path for revision, path in paths.items() if path in changed}


def _findings(session: Session, judged: dict[str, str], answer: Answer) -> Iterator[Finding]:
    backend = answer["backend"]
    for trip in answer["trips"]:
        if "error" in trip:
            rows = " with two rows in each table" if session.config["roundtrip-rows"] else ""
            yield _failure(session, trip, backend + rows)
            continue
        path, direction = judged[trip["revision"]], trip["direction"]
        spot = _direction(session, path, direction)
        for kind, table, name, old, new in trip["differences"]:
            label = f"{kind} {_label(kind, table, name)}"
            message = f"{_SECOND if direction == 'again' else direction} {_became(label, old, new)}"
            advice = "make downgrade undo what upgrade does, and nothing else"
            yield Finding(spot, message, advice, symbol=label)
    stopped = answer["failed"]
    if stopped is None:
        return
    if stopped["direction"] != "stopped":
        yield _failure(session, stopped, backend)
        return
    slug = stopped["revision"]
    message = f"what follows {slug!r} is not judged: the database is not as its upgrade left it"
    advice = "mend its downgrade first, and run this again"
    yield Finding(_direction(session, judged[slug], "downgrade"), message, advice, symbol=slug)


def _direction(session: Session, path: str, direction: str) -> Spot:
    migration = read_migration(path, session.tree.read(path))
    return migration.downgrade.spot if direction == "downgrade" else migration.upgrade.spot


def _label(kind: str, table: str, name: str) -> str:
    if not name or not table:
        return table or name
    return f"{table}.{name}" if kind == "column" else f"{name} of {table}"


def _became(label: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"leaves {label}"
    if new is None:
        return f"does not bring back {label}"
    return f"leaves {label} as {new or 'plain'!r}, and it was {old or 'plain'!r}"


def _failure(session: Session, failed: Entry, backend: str) -> Finding:
    path = relative(failed["path"], os.path.realpath(session.root))
    if path.startswith("../") or not is_migration(session, path):
        raise UsageError(f"{failed['path']}:{failed['line']}: {failed['error']}")
    excluded = session.config.excludes(path)
    if excluded or path in read_left_out(session).paths:
        raise UsageError(
            f"{path}:{failed['line']}: {failed['error']}; it is"
            f" {'excluded' if excluded else 'left out by since'}, but without it none of those"
            " that follow can be run"
        )
    direction = _SECOND if failed["direction"] == "again" else failed["direction"]
    message = f"{direction} fails on {backend}: {failed['error']}"
    advice = f"mend {path}{_ON_SQLITE if backend == 'sqlite' else ''}"
    return Finding(Spot(path, failed["line"]), message, advice, symbol=failed["revision"])


def _remarks(session: Session, answer: Answer) -> Iterator[str]:
    """Yield the tables that stayed empty, and the locks of each statement."""
    for table, reason in answer["unfilled"].items():
        yield f"no rows in {table}, so that nothing meets any: {reason}"
    for locked in answer["locks"]:
        place = f"{relative(locked['path'], os.path.realpath(session.root))}:{locked['line']}"
        statement = locked["statement"]
        shown = statement if len(statement) <= _LONGEST else f"{statement[:_LONGEST]}..."
        yield f"{place}: {shown}: {_locks(locked)}"


def _locks(locked: Locked) -> str:
    if locked["ends"]:
        return "outside of a transaction, its locks end with it"
    names = [f"{_MODE.sub(' ', mode[:-4]).upper()} on {table}" for table, mode in locked["locks"]]
    return f"adds {', '.join(names)}" if names else "adds no lock on a table"
