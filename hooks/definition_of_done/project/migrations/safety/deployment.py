"""A migration as it is deployed: its statements, the database, and the tables that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property

from definition_of_done.base.errors import Refused, Unset
from definition_of_done.base.text import Text, decode
from definition_of_done.engine.session import Session, once
from definition_of_done.engine.store import digest
from definition_of_done.project.database import OTHERS, POSTGRESQL, database_of, version_of
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry import lineage
from definition_of_done.project.migrations.ancestry.history import scan
from definition_of_done.project.migrations.safety import statements as kinds
from definition_of_done.project.migrations.safety.history import (
    History,
    read_once,
    sent_by,
    with_partitions,
)
from definition_of_done.project.migrations.safety.statements import Statement, bare, is_same
from definition_of_done.project.migrations.safety.transactions import env_of, read_transactions
from definition_of_done.project.migrations.safety.types import Type

UNKNOWN_DATABASE = 'set database to "postgresql", "mysql" or "sqlite"'
# Questions about other things than names, none of which holds a line feed.
_DATABASE = "the database\n"
_PARTITIONS = "the tables with partitions\n"
_TIMEOUT = "a lock_timeout elsewhere\n"
# They may take away a table or view, before another one of its name is made.
_REPLACED = (kinds.DROP_TABLE, kinds.RENAME_TABLE, kinds.LOCK)


class Deployment:
    """One migration, sent to a database that is in use.

    `sent` is what its `upgrade` sends, `transactions` how Alembic runs it. `version` is the
    database's, empty where it is not set.
    """

    def __init__(self, session: Session, path: str) -> None:
        self._data = data = session.tree.read(path)
        self.path = path
        self.sent = read_once(session, path, data)
        self.version = version_of(session)
        self.transactions = read_transactions(session, path)
        self.history = History(session, path)
        self._session = session
        self._database: str | None = None
        self._questions: dict[str, None] = {}
        self._fresh: dict[str, set[str]] | None = None
        # What a migration drops is not in use.
        self._dropped = {
            found.bare_table for found in self.statements if found.kind == kinds.DROP_TABLE
        }

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in order."""
        return self.sent.statements

    @cached_property
    def _is_root(self) -> bool:
        return not any(scan(self.path, self._data).parents)

    @property
    def concerns_others(self) -> bool:
        """False where each statement is on a table that nobody uses, alone in its transaction."""
        return self.has_company or any(
            statement.kind == kinds.ADD_VALUE or self._is_in_use(statement)
            for statement in self.statements
        )

    def judged(self, *wanted: str) -> Iterator[Statement]:
        """Yield the statements of these kinds that PostgreSQL runs on tables that are in use.

        None are on another database. Raises Unset where the database is not known.
        """
        found = [
            statement
            for statement in self.statements
            if statement.kind in wanted and self._is_in_use(statement)
        ]
        if found and self.is_on_postgresql:
            yield from found

    def _is_in_use(self, statement: Statement) -> bool:
        if statement.kind in (kinds.DROP_INDEX, kinds.REINDEX) and statement.table is None:
            # An index is named without its table, which may be one that comes or goes.
            own = self._is_root or self._new_tables() or self._dropped
            return bool(statement.name) and not own
        if statement.kind in _REPLACED and self._is_replaced(statement):
            return True
        is_dropped = statement.kind != kinds.DROP_TABLE and statement.bare_table in self._dropped
        return not (is_dropped or self.is_new(statement.table))

    def _is_replaced(self, statement: Statement) -> bool:
        """True where a table or view in use goes, and the migration makes another of its name."""
        table = statement.bare_table
        if self._is_root or not table or table not in self._new_tables():
            return False
        others = [path for path in paths_of_branch(self._session) if path != self.path]
        sent = [sent_by(self._session, path).statements for path in others]
        before = [self.earlier(statement)[::-1], *sent]
        made = {bare(name) for found in before for name in _made(found, set())}
        return table not in made and self.history.names(table)

    @property
    def is_on_postgresql(self) -> bool:
        """True where the migration is PostgreSQL's; raises Unset where nobody knows."""
        folders = set(self.path.split("/"))
        if self._database is None:
            self._database = database_of(self._session)
            if not self._session.config.is_set("database"):
                self._questions[_DATABASE] = None
        if self._database:
            return self._database == POSTGRESQL and folders.isdisjoint(OTHERS)
        if POSTGRESQL in folders or not folders.isdisjoint(OTHERS):
            return POSTGRESQL in folders
        raise Unset(UNKNOWN_DATABASE)

    def is_before(self, *version: int) -> bool:
        """True where the database is set to a version before this one."""
        return bool(self.version) and self.version < version

    @property
    def has_timeout(self) -> bool:
        """True where the connection of migrations may have a `lock_timeout` before they run."""
        self._questions[_TIMEOUT] = None
        return _has_timeout(self._session, self.path)

    def is_new(self, table: str | None) -> bool:
        """True for a table that nobody uses yet, or that may be such a one."""
        if self._is_root:
            return True
        fresh = self._new_tables()
        if table is None or "" in fresh:
            return True
        schema, _, name = table.rpartition(".")
        if fresh.get(name, set()) & {schema, ""} or (not schema and name in fresh):
            return True
        return not self.sent.is_seen and not self.history.names(bare(table))

    def is_alone(self, statement: Statement) -> bool:
        """True where a statement is in no transaction, or may be in none."""
        is_seen = self.sent.shows_transactions and self.transactions.are_used
        return statement.transaction is None or not is_seen

    def earlier(self, statement: Statement) -> Sequence[Statement]:
        """The statements of the migration before one, the newest first."""
        at = next(at for at, found in enumerate(self.statements) if found is statement)
        return self.statements[:at][::-1]

    def before(self, statement: Statement) -> Iterator[Statement]:
        """Yield the statements that its transaction holds already, the newest first.

        Where all migrations of a run share one, those that the branch brings before it count, too.
        """
        if self.is_alone(statement):
            return
        for found in self.earlier(statement):
            if found.transaction not in (statement.transaction, None):
                return
            if found.transaction is not None:
                yield found
        if statement.transaction == 0 and self.transactions.per_migration is False:
            yield from self._in_earlier_migrations()

    @property
    def has_company(self) -> bool:
        """True where other migrations of the branch may run in its transaction."""
        if self.transactions.per_migration is not False:
            return False
        return any(path != self.path for path in paths_of_branch(self._session))

    def column_type(self, statement: Statement) -> Type | None:
        """The type that a column has before a statement, None where that is not known."""
        table, name = statement.table, statement.name
        for found in self.earlier(statement):
            if found.table != table:
                continue
            if found.kind == kinds.RENAME_COLUMN and found.other == name:
                name = found.name
            elif found.kind == kinds.SET_TYPE and found.name == name:
                return found.type
            elif found.column and found.column.name == name:
                return found.column.type
        if not table or not name:
            return None
        return self.history.column(table, name) or statement.told

    def source(self, statement: Statement) -> str:
        """The call that sends a statement, as the file writes it."""
        text = self._text
        line, column = statement.spot.line, statement.spot.column
        end = statement.spot.end or (line, column)
        return text.text[text.offset(line, column) : text.offset(*end)]

    @cached_property
    def _text(self) -> Text:
        return decode(self.path, self._data)

    @property
    def asked(self) -> Sequence[str]:
        """The questions about other files, and the names that were looked up in the ancestors."""
        partitions = [_PARTITIONS] if self.history.asks_partitions else []
        names = ["", *self.history.asked] if self.history.asked else []
        return [*self._questions, *partitions, *names]

    def _in_earlier_migrations(self) -> Iterator[Statement]:
        if not self.has_company:
            return
        brought = paths_of_branch(self._session)
        with suppress(Refused):
            for path in self.history.ancestors():
                if path not in brought:
                    return
                statements = sent_by(self._session, path).statements
                last = max((found.transaction or 0 for found in statements), default=0)
                yield from (found for found in reversed(statements) if found.transaction == last)
                if last or any(found.transaction is None for found in statements):
                    return

    def _new_tables(self) -> dict[str, set[str]]:
        """The schemas of the tables that the branch makes, by name; of a computed one it is empty.

        One that is in no schema may be in any.
        """
        if self._fresh is None:
            self._fresh = {}
            for table in _made(self.statements, set(tables_of_branch(self._session))):
                schema, _, name = table.rpartition(".")
                self._fresh.setdefault(name, set()).add(schema)
        return self._fresh


def shared(session: Session, path: str) -> Deployment:
    """Read a deployment once for the subjects that judge it one after the other."""
    last: dict[str, Deployment] = session.cache.keep("last deployment", dict)
    if path not in last:
        last.clear()
        last[path] = Deployment(session, path)
    return last[path]


@once
def tables_of_branch(session: Session) -> tuple[str, ...]:
    """The names of the tables that the migrations of the branch make."""
    made: set[str] = set()
    for path in sorted(paths_of_branch(session)):
        made |= _made(sent_by(session, path).statements, set()) - {""}
    return tuple(sorted(made))


@once
def paths_of_branch(session: Session) -> tuple[str, ...]:
    """The migrations that the branch brings, none where there is no base to tell."""
    changed = session.branch.changed_if_known()
    added = (path for path, letter in changed.items() if letter == "A")
    return tuple(sorted(path for path in added if is_migration(session, path)))


def _made(statements: Iterable[Statement], made: set[str]) -> set[str]:
    for statement in statements:
        if statement.kind == kinds.CREATE_TABLE:
            made.add(statement.table or "")
        elif statement.kind == kinds.RENAME_TABLE and any(
            is_same(table, statement.table) for table in made
        ):
            made.add(statement.other or "")
    return made


def inputs(session: Session, path: str) -> object:
    """All that the facts depend on besides the file, the settings, and what they ask for."""
    env = env_of(session, path)
    branch = session.cache.keep(
        "bytes of the branch's migrations", lambda: _digests(session, paths_of_branch(session))
    )
    settings = session.cache.keep(
        f"bytes of {env}", lambda: _digests(session, [env] if env else [])
    )
    return branch, settings


def _digests(session: Session, paths: Sequence[str]) -> list[bytes]:
    return [digest(path, data) for path, data in session.tree.read_each(paths)]


def answers(session: Session, path: str, asked: Sequence[str]) -> object:
    """The answers to the questions: the database, and what the ancestors have of the names."""
    names = [question for question in asked if question[-1:] != "\n"]
    database = database_of(session) if _DATABASE in asked else ""
    has_timeout = _TIMEOUT in asked and _has_timeout(session, path)
    parts = sorted(with_partitions(session).items()) if _PARTITIONS in asked else ()
    digests = [digest(*part) for part in parts]
    named = lineage.answers(session, path, names) if names else None
    return database, has_timeout, digests, named


def _has_timeout(session: Session, path: str) -> bool:
    from definition_of_done.project.migrations.safety.timeouts import is_set_elsewhere

    return is_set_elsewhere(session, path)
