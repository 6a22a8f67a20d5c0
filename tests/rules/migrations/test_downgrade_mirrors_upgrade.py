"""downgrade-mirrors-upgrade: what each direction leaves undone, and what could explain it."""

from __future__ import annotations

import re

import pytest
from tests.repository import Project, Run

ID = "downgrade-mirrors-upgrade"
PATH = "alembic/versions/20260524_add_x.py"
HEAD = """\
import sqlalchemy as sa
from alembic import op
revision = "add_x"
"""
SHOWN = r"(?:(help: undo it in downgrade)[:;].*|(1 finding in 1 file) \(1 fixable.*)\n(?: .*\n)*"
CLEAN = (0, "no findings (1 file judged)\n", "")
A = "op.create_table('a', sa.Column('id', sa.Integer()))"
B = "op.create_table('b', sa.Column('a_id', sa.Integer(), sa.ForeignKey('a.id')))"
C = "op.add_column('a', sa.Column('c', sa.Integer()))"


def _body(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n"))


def _help(message: str) -> str:
    opposite, verb = message.rpartition(", ")[2].removesuffix(" back").split(" never ")
    if opposite == "downgrade":
        return "undo it in downgrade"
    verb = verb.replace("adds", "creates").replace("s it", " it")
    return f"{verb} in upgrade, or take it out of downgrade"


def _judge(upgrade: str, downgrade: str, project: Project, run: Run) -> tuple[int, str, str]:
    source = f"{HEAD}def upgrade():\n{_body(upgrade)}def downgrade():\n{_body(downgrade)}"
    project.lay({PATH: source})
    found: tuple[int, str, str] = run(ID, PATH)
    return found


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "told"),
    [
        (
            A,
            "op.bulk_insert(t, [])",
            ["5:5: upgrade creates table a, downgrade never drops it"],
        ),
        # What is on it goes with it.
        (
            f"{A}\nop.create_index('ix', 'a', ['id'])\n{C}",
            "op.bulk_insert(t, [])",
            ["5:5: upgrade creates table a, downgrade never drops it"],
        ),
        (
            "op.drop_table('a')",
            "op.execute('SELECT 1 FROM b')",
            ["5:5: upgrade drops table a, downgrade never creates it"],
        ),
        (
            f"{C}\nop.add_column('a', sa.Column('d', sa.Integer()))",
            "op.drop_column('a', 'c')",
            ["6:5: upgrade adds column a.d, downgrade never drops it"],
        ),
        (
            C,
            "op.drop_column('a', 'c')\nop.drop_column('a', 'd')",
            ["8:5: downgrade drops column a.d, upgrade never adds it"],
        ),
        (
            "op.create_index('ix', 'a', ['x'])",
            "op.execute('UPDATE a SET ix = 1')",
            ["5:5: upgrade creates index ix, downgrade never drops it"],
        ),
        (
            "op.drop_index('ix', 'a')\nop.drop_table('a')",
            A,
            ["5:5: upgrade drops index ix, downgrade never creates it"],
        ),
        (
            "op.create_unique_constraint('uq', 'a', ['x'])",
            "op.drop_column('a', 'y')",
            [
                "5:5: upgrade creates constraint uq, downgrade never drops it",
                "7:5: downgrade drops column a.y, upgrade never adds it",
            ],
        ),
        (
            "op.create_foreign_key(None, 'a', 'b', ['x'], ['id'])",
            "op.drop_column('b', 'y')",
            [
                "5:5: upgrade creates a constraint of a, downgrade never drops it",
                "7:5: downgrade drops column b.y, upgrade never adds it",
            ],
        ),
        (
            "op.rename_table('a', 'b')",
            "op.rename_table('c', 'd')",
            [
                "5:5: upgrade renames table a to b, downgrade never renames it back",
                "7:5: downgrade renames table c to d, upgrade never renames it",
            ],
        ),
        (
            "op.alter_column('a', 'x', new_column_name='y')",
            "op.alter_column('a', 'y', nullable=True)",
            [
                "5:5: upgrade renames column a.x to y, downgrade never renames it back",
                "7:5: downgrade changes nullable of a.y, upgrade never changes it",
            ],
        ),
        (
            "op.alter_column('a', 'x', nullable=False, existing_type=sa.Integer())",
            "op.alter_column('a', 'x', server_default=None)",
            [
                "5:5: upgrade changes nullable of a.x, downgrade never changes it back",
                "7:5: downgrade changes server_default of a.x, upgrade never changes it",
            ],
        ),
        # A value more of another type explains nothing, nor does a type that goes.
        (
            "op.execute(\"ALTER TYPE mood ADD VALUE 'sad'\")",
            "op.alter_column('a', 'x', type_=sa.Enum('ok', name='state'))",
            ["7:5: downgrade changes type of a.x, upgrade never changes it"],
        ),
        (
            "op.alter_column('a', 'x', type_=sa.Enum('ok', name='mood'))",
            "op.execute('DROP TYPE mood')",
            ["5:5: upgrade changes type of a.x, downgrade never changes it back"],
        ),
        (
            "op.alter_column('a', 'x', type_=sa.Text())",
            "op.alter_column('a', 'y', type_=sa.Integer())",
            [
                "5:5: upgrade changes type of a.x, downgrade never changes it back",
                "7:5: downgrade changes type of a.y, upgrade never changes it",
            ],
        ),
        (
            "with op.batch_alter_table('a') as batch:\n    batch.drop_column('x')",
            "with op.batch_alter_table('a') as batch:\n    batch.add_column(sa.Column('y', T))",
            [
                "6:9: upgrade drops column a.x, downgrade never adds it",
                "9:9: downgrade adds column a.y, upgrade never drops it",
            ],
        ),
        (
            "for name in ('a', 'b'):\n    op.drop_column(name, 'x')",
            "for name in ('a', 'c'):\n    op.add_column(name, sa.Column('x', T))",
            [
                "6:9: upgrade drops column b.x, downgrade never adds it",
                "9:9: downgrade adds column c.x, upgrade never drops it",
            ],
        ),
        (
            C,
            "op.execute('ALTER TABLE a DROP COLUMN d')",
            ["5:5: upgrade adds column a.c, downgrade never drops it"],
        ),
        (
            "op.create_foreign_key(None, 'a', 'b', ['x'], ['id'])",
            "op.execute('ALTER TABLE b DROP COLUMN y')",
            ["5:5: upgrade creates a constraint of a, downgrade never drops it"],
        ),
        (
            "op.create_check_constraint('paid', 'a', 'x > 0')",
            "op.drop_constraint('ck_b_paid', 'b')",
            [
                "5:5: upgrade creates constraint paid, downgrade never drops it",
                "7:5: downgrade drops constraint ck_b_paid, upgrade never creates it",
            ],
        ),
        (
            "op.alter_column('a', 'x', nullable=False)",
            "op.create_primary_key('pk', 'a', ['y'])",
            [
                "5:5: upgrade changes nullable of a.x, downgrade never changes it back",
                "7:5: downgrade creates constraint pk, upgrade never drops it",
            ],
        ),
        (
            "op.drop_column('a', 'x', schema='s')",
            "op.add_column('a', sa.Column('x', T), schema='t')",
            [
                "5:5: upgrade drops column s.a.x, downgrade never adds it",
                "7:5: downgrade adds column t.a.x, upgrade never drops it",
            ],
        ),
        (
            "if op.get_bind().dialect.name == 'postgresql':\n    op.drop_index('ix', 'a')",
            "print('done')\nop.bulk_insert(t, [])",
            ["6:9: upgrade drops index ix, downgrade never creates it"],
        ),
        # A name that is computed.
        (
            "op.drop_column('a' + '', 'x')",
            "op.add_column('a', sa.Column('y', T))",
            [
                "5:5: upgrade drops column {?}.x, downgrade never adds it",
                "7:5: downgrade adds column a.y, upgrade never drops it",
            ],
        ),
        (
            "op.alter_column('a' + '', 'x', nullable=False)",
            "op.bulk_insert(t, [])",
            ["5:5: upgrade changes nullable of {?}.x, downgrade never changes it back"],
        ),
        (
            "op.create_index('ix', 'a', ['x'])",
            "op.drop_index('iy')",
            [
                "5:5: upgrade creates index ix, downgrade never drops it",
                "7:5: downgrade drops index iy, upgrade never creates it",
            ],
        ),
        (
            "op.create_unique_constraint('uq', 'a', ['x'])",
            "op.drop_constraint('u' + 'q', 'b')",
            [
                "5:5: upgrade creates constraint uq, downgrade never drops it",
                "7:5: downgrade drops a constraint of b, upgrade never creates it",
            ],
        ),
        # What may hold an index and does not, or stands in the same direction.
        (
            "op.drop_index('ix')\nop.drop_column('a', 'c')",
            C,
            ["5:5: upgrade drops index ix, downgrade never creates it"],
        ),
        (
            "op.drop_index('ix', 'a')\nop.add_column('a', sa.Column('c', T, index=True))",
            "op.drop_column('a', 'c')",
            ["5:5: upgrade drops index ix, downgrade never creates it"],
        ),
        (
            "op.create_index('ix', 'a', ['x'])\nop.create_table_comment('a', 'x')",
            "op.drop_table_comment('a')",
            ["5:5: upgrade creates index ix, downgrade never drops it"],
        ),
        (
            f"helper(op)\n{C}",
            "op.bulk_insert(t, [])",
            ["6:5: upgrade adds column a.c, downgrade never drops it"],
        ),
        # Another thing than the one that is undone.
        (
            "op.create_unique_constraint('uq', 'a', ['x'])",
            "op.drop_constraint('uq', 'b')",
            [
                "5:5: upgrade creates constraint uq, downgrade never drops it",
                "7:5: downgrade drops constraint uq, upgrade never creates it",
            ],
        ),
        (
            "op.create_unique_constraint('uq', 'a', ['x'])",
            "op.drop_index('ix', 'a')",
            [
                "5:5: upgrade creates constraint uq, downgrade never drops it",
                "7:5: downgrade drops index ix, upgrade never creates it",
            ],
        ),
        (
            "op.create_unique_constraint(None, 'a', ['x'])\nop.drop_constraint('uq', 'a')",
            "op.bulk_insert(t, [])",
            [
                "5:5: upgrade creates a constraint of a, downgrade never drops it",
                "6:5: upgrade drops constraint uq, downgrade never creates it",
            ],
        ),
        (
            "op.create_table_comment('a', 'x')",
            "op.bulk_insert(t, [])",
            ["5:5: upgrade changes comment of a, downgrade never changes it back"],
        ),
        # Renamed on the way: what is dropped is one thing, and so is what has a new name.
        (
            "op.rename_table('a', 'b')\nop.drop_table('b')",
            "op.bulk_insert(t, [])",
            ["6:5: upgrade drops table b, downgrade never creates it"],
        ),
        (
            "op.rename_table('a', 'b', schema='s')\nop.drop_table('b')",
            "op.bulk_insert(t, [])",
            ["6:5: upgrade drops table b, downgrade never creates it"],
        ),
        (
            f"{C}\nop.alter_column('a', 'x', new_column_name='y')",
            "op.drop_column('a', 'c')",
            ["6:5: upgrade renames column a.x to y, downgrade never renames it back"],
        ),
        (
            f"{C}\nop.alter_column('a', 'x', new_column_name='x')",
            "op.bulk_insert(t, [])",
            ["5:5: upgrade adds column a.c, downgrade never drops it"],
        ),
        (
            "op.add_column('a', sa.Column('new', T))\nop.drop_column('a', 'x')\n"
            "op.alter_column('a', 'new', new_column_name='x')\nop.drop_column('a', 'z')",
            "op.bulk_insert(t, [])",
            ["8:5: upgrade drops column a.z, downgrade never adds it"],
        ),
        # Each thing once.
        (
            f"if op.get_bind().dialect.name == 'mysql':\n    {C}\nelse:\n    {C}\n"
            "op.drop_table('b')",
            "op.bulk_insert(t, [])",
            [
                "6:9: upgrade adds column a.c, downgrade never drops it",
                "9:5: upgrade drops table b, downgrade never creates it",
            ],
        ),
    ],
)
def test_residue(upgrade: str, downgrade: str, told: list[str], project: Project, run: Run) -> None:
    said = [
        f"{PATH}:{place}: {ID}: {message}\n    help: {_help(message)}\n"
        for place, _, message in (line.partition(": ") for line in told)
    ]
    count = "1 finding" if len(told) == 1 else f"{len(told)} findings"
    expected = (1, "".join([*said, f"{count} in 1 file\n"]), "")
    code, out, err = _judge(upgrade, downgrade, project, run)
    # The help goes on with what is to be written, or with the reason why that is not told.
    assert (
        code,
        re.sub(SHOWN, r"\1\2\n", out),
        err,
    ) == expected


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "place", "message"),
    [
        (
            f"{A}\nop.create_index('ix', 'a', ['id'])",
            "op.drop_table('a')\nop.drop_index('ix', 'a')",
            "9:5",
            "downgrade drops table a before index ix on it",
        ),
        (
            f"{A}\n{C}",
            "op.drop_table('a')\nop.drop_column('a', 'c')",
            "9:5",
            "downgrade drops table a before column a.c on it",
        ),
        (
            f"{A}\n{B}",
            "op.drop_table('a')\nop.drop_table('b')",
            "8:5",
            "downgrade drops table a before table b, which refers to it",
        ),
        # By its name alone; a column of that name is no index.
        (
            f"{A}\nop.add_column('z', sa.Column('ix', T))\nop.create_index('ix', 'a', ['id'])",
            "op.drop_column('z', 'ix')\nop.drop_table('a')\nop.drop_index('ix')",
            "11:5",
            "downgrade drops table a before index ix on it",
        ),
        (
            f"{A}\nop.add_column('a', sa.Column('x' + '', T))",
            "op.drop_table('a')\nop.drop_column('a', 'x' + '')",
            "9:5",
            "downgrade drops table a before column a.{?} on it",
        ),
        # Of upgrade not all is in sight.
        (
            f"helper(op)\n{A}\nop.create_index('ix', 'a', ['id'])",
            "op.drop_table('a')\nop.drop_index('ix', 'a')",
            "10:5",
            "downgrade drops table a before index ix on it",
        ),
        # What is dropped beside the two.
        (
            f"op.create_table('c')\n{A}\n{B}\nop.create_index('ix', 'b', ['a_id'])",
            "op.drop_table('c')\nop.drop_table('a')\nop.drop_index('ix', 'b')\nop.drop_table('b')",
            "11:5",
            "downgrade drops table a before table b, which refers to it",
        ),
        # The first refers to a third one.
        (
            f"op.create_table('c')\n{A}\n{B}\n"
            "op.create_foreign_key('fk', 'a', 'c', ['id'], ['a_id'])",
            "op.drop_table('a')\nop.drop_table('b')\nop.drop_table('c')",
            "10:5",
            "downgrade drops table a before table b, which refers to it",
        ),
        # With a schema that is named only once; under a name that it has for a moment.
        (
            f"op.create_table('a', sa.Column('id', T), schema='s')\n{B}",
            "op.drop_table('a', schema='s')\nop.drop_table('b')",
            "8:5",
            "downgrade drops table s.a before table b, which refers to it",
        ),
        (
            "op.rename_table('old', 'a')\nop.drop_table('a')\nop.drop_table('b')",
            f"{A}\n{B}\nop.rename_table('a', 'old')",
            "6:5",
            "upgrade drops table a before table b, which refers to it",
        ),
    ],
)
def test_disorder(
    upgrade: str, downgrade: str, place: str, message: str, project: Project, run: Run
) -> None:
    assert _judge(upgrade, downgrade, project, run) == (
        1,
        f"{PATH}:{place}: {ID}: {message}\n    help: drop the table last\n1 finding in 1 file\n",
        "",
    )


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        # The table takes along what is on it, and comes with what cannot be seen.
        (f"{A}\n{C}\nop.create_index('ix', 'a', ['c'])", "op.drop_table('a')"),
        (f"{A}\nop.create_unique_constraint('uq', 'a', ['c'])", "op.drop_table('a')"),
        (
            "op.drop_index('ix', 'a')\nop.drop_table('a')",
            "op.create_table('a', sa.Column('id', T, index=True))",
        ),
        ("op.drop_index('ix', 'a')\nop.drop_table('a')", "op.create_table('a', *columns())"),
        ("op.drop_constraint('uq', 'a')\nop.drop_table('a')", A),
        # A column takes along the index and the constraint that are on it.
        (f"{C}\nop.create_index('ix', 'a', ['c'])", "op.drop_column('a', 'c')"),
        (
            f"{C}\nop.create_foreign_key('fk', 'a', 'b', ['c'], ['id'])",
            "op.drop_column('a', 'c')",
        ),
        (
            "op.drop_index('ix', 'a')\nop.drop_column('a', 'c')",
            "op.add_column('a', sa.Column('c', T, index=True))",
        ),
        (
            f"{C}\nop.create_foreign_key(None, 'a', 'b', ['c'], ['id'])",
            "op.drop_column('a', 'c')",
        ),
        (f"{A}\nop.create_index(None, 'a', ['id'])", "op.drop_table('a')"),
        (
            f"{C}\nop.create_index('ix', 'a', ['x'], postgresql_where=sa.text('c'))",
            "op.drop_column('a', 'c')",
        ),
        (
            "op.create_unique_constraint('uq', 'a', ['x', 'c'])\nop.drop_column('a', 'c')",
            "op.add_column('a', sa.Column('c', T))",
        ),
        (
            "op.drop_index('ix')\nop.drop_column('a', 'c')",
            "op.add_column('a', sa.Column('c', T, index=True))",
        ),
        # What is on a table that is made anew is not in sight.
        (
            f"op.drop_table('a')\n{A}\nop.create_index('ix', 'a', ['id'])",
            f"op.drop_table('a')\n{A}",
        ),
        (
            "op.create_index('ix_a', 'a', ['x'])\nop.create_index('ix_b', 'b', ['y'])",
            "op.drop_index('ix_b')\nop.drop_index('ix_a')",
        ),
        # A naming convention puts the table before the name, of a constraint that has one.
        (
            "op.create_check_constraint('paid', 'a', 'x > 0')",
            "op.drop_constraint('ck_a_paid', 'a')",
        ),
        (
            "op.drop_constraint('ck_a_paid', 'a')\nop.create_check_constraint('paid', 'a', 'x')",
            "op.drop_constraint('ck_a_paid', 'a')\nop.create_check_constraint('paid', 'a', 'y')",
        ),
        (
            "op.create_check_constraint('paid', 'a', 'x > 0')",
            "op.execute('ALTER TABLE b RENAME CONSTRAINT ck_a_paid TO x')",
        ),
        # A table is made anew, or another is put in its place.
        (f"op.drop_table('a')\n{A}\nop.create_index('ix', 'a', ['id'])", "op.bulk_insert(t, [])"),
        ("op.bulk_insert(t, [])", f"op.drop_table('a')\n{A}\nop.create_index('ix', 'a', ['id'])"),
        (
            "op.create_table('new', sa.Column('id', T))\nop.drop_table('a')\n"
            "op.rename_table('new', 'a')",
            "op.bulk_insert(t, [])",
        ),
        (
            "op.create_unique_constraint('uq', 'a', ['x'])\nop.drop_constraint('uq', 'a' + '')",
            "op.bulk_insert(t, [])",
        ),
        ("op.drop_index('ix')\nop.drop_table('a')", A),
        # It may be any table.
        (A, "op.drop_table('a' + '')"),
        (C, "op.rename_table('b', 'c' + '')"),
        ("op.create_table_comment('a', 'x')", "op.drop_table_comment('a' + '')"),
        (f"{C}\nop.alter_column('b' + '', 'x', new_column_name='y')", "op.bulk_insert(t, [])"),
        (f"{C}\nop.alter_column('b', 'x' + '', new_column_name='y')", "op.bulk_insert(t, [])"),
        # What is not in sight may undo it.
        (f"{C}\nop.execute('ALTER TABLE a DROP COLUMN c')", "op.bulk_insert(t, [])"),
        (
            "if op.get_bind().dialect.name == 'mysql':\n    op.drop_index('ix', 'a')\n"
            "else:\n    op.drop_index('ix')",
            "op.execute('CREATE TABLE a (x int)')",
        ),
        (
            f"{A}\nop.create_index('ix', 'a', ['id'])",
            "helper(op)\nop.drop_table('a')\nop.drop_index('ix', 'a')",
        ),
        (C, "op.execute('ALTER TABLE a DROP COLUMN c')"),
        (C, "op.execute(sa.text('alter table a ' 'drop column c'))"),
        (C, "op.get_bind().execute('DROP TABLE a')"),
        (C, "name = 'c'\nop.execute(f'ALTER TABLE a DROP COLUMN {name}')"),
        (C, "op.execute(read('down.sql'))"),
        (C, "op.execute('DO $$ BEGIN PERFORM x(); END $$')"),
        (C, "from team.migrations import undo\nundo('a')"),
        (C, "Base.metadata.drop_all(op.get_bind())"),
        (C, "helper(op)"),
        (C, "op.drop_everything('a')"),
        (C, "for name in names():\n    op.drop_column('a', name)"),
        (C, "op.drop_column(table(), 'c')"),
        (A, "for name in names():\n    op.drop_table(name)"),
        ("op.create_index('ix', 'a', ['x'])", "op.drop_index(name(), 'a')"),
        ("op.create_unique_constraint(None, 'a', ['x'])", "op.drop_constraint('uq', 'a')"),
        (
            "op.create_foreign_key(None, 'a', 'b', ['x'], ['id'])",
            "op.execute('ALTER TABLE a DROP CONSTRAINT a_x_fkey')",
        ),
        ("op.drop_index('ix')", "op.execute('CREATE INDEX ix ON a (x)')"),
        # An index and a constraint of one name, an index under another table's name.
        ("op.create_unique_constraint('uq', 'a', ['x'])", "op.drop_index('uq', 'a')"),
        ("op.create_index('ix', 'a', ['x'])", "op.drop_index('ix')"),
        ("op.create_index('ix', 'a', ['x'])", "op.drop_index('ix', table_name='b')"),
        # Only if something is there already.
        ("if exists('a'):\n    op.drop_table('a')", "op.bulk_insert(t, [])"),
        # Renamed, and used under both names.
        (
            "op.rename_table('a', 'b')\nop.add_column('b', sa.Column('x', T))",
            "op.drop_column('b', 'x')\nop.rename_table('b', 'a')",
        ),
        (
            "op.rename_table('a', 'b')\nop.add_column('b', sa.Column('x', T))",
            "op.rename_table('b', 'a')\nop.drop_column('a', 'x')",
        ),
        (
            "op.alter_column('a', 'x', new_column_name='y', nullable=False)",
            "op.alter_column('a', 'y', new_column_name='x', nullable=True)",
        ),
        # SQLite's dance: the table is made anew under its old name.
        (
            "op.rename_table('a', 'old')\n" + A + "\nop.drop_table('old')",
            "op.drop_column('a', 'id')",
        ),
        # PostgreSQL drops no value of a type: the columns get a new one.
        (
            "op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'\")",
            "op.execute('ALTER TYPE mood RENAME TO old_mood')\n"
            "op.execute(\"CREATE TYPE mood AS ENUM ('ok')\")\n"
            "op.alter_column('a', 'x', type_=sa.Enum('ok', name='mood'),"
            " postgresql_using='x::text::mood')\n"
            "op.alter_column('b', 'y', type_=sa.Enum('ok', name='mood'))\n"
            "op.execute('DROP TYPE old_mood')",
        ),
        (
            "with op.get_context().autocommit_block():\n"
            "    op.execute('ALTER TYPE public.\"mood\" ADD VALUE \\'sad\\'')",
            "mood = sa.Enum('ok', name='mood_2')\nmood.create(op.get_bind())\n"
            "op.alter_column('a', 'x', type_=mood)\nop.execute('DROP TYPE mood')\n"
            "op.execute('ALTER TYPE mood_2 RENAME TO mood')",
        ),
        (
            "op.execute(\"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'\")",
            "op.alter_column('a', 'x', type_=sa.Enum(Mood))",
        ),
        # A column that is put in another's place.
        (
            "op.add_column('a', sa.Column('new', T))\nop.drop_column('a', 'x')\n"
            "op.alter_column('a', 'new', new_column_name='x')",
            "op.alter_column('a', 'x', type_=T)",
        ),
        # A column is made anew under its old name, both ways.
        (
            "op.alter_column('a', 'x', new_column_name='old')\n"
            "op.add_column('a', sa.Column('x', T))\nop.drop_column('a', 'old')",
            "op.alter_column('a', 'x', new_column_name='new')\n"
            "op.add_column('a', sa.Column('x', U))\nop.drop_column('a', 'new')",
        ),
        # Set for a moment; said again beside a new type.
        (
            "op.alter_column('a', 'x', server_default='1')\n"
            "op.alter_column('a', 'x', server_default=None)",
            "op.bulk_insert(t, [])",
        ),
        (
            "op.alter_column('a', 'x', type_=T, nullable=True)",
            "op.alter_column('a', 'x', type_=U, existing_nullable=True)",
        ),
        (
            "op.alter_column('a', 'x', type_=sa.String(9), existing_type=sa.String(9))",
            "op.bulk_insert(t, [])",
        ),
        (f"{C}\nop.alter_column('a', 'c', nullable=False)", "op.drop_column('a', 'c')"),
        (
            "op.alter_column('a', sa.Column('x', T, nullable=False))",
            "op.alter_column('a', 'x', nullable=True)",
        ),
        ("op.alter_column('a', 'x', **new)", "op.alter_column('a', 'x', nullable=True)"),
        # A table has one primary key.
        (
            "op.create_primary_key('new', 'a', ['id'])",
            "op.create_primary_key('old', 'a', ['id'])",
        ),
        (
            "op.create_primary_key('pk', 'a', ['id', 'x'])",
            "op.drop_constraint('pk', 'a')\nop.alter_column('a', 'x', nullable=True)",
        ),
        # Another schema, given to the batch or to the source of a foreign key.
        (
            "op.add_column('a', sa.Column('c', T), schema='s')",
            "with op.batch_alter_table('a', schema='s') as batch:\n    batch.drop_column('c')",
        ),
        (
            "op.create_foreign_key('fk', 'a', 'b', ['x'], ['id'], source_schema='s')",
            "op.drop_constraint('fk', 'a', schema='s')",
        ),
        # A schema that is on the search path, and named only sometimes.
        (
            "op.create_index('ix', 'a', ['x'], schema='s')\nop.drop_column('a', 'y', schema='s')",
            "op.drop_index('ix', 'a', schema='s')\nop.add_column('a', sa.Column('y', T))",
        ),
        (
            "op.rename_table('a', 'b', schema='s')\nop.drop_column('b', 'y')",
            "op.add_column('b', sa.Column('y', T))\nop.rename_table('b', 'a', schema='s')",
        ),
        # The children first; tables that refer to each other have no order.
        (f"{A}\n{B}", "op.drop_table('b')\nop.drop_table('a')"),
        (
            f"op.create_table('c')\n{A}\n{B}",
            "op.drop_table('b')\nop.drop_table('a')\nop.drop_table('c')",
        ),
        (
            f"{A}\n{B}\nop.create_foreign_key('fk', 'a', 'b', ['id'], ['a_id'])",
            "op.drop_table('a')\nop.drop_table('b')",
        ),
        (
            f"{A}\n{B[:-1]}, schema='s')\nop.create_foreign_key('fk', 'a', 'b', ['id'], ['a_id'])",
            "op.drop_table('a')\nop.drop_table('b', schema='s')",
        ),
        (
            f"{A}\n{B}\nop.create_foreign_key('fk', 'b', 'a', ['a_id'], ['id'])",
            "op.drop_constraint('fk', 'b')\nop.drop_table('a')\nop.drop_table('b')",
        ),
        (
            f"{A}\nop.create_index('ix', 'a', ['id'])",
            "op.drop_table('a')\nop.drop_index('ix', 'a', if_exists=True)",
        ),
        # The other hooks' business.
        (A, "pass"),
        (A, "raise NotImplementedError"),
        ("op.create_table_comment('a', 'x')", "op.drop_table_comment('a')"),
        ("for at in (1, 2):\n    op.add_column('a', c)", "op.drop_column('a', 'c')"),
    ],
)
def test_left_alone(upgrade: str, downgrade: str, project: Project, run: Run) -> None:
    assert _judge(upgrade, downgrade, project, run) == CLEAN


def test_a_name_keeps_what_it_was_bound_to(project: Project, run: Run) -> None:
    names = "names = ['c']\ncolumns = [name for name in names]\nnames = ['d']\n"
    drop = "for name in columns:\n    op.drop_column('a', name)"
    assert _judge(C, names + drop, project, run) == CLEAN


def test_symbol(project: Project, run: Run) -> None:
    source = f"{HEAD}def upgrade():\n    {C}\ndef downgrade():\n    op.bulk_insert(t, [])\n"
    project.lay({PATH: source})
    assert '"symbol": "a.c"' in run(ID, PATH, "--format", "json")[1]


@pytest.mark.parametrize(
    "cycle",
    [
        "rows = read()\nrows = [row for row in rows]\nrows = [row for row in rows]",
        "a = set(b) if b else None\nb = set(a)\na = set(b) if a else None",
        "def rows():\n    return list(all)\nall = rows()\nall = list(all)\nlist(all)",
    ],
)
def test_names_that_refer_to_each_other_have_an_end(cycle: str, project: Project, run: Run) -> None:
    loop = "for x in [one for one in {}]:\n    op.drop_column('a', x)"
    name = cycle.partition(" ")[0].replace("def", "all")
    assert _judge(C, f"{cycle}\n{loop.format(name)}", project, run) == CLEAN


def test_no_sql_is_run_through_for_ever(project: Project, run: Run) -> None:
    loop = "sql = 'DROP TABLE b'\nfor x in y:\n    sql = sql.strip()\nop.execute(sql)"
    assert _judge(C, loop, project, run) == CLEAN
