"""Tells which databases a project talks to, by its URLs and by the dialects that it imports."""

from __future__ import annotations

from definition_of_done.base.errors import UsageError
from definition_of_done.base.expressions import regex
from definition_of_done.base.words import listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.engine.config import Config
    from definition_of_done.engine.session import Session

POSTGRESQL, MYSQL, SQLITE = KNOWN = ("postgresql", "mysql", "sqlite")
# A folder with such a name holds what is of another of a project's databases.
OTHERS = {"sqlite", "mysql", "mariadb", "oracle", "mssql"}
_VERSION = regex(r"\d+(?:\.\d+)*")


def databases(session: Session) -> frozenset[str]:
    """The kinds of databases that code and configuration name; tests may have one of their own."""
    return _named(session)[0]


def _named(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The databases that URLs and dialects name, and those of bare names of drivers."""

    def read() -> tuple[frozenset[str], frozenset[str]]:
        from definition_of_done.project.database_search import search_databases

        told, hinted = search_databases(session)
        return _names(told), _names(hinted)

    return session.cache.keep("databases", read)


def database_of(session: Session) -> str:
    """The database of production, as it is set or the only server that is named; empty for none.

    SQLite beside a server is taken for that of a developer's machine.
    """
    if session.config.is_set("database"):
        return str(session.config["database"])
    told, hinted = _named(session)
    named = {MYSQL if name == "mariadb" else name for name in told or hinted}
    servers = named - {SQLITE}
    if len(servers) == 1:
        return servers.pop()
    return SQLITE if named == {SQLITE} else ""


def is_on_postgresql(session: Session) -> bool:
    """True where the project talks to PostgreSQL, as it is set or as its code tells."""
    if session.config.is_set("database"):
        return database_of(session) == POSTGRESQL
    return POSTGRESQL in databases(session)


def version_of(session: Session) -> tuple[int, ...]:
    """The oldest version in use as numbers, empty where it is not set."""
    text = session.config["database-version"]
    return tuple(map(int, text.split("."))) if text else ()


def refuse_database(config: Config, where: str) -> None:
    """Raise UsageError for a database that is not known, and for what is no version."""
    name, version = config["database"], config["database-version"]
    if name is not None and name not in KNOWN:
        known = nearest(name, KNOWN) or f": {listed(KNOWN, 'or')}"
        raise UsageError(f"{where}: database: unknown database {name!r}{known}")
    if version is not None and not _VERSION.fullmatch(version):
        raise UsageError(f"{where}: database-version must be a version as '15', not {version!r}")


def _names(found: Iterable[bytes]) -> frozenset[str]:
    names = (name.decode() for name in found)
    return frozenset(POSTGRESQL if name == "postgres" else name for name in names)
