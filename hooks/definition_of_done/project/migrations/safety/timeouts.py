"""Finds the statements that may wait for a table without end, and let all others wait behind."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import deployment as deployments
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.advice import execute
from definition_of_done.project.migrations.safety.deployment import Deployment, shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.statements import Statement

_QUESTION = "a lock_timeout elsewhere\n"
# What switches it off again.
_OFF = regex(r"lock_timeout(?:(?:\s*=\s*|\s+to\s+)(?:'?0\w*'?|default))?\s*$", re.I)
_LOCAL = regex(r"local\b", re.I)
_TIMEOUT = "lock_timeout = '4s'"


class Timed:
    """A deployment, and whether anything else gives its connection a `lock_timeout`."""

    def __init__(self, session: Session, path: str) -> None:
        self.deployment = shared(session, path)
        self._session = session
        self._asks = False

    @property
    def is_set_elsewhere(self) -> bool:
        """True where env.py, what it imports or a file of settings names a `lock_timeout`."""
        self._asks = True
        return _is_set(self._session, self.deployment.path)

    @property
    def asked(self) -> Sequence[str]:
        """The questions about other files."""
        return [*self.deployment.asked, *([_QUESTION] if self._asks else [])]


def answers(session: Session, path: str, asked: Sequence[str]) -> object:
    """The answers to the questions."""
    others = [question for question in asked if question != _QUESTION]
    is_set = _QUESTION in asked and _is_set(session, path)
    return deployments.answers(session, path, others), is_set


def _is_set(session: Session, path: str) -> bool:
    from definition_of_done.project.migrations.safety.connections import sets_timeout

    return sets_timeout(session, path)


def endless_waits(timed: Timed) -> Iterator[Finding]:
    """Yield the first statement that takes an ACCESS EXCLUSIVE lock without a `lock_timeout`."""
    deployment = timed.deployment
    wanted = {found.kind for found in deployment.statements if _is_exclusive(found)}
    if not deployment.sent.is_seen:
        # What is called out of sight may set it.
        return
    for statement in deployment.judged(*wanted):
        if not _is_exclusive(statement) or _is_timed(deployment, statement):
            continue
        if not timed.is_set_elsewhere:
            yield _finding(deployment, statement)
        return


def _finding(deployment: Deployment, statement: Statement) -> Finding:
    what = _thing(statement)
    message = (
        f"an {statement.lock} lock on {what} is taken without a lock_timeout: while it waits for"
        f" the queries that run, all reads and writes of {what} wait behind it"
    )
    local = "" if statement.transaction is None else "LOCAL "
    first = execute(f"SET {local}{_TIMEOUT}")
    help = f"wait for a few seconds and try again: {first} before it"
    if deployment.transactions.env:
        help += f'; for all: connection.execute(sa.text("SET {_TIMEOUT}")) in '
        help += deployment.transactions.env
    return Finding(statement.spot, message, help, symbol=statement.table or statement.name or "")


def _thing(statement: Statement) -> str:
    return statement.table or f"the table of index {statement.name}"


def _is_exclusive(statement: Statement) -> bool:
    return statement.lock == kinds.ACCESS_EXCLUSIVE


def _is_timed(deployment: Deployment, statement: Statement) -> bool:
    """True where the migration sets a timeout that holds for the statement."""
    for found in reversed(deployment.statements[: deployment.statements.index(statement)]):
        text = found.condition if found.kind == kinds.SET else found.sql
        if "lock_timeout" not in (text or "").lower():
            continue
        is_local = bool(found.kind == kinds.SET and _LOCAL.match(text or ""))
        if not is_local or found.transaction == statement.transaction is not None:
            return not _OFF.search(text or "")
    return False
