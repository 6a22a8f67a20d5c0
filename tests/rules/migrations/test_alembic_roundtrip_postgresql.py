"""alembic-roundtrip on a real PostgreSQL server, which these tests start and stop."""

from __future__ import annotations

import pytest
from tests.postgresql import sql
from tests.repository import Project, Run
from tests.rules.migrations.test_alembic_roundtrip import (
    ADD_X,
    CLEAN,
    ID,
    LOSSY,
    UNDO,
    A,
    B,
    backend,
    migration,
)

__all__ = ["backend"]
pytestmark = pytest.mark.xdist_group("postgresql")


_LEFT = (
    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    " UNION ALL SELECT typname FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace"
    " WHERE nspname = 'public' UNION ALL SELECT nspname FROM pg_namespace"
    " WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
    " UNION ALL SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
    " WHERE nspname = 'public'"
)
_STATE = "sa.Enum('open', 'paid', name='state')"


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "found"),
    [
        (
            "op.alter_column('a', 'note', nullable=False, type_=sa.Text(), comment='why')",
            "op.alter_column('a', 'note', nullable=True, type_=sa.String(20), comment=None)",
            [],
        ),
        (
            f"op.create_table('b', sa.Column('s', {_STATE}))",
            f"op.drop_table('b'); {_STATE}.drop(op.get_bind())",
            [],
        ),
        (
            f"op.create_table('b', sa.Column('s', {_STATE}))",
            "op.drop_table('b')",
            ["leaves enum type state"],
        ),
        (
            "op.execute(\"CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql\")",
            "op.execute('SELECT 1')",
            [
                "an upgrade after the downgrade fails on postgresql: DuplicateFunction:"
                ' function "f" already exists with same argument types'
            ],
        ),
        (
            "op.alter_column('a', 'note', comment='why')",
            "op.alter_column('a', 'note', comment='why not')",
            [
                "leaves column a.note as \"VARCHAR(20) NULL DEFAULT 'none'::character varying"
                " COMMENT 'why not'\", and it was"
                " \"VARCHAR(20) NULL DEFAULT 'none'::character varying\""
            ],
        ),
        (
            "op.create_check_constraint('long', 'a', 'length(name) > 1')",
            "op.execute('SELECT 1')",
            ["leaves check constraint long of a"],
        ),
        (
            "op.create_table('b', sa.Column('a_id', sa.Integer()),"
            " sa.ForeignKeyConstraint(['a_id'], ['a.id'], name='fk_b_a'))",
            "op.drop_constraint('fk_b_a', 'b', type_='foreignkey'); op.drop_table('b')",
            [],
        ),
        (
            "op.create_index('ix', 'a', [sa.text('lower(name)')], postgresql_where='id > 5')",
            "op.execute('SELECT 1')",
            ["leaves index ix of a"],
        ),
        (
            "op.execute('CREATE SCHEMA more');"
            " op.create_table('c', sa.Column('x', sa.Integer()), schema='more')",
            "op.drop_table('c', schema='more')",
            ["leaves schema more"],
        ),
        (
            "op.execute('CREATE SEQUENCE numbers')",
            "op.execute('SELECT 1')",
            ["leaves sequence numbers"],
        ),
    ],
)
def test_table(
    upgrade: str, downgrade: str, found: list[str], backend: Project, run: Run, database: str
) -> None:
    backend.lay({B: migration(upgrade, downgrade)})
    code, out, err = run(ID, "--url", database)
    lines = [line.partition(f" {ID}: ")[2] for line in out.splitlines() if f" {ID}: " in line]
    whole = [line if line.startswith("an upgrade") else f"downgrade {line}" for line in found]
    assert (code, lines, err) == (1 if found else 0, whole, "")
    assert sql(database, _LEFT) == []


def test_failure_leaves_the_rest_to_be_judged(backend: Project, run: Run, database: str) -> None:
    later = "alembic/versions/20260103_later.py"
    backend.lay({
        B: migration(ADD_X, "op.drop_column('a', 'y')"),
        later: migration(*LOSSY, "later", "change_a"),
    })  # fmt: skip
    assert run(ID, "--url", database) == (
        1,
        f"{B}:13:1: {ID}: downgrade fails on postgresql: UndefinedColumn:"
        f' column "y" of relation "a" does not exist\n    help: mend {B}\n'
        f"{later}:12:1: {ID}: downgrade does not bring back column a.note\n    help: {UNDO}\n"
        "2 findings in 2 files\n",
        "",
    )


@pytest.mark.parametrize("reuse", [False, True])
def test_half_a_downgrade(reuse: bool, backend: Project, run: Run, database: str) -> None:
    later = "alembic/versions/20260103_later.py"
    half = "op.drop_column('a', 'x'); op.execute('COMMIT'); raise ValueError('half')"
    backend.lay({
        B: migration(ADD_X, half),
        later: migration(*LOSSY, "later", "change_a"),
    })  # fmt: skip
    failed = (
        f"{B}:13:1: {ID}: downgrade fails on postgresql: ValueError: half\n    help: mend {B}\n"
    )
    if reuse:
        # Nothing of a database that is not ours to empty can be started again.
        stopped = (
            f"{B}:12:1: {ID}: what follows 'change_a' is not judged: the database is not as its"
            " upgrade left it\n    help: mend its downgrade first, and run this again\n"
        )
        report = f"{stopped}{failed}2 findings in 1 file\n"
    else:
        lost = f"{later}:12:1: {ID}: downgrade does not bring back column a.note\n"
        report = f"{failed}{lost}    help: {UNDO}\n2 findings in 2 files\n"
    assert run(ID, "--url", database, *(["--reuse"] if reuse else [])) == (1, report, "")
    assert bool(sql(database, _LEFT)) == reuse


def test_database_that_is_not_empty(backend: Project, run: Run, database: str) -> None:
    sql(database, "CREATE TYPE mine AS ENUM ('x')")
    sql(database, "CREATE EXTENSION pg_trgm")
    backend.lay({B: migration("op.drop_table('a')", "pass")})
    error = (
        f"{ID}: error: the database is not empty, it holds mine: give an empty one,"
        " or say --reuse to go on from there and leave it at the head\n"
    )
    assert run(ID, "--url", database) == (2, "", error)
    sql(database, "DROP TYPE mine")
    backend.lay(
        {B: migration("op.drop_index('ix_a_name')", "op.create_index('ix_a_name', 'a', ['name'])")}
    )
    # An extension that an administrator put there is no data, and stays.
    assert run(ID, "--url", database) == CLEAN
    assert sql(database, "SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
    assert run(ID, "--url", database, "--reuse") == CLEAN
    assert sql(database, "SELECT version_num FROM alembic_version") == [("change_a",)]


def test_url_from_the_environment(
    backend: Project, run: Run, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDTRIP", database)
    config = "[tool.definition-of-done]\nroundtrip-url = '$ROUNDTRIP'\n"
    backend.lay({"pyproject.toml": config, B: migration("op.drop_table('a')", "raise ValueError")})
    assert "fails on postgresql: ValueError\n" in run(ID)[1]


def test_unreachable(backend: Project, run: Run) -> None:
    pytest.importorskip("psycopg")
    backend.lay({A: "revision = 'add_a'\ndown_revision = None\n"})
    code, out, err = run(ID, "--url", "postgresql://nobody@/none?host=/nowhere")
    assert (code, out) == (2, "")
    assert err.startswith(f"{ID}: error: the database cannot be reached: OperationalError: ")
    assert err.count("\n") == 1
