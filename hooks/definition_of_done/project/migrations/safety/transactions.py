"""Reads from env.py how Alembic puts migrations into transactions."""

from __future__ import annotations

import ast

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.migrations.source.sql import called
from definition_of_done.readers.python import read_module

_PER_MIGRATION, _TRANSACTIONAL = "transaction_per_migration", "transactional_ddl"


class Transactions(NamedTuple):
    """The transactions of the migrations of a project; None where that cannot be seen.

    `per_migration` says that each has a transaction of its own, `are_used` that there are any.
    `env` is the path of env.py, empty where there is none.
    """

    per_migration: bool | None = None
    are_used: bool | None = True
    env: str = ""


def read_transactions(session: Session, path: str) -> Transactions:
    """Read how a migration is run, by the env.py above it."""
    env = env_of(session, path)
    if not env:
        return Transactions()
    return session.cache.keep(
        f"transactions of {env}", lambda: _read(env, session.tree.read_checked_out(env))
    )


def env_of(session: Session, path: str) -> str:
    """The path of the env.py that runs a migration, empty where there is none."""
    folder = path.rpartition("/")[0]
    return session.cache.keep(f"env.py above {folder}", lambda: _above(session, folder))


def _above(session: Session, folder: str) -> str:
    env = f"{folder}/env.py" if folder else "env.py"
    if session.tree.exists(env):
        return env
    return _above(session, folder.rpartition("/")[0]) if folder else ""


def _read(env: str, data: bytes) -> Transactions:
    if b"AUTOCOMMIT" in data:
        return Transactions(None, None, env)
    try:
        tree = read_module(env, data).tree
    except Unreadable:
        return Transactions(None, None, env)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "configure"
    ]
    online = [call for call in calls if _gives(call, "connection")] or calls
    if not online:
        return Transactions(None, True, env)
    return Transactions(
        _value(online, _PER_MIGRATION, default=False),
        _value(online, _TRANSACTIONAL, default=True),
        env,
    )


def _gives(call: ast.Call, name: str) -> bool:
    return any(keyword.arg == name for keyword in call.keywords)


def _value(calls: list[ast.Call], name: str, *, default: bool) -> bool | None:
    """The value that all calls give a keyword, None where one computes it or they differ."""
    found: set[object] = set()
    for call in calls:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in given:
            found.add(getattr(given[name], "value", None))
        else:
            found.add(None if None in given else default)
    only = found.pop() if len(found) == 1 else None
    return only if isinstance(only, bool) else None
