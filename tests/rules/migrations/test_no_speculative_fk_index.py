"""no-speculative-fk-index: exact findings, and what it must leave alone."""

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
ID = "no-speculative-fk-index"
CLEAN = (0, "no findings (1 file judged)\n", "")
HELP = "leave it out, or silence this line with the query that needs the index"
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
            (NEW.format("b", FK.format(", index=True")),),
            "5:57",
            "column b.a_id has an index that only doubles its foreign key",
        ),
        (
            (NEW.format("b", FK.format("")), "op.create_index('ix', 'b', ['a_id'], unique=False)"),
            "6:5",
            "index ix on b.a_id only doubles the foreign key",
        ),
        (
            (
                NEW.format("b", ", sa.ForeignKeyConstraint(['a_id'], ['a.id'])"),
                "op.create_index(op.f('ix'), 'b', ['a_id'])",
            ),
            "6:5",
            "index ix on b.a_id only doubles the foreign key",
        ),
        (
            (
                "with op.batch_alter_table('b') as batch:",
                "    batch.create_foreign_key('fk', 'a', ['a_id'], ['id'])",
                "    batch.create_index('ix', ['a_id'])",
            ),
            "7:9",
            "index ix on b.a_id only doubles the foreign key",
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
        (NEW.format("b", FK.format(", index=True, unique=True")),),
        (NEW.format("b", FK.format(", index=False")),),
        ("op.create_index('ix', 'b', ['a_id'])",),
        *(
            (NEW.format("b", FK.format("")), f"op.create_index('ix', 'b', {index})")
            for index in (
                "['a_id'], unique=True",
                "['a_id'], postgresql_where=sa.text('a_id > 0')",
                "['a_id', 'id']",
                "['id']",
                "[sa.text('lower(a_id)')]",
            )
        ),
        (NEW.format("b", FK.format("")), "op.create_index('ix', 'other', ['a_id'])"),
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
