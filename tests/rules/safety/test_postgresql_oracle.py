"""PostgreSQL as the judge of this family: locks, rewrites, and what fails on rows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, cast

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection, Engine
from tests.repository import Project, Run
from tests.rules.safety.deploys import START, lay, migration, path_of

from definition_of_done.project.migrations.safety.walk import read_sent

pytestmark = pytest.mark.xdist_group("postgresql")
SUITE = "definition-of-done"
# The weakest first.
LOCKS = (
    *("ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE"),
    *("SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"),
)
TABLES = ("orders", "users", "days", "day_1", "loose", "sums", "names", "copies", "stale", "labels")
# What is there before, beside the tables of the first migration.
OBJECTS = """
op.create_index("ix_name", "orders", ["name"])
op.create_index("ux_id", "orders", ["id"], unique=True)
op.create_unique_constraint("uq_note", "orders", ["note"])
op.create_check_constraint("ck_old", "orders", "total > 0")
op.create_foreign_key("fk_old", "orders", "users", ["user_id"], ["id"])
op.create_check_constraint("ck_later", "orders", "total > 1", postgresql_not_valid=True)
op.create_foreign_key("fk_later", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
op.execute("CREATE TABLE days (id int, day int) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE day_1 PARTITION OF days FOR VALUES FROM (0) TO (10)")
op.execute("CREATE TABLE loose (id int NOT NULL, day int)")
op.execute("CREATE UNIQUE INDEX ux_loose ON loose (id)")
op.execute("CREATE MATERIALIZED VIEW sums AS SELECT id FROM users")
op.execute("CREATE UNIQUE INDEX ux_sums ON sums (id)")
op.execute("CREATE VIEW names AS SELECT id FROM users")
op.execute("CREATE VIEW labels AS SELECT id FROM users")
op.execute("CREATE TABLE stale (id int)")
op.execute("CREATE DOMAIN positive AS integer")
op.execute("CREATE TABLE copies (id serial, n positive, twice int GENERATED ALWAYS AS (1) STORED)")
op.execute("CREATE TRIGGER t_old BEFORE UPDATE ON orders FOR EACH ROW"
           " EXECUTE FUNCTION suppress_redundant_updates_trigger()")
"""
ROWS = (
    "INSERT INTO users (id) VALUES (1)",
    "INSERT INTO orders (id, note, state, total, user_id, kind, made_at) VALUES"
    " (1, 'a long note', 'open', 3, 1, 'a', now()), (2, 'another note', 'open', 3, 1, 'a', now())",
)


def add(rest: str) -> str:
    return f'op.add_column("orders", sa.Column("x", {rest}))'


def retype(column: str, new: str, more: str = "") -> str:
    return f'op.alter_column("orders", "{column}", type_={new}{more})'


def sql(text: str) -> str:
    return f'op.execute("{text}")'


# Each row is a migration of its own, in one transaction.
OPERATIONS = {
    "column": add("sa.Integer()"),
    "column_with_a_constant": add("sa.Integer(), server_default='1'"),
    "column_with_a_text": add("sa.String(9), server_default=sa.text(\"'x'\")"),
    "column_with_false": add("sa.Boolean(), server_default=sa.false(), nullable=False"),
    "column_with_now": add("sa.DateTime(), server_default=sa.func.now()"),
    "column_with_a_clock": add("sa.DateTime(), server_default=sa.text('clock_timestamp()')"),
    "column_with_a_uuid": add("sa.Uuid(), server_default=sa.text('gen_random_uuid()')"),
    "column_with_random": add("sa.Float(), server_default=sa.text('random()')"),
    "column_with_identity": add("sa.BigInteger(), sa.Identity()"),
    "column_that_is_computed": add("sa.Integer(), sa.Computed('id * 2', persisted=True)"),
    "column_not_null": add("sa.Integer(), nullable=False"),
    "column_not_null_with_a_constant": add("sa.Integer(), nullable=False, server_default='1'"),
    "column_of_an_enum": add("postgresql.ENUM(name='kind', create_type=False)"),
    "column_with_a_key": add("sa.Integer(), sa.ForeignKey('users.id')"),
    "column_with_an_index": add("sa.Integer(), index=True"),
    "column_that_is_unique": add("sa.Integer(), unique=True"),
    "column_in_sql": sql("ALTER TABLE orders ADD COLUMN x integer"),
    "column_of_serial": sql("ALTER TABLE orders ADD COLUMN x serial"),
    "column_with_a_check": sql("ALTER TABLE orders ADD COLUMN x integer CHECK (x > 0)"),
    "column_dropped": 'op.drop_column("orders", "note")',
    "column_dropped_in_a_batch": 'with op.batch_alter_table("orders") as batch:\n'
    '    batch.drop_column("total")',
    "columns_dropped_in_a_loop": 'for name in ("note", "total"):\n'
    '    op.drop_column("orders", name)',
    "column_renamed": 'op.alter_column("orders", "note", new_column_name="memo")',
    "column_renamed_in_sql": sql("ALTER TABLE orders RENAME note TO memo"),
    "table_renamed": 'op.rename_table("orders", "sales")',
    "table_dropped": 'op.drop_table("orders")',
    "table_made": 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))',
    "table_made_with_a_key": 'op.create_table("t", sa.Column("u", sa.Integer(),'
    ' sa.ForeignKey("users.id")))',
    "table_made_and_indexed": 'op.create_table("t", sa.Column("u", sa.Integer()))\n'
    'op.create_index("ix_u", "t", ["u"])',
    "table_commented": 'op.create_table_comment("orders", "what was sold")',
    "column_commented": 'op.alter_column("orders", "note", comment="why")',
    "not_null_on_nulls": 'op.alter_column("orders", "name", nullable=False)',
    "not_null_on_values": 'op.alter_column("orders", "total", nullable=False)',
    "not_null_behind_a_check": 'op.alter_column("orders", "user_id", nullable=False)',
    "null": 'op.alter_column("orders", "state", nullable=True)',
    "default_set": 'op.alter_column("orders", "note", server_default="x")',
    "default_dropped": 'op.alter_column("orders", "note", server_default=None)',
    "text_widened": retype("name", "sa.String(80)"),
    "text_widened_in_sql": sql("ALTER TABLE orders ALTER name TYPE varchar(80)"),
    "text_unbounded": retype("name", "sa.Text()"),
    "text_unbounded_in_varchar": retype("name", "sa.String()"),
    "text_bounded": retype("note", "sa.String(40)"),
    "text_narrowed": retype("name", "sa.String(10)"),
    "text_narrowed_on_rows": retype("note", "sa.String(3)"),
    "integer_widened": retype("user_id", "sa.BigInteger()"),
    "integer_narrowed": retype("user_id", "sa.SmallInteger()"),
    "integer_as_text": retype("id", "sa.Text()"),
    "number_widened": retype("total", "sa.Numeric(12, 2)"),
    "number_unbounded": retype("total", "sa.Numeric()"),
    "number_rescaled": retype("total", "sa.Numeric(12, 4)"),
    "number_narrowed": retype("total", "sa.Numeric(4, 2)"),
    "number_as_float": retype("total", "sa.Float()"),
    "time_with_a_zone": retype("made_at", "sa.DateTime(timezone=True)"),
    "time_as_a_date": retype("made_at", "sa.Date()"),
    "enum_as_text": retype("kind", "sa.Text()"),
    "enum_computed": sql("ALTER TABLE orders ALTER kind TYPE text USING lower(kind::text)"),
    "time_in_a_zone": retype(
        "made_at", "sa.DateTime(timezone=True)", ", postgresql_using=\"made_at AT TIME ZONE 'UTC'\""
    ),
    "text_trimmed": retype("note", "sa.Text()", ", postgresql_using='trim(note)'"),
    "text_cast": retype("name", "sa.Text()", ", postgresql_using='(name)::text'"),
    "text_cast_in_sql": sql("ALTER TABLE orders ALTER name TYPE text USING CAST(name AS text)"),
    "text_as_json": retype("note", "postgresql.JSONB()", ", postgresql_using='to_jsonb(note)'"),
    "index": 'op.create_index("ix", "orders", ["note"])',
    "index_of_an_expression": 'op.create_index("ix", "orders", [sa.text("lower(note)")])',
    "index_in_sql": sql("CREATE INDEX ix ON orders (note)"),
    "index_unique": 'op.create_index("ix", "orders", ["note"], unique=True)',
    "index_unique_on_rows": 'op.create_index("ix", "orders", ["state"], unique=True)',
    "index_dropped": 'op.drop_index("ix_name", table_name="orders")',
    "index_dropped_in_sql": sql("DROP INDEX ix_name"),
    "unique": 'op.create_unique_constraint("uq", "orders", ["id"])',
    "unique_on_rows": 'op.create_unique_constraint("uq", "orders", ["state"])',
    "unique_by_an_index": sql("ALTER TABLE orders ADD CONSTRAINT uq UNIQUE USING INDEX ux_id"),
    "unique_dropped": 'op.drop_constraint("uq_note", "orders", type_="unique")',
    "exclusion": 'op.create_exclude_constraint("ex", "orders", (sa.column("id"), "="),'
    ' using="btree")',
    "key": 'op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])',
    "key_on_rows": 'op.create_foreign_key("fk", "orders", "users", ["id"], ["id"])',
    "key_not_valid": 'op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"],'
    " postgresql_not_valid=True)",
    "key_validated": sql("ALTER TABLE orders VALIDATE CONSTRAINT fk_later"),
    "key_dropped": 'op.drop_constraint("fk_old", "orders", type_="foreignkey")',
    "check": 'op.create_check_constraint("ck", "orders", "total > 0")',
    "check_on_rows": 'op.create_check_constraint("ck", "orders", "total > 5")',
    "check_not_valid": 'op.create_check_constraint("ck", "orders", "total > 5",'
    " postgresql_not_valid=True)",
    "check_validated": sql("ALTER TABLE orders VALIDATE CONSTRAINT ck_later"),
    "check_dropped": 'op.drop_constraint("ck_old", "orders", type_="check")',
    "constraint_renamed": sql("ALTER TABLE orders RENAME CONSTRAINT ck_old TO ck_new"),
    "rows_inserted": 'op.bulk_insert(sa.table("users", sa.column("id")), [{"id": 9}])',
    "rows_inserted_in_sql": sql("INSERT INTO users SELECT 7"),
    "rows_updated": sql("UPDATE orders SET note = note || 'x' WHERE id = 1"),
    "rows_updated_all": sql("UPDATE orders SET total = total + 1"),
    "rows_deleted": sql("DELETE FROM orders WHERE id = 1"),
    "rows_truncated": sql("TRUNCATE orders"),
    "value": sql("ALTER TYPE kind ADD VALUE 'c'"),
    "value_that_is_used": sql("ALTER TYPE kind ADD VALUE 'c'")
    + "\n"
    + sql("UPDATE orders SET kind = 'c' WHERE id = 1"),
    "several_at_once": sql("ALTER TABLE orders ADD COLUMN x integer, DROP COLUMN note"),
    "index_renamed": sql("ALTER INDEX ix_name RENAME TO ix_new"),
    "statistics": sql("ALTER TABLE orders ALTER note SET STATISTICS 9"),
    "trigger": sql(
        "CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()"
    ),
    "owner": sql("ALTER TABLE orders OWNER TO current_user"),
    "storage": sql("ALTER TABLE orders ALTER state SET STORAGE EXTERNAL"),
    "fill_factor": sql("ALTER TABLE orders SET (fillfactor = 70)"),
    "triggers": sql("ALTER TABLE orders DISABLE TRIGGER USER"),
    "locked": sql("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"),
    "locked_for_writes": sql("LOCK TABLE orders IN SHARE MODE"),
    "policy": sql("CREATE POLICY p ON orders USING (true)"),
    "row_security": sql("ALTER TABLE orders ENABLE ROW LEVEL SECURITY"),
    "timeout": sql("SET LOCAL lock_timeout = '4s'"),
    "table_dropped_and_made_anew": sql("DROP TABLE stale")
    + "\n"
    + sql("CREATE TABLE stale (id int)"),
    "tables_dropped": sql("DROP TABLE IF EXISTS loose, copies"),
    "tables_truncated": sql("TRUNCATE loose, ONLY copies"),
    "tables_locked": sql("LOCK TABLE loose, copies"),
    "indexes_dropped": sql("DROP INDEX ix_name, ux_loose"),
    "partition_made": sql("CREATE TABLE day_2 PARTITION OF days FOR VALUES FROM (20) TO (30)"),
    "partition_attached": sql(
        "ALTER TABLE days ATTACH PARTITION loose FOR VALUES FROM (10) TO (20)"
    ),
    "partition_detached": sql("ALTER TABLE days DETACH PARTITION day_1"),
    "partition_dropped": sql("DROP TABLE day_1"),
    "primary_key": 'op.create_primary_key("pk", "loose", ["id"])',
    "primary_key_by_an_index": sql("ALTER TABLE loose ADD PRIMARY KEY USING INDEX ux_loose"),
    "identity_added": sql("ALTER TABLE loose ALTER id ADD GENERATED ALWAYS AS IDENTITY"),
    "identity_by_an_operation": 'op.alter_column("loose", "id", server_default=sa.Identity())',
    "expression_dropped": sql("ALTER TABLE copies ALTER twice DROP EXPRESSION"),
    "unlogged": sql("ALTER TABLE loose SET UNLOGGED"),
    "moved": sql("ALTER TABLE orders SET TABLESPACE elsewhere"),
    "clustered": sql("CLUSTER orders USING ix_name"),
    "cluster_chosen": sql("ALTER TABLE orders CLUSTER ON ix_name"),
    "compression": sql("ALTER TABLE orders ALTER note SET COMPRESSION pglz"),
    "replica_identity": sql("ALTER TABLE orders REPLICA IDENTITY FULL"),
    "constraint_deferred": sql("ALTER TABLE orders ALTER CONSTRAINT fk_old DEFERRABLE"),
    "schema_changed": sql("CREATE SCHEMA s") + "\n" + sql("ALTER TABLE loose SET SCHEMA s"),
    "copied": 'with op.batch_alter_table("loose", recreate="always") as batch:\n'
    '    batch.add_column(sa.Column("x", sa.Integer()))',
    "table_reindexed": sql("REINDEX TABLE orders"),
    "index_rebuilt": sql("REINDEX (VERBOSE) INDEX ix_name"),
    "view_made": sql("CREATE VIEW v AS SELECT id FROM orders"),
    "view_replaced": sql("CREATE OR REPLACE VIEW names AS SELECT id FROM users LIMIT 1"),
    "view_made_anew": sql("DROP VIEW labels") + "\n" + sql("CREATE VIEW labels AS SELECT 1 AS n"),
    "view_renamed": sql("ALTER MATERIALIZED VIEW sums RENAME TO totals"),
    "view_refreshed": sql("REFRESH MATERIALIZED VIEW sums"),
    "view_refreshed_concurrently": sql("REFRESH MATERIALIZED VIEW CONCURRENTLY sums"),
    "materialized_view_dropped": sql("DROP MATERIALIZED VIEW IF EXISTS sums"),
    "trigger_renamed": sql("ALTER TRIGGER t_old ON orders RENAME TO t_new"),
    "trigger_dropped": sql("DROP TRIGGER t_old ON orders"),
    "rule": sql("CREATE RULE r AS ON DELETE TO users DO INSTEAD NOTHING"),
    "domain_checked": sql("ALTER DOMAIN positive ADD CHECK (value > 0)"),
    "domain_checked_later": sql("ALTER DOMAIN positive ADD CHECK (value > 0) NOT VALID"),
    "domain_dropped": sql("DROP DOMAIN positive CASCADE"),
    "rows_updated_behind_with": sql(
        "WITH a AS (SELECT 1 AS id) UPDATE orders SET note = 'x' FROM a WHERE a.id = orders.id"
    ),
    "rows_inserted_behind_with": sql(
        "WITH a AS (SELECT 8 AS id) INSERT INTO users SELECT id FROM a"
    ),
    "statistics_made": sql("CREATE STATISTICS st ON id, note FROM orders"),
    "rows_merged": sql(
        "MERGE INTO orders o USING users u ON o.user_id = u.id WHEN MATCHED THEN DELETE"
    ),
    "rows_selected_into_a_table": sql("SELECT id INTO t FROM users")
    + "\n"
    + sql("CREATE INDEX ix ON t (id)"),
    "view_for_the_session": sql("CREATE TEMP VIEW v AS SELECT id FROM users")
    + "\n"
    + sql("CREATE OR REPLACE TEMPORARY VIEW v AS SELECT id FROM users"),
    "table_for_the_session": sql("CREATE TEMP TABLE t (id int)")
    + "\n"
    + sql("ALTER TABLE t ADD x int"),
    "view_that_is_recursive": sql("CREATE OR REPLACE RECURSIVE VIEW v (n) AS SELECT 1"),
    "granted": sql("GRANT SELECT ON orders TO PUBLIC"),
}
# In no transaction, each with what takes it back.
ALONE = {
    "index_concurrently": (
        'op.create_index("ix", "orders", ["note"], postgresql_concurrently=True)',
        "DROP INDEX ix",
    ),
    "index_dropped_concurrently": (
        'op.drop_index("ix_name", table_name="orders", postgresql_concurrently=True)',
        "CREATE INDEX ix_name ON orders (name)",
    ),
    "index_rebuilt_concurrently": (sql("REINDEX INDEX CONCURRENTLY ix_name"), "SELECT 1"),
    "packed": (sql("VACUUM (FULL, ANALYZE) orders"), "SELECT 1"),
}
# What PostgreSQL refuses; all of it is found.
FAILS = {
    *("column_not_null", "not_null_on_nulls", "text_narrowed_on_rows", "index_unique_on_rows"),
    *("unique_on_rows", "key_on_rows", "check_on_rows", "value_that_is_used"),
}
_KEY = "an index or a constraint that a foreign key is about locks both tables"
_UNJUDGED = "SQL that no rule judges"
_NOT_TOLD = "the statement does not name the table"
_PERHAPS_NEW = "it may be of a table that the branch makes"
_EMPTY = "the new file is empty"
# What we say otherwise than PostgreSQL, and why.
EXPLAINED = {
    "table_dropped: users gets ACCESS EXCLUSIVE, not None": _KEY,
    "integer_widened: users gets ACCESS EXCLUSIVE, not None": _KEY,
    "integer_narrowed: users gets ACCESS EXCLUSIVE, not None": _KEY,
    "key_dropped: users gets ACCESS EXCLUSIVE, not None": _KEY,
    "table_made_with_a_key: users gets SHARE ROW EXCLUSIVE, not None": "it lasts for an instant",
    "trigger: orders gets SHARE ROW EXCLUSIVE, not None": _UNJUDGED,
    "statistics: orders gets SHARE UPDATE EXCLUSIVE, not None": _UNJUDGED,
    "fill_factor: orders gets SHARE UPDATE EXCLUSIVE, not None": _UNJUDGED,
    "triggers: orders gets SHARE ROW EXCLUSIVE, not None": _UNJUDGED,
    "locked_for_writes: orders gets SHARE, not None": _UNJUDGED,
    "cluster_chosen: orders gets SHARE UPDATE EXCLUSIVE, not None": _UNJUDGED,
    "statistics_made: orders gets SHARE UPDATE EXCLUSIVE, not None": _UNJUDGED,
    "view_refreshed_concurrently: sums gets EXCLUSIVE, not None": _UNJUDGED,
    "index_dropped_in_sql: orders gets ACCESS EXCLUSIVE, not None": _NOT_TOLD,
    "index_dropped_in_sql: ACCESS EXCLUSIVE is True": _PERHAPS_NEW,
    "indexes_dropped: orders gets ACCESS EXCLUSIVE, not None": _NOT_TOLD,
    "indexes_dropped: loose gets ACCESS EXCLUSIVE, not None": _NOT_TOLD,
    "indexes_dropped: ACCESS EXCLUSIVE is True": _PERHAPS_NEW,
    "index_rebuilt: orders gets SHARE, not None": _NOT_TOLD,
    "index_rebuilt_concurrently: orders gets SHARE UPDATE EXCLUSIVE, not None": _NOT_TOLD,
    "partition_dropped: days gets ACCESS EXCLUSIVE, not None": _NOT_TOLD,
    "domain_checked: copies gets SHARE, not None": _NOT_TOLD,
    "domain_dropped: copies gets ACCESS EXCLUSIVE, not None": _NOT_TOLD,
    "domain_dropped: ACCESS EXCLUSIVE is True": _NOT_TOLD,
    "rows_truncated: a rewrite is True": _EMPTY,
    "tables_truncated: a rewrite is True": _EMPTY,
    "table_dropped_and_made_anew: a rewrite is True": _EMPTY,
    "view_refreshed: a rewrite is True": "it is what a refresh is for",
}


class Seen(NamedTuple):
    """What PostgreSQL did: the strongest lock on each table, the tables that it wrote anew."""

    locks: dict[str, str]
    rewritten: set[str]
    error: str = ""


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """PostgreSQL with the tables, and rows in them."""
    url = database.replace("postgresql:", "postgresql+psycopg:")
    made = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with made.begin() as connection:
        for text in (START, migration("objects", OBJECTS.strip())):
            _upgrade(connection, text)
        for statement in ROWS:
            connection.execute(sa.text(statement))
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SET allow_in_place_tablespaces = on"))
        connection.execute(sa.text("CREATE TABLESPACE elsewhere LOCATION ''"))
    yield made
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("DROP TABLESPACE elsewhere"))
    made.dispose()


def _upgrade(connection: Connection, text: str) -> None:
    names: dict[str, object] = {}
    exec(compile(text, "migration", "exec"), names)
    with Operations.context(MigrationContext.configure(connection)):
        names["upgrade"]()  # type: ignore[operator]


def _locks(observer: Connection, process: int) -> dict[str, str]:
    query = sa.text(
        "SELECT relation\\:\\:regclass\\:\\:text, mode FROM pg_locks"
        f" WHERE pid = {process} AND relation\\:\\:regclass\\:\\:text"
        f" IN {TABLES}"
    )
    held: dict[str, str] = {}
    for table, mode in observer.execute(query):
        words = "".join(f" {letter}" if letter.isupper() else letter for letter in mode)
        name = words.removesuffix(" Lock").strip().upper()
        held[table] = max(held.get(table, name), name, key=LOCKS.index)
    return held


def _files(connection: Connection) -> dict[str, int]:
    """The files of the tables by their names, none where one is gone."""
    query = f"SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relname IN {TABLES}"
    return {name: cast(int, file) for name, file in connection.execute(sa.text(query))}


def _observed(connection: Connection, observer: Connection, body: str) -> Seen:
    """Run a migration in a transaction that is taken back."""
    before = _files(connection)
    connection.rollback()
    transaction = connection.begin()
    try:
        _upgrade(connection, migration("m", body))
    except sa.exc.DBAPIError as error:
        transaction.rollback()
        return Seen({}, set(), str(error.orig))
    after, locks = _files(connection), _locks(observer, _process(connection))
    transaction.rollback()
    return Seen(locks, _changed(before, after))


def _changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name in before if after.get(name, before[name]) != before[name]}


def _process(connection: Connection) -> int:
    return cast(int, connection.execute(sa.text("SELECT pg_backend_pid()")).scalar())


@contextmanager
def _writer(engine: Engine) -> Iterator[None]:
    """A transaction that has written to the table, for which CONCURRENTLY waits."""
    with engine.connect() as connection:
        connection.execute(sa.text("UPDATE orders SET total = 4"))
        yield
        connection.rollback()


def _observed_alone(engine: Engine, observer: Connection, body: str) -> Seen:
    """Run a statement in no transaction, and look at its locks while it waits for a writer."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        process, before = _process(connection), _files(observer)
        with _writer(engine):
            runs = threading.Thread(target=_upgrade, args=(connection, migration("m", body)))
            runs.start()
            end = time.monotonic() + 10
            while not (locks := _locks(observer, process)) and time.monotonic() < end:
                time.sleep(0.01)
        runs.join()
    return Seen(locks, _changed(before, _files(observer)))


def _predicted(body: str) -> dict[str, str]:
    """The strongest lock that our facts tell on each table."""
    sent = read_sent("m.py", migration("m", body).encode())
    held: dict[str, str] = {}
    for statement in sent.statements:
        others = (statement.other,) if statement.kind == "add foreign key" else ()
        for table in (statement.table, *others):
            if statement.lock and table in TABLES:
                held[table] = max(held.get(table, "ACCESS SHARE"), statement.lock, key=LOCKS.index)
    return held


@pytest.fixture
def verdicts(project: Project, run: Run) -> dict[str, dict[str, str]]:
    """The messages of the family on each row, by rule."""
    bodies = {**OPERATIONS, **{name: body for name, (body, _) in ALONE.items()}}
    table = '[tool.definition-of-done]\nselect = ["safety"]\ndatabase = "postgresql"\n'
    lay(project, {"objects": OBJECTS.strip()}, settings=table)
    project.git("commit", "-qm", "objects")
    project.lay({path_of(name): migration(name, body, "objects") for name, body in bodies.items()})
    found: dict[str, dict[str, str]] = {name: {} for name in bodies}
    for finding in json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]:
        name = finding["path"].partition("20260601_")[2].removesuffix(".py")
        found.setdefault(name, {})[finding["rule"]] = finding["message"]
    return found


def test_postgresql_agrees(engine: Engine, verdicts: dict[str, dict[str, str]]) -> None:
    assert len(OPERATIONS) + len(ALONE) >= 60
    seen: dict[str, Seen] = {}
    watching = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with watching as observer, engine.connect() as connection:
        for name, body in OPERATIONS.items():
            seen[name] = _observed(connection, observer, body)
        for name, (body, back) in ALONE.items():
            seen[name] = _observed_alone(engine, observer, body)
            observer.execute(sa.text(back))
    bodies = {**OPERATIONS, **{name: body for name, (body, _) in ALONE.items()}}
    assert {name for name in seen if seen[name].error} == FAILS
    assert [name for name in FAILS if not verdicts[name]] == []
    faults = [
        f"{name}: {fault}"
        for name, body in bodies.items()
        if name not in FAILS
        for fault in _faults(body, seen[name], verdicts[name])
    ]
    assert sorted(faults) == sorted(EXPLAINED)


def _faults(body: str, seen: Seen, told: dict[str, str]) -> Iterator[str]:
    predicted = _predicted(body)
    # Statements on rows of one table read the other by its keys.
    weak = ("", *LOCKS[: LOCKS.index("ROW EXCLUSIVE")])
    for table in TABLES:
        lock, ours = seen.locks.get(table, ""), predicted.get(table)
        if lock != (ours or "") and not (ours is None and lock in weak):
            yield f"{table} gets {lock}, not {ours}"
    is_exclusive = "ACCESS EXCLUSIVE" in seen.locks.values()
    if is_exclusive != ("lock-timeout-set" in told):
        yield f"ACCESS EXCLUSIVE is {is_exclusive}"
    is_rewritten = bool(seen.rewritten)
    verdict = told.get("type-change-rewrites", "")
    if is_rewritten != ("rewrites" in verdict or "copied" in verdict):
        yield f"a rewrite is {is_rewritten}"
