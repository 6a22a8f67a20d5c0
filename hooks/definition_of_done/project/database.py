"""Tells which databases a project talks to, by its URLs and by the dialects that it imports."""

from __future__ import annotations

import re

from definition_of_done.project.layout import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

POSTGRESQL = "postgresql"
_NAMES = rb"(postgres(?:ql)?|mysql|mariadb|sqlite|oracle|mssql|cockroachdb)"
_TOLD = re.compile(
    _NAMES + rb"(?:\+\w+)?://|\bsqlalchemy\.dialects(?:\.|\s+import\s+\(?\s*)" + _NAMES
)
_SUFFIXES = (".py", ".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".example", ".sh")


def databases(session: Session) -> frozenset[str]:
    """The kinds of databases that code and configuration name; tests may have one of their own."""
    return session.cache.keep("databases", lambda: _read(session))


def _read(session: Session) -> frozenset[str]:
    paths = [
        path
        for path in session.tree.tracked
        if (path.endswith(_SUFFIXES) or ".env" in path) and not is_test(path)
    ]
    found = set()
    for _, data in session.tree.read_each(paths):
        for match in _TOLD.finditer(data):
            name = (match[1] or match[2]).decode()
            found.add(POSTGRESQL if name == "postgres" else name)
    return frozenset(found)
