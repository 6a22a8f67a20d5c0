"""3.3 and 3.7: no inline DDL, and what a migration's docstring says of its parents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.facts import HEAD, told
from tests.contract.worlds import GROWN, NEW, Case, all_of
from tests.repository import Project, Run

from definition_of_done.project.migrations.files.migration import read_migration
from definition_of_done.project.migrations.shapes.header_sync import header_faults
from definition_of_done.project.migrations.source.ddl import read_code

ID = "no-inline-ddl"
DATABASE = "app/database.py"


def judged(source: str, path: str, *, is_migration: bool = False) -> list[str]:
    return told(ID, read_code(path, source.encode(), is_migration=is_migration))


CREATES = [
    ("Base.metadata.create_all(engine)", "1:1: metadata.create_all"),
    ("Base.metadata.create_all(bind=engine, checkfirst=True)", "1:1: metadata.create_all"),
    ("SQLModel.metadata.create_all(engine)", "1:1: metadata.create_all"),
    (
        "async def f(c):\n    await c.run_sync(Base.metadata.create_all)",
        "2:22: metadata.create_all",
    ),
    ("metadata = MetaData()\nmetadata.create_all(engine)", "2:1: metadata.create_all"),
    ("meta = sa.MetaData()\nmeta.create_all(engine)", "2:1: metadata.create_all"),
    ("from app.models import metadata\nmetadata.create_all(e)", "2:1: metadata.create_all"),
    ("target = Base.metadata\ntarget.create_all(engine)", "2:1: metadata.create_all"),
    ("db = SQLAlchemy()\ndb.create_all()", "2:1: metadata.create_all"),
    ("Base.metadata.drop_all(engine)", "1:1: metadata.drop_all"),
    (
        "engine = create_engine(os.environ['URL'])\nBase.metadata.create_all(engine)",
        "2:1: metadata.create_all",
    ),
    # Alembic's table is its own; another one that is made beside it is not.
    (
        "from alembic import context\nc.execute('CREATE TABLE alembic_versions_old (v int)')",
        "2:11: CREATE TABLE alembic_versions_old",
    ),
    ("db.execute('ALTER TABLE a DROP x')", "1:12: ALTER TABLE a"),
]
NO_CREATES = [
    "files.create_all(names)",
    "permissions = Permissions()\npermissions.create_all()",
    "engine = create_engine('sqlite://')\nBase.metadata.create_all(engine)",
    "engine = create_async_engine('sqlite+aiosqlite:///:memory:')\n"
    "async def f():\n    await c.run_sync(Base.metadata.create_all)",
    "URL = 'sqlite:///cache.db'\nengine = sa.create_engine(URL)\nBase.metadata.create_all(engine)",
    "engine = create_mock_engine('postgresql://', dump)\nBase.metadata.create_all(engine)",
    "# Base.metadata.create_all(engine)\nx = 1",
    "help = 'Base.metadata.create_all(engine)'",
    "tables = Base.metadata.tables",
    "Base.metadata.reflect(engine)",
    "from alembic import context\n"
    "c.execute('ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(128)')",
    "from alembic import context\n"
    "c.execute(text('CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(255))'))",
    'import alembic\nc.execute(\'CREATE TABLE "public"."alembic_version" (v VARCHAR(255))\')',
    "from alembic import context\ncontext.configure(version_table='versions')\n"
    "c.execute('CREATE TABLE versions (version_num VARCHAR(255))')",
]


@pytest.mark.parametrize(("source", "said"), CREATES)
def test_tables_are_made_in_application_code(source: str, said: str) -> None:
    assert judged(source, DATABASE) == [f"{said} in application code"]


@pytest.mark.parametrize("source", NO_CREATES)
def test_no_tables_are_made(source: str) -> None:
    assert judged(source, DATABASE) == []


@pytest.mark.parametrize(
    "call", ["Base.metadata.create_all(op.get_bind())", "sa.Table('a', m).create(op.get_bind())"]
)
def test_a_migration_may_make_tables(call: str) -> None:
    assert judged(f"{HEAD}def upgrade():\n    {call}\n", "a.py", is_migration=True) == []


# An action of ALTER TABLE, and Alembic's operations that do the same.
ACTIONS = [
    ("DROP x", "drop_column"),
    ("DROP `x`", "drop_column"),
    ('DROP "x"', "drop_column"),
    ("DROP x, DROP y", "drop_column"),
    ("DROP FOREIGN KEY fk", "drop_constraint"),
    ("DROP FOREIGN KEY `fk`", "drop_constraint"),
    ("ADD INDEX ix (x)", "create_index"),
    ("ADD KEY `ix` (`x`, y(10))", "create_index"),
    ("DROP INDEX ix", "drop_index"),
    ("DROP KEY ix", "drop_index"),
    ("ADD COLUMN x int, ADD COLUMN y int", "add_column"),
    ("ADD COLUMN x int, DROP y", "add_column and op.drop_column"),
    ("ADD x int, ADD INDEX ix (x)", "add_column and op.create_index"),
    ("ADD COLUMN IF NOT EXISTS x int, ADD COLUMN y int", "add_column"),
    ("ENABLE ROW LEVEL SECURITY, ADD COLUMN y int", "add_column"),
    ("DROP FOREIGN KEY fk, DROP COLUMN x", "drop_constraint and op.drop_column"),
    ("SET (fillfactor = 70), ALTER COLUMN x SET NOT NULL", "alter_column"),
    ("ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES b (id) NOT VALID, DROP y", "drop_column"),
]
NO_ACTIONS = [
    "DROP PRIMARY KEY",
    "DROP PARTITION p",
    "DROP CONSTRAINT fk CASCADE",
    "DROP x CASCADE",
    "DROP IF EXISTS x",
    "DROP COLUMN x RESTRICT",
    "DROP CHECK ck",
    "ADD FULLTEXT INDEX ix (x)",
    "ADD UNIQUE KEY uq (x)",
    "ADD INDEX (x)",
    "RENAME INDEX x TO y",
    "ADD COLUMN x int, ALGORITHM=INPLACE",
    "DROP x, ALGORITHM = INSTANT, LOCK = NONE",
    "ADD INDEX ix (x), LOCK=NONE",
    "DROP COLUMN IF EXISTS x, ADD COLUMN IF NOT EXISTS y int",
]


@pytest.mark.parametrize(("action", "operations"), ACTIONS)
def test_sql_that_alembic_has_an_operation_for(action: str, operations: str) -> None:
    source = f"{HEAD}def upgrade():\n    op.execute('''ALTER TABLE a {action}''')\n"
    code = read_code("a.py", source.encode(), is_migration=True)
    assert [(found.words, found.operation) for found in code.statements] == [
        ("ALTER TABLE a", operations)
    ]


@pytest.mark.parametrize("action", NO_ACTIONS)
def test_sql_that_no_operation_does(action: str) -> None:
    source = f"{HEAD}def upgrade():\n    op.execute('''ALTER TABLE a {action}''')\n"
    assert judged(source, "a.py", is_migration=True) == []


# Revises of a merge, as several generators spell the parents.
@pytest.mark.parametrize(
    "says", ["('a', 'b')", "a, b", "b, a", "('b', 'a')", '("a", "b")', "['a', 'b']", "(a, b)"]
)
def test_the_docstring_may_spell_a_tuple(says: str) -> None:
    assert _revises(says) == []


@pytest.mark.parametrize("says", ["('a',)", "('a', 'c')", "a", "('a', 'b', 'c')", "()"])
def test_the_docstring_spells_other_parents(says: str) -> None:
    (message,) = _revises(says)
    assert message.startswith("Revises says ")
    assert message.endswith(", down_revision is 'a, b'")


def _revises(says: str) -> list[str]:
    head = f'"""merge\n\nRevision ID: m\nRevises: {says}\nCreate Date: 2026-05-24 00:00:00\n"""\n'
    source = f"{head}revision = 'm'\ndown_revision = ('a', 'b')\n"
    path = "alembic/versions/20260524_merge.py"
    migration = read_migration(path, source.encode())
    return [fault.message for fault in header_faults(migration, ["Revises"], None)]


CREATE_ALL = (
    '"""The declarative base of every model."""\n\nfrom sqlalchemy import Engine\n'
    "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n"
    "def init_db(engine: Engine) -> None:\n    Base.metadata.create_all(engine)\n"
)
ENV = "alembic/env.py"
WIDER = "        connection.exec_driver_sql('{}')\n        context.configure(connection"
VERSION = "ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(64)"
CREATED = f"{DATABASE}:12:5: {ID}: metadata.create_all in application code"
BROKEN = [
    Case(
        "3.3",
        "the application makes one table",
        NEW,
        {
            "app/worker.py": (
                "broker = ",
                "def start() -> None:\n    VendorCredit.__table__.create(broker)\n\n\nbroker = ",
            )
        },
        ("app/worker.py:6:5: no-inline-ddl: __table__.create in application code",),
    ),
    Case("3.3", "the application makes the tables", NEW, {DATABASE: CREATE_ALL}, (CREATED,)),
    Case("3.3", "the application makes the tables", GROWN, {DATABASE: CREATE_ALL}, (CREATED,)),
    Case(
        "3.3",
        "env.py makes a table of the application's",
        NEW,
        {ENV: ("        context.configure(connection", WIDER.format("CREATE TABLE jobs (id int)"))},
        (f"{ENV}:15:36: {ID}: CREATE TABLE jobs in application code",),
    ),
    Case(
        "3.3",
        "two actions in one statement, COLUMN left out",
        GROWN,
        {
            "alembic/versions/20260702_add_approved_on.py": (
                '        batch_op.drop_column("approved_on")\n',
                '    op.execute("ALTER TABLE vendor_credits DROP approved_on, SET LOGGED")\n',
            )
        },
        (
            f"alembic/versions/20260702_add_approved_on.py:28:16: {ID}: ALTER TABLE vendor_credits"
            " is written as SQL",
        ),
    ),
]
HONEST = [
    Case(
        "3.3",
        "a fixture makes the tables",
        NEW,
        {"tests/conftest.py": ("import pytest\n", "import datetime\n\nimport pytest\n")},
    ),
    Case(
        "3.3",
        "env.py widens Alembic's own table",
        NEW,
        {ENV: ("        context.configure(connection", WIDER.format(VERSION))},
    ),
]


@all_of(BROKEN + HONEST)
def test_ddl(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds


def test_tables_are_made_where_no_migration_makes_them(project: Project, run: Run) -> None:
    project.lay({DATABASE: CREATE_ALL})
    assert run(ID, DATABASE)[0] == 0
    project.lay({"alembic/versions/20260524_add_x.py": f"{HEAD}down_revision = None\n"})
    assert run(ID, DATABASE)[0] == 1
