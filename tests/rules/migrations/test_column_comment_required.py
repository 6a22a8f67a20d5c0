"""column-comment-required: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

PATH = "alembic/versions/20260524_add_x.py"
HEAD = "from alembic import op\nimport sqlalchemy as sa\nrevision = 'add_x'\n"
HELP = '    help: add comment="what the value represents" to this column\n'


def _in_upgrade(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{HEAD}def upgrade():\n{lines}def downgrade():\n    op.drop_table('x')\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("op.add_column('t', sa.Column('a', sa.Integer))", ["5:24 column t.a has no comment"]),
        ("op.add_column('t', sa.Column('a', comment=None))", ["5:24 column t.a has no comment"]),
        (
            "op.add_column('t', column=sa.Column('a', comment=' '))",
            ["5:31 the comment of column t.a is empty"],
        ),
        (
            "op.add_column('t', sa.Column('unit_cost', comment='Unit cost'))",
            ["5:24 the comment of column t.unit_cost only repeats its name"],
        ),
        (
            "op.create_table('t', sa.Column('a'), sa.Column('b', comment='why'), sa.Column('c'))",
            ["5:26 column t.a has no comment", "5:73 column t.c has no comment"],
        ),
        (
            "with op.batch_alter_table('o') as table:\n    table.add_column(sa.Column('a'))",
            ["6:26 column o.a has no comment"],
        ),
        (
            "for name in NAMES:\n    op.add_column(name, sa.Column('a'))",
            ["6:29 column {name}.a has no comment"],
        ),
        (
            "if x:\n    a = sa.Column('a')\nelse:\n    a = sa.Column('b', comment='why')\n"
            "op.add_column('t', a)",
            ["6:13 column t.a has no comment"],
        ),
        (
            "for name, column in [('t', sa.Column('a'))]:\n    op.add_column(name, column)",
            ["5:32 column t.a has no comment"],
        ),
        (
            "def stamp():\n    return sa.Column('at')\nop.add_column('t', stamp())",
            ["6:16 column t.at has no comment"],
        ),
        (
            "def add(table):\n    op.add_column(table, sa.Column('at'))\nadd('t')\nadd('u')",
            ["6:30 column t.at has no comment", "6:30 column u.at has no comment"],
        ),
        (
            "columns = [sa.Column(n) for n in NAMES]\nop.create_table('t', *columns)",
            ["5:16 column t.{n} has no comment"],
        ),
        (
            "from sqlalchemy import Column as C\nop.add_column('t', C('a'))",
            ["6:24 column t.a has no comment"],
        ),
        (
            "[op.add_column(t, sa.Column('a')) for t in ('x', 'y')]",
            ["5:23 column {t}.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a', **{'nullable': True}))",
            ["5:24 column t.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a', **{'nullable': True, 'comment': ' '}))",
            ["5:24 the comment of column t.a is empty"],
        ),
        (
            "op.add_column('t', sa.Column('a', **dict(nullable=True)))",
            ["5:24 column t.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a', **dict(nullable=True, comment='')))",
            ["5:24 the comment of column t.a is empty"],
        ),
        (
            "for one in list((sa.Column('a'), *[sa.Column('b')])):\n    op.add_column('t', one)",
            ["5:22 column t.a has no comment", "5:40 column t.b has no comment"],
        ),
        (
            "[op.add_column('t', one) for one in sorted([sa.Column('a')])]",
            ["5:49 column t.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a'))\nop.alter_column('t', 'a', comment=None)",
            ["5:24 column t.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a'))\nop.alter_column('u', 'a', comment='What a is')",
            ["5:24 column t.a has no comment"],
        ),
        (
            "op.add_column('t', sa.Column('a'))\nop.alter_column('t', 'a', nullable=False)",
            ["5:24 column t.a has no comment"],
        ),
        (
            "from sqlalchemy import *\nop.add_column('t', Column('a'))",
            ["6:24 column t.a has no comment"],
        ),
    ],
)
def test_finding(body: str, expected: list[str], project: Project, run: Run) -> None:
    project.lay({PATH: _in_upgrade(body)})
    code, out, err = run("column-comment-required", PATH)
    lines = [line.partition(" ") for line in expected]
    reported = "".join(
        f"{PATH}:{place}: column-comment-required: {message}\n{HELP}" for place, _, message in lines
    )
    plural = "" if len(expected) == 1 else "s"
    assert out == f"{reported}{len(expected)} finding{plural} in 1 file\n"
    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    "body",
    [
        "op.add_column('t', sa.Column('a', comment='What a is'))",
        "op.add_column('t', sa.Column('a', comment=NOTE))",
        "op.add_column('t', sa.Column('a', comment=f'{x}'))",
        "op.add_column('t', sa.Column('a', **options))",
        "op.create_table('t', *columns)",
        "op.create_table('t', *make())",
        "op.add_column('t', make())",
        "t = sa.table('t', sa.column('a'))",
        "t = sa.Table('t', meta, sa.Column('a'))",
        "op.alter_column('t', 'a', type_=sa.Integer())",
        "op.add_column('t', sa.Column('a'))\nop.alter_column('t', 'a', comment='What a is')",
        "session.add_column('t', sa.Column('a'))",
        "op.bulk_insert(sa.table('t', sa.column('a')), [])",
        "def f():\n    f()\nf()",
        "x = x\nop.add_column('t', x)",
    ],
)
def test_left_alone(body: str, project: Project, run: Run) -> None:
    project.lay({PATH: _in_upgrade(body)})
    assert run("column-comment-required", PATH) == (0, "no findings (1 file judged)\n", "")


def test_columns_of_downgrade_are_not_new(project: Project, run: Run) -> None:
    source = f"{HEAD}def downgrade():\n    op.add_column('t', sa.Column('a'))\n"
    project.lay({PATH: source})
    assert run("column-comment-required", PATH)[0] == 0


def test_long_file_is_judged_to_its_end(project: Project, run: Run) -> None:
    columns = ", ".join(f"sa.Column('c{n}', sa.Integer(), nullable=False)" for n in range(4000))
    project.lay({PATH: _in_upgrade(f"op.create_table('t', {columns})")})
    code, out, _ = run("column-comment-required", PATH)
    assert (code, out.splitlines()[-1]) == (1, "4000 findings in 1 file")


@pytest.mark.parametrize(
    "dispatch",
    [
        "globals()['upgrade_%s' % engine]()",
        "globals().get(f'upgrade_{engine}', lambda: None)()",
        "eval('upgrade_%s' % engine)()",
    ],
)
def test_template_for_several_databases(dispatch: str, project: Project, run: Run) -> None:
    source = f"""\
revision = 'add_x'
import sqlalchemy as sa
from alembic import op
def upgrade(engine):
    {dispatch}
def upgrade_geo():
    op.add_column('t', sa.Column('a'))
def downgrade_geo():
    op.add_column('t', sa.Column('b'))
"""
    project.lay({PATH: source})
    code, out, _ = run("column-comment-required", PATH)
    assert (code, out) == (
        1,
        f"{PATH}:7:24: column-comment-required: column t.a has no comment\n{HELP}"
        "1 finding in 1 file\n",
    )


MODEL = """\
from sqlalchemy.orm import Mapped, mapped_column
class T(Base):
    __tablename__ = "t"
    a: Mapped[int] = mapped_column({})
"""


@pytest.mark.parametrize(
    ("models", "fixed", "help"),
    [
        ([MODEL.format('comment="owed, in \\"cents\\""')], "'owed, in \"cents\"'", ""),
        ([MODEL.format("comment='one' ' text'")] * 2, '"one text"', ""),
        (
            ["from sqlalchemy import *\nt = Table('t', m, Column('a', Integer, comment='why'))\n"],
            '"why"',
            "",
        ),
        ([MODEL.format("")], "", "; its model has none to copy"),
        ([MODEL.format("comment=TEXT")], "", "; its model has none to copy"),
        ([MODEL.format("comment='A'")], "", "; its model has none to copy"),
        (
            [MODEL.format("comment='one'"), MODEL.format("comment='two'")],
            "",
            "; its model has none to copy",
        ),
        ([MODEL.format("comment='one'").replace('"t"', '"u"')], "", ""),
        ([MODEL.format("comment='one'").replace('"t"', "NAME")], "", ""),
        (["def t(\n"], "", ""),
        ([], "", ""),
    ],
)
def test_the_comment_of_the_model(
    models: list[str], fixed: str, help: str, project: Project, run: Run
) -> None:
    source = _in_upgrade("op.add_column('t', sa.Column('a', sa.Integer))")
    project.lay({PATH: source, **{f"app/model_{at}.py": text for at, text in enumerate(models)}})
    out = run("column-comment-required", PATH)[1]
    if not fixed:
        assert out.endswith(f"this column{help}\n1 finding in 1 file\n")
        assert run("column-comment-required", "--fix", PATH)[1] == out
        assert (project.root / PATH).read_text() == source
        return
    assert " as in its model, or run with --fix\n1 finding in 1 file (1 fixable" in out
    assert run("column-comment-required", "--fix", PATH)[0] == 1
    new = source.replace("sa.Integer)", f"sa.Integer, comment={fixed})")
    assert (project.root / PATH).read_text() == new


@pytest.mark.parametrize(
    "body",
    [
        "for table in ('t', 'u'):\n    op.add_column(table, sa.Column('a'))",
        "for name in ('a', 'b'):\n    op.add_column('t', sa.Column(name))",
        "def add(name):\n    return sa.Column(name)\nop.add_column('t', add('a'))",
    ],
)
def test_no_comment_for_a_call_that_makes_several(body: str, project: Project, run: Run) -> None:
    project.lay({PATH: _in_upgrade(body), "app/model.py": MODEL.format("comment='one'")})
    assert run("column-comment-required", "--fix", PATH)[0] == 1
    assert (project.root / PATH).read_text() == _in_upgrade(body)


@pytest.mark.parametrize("branch", ["main", "work"])
def test_no_comment_in_a_migration_of_the_base(branch: str, project: Project, run: Run) -> None:
    source = _in_upgrade("op.add_column('t', sa.Column('a', sa.Integer))")
    project.lay({PATH: source, "app/model.py": MODEL.format("comment='one'")})
    project.git("commit", "--quiet", "--message=released")
    project.git("checkout", "--quiet", "-B", branch)
    code, out, _ = run("column-comment-required", "--fix", PATH)
    reason = "not written, because it stands on the base"
    assert code == 1
    assert out.endswith(
        f": column t.a has no comment\n    help: add comment='one' as in its model; {reason}\n"
        "1 finding in 1 file\n"
    )
    assert (project.root / PATH).read_text() == source
