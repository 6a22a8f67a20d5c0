"""alembic-roundtrip with rows in the tables, and the locks that it reports, on PostgreSQL."""

from __future__ import annotations

import pytest
from tests.postgresql import sql
from tests.repository import Project, Run
from tests.rules.migrations.test_alembic_roundtrip import (
    CLEAN,
    ID,
    A,
    B,
    backend,
    migration,
)

__all__ = ["backend"]
pytestmark = pytest.mark.xdist_group("postgresql")

ADD_X = "op.add_column('{0}', sa.Column('x', sa.Integer()))"
DROP_X = "op.drop_column('{0}', 'x')"
NOT_UNIQUE = "op.drop_constraint('uq_{0}', '{0}')"
NOT_NULL = "op.add_column('{0}', sa.Column('x', sa.Integer(), nullable=False))"
UNIQUE = "op.create_unique_constraint('uq_{{0}}', '{{0}}', ['{}'])"
KINDS = (
    *("Integer", "BigInteger", "Numeric(4, 2)", "Float", "String(1)", "Text", "Boolean", "Date"),
    *("DateTime(timezone=True)", "Time", "Interval", "LargeBinary", "Uuid", "JSON"),
    *("ARRAY(sa.Integer)", "Enum('open', 'paid', name='state')", "dialects.postgresql.INET"),
    *("dialects.postgresql.TSTZRANGE", "dialects.postgresql.JSONB", "CHAR(3)"),
)
# JSON alone has no equality.
KEYS = (
    *("String(3)", "Date", "DateTime", "Time", "Uuid", "Boolean", "LargeBinary", "Numeric(4, 2)"),
    "Enum('open', 'paid', name='state')",
)
ASYNC_ENV = """\
import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config


def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    section = context.config.get_section("alembic")
    async with async_engine_from_config(section, prefix="sqlalchemy.").connect() as connection:
        await connection.run_sync(migrate)


asyncio.run(main())
"""


NOTHING = ""
REFUSES = "upgrade fails on postgresql with two rows in each table: "
SAME = f'{REFUSES}UniqueViolation: could not create unique index "uq_{{0}}"'
# Upgrade, downgrade and what is found, each on a table of its own, whose name stands for `{0}`.
TRIPS = [
    (ADD_X, DROP_X, NOTHING),
    (
        NOT_NULL,
        DROP_X,
        f'{REFUSES}NotNullViolation: column "x" of relation "{{0}}" contains null values',
    ),
    (NOT_NULL.replace("nullable", "server_default='0', nullable"), DROP_X, NOTHING),
    # A column with a default holds it in the rows that do not say another value.
    (
        "op.alter_column('{0}', 'note', nullable=False)",
        "op.alter_column('{0}', 'note', nullable=True)",
        NOTHING,
    ),
    (UNIQUE.format("name"), NOT_UNIQUE, SAME),
    # The second upgrade meets values where the first met NULL.
    (UNIQUE.format("note"), NOT_UNIQUE, SAME),
    (
        UNIQUE.format("memo"),
        NOT_UNIQUE,
        f"an {SAME.replace('upgrade', 'upgrade after the downgrade')}",
    ),
    (UNIQUE.format("id"), NOT_UNIQUE, NOTHING),
    # Once the rows are mended, the change holds.
    (
        "op.execute('DELETE FROM {0} WHERE id > 1'); " + UNIQUE.format("name"),
        NOT_UNIQUE,
        NOTHING,
    ),
    (
        "op.drop_column('{0}', 'name')",
        "op.add_column('{0}', sa.Column('name', sa.String(20), nullable=False))",
        f"{REFUSES.replace('upgrade', 'downgrade')}NotNullViolation:"
        ' column "name" of relation "{0}" contains null values',
    ),
    # What fails without rows is no fault of theirs.
    (
        "op.drop_column('{0}', 'y')",
        "pass",
        'upgrade fails on postgresql: UndefinedColumn: column "y" of relation "{0}" does not exist',
    ),
]


def test_rows(backend: Project, run: Run, database: str) -> None:
    tables = [f"t{at}" for at in range(len(TRIPS))]
    made = "".join(
        f"    op.create_table('{table}', sa.Column('id', sa.Integer, primary_key=True),"
        " sa.Column('name', sa.String(20), nullable=False), sa.Column('memo', sa.Text),"
        " sa.Column('note', sa.String(20), server_default='none'))\n"
        for table in tables
    )
    _lay_base(backend, made)
    parents = ["add_a", *(f"change_{table}" for table in tables)]
    for table, parent, (upgrade, downgrade, _) in zip(tables, parents, TRIPS, strict=False):
        up, down = upgrade.replace("{0}", table), downgrade.replace("{0}", table)
        path = f"alembic/versions/20260102_change_{table}.py"
        backend.lay({path: migration(up, down, f"change_{table}", parent)})
    code, out, err = run(ID, "--url", database, "--rows")
    found = {
        line.partition("change_")[2].partition(".py")[0]: line.partition(f" {ID}: ")[2]
        for line in out.splitlines()
        if f" {ID}: " in line
    }
    expected = {
        table: text.replace("{0}", table)
        for table, (_, _, text) in zip(tables, TRIPS, strict=True)
        if text
    }
    assert (code, found, err) == (1, expected, "")


def _lay_base(backend: Project, body: str) -> None:
    """Lay a migration of main that makes tables."""
    head = "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'add_a'\n"
    backend.lay({
        A: f"{head}down_revision = None\n\n\ndef upgrade():\n{body}\n\ndef downgrade():\n    pass\n"
    })  # fmt: skip
    backend.git("commit", "-qm", "tables")
    backend.git("branch", "-f", "main")


COUNT = """\
bind = op.get_bind()
    for table in sa.inspect(bind).get_table_names():
        rows = bind.execute(sa.text(f'SELECT * FROM {table}')).all()
        assert table == 'alembic_version' or (len(rows) == 2 and rows[0] != rows[1]), table
"""


def test_each_type_is_filled_and_each_key(backend: Project, run: Run, database: str) -> None:
    plain = ", ".join(
        f"sa.Column('c{at}', sa.{kind}, nullable=False)" for at, kind in enumerate(KINDS)
    )
    keys = "".join(
        f"    op.create_table('k{at}', sa.Column('k', sa.{kind}, nullable=False, unique=True))\n"
        for at, kind in enumerate(kind.replace("'state'", "'kind'") for kind in KEYS)
    )
    _lay_base(
        backend,
        f"    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), {plain})\n{keys}"
        # A table comes before the one that it refers to, an index is of an expression.
        "    op.create_table('b', sa.Column('x', sa.Integer, primary_key=True),"
        " sa.Column('y', sa.String(2), primary_key=True))\n"
        "    op.create_table('a0', sa.Column('id', sa.Uuid, primary_key=True),"
        " sa.Column('x', sa.Integer, nullable=False), sa.Column('y', sa.String(2), nullable=False),"
        " sa.Column('up', sa.Uuid, sa.ForeignKey('a0.id')),"
        " sa.ForeignKeyConstraint(['x', 'y'], ['b.x', 'b.y']))\n"
        "    op.create_table('a1', sa.Column('t_id', sa.Integer, sa.ForeignKey('t.id'),"
        " primary_key=True))\n"
        "    op.create_table('e', sa.Column('id', sa.Integer, sa.Identity(always=True),"
        " primary_key=True), sa.Column('mail', sa.Text, nullable=False))\n"
        "    op.create_index('ix', 'e', [sa.text('lower(mail)')], unique=True)\n",
    )
    backend.lay({B: migration(COUNT, "op.get_bind()")})
    assert run(ID, "--url", database, "--rows") == CLEAN
    assert sql(database, "SELECT FROM pg_class WHERE relname = 't'") == []


def test_what_cannot_be_filled_is_named_by_an_async_env_py(
    backend: Project, run: Run, database: str
) -> None:
    check = "sa.CheckConstraint(\"mail LIKE '%@%'\", name='is_mail')"
    more = (
        f"    op.create_table('m', sa.Column('mail', sa.Text, nullable=False), {check})\n"
        "    op.create_table('loop', sa.Column('id', sa.Integer, primary_key=True),"
        " sa.Column('up', sa.Integer, sa.ForeignKey('loop.id'), nullable=False))\n"
    )
    text = (backend.root / A).read_text()
    backend.lay({A: text.replace("\n\ndef downgrade", f"{more}\n\ndef downgrade")})
    backend.git("commit", "-qm", "more")
    backend.git("branch", "-f", "main")
    backend.lay({B: migration(ADD_X.format("a"), DROP_X.format("a"))})
    no_rows = f"{ID}: no rows in {{}}, so that nothing meets any: new row for relation"
    database = database.replace("postgresql", "postgresql+psycopg_async", 1)
    backend.lay({"alembic/env.py": ASYNC_ENV})
    assert run(ID, "--url", database, "--rows", "--locks") == (
        *CLEAN[:2],
        f'{no_rows.format("m")} "m" violates check constraint "is_mail"\n'
        f"{ID}: {B}:9: ALTER TABLE a ADD COLUMN x INTEGER: adds ACCESS EXCLUSIVE on a\n",
    )


def test_locks(backend: Project, run: Run, database: str) -> None:
    index = (
        "with op.get_context().autocommit_block():\n"
        "        op.create_index('ix', 'a', ['note'], postgresql_concurrently=True)\n"
    )
    upgrade = (
        f"{ADD_X.format('a')}\n    op.create_index('ix_x', 'a', ['x'])\n"
        "    op.execute('LOCK TABLE a IN SHARE MODE')\n"
        "    op.create_table('b', sa.Column('id', sa.Integer, sa.ForeignKey('a.id')))\n"
        f"    {index}"
    )
    down = (
        "op.drop_table('b'); op.drop_index('ix'); op.drop_index('ix_x'); op.drop_column('a', 'x')"
    )
    backend.lay({B: migration(upgrade, down)})
    code, out, err = run(ID, "--url", database, "--locks")
    start = f"{ID}: {B}:"
    assert (code, out) == CLEAN[:2]
    assert err.splitlines() == [
        f"{start}9: ALTER TABLE a ADD COLUMN x INTEGER: adds ACCESS EXCLUSIVE on a",
        f"{start}10: CREATE INDEX ix_x ON a (x): adds SHARE on a",
        f"{start}11: LOCK TABLE a IN SHARE MODE: adds no lock on a table",
        f"{start}12: CREATE TABLE b ( id INTEGER, FOREIGN KEY(id) REFERENCES a (id) ):"
        " adds ACCESS SHARE on a, SHARE ROW EXCLUSIVE on a",
        f"{start}14: CREATE INDEX CONCURRENTLY ix ON a (note): outside of a transaction, its locks"
        " end with it",
    ]


def test_other_database(backend: Project, run: Run) -> None:
    assert run(ID, "--locks") == (
        2,
        "",
        f"{ID}: error: roundtrip-locks needs PostgreSQL, and the database is sqlite: name an empty"
        " one of PostgreSQL in roundtrip-url\n",
    )


def test_rows_are_not_put_into_a_database_that_is_used(backend: Project, run: Run) -> None:
    error = f"{ID}: error: roundtrip-rows needs an empty database: leave roundtrip-reuse out\n"
    assert run(ID, "--rows", "--reuse") == (2, "", error)
