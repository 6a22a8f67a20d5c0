"""Tells which databases a project talks to, by its URLs and by the dialects that it imports."""

from __future__ import annotations

from collections.abc import Iterable

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session, once
from definition_of_done.project.layout import is_test
from definition_of_done.project.settings import DATABASES

POSTGRESQL, MYSQL, SQLITE = DATABASES
# A folder with such a name holds what is of another of a project's databases.
OTHERS = {"sqlite", "mysql", "mariadb", "oracle", "mssql"}
_NAMES = rb"(postgres(?:ql)?|mysql|mariadb|sqlite|oracle|mssql|cockroachdb)"
_SURE = regex(_NAMES + rb"(?:\+\w+)?://|\bsqlalchemy\.dialects(?:\.|\s+import\s+\(?\s*)" + _NAMES)
# As in `URL.create("postgresql+asyncpg", ...)`.
_LIKELY = regex(rb"[\"']" + _NAMES + rb"\+\w+[\"']")
# Each name holds one of these. A search for plain bytes is fast.
_WORDS = (b"postgres", b"mysql", b"mariadb", b"sqlite", b"oracle", b"mssql", b"cockroachdb")
_SUFFIXES = (".py", ".ini", ".cfg", ".toml", ".yml", ".yaml", ".env", ".example", ".sh")


@once
def _named(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The databases that URLs and dialects name, and those of bare names of drivers.

    Tests may have one of their own.
    """
    paths = [
        path
        for path in session.tree.tracked
        if (path.endswith(_SUFFIXES) or ".env" in path) and not is_test(path)
    ]
    sure: set[bytes] = set()
    likely: set[bytes] = set()
    for _, data in session.tree.read_each(paths):
        if not any(word in data for word in _WORDS):
            continue
        sure |= {match[1] or match[2] for match in _SURE.finditer(data)}
        likely |= {match[1] for match in _LIKELY.finditer(data)}
    return _names(sure), _names(likely)


def database_of(session: Session) -> str:
    """The database of production, as it is set or the only server that is named; empty for none.

    SQLite beside a server is taken for that of a developer's machine.
    """
    if session.config.is_set("database"):
        return str(session.config["database"])
    sure, likely = _named(session)
    named = {MYSQL if name == "mariadb" else name for name in sure or likely}
    servers = named - {SQLITE}
    if len(servers) == 1:
        return servers.pop()
    return SQLITE if named == {SQLITE} else ""


def is_on_postgresql(session: Session) -> bool:
    """True where the project talks to PostgreSQL, as it is set or as its code tells."""
    if session.config.is_set("database"):
        return database_of(session) == POSTGRESQL
    return POSTGRESQL in _named(session)[0]


def version_of(session: Session) -> tuple[int, ...]:
    """The oldest version in use as numbers, empty where it is not set."""
    text = session.config["database-version"]
    return tuple(map(int, text.split("."))) if text else ()


def _names(found: Iterable[bytes]) -> frozenset[str]:
    names = (name.decode() for name in found)
    return frozenset(POSTGRESQL if name == "postgres" else name for name in names)
