"""Finds the statements that may wait for a table without end, and let all others wait behind."""

from __future__ import annotations

import re
from contextlib import suppress

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.layout import is_migration, is_test
from definition_of_done.project.migrations.safety import deployment as deployments
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.advice import execute
from definition_of_done.project.migrations.safety.deployment import Deployment, shared
from definition_of_done.project.migrations.safety.hazards import Hazard
from definition_of_done.project.migrations.safety.imports import own_imports, package
from definition_of_done.project.migrations.safety.transactions import env_of
from definition_of_done.project.references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.statements import Statement

_NAME = b"lock_timeout"
_QUESTION = "a lock_timeout elsewhere\n"
_SETTINGS = (".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".sh", "Dockerfile")
# What switches it off again.
_OFF = re.compile(r"lock_timeout(?:\s*=\s*|\s+to\s+)(?:'?0\w*'?|default)\s*$", re.I)
_LOCAL = re.compile(r"local\b", re.I)
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


def endless_waits(timed: Timed) -> Iterator[Hazard]:
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
            yield _hazard(deployment, statement)
        return


def _hazard(deployment: Deployment, statement: Statement) -> Hazard:
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
    return Hazard(statement.spot, message, help, statement.table or statement.name or "")


def _thing(statement: Statement) -> str:
    return statement.table or f"the table of index {statement.name}"


def _is_exclusive(statement: Statement) -> bool:
    return statement.lock == kinds.ACCESS_EXCLUSIVE


def _is_timed(deployment: Deployment, statement: Statement) -> bool:
    """True where the migration sets a timeout that holds for the statement."""
    for found in reversed(deployment.statements[: deployment.statements.index(statement)]):
        text = found.condition if found.kind == kinds.SET else found.sql
        if _NAME.decode() not in (text or "").lower():
            continue
        is_local = bool(found.kind == kinds.SET and _LOCAL.match(text or ""))
        if not is_local or found.transaction == statement.transaction is not None:
            return not _OFF.search(text or "")
    return False


def _is_set(session: Session, path: str) -> bool:
    env = env_of(session, path)
    return session.cache.keep(f"lock_timeout of {env}", lambda: _is_named(session, env))


def _is_named(session: Session, env: str) -> bool:
    settings = [path for path in session.tree.tracked if path.endswith(_SETTINGS)]
    if any(_NAME in data for _, data in session.tree.read_each(settings)):
        return True
    if not env:
        return False
    if b"current_app" in session.tree.read_checked_out(env):
        # The engine is the application's, wherever that makes it.
        code = [path for path in session.tree.tracked if path.endswith(".py")]
        code = [path for path in code if not (is_test(path) or is_migration(session, path))]
    else:
        code = _behind(session, env)
    return any(_NAME in data for _, data in session.tree.read_each(code))


def _behind(session: Session, env: str) -> list[str]:
    """The path of env.py, and of all that it refers to."""
    names = own_imports(session, session.tree.read_checked_out(env))
    folders = {package(session, env, name) for name in names}
    reached = {env}
    for folder in {env.rpartition("/")[0], *folders}:
        references = References(session, folder)
        with suppress(Unreadable, OSError, RecursionError):
            references.follow([env])
        reached |= {path for path, _ in references.reached}
    return sorted(reached)
