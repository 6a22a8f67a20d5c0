"""Runs the team's own Alembic, with the team's interpreter: a round trip, or a new migration.

This is a script: the team's environment does not hold our package. It reads the request from the
first line of standard input and writes one JSON object to standard output. It stops when standard
input ends: whoever asked is gone then.

On a round trip every connection that the team's code opens through SQLAlchemy goes to the database
of the request, whatever its own settings say, or is refused. For a new migration the database of
the team's settings is compared with the models.
"""

from __future__ import annotations

import _thread
import argparse
import json
import os
import re
import runpy
import signal
import sys
import threading
from typing import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import FrameType
    from typing import TypeAlias, TypedDict, TypeVar

    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import Script
    from sqlalchemy import Connection, Inspector
    from sqlalchemy.engine import URL, Dialect, Engine
    from sqlalchemy.engine.interfaces import ReflectedColumn
    from sqlalchemy.pool import ConnectionPoolEntry

    # What a database holds: (kind, table, name) to a description that differs when the thing does.
    Schema: TypeAlias = dict[tuple[str, str, str], str]
    Described: TypeAlias = Iterator[tuple[tuple[str, str, str], str]]
    # What SQLAlchemy's reflection tells of one thing.
    Record: TypeAlias = Mapping[str, object]
    # One entry of the answer.
    Entry: TypeAlias = dict[str, object]
    Reply = TypeVar("Reply")

    class Request(TypedDict):
        """The request: Alembic's configuration, the database, and the revisions to judge."""

        ini: str
        url: str
        judged: list[str]
        reuse: bool
        rows: bool
        locks: bool

    class Wanted(TypedDict):
        """The request for a new migration: what `alembic revision --autogenerate` is told."""

        ini: str
        section: str
        arguments: list[str]
        message: str
        revision: str
        head: str
        folder: str
        name: str


_ASYNC_DRIVERS = {
    "sqlite": ("aiosqlite",),
    "postgresql": ("asyncpg", "psycopg"),
    "mysql": ("aiomysql", "asyncmy"),
}
_SYNC_DRIVERS = {
    "sqlite": ("pysqlite",),
    "postgresql": ("psycopg2", "psycopg", "pg8000", "asyncpg"),
    "mysql": ("mysqldb", "pymysql", "aiomysql"),
}
# The options in which drivers take the place that a URL names.
_PLACES = (
    *("host", "hostaddr", "port", "unix_sock", "unix_socket", "service", "dsn"),
    *("user", "password", "passwd", "dbname", "database", "db"),
)
# What a table may have several of: the part, its name in messages, and what tells two apart.
_SEVERAL = (
    (
        "foreign_keys",
        "foreign key",
        *("constrained_columns", "referred_schema", "referred_table", "referred_columns"),
        "options",
    ),
    ("unique_constraints", "unique constraint", "column_names"),
    ("check_constraints", "check constraint", "sqltext"),
    ("indexes", "index", "column_names", "expressions", "unique", "dialect_options"),
)
_TABLE_PARTS = ("columns", "pk_constraint", "table_comment", *(part[0] for part in _SEVERAL))
_MEMBER = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype IN ('e', 'i'))"
_OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_RELATION = (
    "SELECT o.oid::regclass::text FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace"
    f" WHERE {_OURS} AND {_MEMBER} AND o.relkind = "
)
# In an order in which each can be dropped. Extensions and schemas take along what is in them.
_POSTGRESQL = (
    ("EXTENSION", "SELECT quote_ident(extname) FROM pg_extension"),
    ("SCHEMA", f"SELECT quote_ident(nspname) FROM pg_namespace n WHERE {_OURS}"),
    ("MATERIALIZED VIEW", f"{_RELATION} 'm'"),
    ("VIEW", f"{_RELATION} 'v'"),
    ("FOREIGN TABLE", f"{_RELATION} 'f'"),
    ("TABLE", f"{_RELATION} ANY (ARRAY['r', 'p']::\"char\"[])"),
    ("SEQUENCE", f"{_RELATION} 'S'"),
    (
        "ROUTINE",
        "SELECT o.oid::regprocedure::text FROM pg_proc o"
        f" JOIN pg_namespace n ON n.oid = o.pronamespace WHERE {_OURS} AND {_MEMBER}",
    ),
    (
        "TYPE",
        "SELECT o.oid::regtype::text FROM pg_type o"
        f" JOIN pg_namespace n ON n.oid = o.typnamespace WHERE {_OURS} AND {_MEMBER}"
        " AND (o.typtype IN ('e', 'd', 'r') OR o.typtype = 'c' AND EXISTS"
        " (SELECT FROM pg_class c WHERE c.oid = o.typrelid AND c.relkind = 'c'))",
    ),
)
# How SQLAlchemy says that it was given no URL.
_NO_URL = re.compile(
    r"KeyError: '\w*(url|dsn|database|db)\w*'"
    r"|ArgumentError: (Expected string or URL|Could not parse)"
    r"|NoSuchModuleError: Can't load plugin: sqlalchemy",
    re.I,
)
_LOCKS = (
    "SELECT o.oid::regclass::text, l.mode FROM pg_locks l JOIN pg_class o ON o.oid = l.relation"
    f" JOIN pg_namespace n ON n.oid = o.relnamespace WHERE l.granted AND {_OURS}"
    " AND o.relkind IN ('r', 'p', 'v', 'm', 'f') AND l.pid = "
)
_FILLING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "alembic_filling.py")
_DATA = {"TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE", "SEQUENCE", "TYPE", "ROUTINE"}


class Fatal(Exception):
    """Raised where nothing can be judged; the text says why, and what to do."""


class Guard:
    """Sends every connection of this process to one database, or refuses it."""

    def __init__(self, url: URL) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.pool import Pool

        self._url = url
        event.listen(Engine, "do_connect", self._redirect)
        event.listen(Pool, "connect", self._check)

    def _redirect(
        self,
        dialect: Dialect,
        record: ConnectionPoolEntry,
        args: list[object],
        options: dict[str, object],
    ) -> None:
        backend = self._url.get_backend_name()
        if dialect.name != backend:
            raise Fatal(
                f"the project's own settings lead to a {dialect.name} database, and the one to use"
                f" is {backend}: give a {dialect.name} URL, or let env.py take sqlalchemy.url"
            )
        place, more = dialect.create_connect_args(self._url)
        args[:] = place
        for key in _PLACES:
            options.pop(key, None)
        options.update(more)
        record.info["definition-of-done"] = True

    def _check(self, _: object, record: ConnectionPoolEntry) -> None:
        if not record.info.get("definition-of-done"):
            raise Fatal(
                "an engine of the project makes its connections itself (creator=...): it cannot be"
                " led to the database to use; let env.py take sqlalchemy.url"
            )


class Database:
    """The database of the request, and what it holds."""

    def __init__(self, url: URL) -> None:
        self.backend = url.get_backend_name()
        self._engine = _engine(url)
        self._first: list[tuple[str, str]] = []

    def is_on(self, connection: Connection) -> bool:
        """True for a connection of our own."""
        return connection.engine is self._engine

    def ask(self, question: Callable[[Connection], Reply]) -> Reply:
        """Answer a question in a transaction of its own."""
        if not self._engine.dialect.is_async:
            with self._engine.begin() as connection:
                return question(connection)
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        from sqlalchemy.ext.asyncio import AsyncEngine

        async def ask() -> Reply:
            async with AsyncEngine(self._engine).begin() as connection:
                return await connection.run_sync(question)

        # The team's env.py may have a loop of its own in this thread.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, ask()).result()

    def schema(self) -> Schema:
        """Return all that the database holds now."""
        return dict(self.ask(lambda connection: list(_schema(connection))))

    def begin(self, *, may_hold_data: bool) -> None:
        """Remember what the database holds already; raises Fatal where that may be data.

        With `may_hold_data` it may hold anything.
        """
        try:
            self._first = self.ask(_objects)
        except Exception as error:
            raise Fatal(f"the database cannot be reached: {_said(error)}") from None
        held = [name for kind, name in self._first if kind in _DATA]
        if held and not may_hold_data:
            more = f" and {len(held) - 1} more" if len(held) > 1 else ""
            raise Fatal(
                f"the database is not empty, it holds {held[0]}{more}: give an empty one,"
                " or say --reuse to go on from there and leave it at the head"
            )

    def clear(self) -> None:
        """Drop all that the database did not hold at first."""
        self.ask(self._clear)

    def _clear(self, connection: Connection) -> None:
        import sqlalchemy as sa

        quote = connection.dialect.identifier_preparer.quote
        for kind, name in _objects(connection):
            if (kind, name) not in self._first:
                if self.backend == "postgresql":
                    drop = f"DROP {kind} IF EXISTS {name} CASCADE"
                else:
                    drop = f"DROP {kind} IF EXISTS {quote(name)}"
                connection.execute(sa.text(drop.replace(":", "\\:")))


def _engine(url: URL) -> Engine:
    """Return an engine for the URL with a driver that is installed; raises Fatal where none is."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    names = [url.drivername]
    if "+" not in url.drivername:
        names = [
            f"{url.drivername}+{driver}" for driver in _SYNC_DRIVERS.get(url.drivername, ())
        ] or names
    for name in names:
        try:
            return create_engine(url.set(drivername=name), poolclass=NullPool)
        except ImportError:
            continue
    raise Fatal(f"none of the drivers {', '.join(names)} is installed beside Alembic: install one")


def _objects(connection: Connection) -> list[tuple[str, str]]:
    """Kind and name of everything that can be dropped, in an order in which it can."""
    import sqlalchemy as sa

    if connection.dialect.name == "postgresql":
        return [
            (kind, name)
            for kind, query in _POSTGRESQL
            for name in connection.execute(sa.text(query.replace("::", "\\:\\:"))).scalars()
        ]
    inspector = sa.inspect(connection)
    ordered = inspector.get_sorted_table_and_fkc_names()
    tables = [name for name, _ in ordered if name is not None]
    views = [("VIEW", name) for name in inspector.get_view_names()]
    return [*views, *(("TABLE", name) for name in reversed(tables))]


def _schema(connection: Connection) -> Described:
    import sqlalchemy as sa

    inspector = sa.inspect(connection)
    postgresql = connection.dialect.name == "postgresql"
    schemas: list[str | None] = [None]
    if postgresql:
        own = inspector.default_schema_name
        schemas += [
            name
            for name in inspector.get_schema_names()
            if name not in (own, "information_schema") and not name.startswith("pg_")
        ]
    for schema in schemas:
        prefix = f"{schema}." if schema else ""
        if schema:
            yield ("schema", "", schema), ""
        for name in inspector.get_view_names(schema=schema):
            definition = " ".join(
                (inspector.get_view_definition(name, schema=schema) or "").split()
            )
            yield ("view", "", prefix + name), definition
        if postgresql:
            for enum in inspector.get_enums(schema=schema):  # type: ignore[attr-defined]
                yield ("enum type", "", prefix + enum["name"]), ", ".join(enum["labels"])
            for name in inspector.get_sequence_names(schema=schema):
                yield ("sequence", "", prefix + name), ""
        yield from _tables(connection, inspector, schema, prefix)


def _tables(
    connection: Connection, inspector: Inspector, schema: str | None, prefix: str
) -> Described:
    import sqlalchemy as sa

    reads = {part: _asking(inspector, part, schema) for part in _TABLE_PARTS}
    for name in inspector.get_table_names(schema=schema):
        columns = cast("list[ReflectedColumn]", reads["columns"](name))
        if [column["name"] for column in columns] == ["version_num"]:
            # Alembic's own table: what it says counts, not that Alembic made it.
            for version in connection.execute(
                sa.select(sa.table(name, sa.column("version_num"), schema=schema))
            ).scalars():
                yield ("version", "", version), ""
            continue
        table = prefix + name
        found = {part: ask(name) for part, ask in reads.items() if part != "columns"}
        comment = cast("Record", found["table_comment"] or {}).get("text")
        yield ("table", table, ""), f"comment {comment!r}" if comment else ""
        for column in columns:
            yield ("column", table, column["name"]), _column(connection, column)
        yield from _constraints(table, found)


def _constraints(table: str, found: dict[str, object]) -> Described:
    """A table's keys, its other constraints, and its indexes."""
    primary = cast("Record", found["pk_constraint"] or {})
    if primary.get("constrained_columns"):
        yield ("primary key", table, ""), _words(primary, "name", "constrained_columns")
    for part, kind, *words in _SEVERAL:
        for record in cast("list[Record]", found[part] or []):
            if not record.get("duplicates_constraint"):
                text = _words(record, *words)
                yield (kind, table, str(record["name"] or text)), text


def _asking(inspector: Inspector, part: str, schema: str | None) -> Callable[[str], object]:
    """A function that reads one part of a table; of all at once where SQLAlchemy can."""
    several = getattr(inspector, f"get_multi_{part}", None)
    single = getattr(inspector, f"get_{part}")

    def ask(name: str) -> object:
        try:
            return single(name, schema=schema)
        except NotImplementedError:
            return None

    if several is None:
        return ask
    try:
        found = several(schema=schema)
    except NotImplementedError:
        return lambda _: None
    return lambda name: found.get((schema, name))


def _column(connection: Connection, column: ReflectedColumn) -> str:
    try:
        kind = column["type"].compile(dialect=connection.dialect)
    except Exception:
        # A type that SQLAlchemy does not know compiles to nothing.
        kind = str(column["type"])
    default = column.get("default")
    while default and default.startswith("(") and default.endswith(")"):
        default = default[1:-1]
    parts = [
        kind,
        "NULL" if column.get("nullable") else "NOT NULL",
        f"DEFAULT {default}" if default else "",
        f"COMMENT {column['comment']!r}" if column.get("comment") else "",
        *(f"{key} {column.get(key)}" for key in ("computed", "identity") if column.get(key)),
    ]
    return " ".join(part for part in parts if part)


def _words(found: Record, *keys: str) -> str:
    """The values of a record as one text, without those that are empty."""
    parts = []
    for key in keys:
        value = found.get(key)
        if isinstance(value, dict):
            value = ", ".join(f"{name} {value[name]}" for name in sorted(value) if value[name])
        elif isinstance(value, (list, tuple)):
            value = f"({', '.join(str(item) for item in value)})"
        elif isinstance(value, bool) or (key == "unique" and value in (0, 1)):
            value = key if value else ""
        if value:
            parts.append(str(value))
    return " ".join(parts)


def _config(ini: str, section: str) -> Config:
    from alembic.config import Config

    file = ini if os.path.exists(ini) else None
    try:
        return Config(file, toml_file="pyproject.toml", ini_section=section)
    except TypeError:
        # An Alembic before 1.16 knows nothing of pyproject.toml.
        return Config(file, ini_section=section)


class Locks:
    """Notes the locks that each statement of a migration adds, as another connection sees them."""

    def __init__(self, database: Database, paths: Mapping[str, str]) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        self.found: list[Entry] = []
        self.revision = ""
        self._database = database
        self._paths = paths
        self._before: set[tuple[str, str]] = set()
        event.listen(Engine, "before_cursor_execute", self._begin)
        event.listen(Engine, "after_cursor_execute", self._end)

    def _begin(self, connection: Connection, *_: object) -> None:
        if self.revision and not self._database.is_on(connection):
            self._before = self._held(connection)

    def _end(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        place = self._place()
        if not self.revision or not place or self._database.is_on(connection):
            return
        options = connection.get_execution_options()
        self.found.append({
            **{"path": place[0], "line": place[1]},
            "statement": " ".join(statement.split()),
            "locks": sorted(self._held(connection) - self._before),
            "ends": options.get("isolation_level") == "AUTOCOMMIT",
        })  # fmt: skip

    def _place(self) -> tuple[str, int] | None:
        """The line of a migration that the statement comes from; None where Alembic makes it."""
        frame = sys._getframe()
        while frame := cast("FrameType", frame.f_back):
            path = os.path.realpath(frame.f_code.co_filename)
            if path in self._paths:
                return path, frame.f_lineno
        return None

    def _held(self, connection: Connection) -> set[tuple[str, str]]:
        import sqlalchemy as sa

        # Not through SQLAlchemy: this statement is none of the migration's.
        cursor = connection.connection.cursor()
        cursor.execute("SELECT pg_backend_pid()")
        process = cast("tuple[int]", cursor.fetchone())[0]
        cursor.close()
        query = sa.text(f"{_LOCKS}{process}".replace("::", "\\:\\:"))
        return {
            (table, mode)
            for table, mode in self._database.ask(lambda own: own.execute(query).all())
        }


class Trip:
    """Runs the project's migrations through the project's own env.py."""

    def __init__(self, request: Request, url: URL, database: Database) -> None:
        from alembic.script import ScriptDirectory

        self.config = _config(request["ini"], "alembic")
        self.script = ScriptDirectory.from_config(self.config)
        self.database = database
        self._may_clear = not request["reuse"]
        self._found: list[Entry] = []
        self._filling = runpy.run_path(_FILLING) if request["rows"] else None
        self._unfilled: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._paths = {
            os.path.realpath(script.path): script.revision
            for script in self.script.walk_revisions()
        }
        self._locks = Locks(database, self._paths) if request["locks"] else None
        self._env = os.path.realpath(os.path.join(self.script.dir, "env.py"))
        with open(self._env, "rb") as stream:
            is_async = b"async_engine" in stream.read()
        if is_async and "+" not in url.drivername:
            url = _async_url(url)
        text = url.render_as_string(hide_password=False)
        self.config.set_main_option("sqlalchemy.url", text.replace("%", "%%"))

    def run(self, judged: list[str]) -> Entry:
        """Upgrade to the heads, with a round trip at each revision in `judged`."""
        failed = None
        for script in reversed(list(self.script.walk_revisions("base", "heads"))):
            if script.revision in judged and not failed:
                failed = self._to(script)
        return {
            "trips": self._found,
            "failed": failed or self._upgrade("heads"),
            "unfilled": self._unfilled,
            "locks": self._locks.found if self._locks else [],
        }

    def _to(self, script: Script) -> Entry | None:
        parents = _several(script.down_revision)
        for before in (*parents, *_several(script.dependencies)):
            failed = self._upgrade(before)
            if failed:
                return failed
        # A merge does nothing by nature, and its parents cannot be told apart below it.
        return self._trip(script.revision) if len(parents) < 2 else None

    def _trip(self, revision: str) -> Entry | None:
        """Run one migration up, down and up again; returns what stops the whole run."""
        before = self.database.schema()
        self._fill()
        failed = self._upgrade(revision, is_judged=True)
        if failed:
            return failed
        after = self.database.schema()
        found = self._down_and_up(revision, before, after)
        if found:
            self._found.append(found)
            if self.database.schema() != after:
                return self._start_again(revision)
        return None

    def _fill(self) -> None:
        if self._filling:
            fill = self._filling["fill"]
            found = self.database.ask(lambda connection: fill(connection, self._seen))
            self._unfilled = found | self._unfilled

    def _complete(self) -> None:
        if self._filling:
            self.database.ask(self._filling["complete"])

    def _upgrade(self, target: str, *, is_judged: bool = False) -> Entry | None:
        """Upgrade, where our rows are in the way without them; returns what goes wrong then."""
        if self._locks and is_judged:
            self._locks.revision = target
        failed = self._run("upgrade", target)
        if self._locks:
            self._locks.revision = ""
        if not failed or not self._filling:
            return failed
        self.database.clear()
        without = self._run("upgrade", target)
        if is_judged and not without:
            self._found.append(failed)
        return without

    def _start_again(self, revision: str) -> Entry | None:
        """Come back to a revision from an empty database, where we may empty it."""
        if self._may_clear:
            self.database.clear()
            if not self._run("upgrade", revision):
                return None
        return {"revision": revision, "direction": "stopped"}

    def _down_and_up(self, revision: str, before: Schema, after: Schema) -> Entry | None:
        failed = self._run("downgrade", f"{revision}@-1")
        if failed:
            return failed
        left = _differences(before, self.database.schema())
        self._complete()
        failed = self._run("upgrade", revision)
        if left:
            # What is left may also be why the second upgrade fails.
            return {"revision": revision, "direction": "downgrade", "differences": left}
        if failed:
            return failed | {"direction": "again"}
        left = _differences(after, self.database.schema())
        return {"revision": revision, "direction": "again", "differences": left} if left else None

    def _run(self, direction: str, target: str) -> Entry | None:
        """Return what went wrong and where, None where nothing did.

        Raises Fatal for what goes wrong outside of migrations.
        """
        from alembic import command

        try:
            getattr(command, direction)(self.config, target)
        except (Exception, SystemExit) as error:
            frames = list(_frames(error))
            for path, line in reversed(frames):
                if path in self._paths:
                    return {
                        "revision": self._paths[path],
                        "direction": direction,
                        "error": _said(error),
                        "path": path,
                        "line": line,
                    }
            if isinstance(error, Fatal):
                raise
            where = next((f"{path}:{line}: " for path, line in frames if path == self._env), "")
            raise Fatal(f"{where}{_said(error)}") from None
        return None


def _several(names: str | Iterable[str] | None) -> tuple[str, ...]:
    """The names that Alembic keeps as None, one or several."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _async_url(url: URL) -> URL:
    from importlib.util import find_spec

    backend = url.get_backend_name()
    drivers = _ASYNC_DRIVERS.get(backend, ())
    for driver in drivers:
        if find_spec(driver):
            return url.set(drivername=f"{backend}+{driver}")
    raise Fatal(
        f"env.py uses an async engine, and none of its drivers for {backend}"
        f" ({', '.join(drivers)}) is installed beside Alembic: install one, or give another URL"
    )


def _differences(before: Schema, after: Schema) -> list[list[str | None]]:
    """Kind, table, name and both descriptions of all that differs.

    A table that is new or gone stands for its parts.
    """
    whole = {table for kind, table, _ in before.keys() ^ after.keys() if kind == "table"}
    found: list[list[str | None]] = []
    for key in sorted(before.keys() | after.keys()):
        kind, table, _ = key
        old, new = before.get(key), after.get(key)
        if old != new and (kind == "table" or table not in whole):
            found.append([*key, old, new])
    return found


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    at = error.__traceback__
    while at:
        yield os.path.realpath(at.tb_frame.f_code.co_filename), at.tb_lineno
        at = at.tb_next


def _said(error: BaseException) -> str:
    """The type and the first line of an error; of the driver's own where SQLAlchemy wraps one."""
    error = getattr(error, "orig", None) or error
    if isinstance(error, Fatal):
        return str(error)
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _answer(request: Request) -> Entry:
    from sqlalchemy.engine import make_url

    url = make_url(request["url"])
    Guard(url)
    database = Database(url)
    reuse = request["reuse"]
    for key in ("rows", "locks"):
        if request[key] and database.backend != "postgresql":
            raise Fatal(
                f"roundtrip-{key} needs PostgreSQL, and the database is {database.backend}:"
                " name an empty one of PostgreSQL in roundtrip-url"
            )
    database.begin(may_hold_data=reuse)
    try:
        trip = Trip(request, url, database)
        return {"backend": database.backend, **trip.run(request["judged"])}
    finally:
        # Our parent waits for this, also where it was interrupted.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if not reuse:
            database.clear()


def _draft(wanted: Wanted) -> Entry:
    """Let Alembic write the migration from the database to the models; returns its path.

    The path is None where they agree.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    config = _config(wanted["ini"], wanted["section"])
    config.cmd_opts = argparse.Namespace(autogenerate=True, x=wanted["arguments"])
    config.set_main_option("file_template", wanted["name"])
    new: list[str] = []

    def note(dialect: Dialect, _: object, args: list[object], __: object) -> None:
        # SQLite makes a file of what it is asked to open.
        path = str(args[0]) if dialect.name == "sqlite" and args else ":memory:"
        if path != ":memory:" and not os.path.exists(path):
            new.append(path)

    event.listen(Engine, "do_connect", note)
    try:
        return {"path": _compared(config, wanted)}
    except BaseException as error:
        for path in new:
            if os.path.exists(path) and not os.path.getsize(path):
                os.unlink(path)
        if isinstance(error, KeyboardInterrupt):
            raise
        frames = (frame for frame in _frames(error) if os.path.basename(frame[0]) == "env.py")
        place = next((f"{path}:{line}: " for path, line in frames), "")
        said = _said(error).removeprefix("CommandError: ")
        raise Fatal(_advice(said) or f"{place}{said}") from None


def _compared(config: Config, wanted: Wanted) -> str | None:
    """Do what `alembic revision --autogenerate` does, but write no empty file."""
    from alembic.autogenerate import RevisionContext
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    directory = ScriptDirectory.from_config(config)
    options = {
        **{"message": wanted["message"], "rev_id": wanted["revision"], "head": wanted["head"]},
        **{"version_path": wanted["folder"], "autogenerate": True, "sql": False, "splice": False},
        **{"branch_label": None, "depends_on": None},
    }
    context = RevisionContext(config, directory, options)

    def compare(revision: str, migrations: MigrationContext) -> list[object]:
        context.run_autogenerate(revision, migrations)
        return []

    arguments = {"template_args": context.template_args, "revision_context": context}
    # The database is read: not even Alembic's own table is made in it.
    with EnvironmentContext(
        config, directory, fn=compare, as_sql=False, dont_mutate=True, **arguments
    ):
        directory.run_env()
    scripts = context.generated_revisions
    if not any(not part.is_empty() for script in scripts for part in script.upgrade_ops_list):
        return None
    if len(scripts) > 1:
        raise Fatal("env.py makes several migrations of one: run alembic revision by hand")
    # Its own hooks may have numbered it.
    scripts[0].rev_id = wanted["revision"]
    written = next(context.generate_scripts())
    return os.path.realpath(written.path) if written else None


def _advice(said: str) -> str:
    """Our own words for the errors that each team meets, empty for others."""
    if "Target database is not up to date" in said:
        return "the database is not at the head: run alembic upgrade head, then this again"
    if _NO_URL.match(said):
        return (
            f"no database to compare with ({said}): give env.py the URL of one that is at the head"
        )
    return ""


def _watch() -> None:
    # Not through sys.stdin: a thread that waits there breaks the end of the interpreter.
    while os.read(0, 4096):
        pass
    main = threading.main_thread().ident
    if sys.platform != "win32" and main:
        # It may wait for a database: only a signal of its own wakes it.
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def main() -> None:
    """Answer the request of standard input."""
    # Nothing is imported from the script's own folder: its names are not the team's.
    sys.path.pop(0)
    # What Python compiles of the team's code would be new files in their tree.
    sys.dont_write_bytecode = True
    # The team's code may print: that goes to standard error.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch, daemon=True).start()
    try:
        reply = _draft(request) if "message" in request else _answer(request)
    except Fatal as error:
        reply = {"fatal": str(error)}
    except (Exception, SystemExit) as error:
        reply = {"fatal": _said(error)}
    except KeyboardInterrupt:
        reply = {"fatal": "interrupted"}
    json.dump(reply, answer)
    answer.close()


if __name__ == "__main__":
    main()
