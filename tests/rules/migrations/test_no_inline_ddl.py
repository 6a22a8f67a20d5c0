"""no-inline-ddl: DDL in application code, and ALTER TABLE that Alembic has an operation for."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "no-inline-ddl"
APP = "app/models.py"
MIGRATION = "alembic/versions/20260524_add_x.py"
CLEAN = (0, "no findings (1 file judged)\n", "")


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("db.execute('ALTER TABLE a ADD COLUMN b int')", "1:12", "ALTER TABLE a"),
        ("db.execute(text('create unique index ix on a (b)'))", "1:17", "CREATE INDEX ix"),
        ("db.execute(sa.text('drop type if exists mood'))", "1:20", "DROP TYPE mood"),
        ("db.exec_driver_sql('CREATE ' 'TABLE a (b int)')", "1:20", "CREATE TABLE a"),
        ("ddl = DDL('DROP INDEX CONCURRENTLY ix')", "1:11", "DROP INDEX ix"),
        ("db.execute(f'DROP TABLE {name}')", "1:12", "DROP TABLE"),
        ("db.execute(f'DROP TABLE old_{name}')", "1:12", "DROP TABLE old_…"),
        ("db.execute('DROP TABLE %s' % name)", "1:12", "DROP TABLE"),
        ("db.execute('DROP TABLE ' + name)", "1:12", "DROP TABLE"),
        ("db.execute('DROP TABLE {}'.format(name))", "1:12", "DROP TABLE"),
        ("SQL = 'ALTER TABLE a DROP b'\ndb.execute(SQL)", "2:12", "ALTER TABLE a"),
        ("db.execute('SELECT 1; DROP TABLE a')", "1:12", "DROP TABLE a"),
        ("db.execute('-- why\\n/* so */ ALTER TYPE a ADD VALUE $$b$$')", "1:12", "ALTER TYPE a"),
        ("import sqlite3, sqlalchemy\ndb.execute('DROP TABLE a')", "2:12", "DROP TABLE a"),
    ],
)
def test_application_code(source: str, place: str, words: str, project: Project, run: Run) -> None:
    project.lay({APP: source})
    assert run(ID, APP) == (
        1,
        f"{APP}:{place}: {ID}: {words} in application code\n"
        "    help: write a migration for it\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "source",
    [
        "db.execute('SELECT * FROM a')",
        "db.execute('UPDATE a SET note = $$alter table b$$')",
        "db.execute('CREATE TEMP TABLE a (b int)'); db.execute('DROP TABLE a')",
        "db.execute('CREATE EXTENSION citext')",
        "db.execute('CREATE TRIGGER t')",
        "db.execute('CREATE VIEW v AS SELECT 1')",
        "db.execute('ALTER ROLE admin')",
        "print('DROP TABLE a')",
        "HELP = 'ALTER TABLE a'",
        "db.execute(f'{verb} TABLE a')",
        "db.execute(sql())",
        "import sqlite3\ndb.execute('CREATE TABLE cache (key text)')",
        "# ALTER TABLE a\nx = 1",
        "def f(sql):\n    db.execute(sql)\nsql = 'DROP TABLE a'",
        "sql = sql + 'DROP TABLE a'",
    ],
)
def test_application_code_left_alone(source: str, project: Project, run: Run) -> None:
    project.lay({APP: source})
    assert run(ID, APP) == CLEAN


@pytest.mark.parametrize("path", ["tests/test_a.py", "app/test_a.py", "app/a_test.py"])
def test_tests_are_left_alone(path: str, project: Project, run: Run) -> None:
    project.lay({path: "db.execute('DROP TABLE a')"})
    assert run(ID, path) == (0, "no findings (0 files judged)\n", "")


@pytest.mark.parametrize(
    ("action", "operation"),
    [
        ("ADD COLUMN b int", "add_column"),
        ("ADD b int", "add_column"),
        ("DROP COLUMN b", "drop_column"),
        ("DROP COLUMN b, DROP COLUMN c", "drop_column"),
        ("RENAME COLUMN b TO c", "alter_column"),
        ("RENAME b TO c", "alter_column"),
        ("RENAME TO c", "rename_table"),
        ("ALTER COLUMN b TYPE int USING b::int", "alter_column"),
        ("ALTER b SET DATA TYPE numeric(10, 2)", "alter_column"),
        ("ALTER COLUMN b SET NOT NULL", "alter_column"),
        ("ALTER COLUMN b DROP DEFAULT", "alter_column"),
        ("MODIFY COLUMN b int", "alter_column"),
        ("MODIFY b varchar(36) NOT NULL", "alter_column"),
        ("CHANGE b c int", "alter_column"),
        ("ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES c (id)", "create_foreign_key"),
        ("ADD CONSTRAINT uq UNIQUE (b)", "create_unique_constraint"),
        ("ADD CONSTRAINT ck CHECK (b IN (1, 2))", "create_check_constraint"),
        ("ADD CONSTRAINT pk PRIMARY KEY (b)", "create_primary_key"),
        ("ADD PRIMARY KEY (b, c)", "create_primary_key"),
        ("DROP CONSTRAINT fk", "drop_constraint"),
    ],
)
def test_migration(action: str, operation: str, project: Project, run: Run) -> None:
    project.lay({MIGRATION: f"def upgrade():\n    op.execute('ALTER TABLE a {action}')\n"})
    assert run(ID, MIGRATION) == (
        1,
        f"{MIGRATION}:2:16: {ID}: ALTER TABLE a is written as SQL\n"
        f"    help: use op.{operation}\n1 finding in 1 file\n",
        "",
    )


def test_a_name_of_each_direction(project: Project, run: Run) -> None:
    body = "    sql = 'ALTER TABLE a {} COLUMN b{}'\n    op.execute(sql)\n"
    source = f"def upgrade():\n{body.format('ADD', ' int')}def downgrade():\n"
    project.lay({MIGRATION: source + body.format("DROP", "")})
    advice = f"{ID}: ALTER TABLE a is written as SQL\n    help: use op."
    assert run(ID, MIGRATION) == (
        1,
        f"{MIGRATION}:3:16: {advice}add_column\n{MIGRATION}:6:16: {advice}drop_column\n"
        "2 findings in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TYPE mood ADD VALUE 'ok'",
        "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE a SET (fillfactor = 70)",
        "ALTER TABLE a ALTER COLUMN b SET STORAGE EXTERNAL",
        "ALTER TABLE a ALTER COLUMN b SET STATISTICS 500",
        "ALTER TABLE a RENAME CONSTRAINT b TO c",
        "ALTER TABLE a VALIDATE CONSTRAINT fk",
        "ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES c (id) NOT VALID",
        "ALTER TABLE a ADD CONSTRAINT uq UNIQUE USING INDEX ix",
        "ALTER TABLE a DROP CONSTRAINT fk CASCADE",
        "ALTER TABLE a ADD COLUMN IF NOT EXISTS b int",
        "ALTER TABLE a DROP COLUMN IF EXISTS b",
        "ALTER TABLE a ADD COLUMN b int, ALGORITHM=INPLACE",
        "ALTER TABLE a ADD UNIQUE KEY uq (b)",
        "ALTER TABLE a ADD INDEX (b)",
        "ALTER TABLE a ADD PARTITION p VALUES LESS THAN (9)",
        "ALTER TABLE a ADD PRIMARY KEY USING INDEX ix",
        "ALTER TABLE a RENAME INDEX b TO c",
        "ALTER TABLE a ATTACH PARTITION b DEFAULT",
        "ALTER INDEX ix RENAME TO iy",
        "CREATE INDEX CONCURRENTLY ix ON a (b)",
        "CREATE TABLE a PARTITION OF b DEFAULT",
        "UPDATE a SET b = 1",
    ],
)
def test_migration_left_alone(sql: str, project: Project, run: Run) -> None:
    project.lay({MIGRATION: f'def upgrade():\n    op.execute("{sql}")\n'})
    assert run(ID, MIGRATION) == CLEAN


def test_a_migration_in_a_folder_that_is_not_configured(project: Project, run: Run) -> None:
    path = "backend/db/versions/3f2a91bc04de_x.py"
    part = "    op.execute('ALTER TABLE a DROP PARTITION b')\n"
    sql = f"def upgrade():\n    op.execute('DROP TABLE a')\n{part}"
    header = "from alembic import op\nrevision = 'x'\ndown_revision: str | None = None\n"
    project.lay({path: header + sql})
    assert run(ID, path)[0] == 0
    project.lay({path: header + sql.replace("DROP PARTITION b", "ADD COLUMN b INT")})
    assert ": ALTER TABLE a is written as SQL\n" in run(ID, path)[1]
    # A variable of that name alone makes no migration.
    project.lay({path: header.replace("revision = 'x'\n", "") + sql})
    assert "DROP TABLE a in application code\n" in run(ID, path)[1]
