"""Searches a project's code and configuration for the databases that they name."""

from __future__ import annotations

from definition_of_done.base.expressions import regex
from definition_of_done.project.layout import is_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

_NAMES = rb"(postgres(?:ql)?|mysql|mariadb|sqlite|oracle|mssql|cockroachdb)"
_TOLD = regex(_NAMES + rb"(?:\+\w+)?://|\bsqlalchemy\.dialects(?:\.|\s+import\s+\(?\s*)" + _NAMES)
# As in `URL.create("postgresql+asyncpg", ...)`.
_DRIVER = regex(rb"[\"']" + _NAMES + rb"\+\w+[\"']")
# Each name holds one of these. A search for plain bytes is fast.
_WORDS = (b"postgres", b"mysql", b"mariadb", b"sqlite", b"oracle", b"mssql", b"cockroachdb")
_SUFFIXES = (".py", ".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".example", ".sh")


def search_databases(session: Session) -> tuple[set[bytes], set[bytes]]:
    """The names in URLs and imports of dialects, and those in bare names of drivers."""
    paths = [
        path
        for path in session.tree.tracked
        if (path.endswith(_SUFFIXES) or ".env" in path) and not is_test(path)
    ]
    told, hinted = set(), set()
    for _, data in session.tree.read_each(paths):
        if not any(word in data for word in _WORDS):
            continue
        told |= {match[1] or match[2] for match in _TOLD.finditer(data)}
        hinted |= {match[1] for match in _DRIVER.finditer(data)}
    return told, hinted
