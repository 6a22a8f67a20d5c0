"""index-drop-alone: exact findings, and what it must leave alone."""

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
ID = "index-drop-alone"
CLEAN = (0, "no findings (1 file judged)\n", "")
HELP = "drop it in a migration of its own"


def _judge(lines: tuple[str, ...], project: Project, run: Run) -> tuple[int, str, str]:
    body = "".join(f"    {line}\n" for line in lines)
    project.lay({PATH: f"{HEAD}{body}"})
    return run(ID, PATH)


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        (
            ("op.add_column('a', x)", "op.drop_index('ix', 'b')"),
            "6:5",
            "index ix is dropped beside add_column of a",
        ),
        (
            ("op.drop_index('ix', 'b')", "op.drop_column('a', 'x')", "op.execute('CREATE INDEX')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
        ),
        (
            ("op.drop_index('ix', 'b')", "op.drop_column('a', 'x')", "op.execute('DROP TABLE b')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
        ),
        (
            ("op.drop_index('ix', table_name='b')", "op.drop_column('a', 'x')"),
            "5:5",
            "index ix is dropped beside drop_column of a",
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
        ("op.drop_index('ix', 'b')", "op.drop_index('iy', 'b')"),
        ("op.drop_index('ix', 'b')", "op.drop_table('b')"),
        ("op.drop_index('ix', 'b')", "op.drop_column('b', 'x')"),
        ("op.drop_index('ix', 'b')", "op.create_index('ix', 'b', ['x', 'y'])"),
        # A unique constraint is an index; SQL may bring the index back.
        ("op.drop_index('ix', 'b')", "op.create_unique_constraint('uq', 'b', ['x'])"),
        *(
            ("op.drop_index('ix', 'b')", "op.add_column('b', x)", sql)
            for sql in (
                "op.execute('CREATE INDEX ix ON s.b USING gin (x)')",
                "op.execute(f'CREATE INDEX ix ON {b}')",
                "op.execute(read('up.sql'))",
            )
        ),
        ("op.drop_index('ix')", "op.drop_table('b')"),
        ("op.drop_index('ix', 'b')", "op.execute('ANALYZE')"),
        ("op.add_column('a', x)",),
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
