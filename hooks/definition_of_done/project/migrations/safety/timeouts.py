"""Finds the statements that may wait for a table without end, and let all others wait behind.

The connection of migrations may have a `lock_timeout` before they run.
"""

from __future__ import annotations

import posixpath
import re

from definition_of_done.base.expressions import regex
from definition_of_done.engine.finding import Finding
from definition_of_done.project.alembic import tracked_migrations
from definition_of_done.project.layout import is_test
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.advice import execute
from definition_of_done.project.migrations.safety.own_code import package
from definition_of_done.project.migrations.safety.transactions import env_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.session import Session
    from definition_of_done.project.migrations.safety.deployment import Deployment
    from definition_of_done.project.migrations.safety.statements import Statement

# What switches it off again.
_OFF = regex(r"lock_timeout(?:(?:\s*=\s*|\s+to\s+)(?:'?0\w*'?|default))?\s*$", re.I)
_LOCAL = regex(r"local\b", re.I)
_TIMEOUT = "lock_timeout = '4s'"
_NAME = b"lock_timeout"
_SETTINGS = (".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".sh", "Dockerfile")
# As a word of its own; an option of libpq may come before it.
_NAMED = regex(rb"(?:(?<!\w)|-c|%20)lock_timeout\b")
# Code with one of these before it gives it to each new connection.
_CONNECTS = regex(rb"connect|engine|options|server_settings|-c\b")
_NEAR = 300
_IMPORTS = regex(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+\(?([\w\s,]*)|import[ \t]+([\w.]+))", re.M
)
_MOST = 200


def endless_waits(deployment: Deployment) -> Iterator[Finding]:
    """Yield the first statement that takes an ACCESS EXCLUSIVE lock without a `lock_timeout`."""
    wanted = {found.kind for found in deployment.statements if _is_exclusive(found)}
    if not deployment.sent.is_seen:
        # What is called out of sight may set it.
        return
    for statement in deployment.judged(*wanted):
        if not _is_exclusive(statement) or _is_timed(deployment, statement):
            continue
        if not deployment.has_timeout:
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
    for found in deployment.earlier(statement):
        text = found.condition if found.kind == kinds.SET else found.sql
        if "lock_timeout" not in (text or "").lower():
            continue
        is_local = bool(found.kind == kinds.SET and _LOCAL.match(text or ""))
        if not is_local or found.transaction == statement.transaction is not None:
            return not _OFF.search(text or "")
    return False


def is_set_elsewhere(session: Session, path: str) -> bool:
    """True where env.py, what it imports or a file of settings names a `lock_timeout`."""
    env = env_of(session, path)
    return session.cache.keep(f"lock_timeout of {env}", lambda: _is_named(session, env))


def _is_named(session: Session, env: str) -> bool:
    settings = [path for path in session.tree.tracked if path.endswith(_SETTINGS)]
    if any(_NAME in data and _NAMED.search(data) for _, data in session.tree.read_each(settings)):
        return True
    if not env:
        return False
    data = session.tree.read_checked_out(env)
    if _NAMED.search(data):
        return True
    migrations = set(tracked_migrations(session))
    code = [
        path
        for path in session.tree.tracked
        if path.endswith(".py") and path not in migrations and not is_test(path)
    ]
    connecting = {
        path
        for path, text in session.tree.read_each(code)
        if _NAME in text and _connects_with(text)
    }
    # The engine may be the application's, wherever that makes it.
    return bool(connecting) and (b"current_app" in data or _reaches(session, env, connecting))


def _connects_with(data: bytes) -> bool:
    """True where code names it beside a connection, and not for a transaction of a request."""
    for found in _NAMED.finditer(data):
        before = data[max(0, found.start() - _NEAR) : found.end()]
        if _CONNECTS.search(before) and b"LOCAL lock" not in before[-18:]:
            return True
    return False


def _reaches(session: Session, env: str, wanted: set[str]) -> bool:
    """True where imports lead from env.py to one of these files."""
    seen, waiting = {env}, [env]
    for path in waiting:
        data = next((data for _, data in session.tree.read_each([path])), b"")
        found = {place for place in _imported(session, path, data) if place not in seen}
        if not found.isdisjoint(wanted):
            return True
        seen |= found
        if len(seen) < _MOST:
            waiting += sorted(found)
    return False


def _imported(session: Session, path: str, data: bytes) -> Iterator[str]:
    """Yield the files of the project that a file may import."""
    for module, names, plain in _IMPORTS.findall(data):
        dotted = (module or plain).decode()
        inside = dotted.lstrip(".")
        above = posixpath.dirname(path)
        for _ in range(len(dotted) - len(inside) - 1):
            above = posixpath.dirname(above)
        first, _, rest = inside.partition(".")
        stem = posixpath.join(above, inside.replace(".", "/"))
        if inside == dotted:
            stem = posixpath.join(package(session, path, first), rest.replace(".", "/"))
        stem = stem.rstrip("/")
        stems = [stem, *(posixpath.join(stem, name) for name in re.findall(r"\w+", names.decode()))]
        for place in stems:
            for file in (f"{place}.py", f"{place}/__init__.py"):
                if file in session.tree.tracked_set:
                    yield file
