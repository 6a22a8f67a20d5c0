"""What migrations do not bring, beside what Alembic's comparison sees on PostgreSQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from tests.repository import Project
from tests.rules.migrations.model_files import args, metadata, table, users

from definition_of_done.project.migrations.files.migration import read_migration
from definition_of_done.project.migrations.mapped.bases import Bases
from definition_of_done.project.migrations.mapped.changed_models import compare
from definition_of_done.project.migrations.mapped.models import read_models
from definition_of_done.project.migrations.mapped.unmigrated import Unmigrated, against
from definition_of_done.project.settings import open_project
from definition_of_done.readers.python import read_module

PATH = "app/models.py"
NAME = "name: Mapped[str]"
ADD = "op.add_column('users', sa.Column('name', sa.{}))"
TEAM = table("teams")
COMMENTED = "name: Mapped[str] = mapped_column(comment='Full name')"
NOTHING = "op.execute('SELECT 1 FROM users')"
# The models before and after, what the migration of the branch does, and what is not brought.
GAPS = {
    "column": (users(), users(NAME), NOTHING, "column users.name is new"),
    "another column": (
        users(),
        users(NAME, "age: Mapped[int]"),
        ADD.format("Text, nullable=False"),
        "column users.age is new",
    ),
    "type": (users(), users(NAME), ADD.format("Integer, nullable=False"), "type of column"),
    "length": (
        users(),
        users("name = mapped_column(sa.String(40))"),
        ADD.format("String(20)"),
        "type of column",
    ),
    "time zone": (
        users(),
        users("name = mapped_column(sa.DateTime(timezone=True))"),
        ADD.format("DateTime()"),
        "type of column",
    ),
    "nullable": (users(), users(NAME), ADD.format("String()"), "nullable of column"),
    "not nullable": (
        users(),
        users("name: Mapped[str | None]"),
        ADD.format("String(), nullable=False"),
        "nullable of column",
    ),
    "foreign key": (
        users() + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        ADD.format("Integer(), nullable=False"),
        "foreign key of column",
    ),
    "foreign key of an old column": (
        users("name: Mapped[int]") + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        "op.create_index('ix', 'users', ['name'])",
        "foreign key of column users.name changed",
    ),
    "what a foreign key does": (
        users() + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id', ondelete='CASCADE'))")
        + TEAM,
        ADD.format("Integer(), nullable=False")
        + "; op.create_foreign_key(None, 'users', 'teams', ['name'], ['id'], ondelete='RESTRICT')",
        "foreign key of column users.name differs",
    ),
    "enum that is a text": (
        users(),
        users("name = mapped_column(sa.Enum('on', 'off', name='state'))"),
        ADD.format("String(3)"),
        "type of column users.name differs",
    ),
    "index": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(index=True)"),
        "op.create_unique_constraint('u', 'users', ['id'])",
        "index of column users.name changed",
    ),
    "index that is dropped again": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(index=True)"),
        "op.create_index('i', 'users', ['name']); op.drop_index('i', 'users')",
        "index of column users.name changed",
    ),
    "unique index": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(index=True, unique=True)"),
        "op.create_index('ix_users_name', 'users', ['name'])",
        "unique of column users.name changed",
    ),
    "index of two": (
        users(NAME),
        users(NAME, args("sa.Index('by_name', 'name', 'id')")),
        "op.create_index('by_name', 'users', ['name'])",
        "index by_name of users is new",
    ),
    "unique constraint": (
        users(NAME),
        users(NAME, args("sa.UniqueConstraint('id', 'name', name='u')")),
        "op.create_index('u', 'users', ['id', 'name'])",
        "constraint u of users is new",
    ),
    "comment": (
        users(NAME),
        users(COMMENTED),
        NOTHING,
        "comment of column users.name changed",
    ),
    "another comment": (
        users(NAME),
        users(COMMENTED),
        "op.alter_column('users', 'name', comment='What it is called')",
        "comment of column users.name changed",
    ),
    "type of an old column": (
        users("name = mapped_column(sa.String(20))"),
        users("name = mapped_column(sa.String(40))"),
        "op.alter_column('users', 'name', nullable=False); op.alter_column('users', 'name', "
        "nullable=True)",
        "type of column users.name changed",
    ),
    "another type of an old column": (
        users("name = mapped_column(sa.String(20))"),
        users("name = mapped_column(sa.String(40))"),
        "op.alter_column('users', 'name', type_=sa.String(30))",
        "type of column users.name changed",
    ),
    "nullable of an old column": (
        users(NAME),
        users("name: Mapped[str | None]"),
        "op.alter_column('users', 'name', type_=sa.Text())",
        "nullable of column users.name changed",
    ),
    "column beside a new key": (
        users("name: Mapped[str | None]"),
        users(NAME),
        "op.drop_constraint('users_pkey', 'users', type_='primary')\n"
        "    op.create_primary_key('users_pkey', 'users', ['id'])",
        "nullable of column users.name changed",
    ),
    "table": (users(), users() + TEAM, NOTHING, "table teams is new"),
    "column of a new table": (
        users(),
        users() + table("teams", "name: Mapped[str]"),
        "op.create_table('teams', sa.Column('id', sa.Integer, primary_key=True))",
        "column teams.name is new",
    ),
}
BROUGHT = {
    "column that a new key makes NOT NULL": (
        users("name: Mapped[str | None]"),
        users("name: Mapped[str] = mapped_column(primary_key=True)"),
        "op.drop_constraint('users_pkey', 'users', type_='primary')\n"
        "    op.create_primary_key('users_pkey', 'users', ['id', 'name'])",
    ),
    "columns of a new table's key": (
        users(),
        users()
        + table(
            "teams", "code: Mapped[int]", args("sa.PrimaryKeyConstraint('id', 'code')")
        ).replace(" = mapped_column(primary_key=True)", ""),
        "op.create_table('teams', sa.Column('id', sa.Integer()), sa.Column('code', sa.Integer()), "
        "sa.PrimaryKeyConstraint('id', 'code'))",
    ),
    "identity": (
        users(),
        users("name = mapped_column(sa.Integer, sa.Identity())"),
        ADD.format("Integer(), sa.Identity(), nullable=False"),
    ),
    "annotated identity": (
        users(),
        users("name: Mapped[int] = mapped_column(sa.Identity(always=True))"),
        ADD.format("Integer(), sa.Identity(always=True)"),
    ),
    "column": (users(), users(NAME), ADD.format("String(), nullable=False")),
    "more than the model has": (
        users(),
        users(NAME),
        ADD.format("String(), nullable=False")
        + "; op.add_column('users', sa.Column('a', sa.Text))",
    ),
    "in two steps": (
        users(),
        users(NAME),
        ADD.format("String()") + "; op.alter_column('users', 'name', nullable=False)",
    ),
    "old names of types": (
        users(),
        users("name = mapped_column(sa.Numeric(8, 2))"),
        ADD.format("DECIMAL(precision=8, scale=2)"),
    ),
    "column that gets its name": (
        users("nick: Mapped[str]"),
        users(NAME),
        "op.alter_column('users', 'nick', new_column_name='name')",
    ),
    "table that gets its name": (
        users(),
        users().replace("'users'", "'people'"),
        "op.rename_table('users', 'people')",
    ),
    "foreign key by itself": (
        users() + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        ADD.format("Integer(), nullable=False")
        + "; op.create_foreign_key(None, 'users', 'teams', ['name'], ['id'])",
    ),
    "what a foreign key does": (
        users() + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id', ondelete='CASCADE'))")
        + TEAM,
        ADD.format("Integer(), sa.ForeignKey('teams.id', ondelete='cascade'), nullable=False"),
    ),
    "what a foreign key does by itself": (
        users() + TEAM,
        users("name: Mapped[int] = mapped_column(sa.ForeignKey('teams.id', ondelete='NO ACTION'))")
        + TEAM,
        ADD.format("Integer(), sa.ForeignKey('teams.id'), nullable=False"),
    ),
    "foreign key of two sides": (
        users("name: Mapped[int]") + TEAM,
        users("name: Mapped[int]", args("sa.ForeignKeyConstraint(['name'], ['teams.id'])")) + TEAM,
        "op.create_foreign_key('fk', 'users', 'teams', ['name'], ['id'])",
    ),
    "index by op.f": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(index=True)"),
        "op.create_index(op.f('ix_users_name'), 'users', ['name'], unique=False)",
    ),
    "unique constraint": (
        users(NAME),
        users(NAME, args("sa.UniqueConstraint('name', 'id', name='u')")),
        "op.create_unique_constraint('u', 'users', ['name', 'id'])",
    ),
    "comment": (
        users(NAME),
        users(COMMENTED),
        "op.alter_column('users', 'name', comment='Full name')",
    ),
    "batch": (
        users(),
        users("name: Mapped[str | None] = mapped_column(sa.String(9), index=True)"),
        "with op.batch_alter_table('users') as batch:\n"
        "        batch.add_column(sa.Column('name', sa.String(length=9)))\n"
        "        batch.create_index('ix_users_name', ['name'])",
    ),
    "loop": (
        users(),
        users(NAME, "age: Mapped[str]"),
        "for column in ('name', 'age'):\n"
        "        op.add_column('users', sa.Column(column, sa.String(), nullable=False))",
    ),
    "table": (
        users(),
        users()
        + table("teams", "up: Mapped[int | None] = mapped_column(sa.ForeignKey('users.id'))"),
        "op.create_table('teams', sa.Column('id', sa.Integer(), nullable=False), "
        "sa.Column('up', sa.Integer()), sa.ForeignKeyConstraint(['up'], ['users.id']), "
        "sa.PrimaryKeyConstraint('id'))",
    ),
    "type": (
        users("name = mapped_column(sa.String(20))"),
        users("name = mapped_column(sa.Text)"),
        "op.alter_column('users', 'name', type_=sa.Text(), existing_type=sa.String(20))",
    ),
    "what the model loses": (
        users("name: Mapped[str] = mapped_column(index=True)", "age: Mapped[int]"),
        users("name: Mapped[str]"),
        NOTHING,
    ),
}
# What Alembic does not compare.
UNSEEN_GAPS = {
    "length that is none": (
        users(),
        users("name = mapped_column(sa.String(40))"),
        ADD.format("String()"),
        "type of column",
    ),
    "check": (
        users(NAME),
        users(NAME, args("sa.CheckConstraint('id > 0', name='positive')")),
        "op.create_index('i', 'users', ['name'])",
        "constraint positive of users is new",
    ),
    "primary key": (
        users(),
        users() + TEAM,
        "op.create_table('teams', sa.Column('id', sa.Integer(), nullable=False))",
        "primary key of column teams.id",
    ),
    "server default that is empty": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(server_default='')"),
        NOTHING,
        "server default of column users.name changed",
    ),
    "server default": (
        users(),
        users("name: Mapped[str] = mapped_column(server_default='a')"),
        ADD.format("String(), nullable=False"),
        "server default of column",
    ),
}
# What is not seen, so that nothing is said but that.
HIDDEN = {
    "SQL": (users(), users(NAME), "op.execute('ALTER TABLE users ADD name text NOT NULL')"),
    "a helper": (users(), users(NAME), "add_names(op)"),
    "another table's name": (
        users(),
        users(NAME),
        "op.add_column(TABLE, sa.Column('name', sa.Text))",
    ),
}
# What may be brought, and is left alone.
LEFT_ALONE = {
    "column where it is missing": (
        users(),
        users(NAME),
        "if missing:\n        op.add_column('users', sa.Column('name', sa.Integer))",
    ),
    "type of the project's own": (users(), users(NAME), ADD.format("types.Name, nullable=False")),
    "enum": (
        users(),
        users("name = mapped_column(sa.Enum(State))"),
        ADD.format("Enum('a', 'b', name='state')"),
    ),
    "enum that is a text": (
        users(),
        users("name = mapped_column(sa.Enum(State, native_enum=False))"),
        ADD.format("String(20)"),
    ),
    "variant": (
        users(),
        users("name = mapped_column(sa.JSON().with_variant(JSONB, 'postgresql'))"),
        ADD.format("JSON()"),
    ),
    "columns that are computed": (
        users(),
        users() + table("teams", NAME),
        "op.create_table('teams', *columns)",
    ),
    "check under its convention": (
        users(NAME),
        users(NAME, args("sa.CheckConstraint('id > 0', name='positive')")),
        "op.create_check_constraint('ck_users_positive', 'users', 'id > 0')",
    ),
    "columns of a key that is computed": (
        users("name: Mapped[str | None]"),
        users("name: Mapped[str] = mapped_column(primary_key=True)"),
        "op.create_primary_key('users_pkey', 'users', [*columns])",
    ),
    "nullable of an alias": (
        users(),
        users("name: Mapped[short_text]"),
        ADD.format("String()"),
    ),
}


def gaps(project: Project, old: str, new: str, upgrade: str) -> Unmigrated:
    source = f"from alembic import op\nimport sqlalchemy as sa\nrevision = 'b'\n{_upgrade(upgrade)}"
    before, after = (read_models(read_module(PATH, side.encode())) for side in (old, new))
    migration = read_migration("alembic/versions/b.py", source.encode())
    session = open_project(str(project.root)).with_values({"database": "postgresql"})
    return against([*compare(before, after)], [migration], Bases(session))


def _upgrade(body: str) -> str:
    return f"def upgrade():\n    {body}\n"


@pytest.mark.parametrize("row", [*GAPS.values(), *UNSEEN_GAPS.values()], ids=[*GAPS, *UNSEEN_GAPS])
def test_gap(row: tuple[str, str, str, str], project: Project) -> None:
    *sides, start = row
    found = gaps(project, *sides)
    assert [gap.change.startswith(start) for gap in found.gaps] == [True], found


@pytest.mark.parametrize(
    "row", [*BROUGHT.values(), *LEFT_ALONE.values()], ids=[*BROUGHT, *LEFT_ALONE]
)
def test_brought(row: tuple[str, str, str], project: Project) -> None:
    assert gaps(project, *row) == Unmigrated([])


@pytest.mark.parametrize("row", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_seen_is_said(row: tuple[str, str, str], project: Project) -> None:
    assert gaps(project, *row) == Unmigrated([], "column users.name")


def _is_gain(difference: object) -> bool:
    """Tell whether Alembic would add or change something."""
    if isinstance(difference, list):
        return any(map(_is_gain, difference))
    return isinstance(difference, tuple) and str(difference[0]).startswith(("add_", "modify_"))


@pytest.mark.xdist_group("postgresql")
def test_alembic_agrees(database: str) -> None:
    engine = sa.create_engine(
        database.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.pool.NullPool
    )
    rows = {
        **{name: row[:3] for name, row in GAPS.items()},
        **{f"+{n}": r for n, r in BROUGHT.items()},
    }
    for name, (old, new, upgrade) in rows.items():
        with engine.connect() as connection:
            metadata(old).create_all(connection)
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            scope: dict[str, object] = {"op": Operations(context), "sa": sa}
            exec(f"{_upgrade(upgrade)}upgrade()", scope)
            seen = [found for found in compare_metadata(context, metadata(new)) if _is_gain(found)]
            connection.rollback()
        assert bool(seen) is (name in GAPS), (name, seen)
    engine.dispose()
