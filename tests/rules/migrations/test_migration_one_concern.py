"""migration-one-concern: exact findings, and what it must leave alone."""

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
ID = "migration-one-concern"
CLEAN = (0, "no findings (1 file judged)\n", "")
HELP = "give each group a migration of its own"
NEW = "op.create_table('{}', sa.Column('id', sa.Integer()){})"
FK = ", sa.Column('a_id', sa.Integer(), sa.ForeignKey('a.id'){})"


def _judge(lines: tuple[str, ...], project: Project, run: Run) -> tuple[int, str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    project.lay({PATH: f"{HEAD}{body}"})
    return run(ID, PATH)


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        (
            ("op.add_column('a', x)", "op.add_column('a', y)", "op.add_column('b', x)"),
            "7:5",
            "upgrade changes 2 unrelated groups of tables: a; b",
        ),
        (
            (NEW.format("a", ""), NEW.format("b", FK.format("")), "op.drop_column('c', 'x')"),
            "7:5",
            "upgrade changes 2 unrelated groups of tables: a, b; c",
        ),
        (
            ("op.drop_table('a', schema='one')", "op.drop_table('a', schema='two')"),
            "6:5",
            "upgrade changes 2 unrelated groups of tables: one.a; two.a",
        ),
        (
            (
                "op.create_table('a', x, schema='s')",
                "op.create_foreign_key(None, 'b', 'a', ['x'], ['id'], referent_schema='t')",
            ),
            "6:5",
            "upgrade changes 2 unrelated groups of tables: s.a; b",
        ),
    ],
)
def test_finding(
    lines: tuple[str, ...], place: str, message: str, project: Project, run: Run
) -> None:
    assert _judge(lines, project, run) == (
        1,
        f"{PATH}:{place}: {ID}: {message}\n    help: {HELP}\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("op.add_column('a', x)", "op.drop_column('a', 'y')"),
        (NEW.format("a", ""), NEW.format("b", FK.format(""))),
        ("op.drop_index('ix')", NEW.format("a", ""), NEW.format("b", FK.format(""))),
        (
            NEW.format("a", ""),
            NEW.format("b", ""),
            "op.create_foreign_key('fk', 'b', 'a', ['a_id'], ['id'])",
        ),
        (
            "op.create_table('a', x, schema='s')",
            "op.create_foreign_key(None, 'b', 'a', ['x'], ['id'], referent_schema='s')",
        ),
        (
            "op.create_table('a', x, sa.ForeignKeyConstraint(['b_id'], ['public.b.id']))",
            "op.add_column('b', y)",
            "op.add_column('b', z, schema='public')",
        ),
        (
            "op.create_table('a', x)",
            "with op.batch_alter_table(",
            "    'b', table_args=[sa.ForeignKeyConstraint(['a_id'], ['a.id'])]",
            ") as batch:",
            "    batch.add_column(y)",
        ),
        ("op.rename_table('a', 'b', schema='s')", "op.drop_column('b', 'y', schema='s')"),
        ("op.add_column('a', x)", "op.execute('UPDATE b SET x = 1')"),
        ("op.add_column('a', x)", "op.bulk_insert(b, [])"),
        ("op.add_column('a', x)", "sa.Enum('x', name='e').create(z)"),
        ("op.add_column(a, x)", "op.drop_column('b', 'y')", "f(c)"),
        ("op.rename_table('a', 'b')", "op.drop_column('b', 'y')"),
        ("op.drop_index('ix')", "op.drop_column('b', 'y')"),
    ],
)
def test_left_alone(lines: tuple[str, ...], project: Project, run: Run) -> None:
    assert _judge(lines, project, run) == CLEAN


def test_downgrade_and_helpers_of_the_folder_are_not_judged(project: Project, run: Run) -> None:
    lines = "op.drop_index('ix', 'a')\n    op.add_column('b', x)\n    op.add_column('c', x)\n"
    project.lay({PATH: f"{HEAD}    pass\ndef downgrade():\n    {lines}"})
    assert run(ID, PATH) == CLEAN
    project.lay({PATH: f"def upgrade():\n    {lines}"})
    assert run(ID, PATH) == CLEAN
