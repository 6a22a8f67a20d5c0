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
            "upgrade changes 2 groups of tables: a; b",
        ),
        (
            (NEW.format("a", ""), NEW.format("b", FK.format("")), "op.drop_column('c', 'x')"),
            "7:5",
            "upgrade changes 2 groups of tables: a, b; c",
        ),
        (
            ("op.add_column('a', sa.Column('x'))", "op.add_column('a_history', sa.Column('y'))"),
            "6:5",
            "upgrade changes 2 groups of tables: a; a_history",
        ),
        (
            ("op.add_column('a', sa.Column('x'))", "op.add_column('a_tags', sa.Column('x'))"),
            "6:5",
            "upgrade changes 2 groups of tables: a; a_tags",
        ),
        (
            ("op.drop_table('a', schema='one')", "op.drop_table('a', schema='two')"),
            "6:5",
            "upgrade changes 2 groups of tables: one.a; two.a",
        ),
        (
            (
                "op.create_table('a', x, schema='s')",
                "op.create_foreign_key(None, 'b', 'a', ['x'], ['id'], referent_schema='t')",
            ),
            "6:5",
            "upgrade changes 2 groups of tables: s.a; b",
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
        (
            "op.add_column('orgs', sa.Column('a'))",
            "op.alter_column('orgs', 'b', nullable=True)",
            "op.add_column('orgs_version', sa.Column('a'))",
        ),
        (
            "op.create_table('orgs', sa.Column('a'))",
            "op.create_table('orgs_history', sa.Column('a'), sa.Column('changed'))",
        ),
        ("op.drop_column('archived_orgs', 'a')", "op.drop_column('orgs', 'a')"),
        ("op.drop_table('orgs_audit')", "op.drop_table('orgs')"),
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


BASE = "alembic/versions/20260101_add_a.py"
KEYS = {
    "column": f"{NEW.format('a', '')}\n    {NEW.format('b', FK.format(''))}",
    "constraint": f"{NEW.format('a', '')}\n    {NEW.format('b', '')}\n"
    "    op.create_foreign_key('fk', 'b', 'a', ['a_id'], ['id'])",
    "rename": f"{NEW.format('a', '')}\n    op.rename_table('old', 'b')",
    "all": f"{NEW.format('a', '')}\n    Base.metadata.create_all(op.get_bind())",
    "none": f"{NEW.format('a', '')}\n    {NEW.format('b', '')}",
}
KEYS |= {
    "sql": f"{KEYS['none']}\n    op.execute('ALTER TABLE ONLY public.b ADD CONSTRAINT fk"
    " FOREIGN KEY (a_id) REFERENCES public.a (id)')",
    "sql table": f"{NEW.format('a', '')}\n"
    "    op.execute('create table if not exists \"b\" (id int, a_id int references a(id))')",
    "computed": f"{KEYS['none']}\n    for name in names('a', 'b'):\n"
    "        op.execute(f'ALTER TABLE {name} ADD FOREIGN KEY (x) REFERENCES {other}')",
}


def _after(key: str, lines: tuple[str, ...], project: Project, run: Run) -> tuple[int, str, str]:
    head = HEAD.replace("add_x", "add_a")
    project.lay({BASE: f"{head}    {KEYS[key]}\n"})
    body = "".join(f"    {line}\n" for line in lines)
    project.lay({PATH: HEAD.replace("def", "down_revision = 'add_a'\ndef") + body})
    return run(ID, PATH)


def _add(table: str, column: str) -> str:
    return f"op.add_column('{table}', sa.Column('{column}', sa.Integer()))"


COPY = "op.execute('UPDATE b SET x = 1')"


@pytest.mark.parametrize("key", ["column", "constraint", "sql", "sql table"])
@pytest.mark.parametrize(
    "lines",
    [
        (_add("a", "x"), COPY, "op.drop_column('b', 'x')"),
        (_add("b", "x"), COPY, "op.drop_column('a', 'x')"),
        (_add("b", "x"), "op.drop_column('a', 'b_x')"),
        (_add("b", "x"), "op.alter_column('b', 'x', nullable=False)", "op.drop_column('a', 'x')"),
        (
            "with op.batch_alter_table('b') as batch:",
            "    batch.add_column(sa.Column('x', sa.Integer()))",
            "with op.batch_alter_table('a') as batch:",
            "    batch.drop_column('x')",
        ),
    ],
)
def test_a_column_that_moves_between_tied_tables(
    key: str, lines: tuple[str, ...], project: Project, run: Run
) -> None:
    assert _after(key, lines, project, run) == CLEAN
    # Without the key they are two concerns.
    said = f"{ID}: upgrade changes 2 unrelated groups of tables: "
    assert said in _after("none", lines, project, run)[1]


@pytest.mark.parametrize("key", ["column", "constraint", "sql", "sql table"])
@pytest.mark.parametrize(
    "lines",
    [
        ("op.drop_table('b')", "op.drop_table('a')"),
        ("op.drop_column('b', 'a_id')", "op.drop_table('a')"),
        ("op.drop_constraint('fk', 'b', type_='foreignkey')", "op.drop_table('a')"),
        ("with op.batch_alter_table('b') as batch:", "    batch.drop_column('a_id')",
         "op.drop_table('a')"),
        ("op.alter_column('a', 'id', type_=sa.BigInteger())",
         "op.alter_column('b', 'a_id', type_=sa.BigInteger())"),
    ],
)  # fmt: skip
def test_what_refers_to_a_table_goes_with_it(
    key: str, lines: tuple[str, ...], project: Project, run: Run
) -> None:
    assert _after(key, lines, project, run) == CLEAN
    # Without the key they are two concerns.
    said = f"{ID}: upgrade changes 2 unrelated groups of tables: "
    assert said in _after("none", lines, project, run)[1]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ((_add("b", "x"), "op.drop_table('a')"), "groups of tables: b; a"),
        (("op.drop_table('b')", "op.drop_column('a', 'x')"), "groups of tables: b; a"),
        (
            (
                "op.alter_column('a', 'id', type_=sa.BigInteger())",
                "op.alter_column('b', 'x', type_=sa.BigInteger())",
            ),
            "groups of tables: a; b",
        ),
        (
            ("op.alter_column('a', 'id', nullable=False)", "op.alter_column('b', 'a_id', type_=x)"),
            "groups of tables: a; b",
        ),
        ((_add("a", "x"), _add("b", "x")), "groups of tables: a; b"),
        (("op.drop_column('a', 'x')", "op.drop_column('b', 'x')"), "groups of tables: a; b"),
        ((_add("a", "x"), "op.drop_column('b', 'y')"), "groups of tables: a; b"),
        (
            (
                "op.drop_column('a', 'x')",
                "op.drop_column('b', 'x')",
                _add("a", "x"),
                _add("b", "x"),
            ),
            "groups of tables: a; b",
        ),
        ((_add("a", "x"), _add("c", "x")), "groups of tables: a; c"),
        ((_add("a", "x"), "op.drop_column('c', 'x')"), "groups of tables: a; c"),
        (
            (_add("a", "x"), "op.drop_column('b', 'x')", _add("c", "y")),
            "groups of tables: a, b; c",
        ),
    ],
)
def test_what_stays_two_concerns(
    lines: tuple[str, ...], kind: str, project: Project, run: Run
) -> None:
    place = 7 if kind.endswith(("a; b", "b; a")) or len(lines) == 2 else 8
    report = f"{PATH}:{place}:5: {ID}: upgrade changes 2 {kind}\n    help: {HELP}\n"
    assert _after("column", lines, project, run) == (1, f"{report}1 finding in 1 file\n", "")


def test_a_key_of_a_later_migration_ties_nothing(project: Project, run: Run) -> None:
    lines = (_add("a", "x"), "op.drop_column('b', 'x')")
    _after("none", lines, project, run)
    head = HEAD.replace("add_x", "later").replace("def", "down_revision = 'add_x'\ndef")
    key = "    op.create_foreign_key('fk', 'b', 'a', ['a_id'], ['id'])\n"
    project.lay({"alembic/versions/20260601_later.py": f"{head}{key}"})
    assert "2 unrelated groups" in run(ID, PATH)[1]


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("none", "unrelated groups"),
        ("column", "groups"),
        ("rename", "groups"),
        ("all", "groups"),
        ("sql", "groups"),
        ("sql table", "groups"),
        ("computed", "groups"),
    ],
)
def test_word_for_tables_that_no_key_ties(key: str, word: str, project: Project, run: Run) -> None:
    # Where the history does not show a table, nobody can see what ties it.
    found = _after(key, (_add("a", "x"), _add("b", "x")), project, run)
    assert found[1].startswith(f"{PATH}:7:5: {ID}: upgrade changes 2 {word} of tables: a; b\n")


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("'ALTER TABLE c ADD FOREIGN KEY (a_id) REFERENCES a (id)'", "unrelated groups"),
        ("TEXT", "groups"),
    ],
)
def test_word_beside_sql(sql: str, word: str, project: Project, run: Run) -> None:
    lines = (_add("a", "x"), _add("b", "x"), f"op.execute({sql})")
    assert f" 2 {word} of tables: a; b\n" in _after("none", lines, project, run)[1]


def test_a_key_in_sql_of_its_own_ties(project: Project, run: Run) -> None:
    sql = "'ALTER TABLE b ADD CONSTRAINT fk FOREIGN KEY (a_id) REFERENCES a (id)'"
    lines = (_add("a", "x"), _add("b", "a_id"), f"op.execute({sql})")
    assert _after("none", lines, project, run) == CLEAN


def test_verdicts_follow_the_history(project: Project, run: Run, cache: object) -> None:
    lines = (_add("a", "x"), "op.drop_column('b', 'x')")
    for key, code in (("none", 1), ("column", 0), ("none", 1)):
        assert _after(key, lines, project, run)[0] == code
        assert run(ID, PATH)[0] == code
