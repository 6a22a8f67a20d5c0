"""3.8: downgrade undoes upgrade, and does something."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.facts import HEAD, Alone, advised, migration, told
from tests.contract.worlds import GROWN, NEW, Case, Edit, all_of

from definition_of_done.project.migrations.files.migration import read_migration

MIRRORS, DOES = "downgrade-mirrors-upgrade", "downgrade-not-pass"
A = "op.create_table('a', sa.Column('id', sa.Integer()))"
ADD = "op.add_column('a', sa.Column('x', sa.Integer()))"
NOTHING = "op.bulk_insert(t, [])"
PG = "op.get_bind().dialect.name == 'postgresql'"

# The same change in both directions, or one that does not lead back.
SAME = [
    (
        "op.alter_column('a', 'x', nullable=False)",
        "op.alter_column('a', 'x', nullable=False)",
        "7:5: downgrade changes nullable of a.x as upgrade does",
    ),
    (
        "op.alter_column('a', 'x', nullable=False, existing_type=sa.Integer())",
        "with op.batch_alter_table('a') as b:\n    b.alter_column('x', nullable=False)",
        "8:9: downgrade changes nullable of a.x as upgrade does",
    ),
    (
        "op.alter_column('a', 'x', type_=sa.String(40))",
        "op.alter_column('a', 'x', type_=sa.String(40), existing_nullable=True)",
        "7:5: downgrade changes type of a.x as upgrade does",
    ),
    (
        "op.alter_column('a', 'x', type_=sa.String(40), existing_type=sa.Text())",
        "op.alter_column('a', 'x', existing_type=sa.Text(), type_=sa.String(40))",
        "7:5: downgrade changes type of a.x as upgrade does",
    ),
    (
        "op.alter_column('a', 'x', new_column_name='y')",
        "op.alter_column('a', 'x', new_column_name='y')",
        "7:5: downgrade renames column a.x to y as upgrade does",
    ),
    (
        "with op.batch_alter_table('a') as b:\n    b.alter_column('x', new_column_name='y')",
        "with op.batch_alter_table('a') as b:\n    b.alter_column('x', new_column_name='y')",
        "9:9: downgrade renames column a.x to y as upgrade does",
    ),
    (
        "op.rename_table('a', 'b')",
        "op.rename_table('a', 'b')",
        "7:5: downgrade renames table a to b as upgrade does",
    ),
    (
        "op.rename_table('a', 'b', schema='s')",
        "op.rename_table('a', 'b', schema='s')",
        "7:5: downgrade renames table s.a to s.b as upgrade does",
    ),
]
# What a column takes along is gone before it is dropped.
ORDER = [
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
        "9:5: downgrade drops column a.x before index ix on it",
    ),
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix')",
        "9:5: downgrade drops column a.x before index ix on it",
    ),
    (
        f"{ADD}\nop.create_foreign_key('fk', 'a', 'b', ['x'], ['id'])",
        "op.drop_column('a', 'x')\nop.drop_constraint('fk', 'a', type_='foreignkey')",
        "9:5: downgrade drops column a.x before constraint fk on it",
    ),
    (
        f"{ADD}\nop.create_unique_constraint('uq', 'a', ['x'])",
        "with op.batch_alter_table('a') as b:\n    b.drop_column('x')\n    b.drop_constraint('uq')",
        "10:9: downgrade drops column a.x before constraint uq on it",
    ),
    (
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        "6:5: upgrade drops column a.x before index ix on it",
    ),
    # A named key that the column brings.
    (
        "op.add_column('a', sa.Column('x', sa.Integer(), sa.ForeignKey('b.id', name='fk')))",
        "op.drop_column('a', 'x')\nop.drop_constraint('fk', 'a')",
        "8:5: downgrade drops column a.x before constraint fk on it",
    ),
    # All of its columns.
    (
        f"{ADD}\n{ADD.replace('x', 'y')}\nop.create_index('ix', 'a', ['x', 'y'])",
        "op.drop_column('a', 'y')\nop.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
        "11:5: downgrade drops column a.x before index ix on it",
    ),
]
# An enum type outlives the table.
MOOD = "op.create_table('a', sa.Column('mood', sa.Enum('good', 'bad', name='mood')))"
LEFT = "upgrade creates enum type mood, downgrade never drops it"
ENUMS = [
    (MOOD, "op.drop_table('a')", f"5:5: {LEFT}"),
    (
        "op.execute(\"CREATE TYPE mood AS ENUM ('good', 'bad')\")\n" + ADD,
        "op.drop_column('a', 'x')",
        f"5:5: {LEFT}",
    ),
    (
        "sa.Enum('good', name='mood').create(op.get_bind())\n" + ADD,
        "op.drop_column('a', 'x')",
        f"5:5: {LEFT}",
    ),
    (
        "mood = sa.Enum('good', name='mood')\nmood.create(op.get_bind(), checkfirst=True)\n" + ADD,
        "op.drop_column('a', 'x')",
        f"6:5: {LEFT}",
    ),
    (
        "from sqlalchemy.dialects import postgresql\n"
        "mood = postgresql.ENUM('good', name='mood', create_type=False)\n"
        "mood.create(op.get_bind())\n"
        "op.create_table('a', sa.Column('mood', mood))",
        "op.drop_table('a')",
        f"7:5: {LEFT}",
    ),
    # Another one is dropped.
    (
        MOOD,
        "op.drop_table('a')\nsa.Enum(name='moods').drop(op.get_bind())",
        f"5:5: {LEFT}",
    ),
    (MOOD, "op.drop_table('a')\nop.execute('DROP TYPE moods')", f"5:5: {LEFT}"),
    # SQLAlchemy names it after the class.
    (
        "op.create_table('a', sa.Column('mood', sa.Enum(Mood)))",
        "op.drop_table('a')",
        f"5:5: {LEFT}",
    ),
]
# What is made under a condition is undone all the same.
CONDITIONS = [
    (
        f"if 'x' not in columns('a'):\n    {ADD}",
        NOTHING,
        "6:9: upgrade adds column a.x, downgrade never drops it",
    ),
    (
        f"if not sa.inspect(op.get_bind()).has_table('a'):\n    {A}",
        NOTHING,
        "6:9: upgrade creates table a, downgrade never drops it",
    ),
    (
        f"pg = {PG}\nif not pg:\n    return\nop.drop_column('a', 'x')",
        NOTHING,
        "8:5: upgrade drops column a.x, downgrade never adds it",
    ),
    (
        f"bind = op.get_bind()\nname = bind.engine.name\nif name == 'sqlite':\n    return\n{ADD}",
        NOTHING,
        "9:5: upgrade adds column a.x, downgrade never drops it",
    ),
    (
        "if small():\n    op.drop_index('ix', 'a')\nelse:\n    op.drop_index('ix', 'a')",
        NOTHING,
        "6:9: upgrade drops index ix, downgrade never creates it",
    ),
    (
        "if small():\n    with op.batch_alter_table('a') as b:\n        b.drop_column('x')\n"
        "else:\n    op.drop_column('a', 'x')",
        NOTHING,
        "7:13: upgrade drops column a.x, downgrade never adds it",
    ),
    (
        "try:\n    op.create_index('ix', 'a', ['x'])\nexcept Exception:\n    pass",
        NOTHING,
        "6:9: upgrade creates index ix, downgrade never drops it",
    ),
]
# What upgrade never made.
NEVER = [
    # What SQL makes, and nothing drops.
    *(
        (
            f"{A}\nop.execute('{made}')",
            "op.drop_table('a')",
            f"6:5: upgrade creates {thing} by SQL, downgrade never drops it",
        )
        for made, thing in (
            ("CREATE VIEW v AS SELECT 1", "view v"),
            ("create materialized view s.v as select 1", "view v"),
            ("CREATE SEQUENCE numbers START 1", "sequence numbers"),
            ("CREATE TRIGGER t BEFORE UPDATE ON b EXECUTE FUNCTION f()", "trigger t"),
            ("-- by day\\nCREATE FUNCTION f() RETURNS int AS $$ DROP VIEW w; $$", "function f"),
            ("CREATE DOMAIN cents AS int", "domain cents"),
            ("CREATE SCHEMA audit", "schema audit"),
            ("CREATE INDEX ix ON b USING gin (x)", "index ix"),
        )
    ),
    # What never runs undoes nothing.
    (
        f"{A}\n{ADD}",
        "op.drop_column('a', 'x')\nreturn\nop.drop_table('a')",
        "5:5: upgrade creates table a, downgrade never drops it",
    ),
    (
        f"{A}\nop.create_table('b')",
        "op.drop_table('b')\nif False:\n    op.drop_table('a')",
        "5:5: upgrade creates table a, downgrade never drops it",
    ),
    (
        ADD,
        "op.drop_constraint('fk', 'a')\nop.drop_column('a', 'x')",
        "7:5: downgrade drops constraint fk, upgrade never creates it",
    ),
    (
        "op.create_table('a', sa.Column('id', T), sa.PrimaryKeyConstraint('id', name='pk_a'))",
        "op.drop_constraint('uq', 'a')\nop.drop_table('a')",
        "7:5: downgrade drops constraint uq, upgrade never creates it",
    ),
    (
        "op.create_unique_constraint('uq_x', 'a', ['x'])",
        "op.drop_constraint('uq_y', 'a')\nop.drop_constraint('uq_x', 'a')",
        "7:5: downgrade drops constraint uq_y, upgrade never creates it",
    ),
    (
        f"{A}\nop.create_unique_constraint('uq_x', 'a', ['x'])",
        "op.drop_constraint('uq_y', 'a')\nop.drop_constraint('uq_x', 'a')\nop.drop_table('a')",
        "8:5: downgrade drops constraint uq_y, upgrade never creates it",
    ),
]


@pytest.mark.parametrize(("up", "down", "said"), [*SAME, *ORDER, *CONDITIONS, *NEVER])
def test_not_undone(up: str, down: str, said: str) -> None:
    assert told(MIRRORS, Alone(migration(up, down))) == [said]


@pytest.mark.parametrize(("up", "down", "said"), ENUMS)
def test_a_type_is_left(up: str, down: str, said: str) -> None:
    assert told(MIRRORS, Alone(migration(up, down), is_on_postgresql=True)) == [said]


@pytest.mark.parametrize(
    ("up", "down", "help"),
    [
        (ADD, f"op.drop_column('a', 'x')\n{ADD.replace('x', 'y')}", "drop it in upgrade, or"),
        (ADD, "op.drop_column('a', 'x')\nop.drop_column('a', 'y')", "create it in upgrade, or"),
        (ADD, "op.drop_column('a', 'x')\nop.drop_table('b')", "create it in upgrade, or"),
        (
            ADD,
            "op.drop_column('a', 'x')\nop.alter_column('a', 'y', nullable=True)",
            "change it in upgrade, or",
        ),
        (ADD, "op.drop_column('a', 'x')\nop.rename_table('b', 'c')", "rename it in upgrade, or"),
    ],
)
def test_the_help_says_what_upgrade_lacks(up: str, down: str, help: str) -> None:
    alone = Alone(migration(up, down))
    assert advised(MIRRORS, alone) == [f"{help} take it out of downgrade"]


HONEST_PAIRS = [
    *(
        (f"{A}\nop.execute('{made}')", f"op.drop_table('a')\n{undo}")
        for made, undo in (
            ("CREATE VIEW v AS SELECT 1", "op.execute('DROP VIEW v')"),
            ("CREATE VIEW v AS SELECT 1", "op.execute('DROP SCHEMA s CASCADE')"),
            ("CREATE VIEW v AS SELECT 1", "drop_views()"),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", ""),
            ("CREATE TEMPORARY VIEW v AS SELECT 1", ""),
            ("DROP VIEW v; CREATE VIEW v AS SELECT 2", ""),
            ("CREATE SCHEMA IF NOT EXISTS audit", ""),
            ("CREATE EXTENSION citext", ""),
            ("CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f()", ""),
            ("CREATE INDEX ix ON a (x)", ""),
            ("CREATE INDEX ix ON b (x)", "op.drop_index('ix')"),
            ("CREATE INDEX ix ON b (x)", "op.drop_column('b', 'x')"),
            ("CREATE UNIQUE INDEX ix ON b (x); ALTER TABLE b ADD UNIQUE USING INDEX ix", ""),
            ("CREATE SEQUENCE n OWNED BY b.x", ""),
            (
                "CREATE FUNCTION f() RETURNS int AS $$ CREATE TEMP TABLE t (); $$",
                "op.execute('DROP FUNCTION f()')",
            ),
        )
    ),
    (A, "if True:\n    op.drop_table('a')"),
    (A, "if False:\n    pass\nelse:\n    op.drop_table('a')\n    return"),
    (A, "for name in ('b', 'a'):\n    if name == 'b':\n        continue\n    op.drop_table(name)"),
    # Back to what it was.
    ("op.alter_column('a', 'x', nullable=False)", "op.alter_column('a', 'x', nullable=True)"),
    ("op.alter_column('a', 'x', type_=sa.Text())", "op.alter_column('a', 'x', type_=sa.String())"),
    (
        "op.alter_column('a', 'x', type_=sa.String(40))",
        "op.alter_column('a', 'x', type_=sa.String(20))",
    ),
    (
        "op.alter_column('a', 'x', new_column_name='y')",
        "op.alter_column('a', 'y', new_column_name='x')",
    ),
    ("op.rename_table('a', 'b')", "op.rename_table('b', 'a')"),
    # A name that both directions compute may stand for two things.
    (
        "op.alter_column('a', 'x', type_=wanted())",
        "op.alter_column('a', 'x', type_=wanted())",
    ),
    ("op.alter_column('a', 'x', nullable=NEW)", "op.alter_column('a', 'x', nullable=NEW)"),
    # On the way to another type, nullable is said again.
    (
        "op.alter_column('a', 'x', type_=sa.Text(), nullable=True)",
        "op.alter_column('a', 'x', type_=sa.String(), nullable=True)",
    ),
    (
        "op.alter_column('a', 'x', nullable=True, existing_nullable=True, comment='new')",
        "op.alter_column('a', 'x', nullable=True, existing_nullable=True, comment='old')",
    ),
    # Said again beside another change.
    (
        "op.alter_column('a', 'x', type_=sa.Text(), server_default='1')",
        "op.alter_column('a', 'x', type_=sa.Text(), server_default=None)",
    ),
    # Some databases ask for it beside a new name.
    (
        "op.alter_column('a', 'x', nullable=False, new_column_name='y')",
        "op.alter_column('a', 'y', nullable=False, new_column_name='x')",
    ),
    # A copy in SQL takes the place of the table, both ways.
    (
        "op.execute('CREATE TABLE a_new (x int)')\nop.drop_table('a')\n"
        "op.rename_table('a_new', 'a')",
        "op.execute('CREATE TABLE a_new (x text)')\nop.drop_table('a')\n"
        "op.rename_table('a_new', 'a')",
    ),
    # The same column of another table, two names that change places.
    (
        "op.alter_column('a', 'x', nullable=False)\nop.alter_column('b', 'x', nullable=True)",
        "op.alter_column('a', 'x', nullable=True)\nop.alter_column('b', 'x', nullable=False)",
    ),
    (
        "op.alter_column('a', 'x', new_column_name='t')\n"
        "op.alter_column('a', 'y', new_column_name='x')\n"
        "op.alter_column('a', 't', new_column_name='y')",
        "op.alter_column('a', 'x', new_column_name='t')\n"
        "op.alter_column('a', 'y', new_column_name='x')\n"
        "op.alter_column('a', 't', new_column_name='y')",
    ),
    # A type that is changed by way of another one.
    (
        "op.alter_column('a', 'x', type_=sa.Text())\nop.alter_column('a', 'x', type_=new)",
        "op.alter_column('a', 'x', type_=sa.Text())\nop.alter_column('a', 'x', type_=old)",
    ),
    # The index and the key are gone first, or cannot be gone.
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        "op.drop_index('ix', 'a')\nop.drop_column('a', 'x')",
    ),
    (f"{ADD}\nop.create_index('ix', 'a', ['x'])", "op.drop_column('a', 'x')"),
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a', if_exists=True)",
    ),
    (
        f"{ADD}\nop.create_index('ix', 'a', ['y'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
    ),
    (
        f"{ADD}\nop.create_index('ix', 'b', ['x'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'b')",
    ),
    # MySQL leaves an index its other columns.
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x', 'y'])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
    ),
    # Nobody knows what it is on.
    (
        f"{ADD}\nop.create_index('ix', 'a', [sa.text('lower(x)')])",
        "op.drop_column('a', 'x')\nop.drop_index('ix', 'a')",
    ),
    # Made anew in between.
    (
        f"op.drop_index('ix', 'a')\nop.drop_column('a', 'x')\n{ADD}\n"
        "op.create_index('ix', 'a', ['x'])",
        f"op.drop_index('ix', 'a')\nop.drop_column('a', 'x')\n{ADD}\n"
        "op.create_index('ix', 'a', ['x'])",
    ),
    # Only one of two branches runs.
    (
        f"{ADD}\nop.create_index('ix', 'a', ['x'])",
        f"if {PG}:\n    op.drop_column('a', 'x')\nelse:\n    op.drop_index('ix', 'a')\n"
        "    op.drop_column('a', 'x')",
    ),
    # Undone under the same or another condition.
    (f"if 'x' not in columns('a'):\n    {ADD}", "op.drop_column('a', 'x')"),
    (
        f"if 'x' not in columns('a'):\n    {ADD}",
        "if 'x' in columns('a'):\n    op.drop_column('a', 'x')",
    ),
    (f"if 'x' not in columns('a'):\n    {ADD}", "op.execute('ALTER TABLE a DROP COLUMN x')"),
    (f"if 'x' not in columns('a'):\n    {ADD}", "undo(op)"),
    (
        f"pg = {PG}\nif not pg:\n    return\n{ADD}",
        f"if not ({PG}):\n    return\nop.drop_column('a', 'x')",
    ),
    (
        "if small():\n    op.drop_index('ix', 'a')\nelse:\n    op.drop_index('ix', 'a')",
        "op.create_index('ix', 'a', ['x'])",
    ),
    # What is there from before may be cleared away.
    ("if has('old'):\n    op.drop_table('old')", NOTHING),
    (ADD, "if has('ix'):\n    op.drop_index('ix', 'a')\nop.drop_column('a', 'x')"),
    # A constraint that the table or the column may bring under a name of the database's.
    (
        "op.create_table('a', sa.Column('x', T), sa.UniqueConstraint('x'))",
        "op.drop_constraint('a_x_key', 'a')\nop.drop_table('a')",
    ),
    (
        "op.create_table('a', sa.Column('x', T, sa.ForeignKey('b.id')))",
        "op.drop_constraint('a_x_fkey', 'a')\nop.drop_table('a')",
    ),
    (
        "op.create_table('a', sa.Column('x', T), sa.UniqueConstraint('x', name='uq'))",
        "op.drop_constraint('uq', 'a')\nop.drop_table('a')",
    ),
    (
        "op.create_table('a', *columns())",
        "op.drop_constraint('uq', 'a')\nop.drop_table('a')",
    ),
    (
        "op.add_column('a', sa.Column('x', T, unique=True))",
        "op.drop_constraint('a_x_key', 'a')\nop.drop_column('a', 'x')",
    ),
    (
        "op.create_table('a', sa.Column('x', T), sa.CheckConstraint('x > 0', name='paid'))",
        "op.drop_constraint('ck_a_paid', 'a')\nop.drop_table('a')",
    ),
    (
        "op.create_table('a', sa.Column('x', sa.Boolean(create_constraint=True)))",
        "op.drop_constraint('ck_a_x', 'a')\nop.drop_table('a')",
    ),
]
HONEST_ENUMS = [
    (MOOD, "op.drop_table('a')\nop.execute('DROP TYPE mood')"),
    (MOOD, "op.drop_table('a')\nop.execute('DROP TYPE IF EXISTS mood')"),
    (MOOD, "op.drop_table('a')\nsa.Enum(name='mood').drop(op.get_bind(), checkfirst=False)"),
    (
        MOOD,
        "op.drop_table('a')\nmood = sa.Enum('good', name='mood')\nmood.drop(op.get_bind())",
    ),
    (MOOD, "op.drop_table('a')\nfor name in names():\n    op.execute(f'DROP TYPE {name}')"),
    (MOOD, "op.drop_table('a')\nsa.Enum(name=named()).drop(op.get_bind())"),
    (MOOD, "op.drop_table('a')\nclean_up(op)"),
    (MOOD, "op.drop_table('a')\nop.execute('DROP SCHEMA s CASCADE')"),
    # It makes no type, or uses one that is there.
    (
        "from sqlalchemy.dialects.postgresql import ENUM\n"
        "op.create_table('a', sa.Column('mood', ENUM(name='mood', create_type=False)))",
        "op.drop_table('a')",
    ),
    (
        "op.create_table('a', sa.Column('m', sa.Enum('good', name='mood', native_enum=False)))",
        "op.drop_table('a')",
    ),
    # Before a table is made, add_column makes no type.
    (
        "op.add_column('a', sa.Column('mood', sa.Enum('good', name='mood')))",
        "op.drop_column('a', 'mood')",
    ),
    (
        "op.create_table('a', sa.Column('mood', sa.Enum('good', name=named())))",
        "op.drop_table('a')",
    ),
    # Dropped on the way; taken from one table to the other.
    (
        f"{MOOD}\nop.drop_table('a')\nop.execute('DROP TYPE mood')\n{ADD}",
        "op.drop_column('a', 'x')",
    ),
    (f"helper()\n{MOOD}", "op.drop_table('a')\nother()"),
]


@pytest.mark.parametrize(("up", "down"), HONEST_PAIRS)
def test_undone(up: str, down: str) -> None:
    assert told(MIRRORS, Alone(migration(up, down), is_on_postgresql=True)) == []


@pytest.mark.parametrize(("up", "down"), HONEST_ENUMS)
def test_no_type_is_left(up: str, down: str) -> None:
    assert told(MIRRORS, Alone(migration(up, down), is_on_postgresql=True)) == []


def test_a_type_is_left_only_on_postgresql() -> None:
    read = migration(MOOD, "op.drop_table('a')")
    assert told(MIRRORS, Alone(read)) == []
    assert told(MIRRORS, Alone(read, is_on_postgresql=True, shared=["mood"])) == []


# A body, and what it comes to: it does nothing, or only raises.
NO_BODY = "does nothing"
RAISES = "only raises"
EMPTY = [
    ("def undo():\n    op.drop_table('a')", NO_BODY),
    ("def undo():\n    pass\nundo()", NO_BODY),
    ("async def undo():\n    op.drop_table('a')\nreturn", NO_BODY),
    ("class Undo:\n    pass", NO_BODY),
    ("if False:\n    op.drop_table('a')", NO_BODY),
    ("while 0:\n    op.drop_table('a')", NO_BODY),
    ("if True:\n    return\nop.drop_table('a')", NO_BODY),
    ("return\nop.drop_table('a')", NO_BODY),
    ("raise NotImplementedError\nop.drop_table('a')", RAISES),
    ("with op.get_context().autocommit_block():\n    return\n    op.drop_table('a')", NO_BODY),
    ("msg = 'no way back'\nraise NotImplementedError(msg)", RAISES),
    ("msg = f'{revision} has no way back'\nraise NotImplementedError(msg)", RAISES),
    ("log = logging.getLogger(__name__)\nlog.warning('nothing')", NO_BODY),
    ("bind = op.get_bind()", NO_BODY),
    (
        "conn = op.get_bind()\ninspector = sa.inspect(conn)\ntables = inspector.get_table_names()",
        NO_BODY,
    ),
    ("op.get_bind()", NO_BODY),
    ("op.execute('SELECT 1')", NO_BODY),
    ("op.execute(sa.text('select 1;'))", NO_BODY),
    ("bind = op.get_bind()\nbind.execute(sa.text('SELECT 1'))", NO_BODY),
    ("op.execute('')", NO_BODY),
    ("op.execute('-- nothing to undo')", NO_BODY),
    ("if op.get_bind().dialect.name == 'sqlite':\n    return\nbind = op.get_bind()", NO_BODY),
    ("NotImplementedError('no')", NO_BODY),
    ("assert False, 'no way back'", RAISES),
    ("done = True\nreturn done", NO_BODY),
    ("_ = lambda: op.drop_table('a')", NO_BODY),
]
FULL = [
    "def undo():\n    op.drop_table('a')\nundo()",
    "def undo(name):\n    op.drop_table(name)\nfor name in ('a', 'b'):\n    undo(name)",
    "def undo():\n    op.drop_table('a')\nrun(undo)",
    "def undo():\n    op.drop_table('a')\nop.run_async(undo)",
    "@contextmanager\ndef undo():\n    yield\nwith undo():\n    op.drop_table('a')",
    "msg = 'no'\nop.drop_table('a')",
    "bind = op.get_bind()\nbind.execute(sa.text('DELETE FROM a'))",
    "bind = op.get_bind()\nBase.metadata.drop_all(bind)",
    "rows = op.get_bind().execute(sa.text('DELETE FROM a RETURNING id'))",
    "op.execute(\"SELECT create_hypertable('a', 'at')\")",
    "op.execute('SELECT setval(1, 2)')",
    "op.execute(sql)",
    "session = Session(bind=op.get_bind())\nsession.query(A).delete()",
    "log.info('going')\nop.drop_table('a')",
    "done = undo()",
    "result = helper(op.get_bind())",
    "return op.drop_table('a')",
    "[op.drop_table(name) for name in ('a', 'b')]",
    "settings['x'] = 1",
    "a, b = undo(), None",
]


@pytest.mark.parametrize(("text", "kind"), EMPTY)
def test_downgrade_does_nothing(text: str, kind: str) -> None:
    head = "import sqlalchemy as sa\nfrom alembic import op\nimport logging\nrevision = 'add_x'\n"
    assert told(DOES, Alone(migration(ADD, text, head))) == [f"7:1: downgrade {kind}"]
    assert told(DOES, Alone(migration(text, ADD, head))) == [f"5:1: upgrade {kind}"]


@pytest.mark.parametrize("text", FULL)
def test_downgrade_does_something(text: str) -> None:
    assert told(DOES, Alone(migration(ADD, text))) == []


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("revision = 'a'\ndown_revision = None\nbranch_labels = ('accounts',)\n", 0),
        ("revision = 'a'\ndown_revision = 'base'\nbranch_labels = 'accounts'\n", 0),
        ("revision = 'a'\ndown_revision = ('b', 'c')\nbranch_labels = None\n", 0),
        ("revision = 'a'\ndown_revision = 'base'\nbranch_labels = None\n", 2),
        ("revision = 'a'\ndown_revision = 'base'\nbranch_labels = ()\n", 2),
    ],
)
def test_a_revision_that_opens_a_branch_may_be_empty(head: str, count: int) -> None:
    assert len(told(DOES, Alone(migration("pass", "pass", head)))) == count


def test_a_labelled_revision_that_does_something_is_judged() -> None:
    head = "from alembic import op\nrevision = 'a'\nbranch_labels = ('accounts',)\n"
    assert told(DOES, Alone(migration("op.drop_table('a')", "pass", head))) == [
        "6:1: downgrade does nothing"
    ]


@pytest.mark.parametrize("given", ["op=None", "op=None, tables=None, tester=None", "op=op"])
def test_operations_of_a_parameter_are_seen(given: str) -> None:
    text = f"{HEAD}def upgrade({given}):\n    {ADD}\ndef downgrade({given}):\n    {NOTHING}\n"
    read = read_migration("a.py", text.encode())
    assert told(MIRRORS, Alone(read)) == ["5:5: upgrade adds column a.x, downgrade never drops it"]


FIRST = "alembic/versions/20260524_add_vendor_credits.py"
GROWS = "alembic/versions/20260702_add_approved_on.py"
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
LAST = '    op.drop_table("vendor_credits")\n'
AMOUNT = 'comment="Open credit in cents"),\n'
STATE = (
    AMOUNT,
    f'{AMOUNT}        sa.Column("state", sa.Enum("open", name="credit_state"), comment="Use"),\n',
)
STATED: dict[str, Edit] = {
    FIRST: [STATE],
    PAGE: ("with `amount` and", "with `amount`, `state` and"),
}
URL = ("location = alembic", "location = alembic\nsqlalchemy.url = postgresql+psycopg://app@db/app")
INDEX = '        batch_op.drop_index("ix_vendor_credits_approved_on")\n'
COLUMN = '        batch_op.drop_column("approved_on")\n'
BROKEN = [
    Case(
        "3.8",
        "an enum type stays on PostgreSQL",
        NEW,
        {**STATED, "alembic.ini": URL},
        (
            f"{FIRST}:20:5: {MIRRORS}: upgrade creates enum type credit_state, downgrade never"
            " drops it",
        ),
    ),
    Case(
        "3.8",
        "an enum type stays where a model imports the dialect",
        NEW,
        {
            **STATED,
            "app/database.py": (
                "from sqlalchemy.orm",
                "from sqlalchemy.dialects import postgresql  # noqa: F401\nfrom sqlalchemy.orm",
            ),
        },
        (
            f"{FIRST}:20:5: {MIRRORS}: upgrade creates enum type credit_state, downgrade never"
            " drops it",
        ),
    ),
    Case(
        "3.8",
        "the column goes before its index",
        GROWN,
        {GROWS: (INDEX + COLUMN, COLUMN + INDEX)},
        (
            f"{GROWS}:28:9: {MIRRORS}: downgrade drops column vendor_credits.approved_on before"
            " index ix_vendor_credits_approved_on on it",
        ),
    ),
    Case(
        "3.8",
        "a function in downgrade that nobody calls",
        NEW,
        {FIRST: (LAST, f"    def undo() -> None:\n    {LAST}")},
        (f"{FIRST}:34:1: {DOES}: downgrade does nothing",),
    ),
    Case(
        "3.8",
        "a message in a name, and an exception",
        GROWN,
        {
            GROWS: (
                f'    with op.batch_alter_table("vendor_credits") as batch_op:\n{INDEX}{COLUMN}',
                '    msg = "no way back"\n    raise NotImplementedError(msg)\n',
            )
        },
        (f"{GROWS}:25:1: {DOES}: downgrade only raises",),
    ),
]
HONEST = [
    Case("3.8", "an enum type where only SQLite is known", NEW, STATED),
    Case(
        "3.8",
        "an enum type that downgrade drops",
        NEW,
        {
            PAGE: STATED[PAGE],
            FIRST: [STATE, (LAST, f'{LAST}    sa.Enum(name="credit_state").drop(op.get_bind())\n')],
            "alembic.ini": URL,
        },
    ),
    Case(
        "3.8",
        "a function in downgrade that is called",
        NEW,
        {FIRST: (LAST, f"    def undo() -> None:\n    {LAST}\n    undo()\n")},
    ),
    Case("3.8", "the index goes with the column", GROWN, {GROWS: (INDEX, "")}),
    Case(
        "3.8",
        "SQLite's own check, whatever the database",
        GROWN,
        {
            GROWS: (
                "def downgrade() -> None:\n",
                "def downgrade() -> None:\n    bind = op.get_bind()\n"
                '    assert bind.dialect.name != "mysql"\n',
            )
        },
    ),
]


@all_of(BROKEN + HONEST)
def test_downgrades(case: Case, play: Callable[[Case], tuple[str, ...]]) -> None:
    assert play(case) == case.finds


KIND = "KIND = sa.Enum('x', name='kind')\n"
MAKES = "op.create_table('a', sa.Column('k', KIND))"
ADDS = "KIND.create(op.get_bind())\nop.add_column('a', sa.Column('k', KIND))"
GOES = "KIND.drop(op.get_bind())"


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "user"),
    [
        (MAKES, f"{GOES}\nop.drop_table('a')", "table a"),
        (MAKES, "op.execute('DROP TYPE kind')\nop.drop_table('a')", "table a"),
        (MAKES, "sa.Enum(name='kind').drop(op.get_bind())\nop.drop_table('a')", "table a"),
        (ADDS, f"{GOES}\nop.drop_column('a', 'k')", "column a.k"),
        (
            ADDS,
            f"{GOES}\nwith op.batch_alter_table('a') as b:\n    b.drop_column('k')",
            "column a.k",
        ),
    ],
)
def test_a_type_goes_before_what_has_it(upgrade: str, downgrade: str, user: str) -> None:
    found = told(MIRRORS, Alone(migration(upgrade, downgrade, HEAD + KIND), is_on_postgresql=True))
    line = 8 + upgrade.count("\n")
    assert found == [f"{line}:5: downgrade drops enum type kind before {user}, which has it"]


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (MAKES, f"op.drop_table('a')\n{GOES}"),
        (MAKES, "op.execute('DROP TYPE kind CASCADE')\nop.drop_table('a')"),
        (MAKES, f"op.alter_column('a', 'k', type_=sa.Text())\n{GOES}\nop.drop_table('a')"),
        (MAKES, f"op.execute('ALTER TABLE a ALTER k TYPE text')\n{GOES}\nop.drop_table('a')"),
        (MAKES, f"if old:\n    {GOES}\nop.drop_table('a')"),
        (MAKES, f"helper()\n{GOES}\nop.drop_table('a')"),
        (ADDS, f"op.drop_column('a', 'k')\n{GOES}"),
        (A, f"{GOES}\nop.drop_table('a')"),
    ],
)
def test_a_type_goes_last(upgrade: str, downgrade: str) -> None:
    facts = Alone(migration(upgrade, downgrade, HEAD + KIND), is_on_postgresql=True)
    assert not [line for line in told(MIRRORS, facts) if "drops enum type" in line]
