"""The statements of a migration as PostgreSQL runs them: what each does, and the lock it takes."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.safety.types import Type

CREATE_TABLE, DROP_TABLE, RENAME_TABLE = "create table", "drop table", "rename table"
ADD_COLUMN, DROP_COLUMN, RENAME_COLUMN = "add column", "drop column", "rename column"
SET_TYPE, SET_NOT_NULL, DROP_NOT_NULL = "set type", "set not null", "drop not null"
SET_DEFAULT, DROP_DEFAULT = "set default", "drop default"
CREATE_INDEX, DROP_INDEX = "create index", "drop index"
ADD_FOREIGN_KEY, ADD_CHECK = "add foreign key", "add check"
ADD_UNIQUE, ADD_PRIMARY_KEY, ADD_EXCLUDE = "add unique", "add primary key", "add exclude"
DROP_CONSTRAINT, VALIDATE = "drop constraint", "validate constraint"
RENAME_CONSTRAINT = "rename constraint"
ADD_VALUE, CREATE_TYPE = "add enum value", "create type"
COMMENT, SET = "comment", "set"
REINDEX, REWRITE = "reindex", "rewrite of the table"
ATTACH, DETACH = "attach partition", "detach partition"
NEW_PARTITION, CREATE_VIEW = "new partition", "create view"
# What else locks out everybody.
ALTER, LOCK = "change of the table", "statement"
INSERT, UPDATE, DELETE, TRUNCATE = "insert", "update", "delete", "truncate"
MERGE = "merge"
# SQL that none of the others is, or that is computed.
OTHER = "other"

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW_EXCLUSIVE, SHARE = "SHARE ROW EXCLUSIVE", "SHARE"
SHARE_UPDATE_EXCLUSIVE, ROW_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE"
_LOCKS = {
    **dict.fromkeys((INSERT, UPDATE, DELETE, MERGE), ROW_EXCLUSIVE),
    **dict.fromkeys((COMMENT, VALIDATE, ATTACH), SHARE_UPDATE_EXCLUSIVE),
    **dict.fromkeys((CREATE_TABLE, CREATE_VIEW, SET, ADD_VALUE, CREATE_TYPE, OTHER), ""),
    **dict.fromkeys((CREATE_INDEX, REINDEX), SHARE),
    ADD_FOREIGN_KEY: SHARE_ROW_EXCLUSIVE,
}
# The options of a statement.
CONCURRENTLY, NOT_VALID, USING_INDEX = "concurrently", "not valid", "using index"
UNIQUE, PARTITIONED = "unique", "partitioned"
# Of USING in a change of type, and of one of several statements in one text.
THROUGH_TEXT, COMPUTED, TOGETHER = "through text", "computed", "together"
# An option may be given, and nobody can see whether it is.
UNSEEN = "unseen"


class NewColumn(NamedTuple):
    """A column that a statement adds.

    `is_required` says that it is NOT NULL, None where that is computed. `default` says how its
    default changes from row to row, empty where it has none. `generated` is `identity`, `stored`,
    `virtual`, `computed` where it may be either of the two, or empty. `is_hidden` says that it has
    keywords that cannot be seen.
    """

    name: str | None
    type: Type | None = None
    is_required: bool | None = False
    default: str = ""
    generated: str = ""
    is_primary: bool = False
    is_unique: bool = False
    is_indexed: bool = False
    has_check: bool = False
    keys: tuple[Key, ...] = ()
    is_hidden: bool = False

    @property
    def fills_rows(self) -> bool:
        """True where the rows that are there get a value."""
        return bool(self.default or self.generated)


class Key(NamedTuple):
    """A foreign key of a new column: its name and the other table, None where computed."""

    name: str | None
    referent: str | None
    remote: str | None = None


class Statement(NamedTuple):
    """One statement.

    `table` and `name` (of the column, index, constraint or type) are None where they are absent or
    computed; a table has its schema before it. `on` are the columns of an index or a constraint.
    `other` is the other table of a foreign key, a new name, the index of USING INDEX, or the value
    of an enum; `remote` are the columns of the other table. `condition` is that of a check, or what
    stands behind the table of UPDATE. `type` is the new type of a column, `told` the one that
    `existing_type` says it has. `columns` are those that a table is made with, or the added one.
    `transaction` counts the transactions of the migration, None for a statement that runs in one of
    its own, and `is_batch` is true in a batch. `call` is Alembic's operation, `execute` for SQL, of
    which `sql` is the text.
    """

    kind: str
    spot: Spot
    table: str | None = None
    name: str | None = None
    on: tuple[str, ...] | None = None
    other: str | None = None
    remote: tuple[str, ...] | None = None
    condition: str | None = None
    type: Type | None = None
    told: Type | None = None
    columns: tuple[NewColumn, ...] = ()
    options: frozenset[str] = frozenset()
    transaction: int | None = 0
    is_batch: bool = False
    call: str = "execute"
    sql: str = ""

    @property
    def lock(self) -> str:
        """The lock on `table` by PostgreSQL's name, empty where there is none or it is unknown."""
        if CONCURRENTLY in self.options:
            return SHARE_UPDATE_EXCLUSIVE
        return _LOCKS.get(self.kind, ACCESS_EXCLUSIVE)

    @property
    def column(self) -> NewColumn | None:
        """The column that it adds to a table, None for another statement."""
        return self.columns[0] if self.kind == ADD_COLUMN and self.columns else None

    @property
    def label(self) -> str:
        """Its column with the table's name."""
        return f"{self.table}.{self.name or '...'}"

    @property
    def symbol(self) -> str:
        """The name of its index or constraint, its columns where it has none."""
        return self.name or f"{self.table}.{','.join(self.on or ())}"

    @property
    def bare_table(self) -> str:
        """The table without its schema, empty where it is not known."""
        return bare(self.table)


def brought(added: Statement, column: NewColumn) -> Iterator[Statement]:
    """Yield the statements by which a new column gets its keys, its index and its checks."""
    on = (column.name,) if column.name else None
    start = added._replace(name=None, on=on, columns=(), options=frozenset())
    for key in column.keys:
        remote = (key.remote,) if key.remote else None
        yield start._replace(kind=ADD_FOREIGN_KEY, name=key.name, other=key.referent, remote=remote)
    if column.is_primary:
        yield start._replace(kind=ADD_PRIMARY_KEY)
    if column.is_indexed:
        unique = frozenset({UNIQUE}) if column.is_unique else frozenset()
        yield start._replace(kind=CREATE_INDEX, options=unique)
    elif column.is_unique:
        yield start._replace(kind=ADD_UNIQUE)
    if column.has_check:
        yield start._replace(kind=ADD_CHECK)


def is_same(table: str | None, other: str | None) -> bool:
    """True for two names of a table: one without a schema may be in any."""
    schemas = {name.rpartition(".")[0] for name in (table or "", other or "")} - {""}
    return bare(table) == bare(other) and len(schemas) < 2


def bare(name: str | None) -> str:
    """A name without its schema, empty for none."""
    return (name or "").rpartition(".")[2]
