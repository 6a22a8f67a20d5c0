"""The lines that undo an upgrade, and each reason for which none are told."""

from __future__ import annotations

import pytest
from tests.project.migrations.chains import PASSES, helps, lay, path, written
from tests.repository import Project, Run

ADVICE = "write the operations that this direction needs"
A = (
    "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True),"
    " sa.Column('x', sa.String(50), nullable=False, comment='c'),"
    " sa.Column('y', sa.Integer(), server_default='1'), sa.UniqueConstraint('y', name='uq_y'))"
)
KIND = "op.create_table('a', sa.Column('k', sa.Enum('o', 'p', name='kind')))"
DROP_KIND = "op.drop_table('a')\nsa.Enum(name='kind').drop(op.get_bind())"
C = "op.add_column('a', sa.Column('c', sa.Integer()))"
B = (
    "op.create_table('b', sa.Column('i', sa.Integer()),"
    " sa.ForeignKeyConstraint(['i'], ['a.id'], name='fk'))"
)
D = "op.create_table('d', sa.Column('x', sa.Integer()))"
MADE_D = "op.create_table(\n    'd',\n    sa.Column('x', sa.Integer()),\n)"
DROP_D = "op.drop_table('d')"
MOOD = "sa.Enum('o', name='mood')"
HIDDEN = f"if x:\n    {A}"


@pytest.mark.parametrize(
    ("upgrades", "lines"),
    [
        ([A], "op.drop_table('a')"),
        ([A, C], "op.drop_column('a', 'c')"),
        (
            [A, "op.rename_table('a', 'b')\nop.create_index(op.f('ix'), 'b', ['x'])"],
            "op.drop_index(op.f('ix'), table_name='b')\nop.rename_table('b', 'a')",
        ),
        (
            [
                A,
                "op.add_column('a', sa.Column('c', sa.Integer(), sa.ForeignKey('a.id', name='f')))",
            ],
            "op.drop_constraint('f', 'a', type_='foreignkey')\nop.drop_column('a', 'c')",
        ),
        (
            [A, "op.alter_column('a', 'x', new_column_name='z', existing_type=sa.String(50))"],
            "op.alter_column('a', 'z', new_column_name='x', existing_type=sa.String(50))",
        ),
        # What the call tells, unless the ancestors made something else.
        (
            [HIDDEN, "op.alter_column('a', 'x', comment='new', existing_comment='old')"],
            "op.alter_column('a', 'x', comment='old', existing_comment='new')",
        ),
        (
            [A, "op.alter_column('a', 'x', comment='new', existing_comment='old')"],
            "op.alter_column('a', 'x', comment='c', existing_comment='new')",
        ),
        (
            [
                A,
                "op.alter_column('a', 'x', existing_type=sa.VARCHAR(50), type_=sa.String(9))",
            ],
            "op.alter_column('a', 'x', type_=sa.VARCHAR(50), existing_type=sa.String(9))",
        ),
        (
            [A, "op.alter_column('a', 'x', type_=sa.String(9), existing_type=sa.VARCHAR())"],
            "op.alter_column('a', 'x', type_=sa.String(50), existing_type=sa.String(9))",
        ),
        (
            [
                A,
                "op.alter_column('a', 'y', server_default='2',"
                " existing_server_default=sa.text('1'))",
            ],
            "op.alter_column('a', 'y', server_default=sa.text('1'), existing_server_default='2')",
        ),
        (
            [
                A,
                "op.alter_column('a', 'y', server_default='2',"
                " existing_server_default=sa.text('3'))",
            ],
            "op.alter_column('a', 'y', server_default='1', existing_server_default='2')",
        ),
        (
            [A, "op.alter_column('a', 'x', comment='new')"],
            "op.alter_column('a', 'x', comment='c', existing_comment='new')",
        ),
        (
            [A, "op.alter_column('a', 'y', nullable=False)"],
            "op.alter_column('a', 'y', nullable=True, existing_nullable=False)",
        ),
        (
            [A, "op.create_table_comment('a', 'new')", "op.drop_table_comment('a')"],
            "op.create_table_comment('a', 'new')",
        ),
        (
            [
                A,
                "with op.batch_alter_table('a') as batch_op:\n"
                "    batch_op.drop_constraint('uq_y', type_='unique')\n"
                "    batch_op.add_column(sa.Column('c', sa.Integer()))",
            ],
            "with op.batch_alter_table('a') as batch_op:\n"
            "    batch_op.drop_column('c')\n"
            "    batch_op.create_unique_constraint('uq_y', ['y'])",
        ),
        # As the ancestors made it: followed through alterations and renames.
        (
            [
                A,
                "op.alter_column('a', 'x', new_column_name='z', nullable=True)\n"
                "op.rename_table('a', 'b')",
                "op.alter_column('b', 'z', server_default=sa.text('q'), type_=sa.Text())",
                "op.drop_column('b', 'z')",
            ],
            "op.add_column(\n"
            "    'b',\n"
            "    sa.Column(\n"
            "        'z',\n"
            "        sa.Text(),\n"
            "        nullable=True,\n"
            "        comment='c',\n"
            "        server_default=sa.text('q'),\n"
            "    ),\n"
            ")",
        ),
        (
            [
                A,
                "op.create_index('ix', 'a', ['y'], unique=True)\nop.drop_constraint('uq_y', 'a')",
                "op.drop_table('a')",
            ],
            "op.create_table(\n"
            "    'a',\n"
            "    sa.Column('id', sa.Integer(), primary_key=True),\n"
            "    sa.Column('x', sa.String(50), nullable=False, comment='c'),\n"
            "    sa.Column('y', sa.Integer(), server_default='1'),\n"
            ")\n"
            "op.create_index('ix', 'a', ['y'], unique=True)",
        ),
        ([A, "op.drop_constraint('uq_y', 'a')"], "op.create_unique_constraint('uq_y', 'a', ['y'])"),
        ([KIND], "op.drop_table('a')\nsa.Enum(name='kind').drop(op.get_bind())"),
        (
            [KIND, "op.drop_column('a', 'k')\nsa.Enum(name='kind').drop(op.get_bind())"],
            "sa.Enum('o', 'p', name='kind').create(op.get_bind())\n"
            "op.add_column('a', sa.Column('k', sa.Enum('o', 'p', name='kind')))",
        ),
        (
            [KIND, DROP_KIND],
            "op.create_table(\n    'a',\n    sa.Column('k', sa.Enum('o', 'p', name='kind')),\n)",
        ),
        # Keys to other tables, to the table itself, and to another schema.
        (
            [A, B, "op.drop_table('b')"],
            "op.create_table(\n"
            "    'b',\n"
            "    sa.Column('i', sa.Integer()),\n"
            "    sa.ForeignKeyConstraint(['i'], ['a.id'], name='fk'),\n"
            ")",
        ),
        (
            [A, B, "op.drop_constraint('fk', 'b', type_='foreignkey')"],
            "op.create_foreign_key('fk', 'b', 'a', ['i'], ['id'])",
        ),
        (
            [B.replace("a.id", "b.i"), "op.drop_constraint('fk', 'b', type_='foreignkey')"],
            "op.create_foreign_key('fk', 'b', 'b', ['i'], ['i'])",
        ),
        (
            [
                f"{A[:-1]}, schema='s')",
                B.replace("a.id", "s.a.id"),
                "op.drop_constraint('fk', 'b', type_='foreignkey')",
            ],
            "op.create_foreign_key('fk', 'b', 'a', ['i'], ['id'], referent_schema='s')",
        ),
        (
            [A, "op.create_exclude_constraint('ex', 'a', ('x', '='))"],
            "op.drop_constraint('ex', 'a')",
        ),
        (
            [A, "op.create_table_comment('a', comment='new')"],
            "op.drop_table_comment('a', existing_comment='new')",
        ),
        # It is made under its first name, which its sequence keeps.
        (
            [D, "op.rename_table('d', 'e')", "op.drop_table('e')"],
            f"{MADE_D}\nop.rename_table('d', 'e')",
        ),
        # What went with a column, or without its table's name.
        (
            [D, "op.create_index('ix', 'd', ['x'])", "op.drop_index('ix')", DROP_D],
            MADE_D,
        ),
        (
            [
                D,
                "op.add_column('d', sa.Column('y', sa.Integer()))\n"
                "op.create_unique_constraint('uq', 'd', ['x', 'y'])",
                "op.drop_column('d', 'y')",
                "op.drop_table('d')",
            ],
            MADE_D,
        ),
        (
            [D, f"op.drop_table('d')\n{D}\nop.drop_column('d', 'x')"],
            f"op.add_column('d', sa.Column('x', sa.Integer()))\nop.drop_table('d')\n{MADE_D}",
        ),
    ],
)
def test_lines(upgrades: list[str], lines: str, project: Project, run: Run) -> None:
    file = lay(project, *upgrades)
    indented = "\n".join(f"    {line}" for line in lines.split("\n"))
    assert helps(run, PASSES, file) == [f"{ADVICE}:\n{indented}"]
    assert written(project, run, PASSES, file) == lines


FIRST = path(0)


@pytest.mark.parametrize(
    ("upgrades", "reason"),
    [
        # Computed names.
        ([A, "op.drop_column('a', name())"], "drop_column has a name that is missing or computed"),
        ([A, "op.drop_table(f'{x}')"], "drop_table has a table's name that is missing or computed"),
        ([A, "op.add_column('a', column())"], "a column is not SQLAlchemy's own"),
        ([A, "op.add_column('a', sa.Column(*args))"], "a column is computed"),
        ([A, "op.add_column(*args)"], "arguments are spread"),
        ([A, "op.drop_table('a', schema=s)"], "a schema's name is computed"),
        # SQL, data, helpers, loops and conditions.
        ([A, f"{C}\nop.execute('SELECT 1')"], "upgrade runs SQL"),
        ([A, f"{C}\nop.get_bind().execute(q)"], "upgrade runs SQL"),
        ([A, f"{C}\nop.bulk_insert(t, [])"], "upgrade changes data"),
        ([A, f"{C}\nhelper()"], "upgrade calls what is not followed"),
        ([A, f"{C}\nfor x in y:\n    pass"], "upgrade has a loop"),
        ([A, f"if x:\n    {C}"], "upgrade has a condition"),
        ([A, f"try:\n    {C}\nfinally:\n    pass"], "upgrade has a condition"),
        ([A, f"with block() as b:\n    {C}"], "upgrade has a block that is not followed"),
        ([A, f"t = {A}"], "upgrade has a statement that is not followed"),
        (
            [A, "with op.batch_alter_table('a') as b:\n    b.execute('x')"],
            "upgrade has a batch with more than operations",
        ),
        ([A, "op.drop_table('a', if_exists=True)"], "drop_table depends on what is there"),
        (
            [A, "op.create_index('i', 'a', ['x'], postgresql_concurrently=True)"],
            "create_index depends on what is there",
        ),
        # Unnamed constraints and indexes.
        (
            [A, "op.create_unique_constraint(None, 'a', ['x'])"],
            "create_unique_constraint has a name that is missing or computed",
        ),
        (
            [A, "op.add_column('a', sa.Column('c', sa.Integer(), sa.ForeignKey('a.id')))"],
            "column c has an unnamed constraint",
        ),
        (
            [A, "op.add_column('a', sa.Column('c', sa.Integer(), index=True))"],
            "column c makes an unnamed constraint or index",
        ),
        ([A, "op.drop_column('a', 'id')"], "column id makes an unnamed constraint or index"),
        ([A, "op.drop_constraint('a_pkey', 'a')"], "no ancestor names constraint a_pkey"),
        ([A, "op.drop_index('ix', 'a')"], "no ancestor makes index ix"),
        (
            [A, "op.create_primary_key('pk', 'a', ['id', 'y'])"],
            "the primary key makes column y NOT NULL",
        ),
        # What the rows of by then may not allow.
        ([A, "op.drop_column('a', 'x')"], "column a.x is NOT NULL without a default"),
        ([A, "op.drop_column('a', 'y')"], "a key forbids that all rows of a get the same default"),
        ([A, "op.alter_column('a', 'x', nullable=True)"], "column x may hold NULL by then"),
        (
            [A, "op.alter_column('a', 'x', type_=sa.Text())"],
            "the old type of column x may be too narrow for what it holds by then",
        ),
        (
            [A, "op.alter_column('a', 'y', type_=sa.BigInteger(), existing_type=sa.Integer())"],
            "the old type of column y may be too narrow for what it holds by then",
        ),
        (
            [A, "op.alter_column('a', 'y', postgresql_using='z')"],
            "alter_column has postgresql_using",
        ),
        # Types of others.
        (
            [A, "op.add_column('a', sa.Column('c', Money()))"],
            "the type of column c is none of SQLAlchemy's",
        ),
        (
            ["op.create_table('a', sa.Column('c', Money()))", "op.drop_table('a')"],
            "the type of column c is none of SQLAlchemy's",
        ),
        (
            ["op.create_table('a', sa.Column('c', sa.Integer(), key='d'))", "op.drop_table('a')"],
            "column c has a key, another name",
        ),
        (
            [A, "op.create_table('b', sa.Column('c', sa.ARRAY(sa.Enum('o', name='kind'))))"],
            "an enum stands inside of the type of column c",
        ),
        ([A, "op.create_table('b', sa.Column('c', sa.Enum('o')))"], "an enum type has no name"),
        # Enum types.
        (
            [KIND, "op.create_table('b', sa.Column('k', sa.Enum('o', 'p', name='kind')))"],
            f"enum type kind is also used in {FIRST}",
        ),
        (
            [KIND, "op.drop_table('a')"],
            "upgrade leaves enum type kind, which its table would make again",
        ),
        (
            [KIND, "op.execute(\"ALTER TYPE kind ADD VALUE 'q'\")", DROP_KIND],
            f"enum type kind is also used in {path(1)}",
        ),
        (
            [KIND, "helper('kind')", DROP_KIND],
            f"{path(1)} may change enum type kind out of sight",
        ),
        ([KIND, f"bind = connect()\n{C}"], "upgrade has a statement that is not followed"),
        (
            [
                f"{MOOD}.create(op.get_bind())",
                "op.execute(\"ALTER TYPE mood ADD VALUE 'q'\")",
                f"{MOOD}.drop(op.get_bind())",
            ],
            f"enum type mood is also used in {path(1)}",
        ),
        ([f"{MOOD}.create(checkfirst=True)"], "a type is made on another connection"),
        ([f"{MOOD}.create(engine)"], "a type is made on another connection"),
        (
            [A, "t = sa.Integer()\nt = sa.Text()\nop.add_column('a', sa.Column('c', t))"],
            "the type of column c is none of SQLAlchemy's",
        ),
        (
            [
                "op.create_table('b', sa.Column('y', sa.Integer(), server_default='1'))\n"
                "op.create_index('ix', 'b', ['y'], unique=True)",
                "op.drop_index('ix', 'b')\nop.drop_column('b', 'y')",
            ],
            "a key forbids that all rows of b get the same default",
        ),
        ([A, "op.rename_table('a', 'b')\nop.drop_index('ix', 'a')"], "upgrade takes table a away"),
        (
            [
                "op.create_table('b', sa.Column('y', sa.Integer(), index=True))",
                "op.drop_index('ix_b_y')",
                "op.drop_table('b')",
            ],
            "index ix_b_y of b is dropped, not made",
        ),
        (
            [D, "op.create_index('ix', 'd', ['x'])", "op.execute('DROP INDEX ix')", DROP_D],
            f"{path(2)} may change table d out of sight",
        ),
        (
            [
                D,
                "op.create_index('ix', 'd', ['x'])",
                "for name in ('ix',):\n    op.drop_index(name)",
                DROP_D,
            ],
            f"{path(2)} changes table d in a way that is not followed",
        ),
        # Ancestors that are not seen.
        (["op.drop_table('b')"], "no ancestor creates table b"),
        ([A, "op.drop_column('a', 'z')"], "no ancestor makes column a.z"),
        (
            [A, f"if x:\n    {C}", "op.drop_table('a')"],
            f"{path(1)} changes table a in a way that is not followed",
        ),
        (
            [A, "op.execute('ALTER TABLE a ADD COLUMN q int')", "op.drop_table('a')"],
            f"{path(1)} may change table a out of sight",
        ),
        ([A, "helper('a')", "op.drop_table('a')"], f"{path(1)} may change table a out of sight"),
        (
            ["op.create_table('a', sa.Column('c', sa.Integer()), *more())", "op.drop_table('a')"],
            "arguments are spread",
        ),
        (
            [A, "op.rename_table('a', 'b')", "op.drop_table('a')"],
            f"{path(1)} takes table a away",
        ),
        # Nesting that no printer of expressions takes.
        (
            [f"op.create_table('a', sa.Column('c', sa.Text(), comment={'+'.join(['x'] * 900)}))"],
            "what it is made from is nested too deeply",
        ),
        (["op.drop_table('\\ud800')"], "no ancestor creates table \\ud800"),
    ],
)
def test_refused(upgrades: list[str], reason: str, project: Project, run: Run) -> None:
    file = lay(project, *upgrades)
    before = (project.root / file).read_bytes()
    assert helps(run, PASSES, file) == [f"{ADVICE}; not written, because {reason}"]
    assert run(PASSES, "--fix", file)[0] == 1
    assert (project.root / file).read_bytes() == before
