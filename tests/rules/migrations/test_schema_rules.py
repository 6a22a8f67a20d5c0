"""migration-one-concern, no-speculative-fk-index, index-drop-alone: findings and silences."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

PATH = "alembic/versions/20260524_add_x.py"
HEAD = """\
import sqlalchemy as sa
from alembic import op
revision = "add_x"
def upgrade():
"""
CLEAN = (0, "no findings (1 file judged)\n", "")
CONCERN = "give each group a migration of its own"
SPECULATIVE = "leave it out, or silence this line with the query that needs the index"
ALONE = "drop it in a migration of its own"
NEW = "op.create_table('{}', sa.Column('id', sa.Integer()){})"
FK = ", sa.Column('a_id', sa.Integer(), sa.ForeignKey('a.id'){})"


def _judge(rule: str, lines: tuple[str, ...], project: Project, run: Run) -> tuple[int, str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    project.lay({PATH: f"{HEAD}{body}"})
    found: tuple[int, str, str] = run(rule, PATH)
    return found


@pytest.mark.parametrize(
    ("rule", "lines", "place", "message", "help"),
    [
        (
            "migration-one-concern",
            ("op.add_column('a', x)", "op.add_column('a', y)", "op.add_column('b', x)"),
            "7:5",
            "upgrade changes 2 unrelated groups of tables: a; b",
            CONCERN,
        ),
        (
            "migration-one-concern",
            (NEW.format("a", ""), NEW.format("b", FK.format("")), "op.drop_column('c', 'x')"),
            "7:5",
            "upgrade changes 2 unrelated groups of tables: a, b; c",
            CONCERN,
        ),
        (
            "migration-one-concern",
            ("op.drop_table('a', schema='one')", "op.drop_table('a', schema='two')"),
            "6:5",
            "upgrade changes 2 unrelated groups of tables: one.a; two.a",
            CONCERN,
        ),
        (
            "migration-one-concern",
            (
                "op.create_table('a', x, schema='s')",
                "op.create_foreign_key(None, 'b', 'a', ['x'], ['id'], referent_schema='t')",
            ),
            "6:5",
            "upgrade changes 2 unrelated groups of tables: s.a; b",
            CONCERN,
        ),
        (
            "no-speculative-fk-index",
            (NEW.format("b", FK.format(", index=True")),),
            "5:57",
            "column b.a_id has an index that only doubles its foreign key",
            SPECULATIVE,
        ),
        (
            "no-speculative-fk-index",
            (NEW.format("b", FK.format("")), "op.create_index('ix', 'b', ['a_id'], unique=False)"),
            "6:5",
            "index ix on b.a_id only doubles the foreign key",
            SPECULATIVE,
        ),
        (
            "no-speculative-fk-index",
            (
                NEW.format("b", ", sa.ForeignKeyConstraint(['a_id'], ['a.id'])"),
                "op.create_index(op.f('ix'), 'b', ['a_id'])",
            ),
            "6:5",
            "index ix on b.a_id only doubles the foreign key",
            SPECULATIVE,
        ),
        (
            "no-speculative-fk-index",
            (
                "with op.batch_alter_table('b') as batch:",
                "    batch.create_foreign_key('fk', 'a', ['a_id'], ['id'])",
                "    batch.create_index('ix', ['a_id'])",
            ),
            "7:9",
            "index ix on b.a_id only doubles the foreign key",
            SPECULATIVE,
        ),
        (
            "index-drop-alone",
            ("op.add_column('a', x)", "op.drop_index('ix', 'b')"),
            "6:5",
            "index ix is dropped beside add_column of a",
            ALONE,
        ),
        (
            "index-drop-alone",
            ("op.drop_index('ix', 'b')", "op.drop_column('a', 'x')", "op.execute('CREATE INDEX')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
            ALONE,
        ),
        (
            "index-drop-alone",
            ("op.drop_index('ix', 'b')", "op.drop_column('a', 'x')", "op.execute('DROP TABLE b')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
            ALONE,
        ),
        (
            "index-drop-alone",
            ("op.drop_index('ix', table_name='b')", "op.drop_column('a', 'x')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
            ALONE,
        ),
    ],
)
def test_finding(
    rule: str,
    lines: tuple[str, ...],
    place: str,
    message: str,
    help: str,
    project: Project,
    run: Run,
) -> None:
    assert _judge(rule, lines, project, run) == (
        1,
        f"{PATH}:{place}: {rule}: {message}\n    help: {help}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("migration-one-concern", ("op.add_column('a', x)", "op.drop_column('a', 'y')")),
        ("migration-one-concern", (NEW.format("a", ""), NEW.format("b", FK.format("")))),
        (
            "migration-one-concern",
            ("op.drop_index('ix')", NEW.format("a", ""), NEW.format("b", FK.format(""))),
        ),
        (
            "migration-one-concern",
            (
                NEW.format("a", ""),
                NEW.format("b", ""),
                "op.create_foreign_key('fk', 'b', 'a', ['a_id'], ['id'])",
            ),
        ),
        (
            "migration-one-concern",
            (
                "op.create_table('a', x, schema='s')",
                "op.create_foreign_key(None, 'b', 'a', ['x'], ['id'], referent_schema='s')",
            ),
        ),
        (
            "migration-one-concern",
            (
                "op.create_table('a', x, sa.ForeignKeyConstraint(['b_id'], ['public.b.id']))",
                "op.add_column('b', y)",
                "op.add_column('b', z, schema='public')",
            ),
        ),
        (
            "migration-one-concern",
            (
                "op.create_table('a', x)",
                "with op.batch_alter_table(",
                "    'b', table_args=[sa.ForeignKeyConstraint(['a_id'], ['a.id'])]",
                ") as batch:",
                "    batch.add_column(y)",
            ),
        ),
        (
            "migration-one-concern",
            ("op.rename_table('a', 'b', schema='s')", "op.drop_column('b', 'y', schema='s')"),
        ),
        ("migration-one-concern", ("op.add_column('a', x)", "op.execute('UPDATE b SET x = 1')")),
        ("migration-one-concern", ("op.add_column('a', x)", "op.bulk_insert(b, [])")),
        ("migration-one-concern", ("op.add_column('a', x)", "sa.Enum('x', name='e').create(z)")),
        ("migration-one-concern", ("op.add_column(a, x)", "op.drop_column('b', 'y')", "f(c)")),
        ("migration-one-concern", ("op.rename_table('a', 'b')", "op.drop_column('b', 'y')")),
        ("migration-one-concern", ("op.drop_index('ix')", "op.drop_column('b', 'y')")),
        ("no-speculative-fk-index", (NEW.format("b", FK.format(", index=True, unique=True")),)),
        ("no-speculative-fk-index", (NEW.format("b", FK.format(", index=False")),)),
        ("no-speculative-fk-index", ("op.create_index('ix', 'b', ['a_id'])",)),
        *(
            (
                "no-speculative-fk-index",
                (NEW.format("b", FK.format("")), f"op.create_index('ix', 'b', {index})"),
            )
            for index in (
                "['a_id'], unique=True",
                "['a_id'], postgresql_where=sa.text('a_id > 0')",
                "['a_id', 'id']",
                "['id']",
                "[sa.text('lower(a_id)')]",
            )
        ),
        (
            "no-speculative-fk-index",
            (NEW.format("b", FK.format("")), "op.create_index('ix', 'other', ['a_id'])"),
        ),
        ("index-drop-alone", ("op.drop_index('ix', 'b')", "op.drop_index('iy', 'b')")),
        ("index-drop-alone", ("op.drop_index('ix', 'b')", "op.drop_table('b')")),
        ("index-drop-alone", ("op.drop_index('ix', 'b')", "op.drop_column('b', 'x')")),
        (
            "index-drop-alone",
            ("op.drop_index('ix', 'b')", "op.create_index('ix', 'b', ['x', 'y'])"),
        ),
        # A unique constraint is an index; SQL may bring the index back.
        (
            "index-drop-alone",
            ("op.drop_index('ix', 'b')", "op.create_unique_constraint('uq', 'b', ['x'])"),
        ),
        *(
            ("index-drop-alone", ("op.drop_index('ix', 'b')", "op.add_column('b', x)", sql))
            for sql in (
                "op.execute('CREATE INDEX ix ON s.b USING gin (x)')",
                "op.execute(f'CREATE INDEX ix ON {b}')",
                "op.execute(read('up.sql'))",
            )
        ),
        ("index-drop-alone", ("op.drop_index('ix')", "op.drop_table('b')")),
        ("index-drop-alone", ("op.drop_index('ix', 'b')", "op.execute('ANALYZE')")),
        ("index-drop-alone", ("op.add_column('a', x)",)),
    ],
)
def test_left_alone(rule: str, lines: tuple[str, ...], project: Project, run: Run) -> None:
    assert _judge(rule, lines, project, run) == CLEAN


@pytest.mark.parametrize(
    "rule", ["migration-one-concern", "no-speculative-fk-index", "index-drop-alone"]
)
def test_downgrade_and_helpers_of_the_folder_are_not_judged(
    rule: str, project: Project, run: Run
) -> None:
    lines = "op.drop_index('ix', 'a')\n    op.add_column('b', x)\n    op.add_column('c', x)\n"
    project.lay({PATH: f"{HEAD}    pass\ndef downgrade():\n    {lines}"})
    assert run(rule, PATH) == CLEAN
    project.lay({PATH: f"def upgrade():\n    {lines}"})
    assert run(rule, PATH) == CLEAN
