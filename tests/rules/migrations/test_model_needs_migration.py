"""model-needs-migration: exact findings, what it must leave alone, and what Alembic itself sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repository import Files, Project, Run
from tests.rules.migrations.model_files import (
    ADDED,
    CREATED,
    DECLARED,
    HEAD,
    MIGRATION,
    MORE,
    SQLMODEL,
    args,
    keyless,
    metadata,
    table,
    users,
)

from definition_of_done.project.migrations.mapped.changed_models import compare
from definition_of_done.project.migrations.mapped.models import Table, read_models
from definition_of_done.readers.python import read_module

ID = "model-needs-migration"
PATH = "app/models.py"
[FIRST], [SECOND] = MIGRATION, MORE
HELP = "    help: write the migration that brings the database there\n"
NO_BASE = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"


def said(*findings: str, path: str = PATH) -> tuple[int, str, str]:
    """The report with these findings, each `line:column: what`."""
    lines = [
        f"{path}:{place}: {ID}: {what}, and the branch has no migration\n{HELP}"
        for place, _, what in (finding.partition(": ") for finding in findings)
    ]
    plural = "finding" if len(lines) == 1 else "findings"
    return 1, f"{''.join(lines)}{len(lines)} {plural} in 1 file\n", ""


NAME = "name: Mapped[str]"
TEAM = table("teams")
AGE = "sa.CheckConstraint('age > 0', name='age')"
MIXIN = "class Named:\n    name: Mapped[str]\n"
ALIAS = users(NAME).replace("sa.", "db.").replace("sqlalchemy as sa", "sqlalchemy as db")


# What is in both sides, then a row for each thing that may become of it: old, new, findings.
FINDINGS = {
    "new table": (users(), users() + TEAM, ["10:1: table teams is new"]),
    "gone table": (users() + TEAM, users(), ["1:1: table teams is gone"]),
    "renamed table": (
        users(),
        users().replace("'users'", "'people'"),
        ["1:1: table users is gone", "7:1: table people is new"],
    ),
    "new column": (users(), users(NAME), ["10:11: column users.name is new"]),
    "gone column": (users(NAME), users(), ["7:1: column users.name is gone"]),
    "renamed column": (
        users(NAME),
        users("name: Mapped[str] = mapped_column('full_name')"),
        ["7:1: column users.name is gone", "10:11: column users.full_name is new"],
    ),
    "type": (
        users("name = mapped_column(sa.String)"),
        users("name = mapped_column(sa.Integer)"),
        ["10:12: type of column users.name changed"],
    ),
    "length": (
        users("name = mapped_column(sa.String(20))"),
        users("name = mapped_column(sa.String(40))"),
        ["10:12: type of column users.name changed"],
    ),
    "type by annotation": (
        users(NAME),
        users("name: Mapped[int]"),
        ["10:11: type of column users.name changed"],
    ),
    "type by annotation of a keyword": (
        users("name: Mapped[str] = mapped_column(sa.String)"),
        users("name: Mapped[int]"),
        ["10:11: type of column users.name changed"],
    ),
    "nullable by annotation": (
        users(NAME),
        users("name: Mapped[str | None]"),
        ["10:11: nullable of column users.name changed"],
    ),
    "nullable by a quoted annotation": (
        users("name: Mapped['str | None']"),
        users("name: 'Mapped[str]'"),
        ["10:11: nullable of column users.name changed"],
    ),
    "nullable by keyword": (
        users("name = mapped_column(sa.String)"),
        users("name = mapped_column(sa.String, nullable=False)"),
        ["10:12: nullable of column users.name changed"],
    ),
    "keyword over annotation": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(nullable=True)"),
        ["10:11: nullable of column users.name changed"],
    ),
    "primary key": (
        users("code: Mapped[int]"),
        users("code: Mapped[int] = mapped_column(primary_key=True)"),
        ["10:11: primary key of column users.code changed"],
    ),
    "primary key of several": (
        users("code: Mapped[int]"),
        keyless("code: Mapped[int]", args("sa.PrimaryKeyConstraint('id', 'code')")),
        ["10:11: primary key of column users.code changed"],
    ),
    "nullable primary key": (
        users(),
        users().replace("Mapped[int]", "Mapped[int | None]"),
        ["9:9: nullable of column users.id changed"],
    ),
    "new foreign key": (
        users("team_id: Mapped[int]") + TEAM,
        users("team_id: Mapped[int] = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        ["10:14: foreign key of column users.team_id changed"],
    ),
    "foreign key to another table": (
        users("up: Mapped[int] = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        users("up: Mapped[int] = mapped_column(sa.ForeignKey('users.id'))") + TEAM,
        ["10:9: foreign key of column users.up changed"],
    ),
    "what a foreign key does": (
        users("up: Mapped[int] = mapped_column(sa.ForeignKey('users.id'))"),
        users("up: Mapped[int] = mapped_column(sa.ForeignKey('users.id', ondelete='CASCADE'))"),
        ["10:9: foreign key of column users.up changed"],
    ),
    "index=": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(index=True)"),
        ["10:11: index of column users.name changed"],
    ),
    "unique=": (
        users("name: Mapped[str] = mapped_column(unique=True)"),
        users(NAME),
        ["10:11: unique of column users.name changed"],
    ),
    "server_default": (
        users("name: Mapped[str] = mapped_column(server_default='a')"),
        users("name: Mapped[str] = mapped_column(server_default='b')"),
        ["10:11: server default of column users.name changed"],
    ),
    "server_default of the project's own": (
        users(NAME),
        HEAD
        + "EMPTY = sa.text(\"''\")\n"
        + users("name: Mapped[str] = mapped_column(server_default=EMPTY)").removeprefix(HEAD),
        ["11:11: server default of column users.name changed"],
    ),
    "new index": (
        users(NAME),
        users(NAME, args("sa.Index('by_name', 'name')")),
        ["11:23: index by_name of users is new"],
    ),
    "changed index": (
        users(NAME, args("sa.Index('by_name', 'name')")),
        users(NAME, args("sa.Index('by_name', 'name', unique=True)")),
        ["11:23: index by_name of users changed"],
    ),
    "index of a class": (
        users("name: Mapped[str] = mapped_column()"),
        users("name: Mapped[str] = mapped_column()", "by = sa.Index('by_name', name)"),
        ["11:10: index by_name of users is new"],
    ),
    "index at module level": (
        users(NAME),
        users(NAME) + "sa.Index('by_name', Users.name)\n",
        ["11:1: index by_name of users is new"],
    ),
    "unique constraint": (
        users(NAME, "town: Mapped[str]"),
        users(NAME, "town: Mapped[str]", args("sa.UniqueConstraint('name', 'town')")),
        ["12:23: constraint UniqueConstraint('name', 'town') of users is new"],
    ),
    "foreign key constraint": (
        users("team_id: Mapped[int]") + TEAM,
        users(
            "team_id: Mapped[int]",
            args("sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name='fk')"),
        )
        + TEAM,
        ["11:23: constraint fk of users is new"],
    ),
    "check constraint": (
        users("age: Mapped[int]"),
        users("age: Mapped[int]", args(AGE)),
        ["11:23: constraint age of users is new"],
    ),
    "changed check constraint": (
        users("age: Mapped[int]", args(AGE)),
        users("age: Mapped[int]", args("sa.CheckConstraint('age >= 0', 'age')")),
        ["11:23: constraint age of users changed"],
    ),
    "gone constraint": (
        users("age: Mapped[int]", args(AGE)),
        users("age: Mapped[int]", "__table_args__ = ()"),
        ["7:1: constraint age of users is gone"],
    ),
    "schema": (
        users(),
        users("__table_args__ = {'schema': 'crm'}"),
        ["10:23: schema of table users is new"],
    ),
    "core table": (
        HEAD + "t = sa.Table('t', Base.metadata, sa.Column('a', sa.Integer))\n",
        HEAD
        + "t = sa.Table('t', Base.metadata, sa.Column('a', sa.Text), sa.Column('b', sa.Text))\n",
        ["7:34: type of column t.a changed", "7:59: column t.b is new"],
    ),
    "new core table": (
        HEAD,
        HEAD + "sa.Table('t', Base.metadata, sa.Column('a', sa.Integer))\n",
        ["7:1: table t is new"],
    ),
    "mixin of the file": (
        HEAD + "class Named:\n    pass\n" + table("users", of="Named, Base"),
        HEAD + MIXIN + table("users", of="Named, Base"),
        ["8:11: column users.name is new"],
    ),
    "mixin that is added": (
        HEAD + MIXIN + table("users"),
        HEAD + MIXIN + table("users", of="Named, Base"),
        ["8:11: column users.name is new"],
    ),
    "base of the file": (
        users() + TEAM,
        HEAD + "    name: Mapped[str]\n" + table("users") + TEAM,
        ["7:11: column teams.name is new", "7:11: column users.name is new"],
    ),
    "abstract": (
        HEAD + "class A(Base):\n    __abstract__ = True\n" + table("users", of="A"),
        HEAD
        + "class A(Base):\n    __abstract__ = True\n    a: Mapped[int]\n"
        + table("users", of="A"),
        ["9:8: column users.a is new"],
    ),
    "single-table inheritance": (
        users() + "class Admin(Users):\n    pass\n",
        users() + "class Admin(Users):\n    level: Mapped[int | None]\n",
        ["11:12: column users.level is new"],
    ),
    "declared_attr": (
        HEAD + "class Aged:\n    pass\n" + table("users", of="Aged, Base"),
        HEAD + DECLARED + table("users", of="Aged, Base"),
        ["9:21: column users.age is new"],
    ),
    "comment=": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(comment='Full name')"),
        ["10:11: comment of column users.name changed"],
    ),
    "column in a wrapper": (
        users("name: Mapped[str] = sa.orm.deferred(mapped_column(sa.String(20)))"),
        users("name: Mapped[str] = sa.orm.deferred(mapped_column(sa.String(30)))"),
        ["10:11: type of column users.name changed"],
    ),
    "column that becomes a relationship": (
        users("team: Mapped[int]", "team_id = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        users("team = relationship('Teams')", "team_id = mapped_column(sa.ForeignKey('teams.id'))")
        + TEAM,
        ["7:1: column users.team is gone"],
    ),
}
# What Alembic's comparison does not look at, or not on SQLite.
UNSEEN_BY_ALEMBIC = {
    "primary key": "primary keys are not compared",
    "primary key of several": "primary keys are not compared",
    "check constraint": "checks are not compared",
    "changed check constraint": "checks are not compared",
    "gone constraint": "checks are not compared",
    "comment=": "SQLite has no comments",
}
LEFT_ALONE = {
    "method": (users(NAME), users(NAME, "def shout(self):", "    return self.name.upper()")),
    "docstring": (users(NAME), users(NAME, '"""What it is called."""')),
    "comment": (users(NAME), users(NAME, "# What it is called.")),
    "relationship": (
        users("team_id = mapped_column(sa.ForeignKey('teams.id'))") + TEAM,
        users("team_id = mapped_column(sa.ForeignKey('teams.id'))", "team = relationship('Teams')")
        + TEAM,
    ),
    "annotated relationship": (
        users("up = mapped_column(sa.ForeignKey('users.id'))"),
        users(
            "up = mapped_column(sa.ForeignKey('users.id'))",
            "top: Mapped['Users'] = relationship(remote_side='Users.id')",
        ),
    ),
    "default=": (users(NAME), users("name: Mapped[str] = mapped_column(default='x')")),
    "onupdate=, key= and info=": (
        users("name = mapped_column(sa.String)"),
        users("name = mapped_column(sa.String, onupdate=str, info={'a': 1}, doc='x', index=None)"),
    ),
    "order of columns": (users(NAME, "town: Mapped[str]"), users("town: Mapped[str]", NAME)),
    "order of classes": (HEAD + table("users") + TEAM, HEAD + TEAM + table("users")),
    "local variable": (
        users("def shout(self):", "    a = sa.Column('a')", "    return a"),
        users("def shout(self):", "    b = sa.Column('b')", "    return b"),
    ),
    "class that is renamed": (users(NAME), users(NAME).replace("Users", "User")),
    "import alias": (
        users("a = mapped_column(sa.String)"),
        ALIAS.replace(NAME, "a = mapped_column(db.String)"),
    ),
    "name that is imported": (
        users("name = mapped_column(sa.String(5))"),
        "from sqlalchemy import String as Text5\n" + users("name = mapped_column(Text5(5))"),
    ),
    "Optional": (
        "from typing import Optional, Union\n" + users("name: Mapped[Optional[str]]"),
        users("name: Mapped[str | None]"),
    ),
    "Union": (
        "from typing import Optional, Union\n" + users("name: Mapped[Union[None, str]]"),
        users("name: Mapped[None | str]"),
    ),
    "quoted annotation": (users("name: Mapped['str']"), users("name: 'Mapped[str]'")),
    "nullable that is said": (
        users(NAME),
        users("name: Mapped[str] = mapped_column(sa.String, nullable=False)"),
    ),
    "annotation that is added": (
        users("name = mapped_column(sa.String)"),
        users("name: Mapped[str | None] = mapped_column()"),
    ),
    "old spelling": (
        users("name = sa.Column(sa.String(length=20), nullable=False)"),
        users("name: Mapped[str] = mapped_column(sa.VARCHAR(20))"),
    ),
    "type that is called": (
        users("name = mapped_column(sa.Integer)"),
        users("name = mapped_column(type_=sa.INTEGER())"),
    ),
    "flags of types that say nothing": (
        users("at = mapped_column(sa.DateTime)", "n = mapped_column(sa.Numeric(8, 2))"),
        users(
            "at = mapped_column(sa.DateTime(timezone=False))",
            "n = mapped_column(sa.Numeric(scale=2, precision=8, asdecimal=False))",
        ),
    ),
    "length in a constant": (
        users("name = mapped_column(sa.String(20))"),
        "LENGTH = 20\n" + users("name = mapped_column(sa.String(LENGTH))"),
    ),
    "unique= and its constraint": (
        users("name: Mapped[str] = mapped_column(unique=True)"),
        users(NAME, args("sa.UniqueConstraint('name')")),
    ),
    "index= and its index": (
        users("name: Mapped[str] = mapped_column(index=True, unique=True)"),
        users(NAME, args("sa.Index('ix_users_name', 'name', unique=True)")),
    ),
    "order of a unique constraint": (
        users("a: Mapped[int]", "b: Mapped[int]", args("sa.UniqueConstraint('b', 'a', name='u')")),
        users("a: Mapped[int]", "b: Mapped[int]", args("sa.UniqueConstraint('a', 'b', name='u')")),
    ),
    "primary_key= and its constraint": (
        users("code: Mapped[int] = mapped_column(primary_key=True)"),
        keyless("code: Mapped[int]", args("sa.PrimaryKeyConstraint('id', 'code', name='pk')")),
    ),
    "index that moves": (
        users("name: Mapped[str] = mapped_column()", args("sa.Index('by_name', name)")),
        users(NAME) + "sa.Index('by_name', Users.name)\n",
    ),
    "check that is laid out": (
        users("age: Mapped[int]", args(AGE)),
        users("age: Mapped[int]", args("sa.CheckConstraint('age '\n'  > 0', 'age')")),
    ),
    "foreign key by attribute": (
        TEAM.join([HEAD, table("users", "a = mapped_column(sa.ForeignKey('teams.id'))")]),
        TEAM.join([HEAD, table("users", "a = mapped_column(sa.ForeignKey(Teams.id))")]),
    ),
    "case of what a foreign key does": (
        users("a = mapped_column(sa.ForeignKey('users.id', ondelete='cascade'))"),
        users("a = mapped_column(sa.ForeignKey('users.id', ondelete='CASCADE'))"),
    ),
    "now": (
        users("a = mapped_column(sa.DateTime, server_default=sa.func.now())"),
        users("a = mapped_column(sa.DateTime, server_default=sa.func.current_timestamp())"),
    ),
    "text of a default": (
        users("a = mapped_column(sa.Integer, server_default='1')"),
        users("a = mapped_column(sa.Integer, server_default=sa.text('1'))"),
    ),
    "column that moves to a mixin": (
        users(NAME),
        HEAD + MIXIN + table("users", of="Named, Base"),
    ),
    "column that moves to the base": (
        users(NAME),
        HEAD + "    name: Mapped[str]\n" + table("users"),
    ),
    "mixin of nobody": (users(), users() + MIXIN),
    "wrapper that is added": (
        users("name = mapped_column(sa.Text, nullable=False)"),
        users("name: Mapped[str] = sa.orm.deferred(mapped_column(sa.Text, nullable=False))"),
    ),
    "declared_attr for a column": (
        users("age: Mapped[int] = mapped_column(sa.Integer)"),
        HEAD + DECLARED + table("users", of="Aged, Base"),
    ),
    "core table for a class": (
        users(NAME),
        HEAD + "t: sa.Table = sa.Table('users', Base.metadata, "
        "sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('name', sa.String, nullable=False))\n",
    ),
}

Branch: TypeAlias = Callable[[Files], Project]


@pytest.fixture
def branch(project: Project) -> Branch:
    def lay(files: Files) -> Project:
        project.lay({**MIGRATION, **files})
        project.git("commit", "-qm", "base")
        project.git("checkout", "-qb", "feature")
        return project

    return lay


@pytest.mark.parametrize(("old", "new", "findings"), FINDINGS.values(), ids=FINDINGS)
def test_finding(old: str, new: str, findings: list[str], branch: Branch, run: Run) -> None:
    branch({PATH: old}).lay({PATH: new})
    assert run(ID) == said(*findings)


@pytest.mark.parametrize(("old", "new"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_left_alone(old: str, new: str, branch: Branch, run: Run) -> None:
    project = branch({PATH: old})
    project.lay({PATH: new})
    assert run(ID)[::2] == (0, "")
    project.git("commit", "-qm", "there")
    project.lay({PATH: old})
    assert run(ID, "--base", "main")[::2] == (0, "")


FLASK = (
    "from app import db\nclass Pet(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
)
WRAPPED = "from coaster import with_roles\n" + users("name = with_roles(mapped_column(sa.Text))")
IMPORTED = (
    "from app.database import Base, HasName\nfrom sqlalchemy.orm import Mapped, mapped_column\n"
)


def imported(*lines: str, of: str = "Base") -> str:
    return IMPORTED + table("users", *lines, of=of)


OTHER_FINDINGS = {
    "Flask-SQLAlchemy": (
        FLASK,
        FLASK + "    name = db.Column(db.String(20))\n",
        ["4:12: column Pet.name is new"],
    ),
    "core table of Flask-SQLAlchemy": (
        "t = db.Table('t', db.Column('a', db.Integer))\n",
        "t = db.Table('t', db.Column('a', db.Text))\n",
        ["1:19: type of column t.a changed"],
    ),
    "SQLModel": (
        SQLMODEL,
        SQLMODEL + "    age: int = 3\n",
        ["6:10: column Hero.age is new"],
    ),
    "SQLModel's nullable": (
        SQLMODEL + "    age: int = 3\n",
        SQLMODEL + "    age: int | None = None\n",
        ["6:10: nullable of column Hero.age changed"],
    ),
    "SQLModel's base": (
        SQLMODEL,
        SQLMODEL.replace("index=True", "unique=True"),
        ["3:11: index, unique of column Hero.name changed"],
    ),
    "SQLModel's foreign key": (
        SQLMODEL + "    team: int = Field(foreign_key='team.id')\n",
        SQLMODEL + "    team: int = Field(foreign_key='team.id', ondelete='CASCADE')\n",
        ["6:11: foreign key of column Hero.team changed"],
    ),
    "SQLModel's own column": (
        SQLMODEL + "    name: str = Field(sa_column=Column(String(20)))\n",
        SQLMODEL + "    name: str = Field(sa_column=Column(String(30)))\n",
        ["6:11: type of column Hero.name changed"],
    ),
    "column in a project's wrapper": (
        WRAPPED,
        WRAPPED.replace("Text", "Integer"),
        ["11:23: type of column users.name changed"],
    ),
    "table that a base of another file names": (
        IMPORTED,
        IMPORTED + "class Pet(Base):\n    id = mapped_column(primary_key=True)\n",
        ["3:1: table Pet is new"],
    ),
    "table that a base of the file names": (
        HEAD + "    @declared_attr\n    def __tablename__(cls): return cls.__name__\n",
        HEAD + "    @declared_attr\n    def __tablename__(cls): return cls.__name__\n"
        "class Pet(Base):\n    id = mapped_column(primary_key=True)\n",
        ["9:1: table Pet is new"],
    ),
    "Flask-SQLAlchemy's key is elsewhere": (
        "from app import db\n",
        "from app import db\nclass Pet(db.Model):\n    name = db.Column(db.String(9))\n",
        ["2:1: table Pet is new"],
    ),
    "table of a mixin's name": (
        IMPORTED + "class aged:\n    age = mapped_column(sa.Integer)\n",
        IMPORTED
        + "class aged:\n    age = mapped_column(sa.Integer)\n"
        + table("aged", of="aged, Base"),
        ["5:1: table aged is new"],
    ),
    "column of a declared_attr": (
        IMPORTED
        + "class Aged:\n    @declared_attr\n    def a(cls): return mapped_column(sa.Text)\n",
        IMPORTED
        + "class Aged:\n    @declared_attr\n    def a(cls): return mapped_column(sa.Date)\n",
        ["5:24: type of column Aged.a changed"],
    ),
    "check without a name": (
        imported(),
        imported("__table_args__ = (sa.CheckConstraint('id > 0'),)"),
        ["6:23: constraint CheckConstraint('id > 0') of users is new"],
    ),
    "identity that is no type": (
        imported("a: Mapped[int] = mapped_column(sa.Identity())"),
        imported("a: Mapped[str] = mapped_column(sa.Identity())"),
        ["6:8: type of column users.a changed"],
    ),
    "default that is a function of a text": (
        imported("a = mapped_column(sa.Text, server_default=sa.func.lower('a'))"),
        imported("a = mapped_column(sa.Text, server_default=sa.text('a'))"),
        ["6:9: server default of column users.a changed"],
    ),
    "mixin without a table": (
        "import sqlalchemy as sa\nclass Aged:\n    age = sa.Column(sa.Integer)\n",
        "import sqlalchemy as sa\nclass Aged:\n    age = sa.Column(sa.Text)\n",
        ["3:11: type of column Aged.age changed"],
    ),
}


OTHER_LEFT_ALONE = {
    "decorated base": (
        IMPORTED,
        IMPORTED
        + "@as_declarative()\nclass Pet(ModelBase):\n    id = mapped_column(primary_key=True)\n",
    ),
    "keywords in another order": (
        imported("a = mapped_column(sa.Numeric(precision=10, scale=2))"),
        imported("a = mapped_column(sa.Numeric(scale=2, precision=10))"),
    ),
    "class without a key, of a base of another file": (
        IMPORTED,
        IMPORTED + "class Pet(Base):\n    name = mapped_column(primary_key=False, unique=True)\n",
    ),
    "column of a core table that may be among those that are computed": (
        "t = sa.Table('t', m, sa.Column('a', sa.Integer), sa.Column('b', sa.Integer))\n",
        "t = sa.Table('t', m, sa.Column('b', sa.Integer), *columns())\n",
    ),
    "column of a core table that a helper made": (
        "t = sa.Table('t', m, IDColumn(), sa.Column('b', sa.Integer))\n",
        "t = sa.Table('t', m, sa.Column('id', sa.Integer), sa.Column('b', sa.Integer))\n",
    ),
    "column that may move to a base of another file": (
        imported(NAME),
        imported(of="HasName, Base"),
    ),
    "column that may move from one": (imported(of="HasName, Base"), imported(NAME)),
    "type of the project's own": (
        imported("name = mapped_column(String(20))"),
        imported("name = mapped_column(ShortText)"),
    ),
    "default of the project's own": (
        imported("name: Mapped[str] = mapped_column(server_default=NewId())"),
        imported("name: Mapped[str] = mapped_column(server_default=MakeId())"),
    ),
    "length of another file": (
        imported("name = mapped_column(String(20))"),
        imported("name = mapped_column(String(length=NAME_LENGTH))"),
    ),
    "annotation that may be an alias": (
        imported("name: Mapped[str | None]"),
        imported("name: Mapped[short_text]"),
    ),
    "key that a helper makes": (
        imported("code = mapped_column(Integer)"),
        imported("code = primary_key('Users')"),
    ),
    "declared_attr that decides": (
        imported("a = mapped_column(Integer)"),
        imported(
            "@declared_attr", "def a(cls):", "    if cls.x:", "        return mapped_column()"
        ),
    ),
    "arguments that a function makes": (
        imported(args("Index('by_name', 'name')")),
        imported("__table_args__ = indexes()"),
    ),
    "constraint that is computed": (
        imported(args("CheckConstraint('age < {}'.format(MAX), name='age')")),
        imported(args("CheckConstraint(f'age < {MAX}', name='age')")),
    ),
    "name of an index that is computed": (
        imported(args("Index(f'{PREFIX}_name', 'name')")),
        imported(args("Index('by_name', 'name')")),
    ),
    "name that Flask-SQLAlchemy gives": (
        FLASK + "    __tablename__ = 'pet'\n",
        FLASK,
    ),
    "class that a function makes": (
        HEAD + "def make(Root):\n    class Pet(Root):\n        pass\n",
        HEAD + table("pet"),
    ),
    "class that is reopened": (
        imported(NAME),
        imported(NAME) + "@reopen(Users)\nclass Users:\n    __tablename__ = 'users'\n",
    ),
    "table without columns of its own": (
        imported("name = mapped_column(String)"),
        "from app.database import HasName, Base\nclass Users(HasName, Base):\n"
        "    __tablename__ = 'users'\n",
    ),
    "ClickHouse": (
        "from clickhouse_sqlalchemy import engines\n" + imported(),
        "from clickhouse_sqlalchemy import engines\n" + imported(NAME),
    ),
    "Pydantic": (
        imported() + "class Out(BaseModel):\n    name: str\n",
        imported() + "class Out(BaseModel):\n    name: int | None = Field(unique=True)\n",
    ),
    "SQLModel without a table": (
        "from sqlmodel import SQLModel\nclass Out(SQLModel):\n    name: str\n",
        "from sqlmodel import SQLModel\nclass Out(SQLModel):\n    name: int\n",
    ),
    "what SQLModel does not store": (
        SQLMODEL,
        SQLMODEL
        + "    __tablename__: str = 'Hero'\n    _x: int = 1\n    limit: ClassVar[int] = 3\n"
        "    teams: list['Team'] = Relationship(back_populates='heroes')\n",
    ),
    "default of SQLModel by place": (
        SQLMODEL + "    state: str = Field(default='open')\n    team: int = Field(1)\n",
        SQLMODEL + "    state: str = Field('open')\n    team: int = Field(ForeignKey('team.id'))\n",
    ),
    "dataclass": (
        imported() + "@dataclass\nclass Point:\n    x: int\n",
        imported() + "@dataclass\nclass Point:\n    x: int\n    y: Remapped[int]\n",
    ),
    "index of an expression that no pattern may read": (
        imported(args("Index('by_name', \"(name) [+\")")),
        imported(args("Index('by_name', \"(name)  [+\")")),
    ),
    "protocol": (
        imported(),
        imported() + "class Model(Protocol):\n    __tablename__: str\n    id: Mapped[int]\n",
    ),
    "peewee": (
        "db.Column('a')\nclass Pet(db.Model):\n    id = peewee.PrimaryKeyField()\n",
        "db.Column('a')\n",
    ),
}


@pytest.mark.parametrize(("old", "new", "findings"), OTHER_FINDINGS.values(), ids=OTHER_FINDINGS)
def test_finding_in_other_libraries(
    old: str, new: str, findings: list[str], branch: Branch, run: Run
) -> None:
    branch({PATH: old}).lay({PATH: new})
    assert run(ID) == said(*findings)


@pytest.mark.parametrize(("old", "new"), OTHER_LEFT_ALONE.values(), ids=OTHER_LEFT_ALONE)
def test_left_alone_where_it_cannot_be_seen(old: str, new: str, branch: Branch, run: Run) -> None:
    branch({PATH: old}).lay({PATH: new})
    assert run(ID)[::2] == (0, "")


TWO = "app/teams.py"
AGED = "from sqlalchemy.orm import Mapped\nclass HasName(A):\n    age: Mapped[int]\n"


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ({PATH: users(NAME)}, {PATH: None}, ["1:1: table users is gone"]),
        ({PATH: users(NAME)}, {PATH: None, TWO: users(NAME)}, []),
        ({PATH: imported(NAME)}, {PATH: HEAD, TWO: imported(NAME)}, []),
        (
            {
                PATH: imported(NAME),
                TWO: AGED,
            },
            {
                PATH: imported(),
                TWO: f"{AGED}    {NAME}\n",
            },
            [],
        ),
        (
            {PATH: users(), **MORE},
            {PATH: users(NAME), next(iter(MORE)): None},
            ["10:11: column users.name is new"],
        ),
        ({PATH: imported(NAME)}, {PATH: imported(), TWO: f"{AGED}    {NAME}\n"}, []),
        ({PATH: users(), **MORE}, {PATH: users(NAME), **ADDED}, []),
        ({PATH: users()}, {PATH: users(NAME), **ADDED}, []),
        ({}, {"tests/models.py": users()}, []),
        ({}, {"app/test_models.py": users()}, []),
        (
            {},
            {
                "old/models.py": users(),
                "pyproject.toml": "[tool.definition-of-done]\nexclude = ['old']\n",
            },
            [],
        ),
        ({PATH: users()}, {PATH: users(f"{NAME}  # dod: ignore[{ID}] it is there since 2019")}, []),
        ({PATH: "print 'mapped_column'\n"}, {PATH: users()}, []),
    ],
)
def test_files(old: Files, new: Files, findings: list[str], branch: Branch, run: Run) -> None:
    branch(old).lay(new)
    assert run(ID) == said(*findings) if findings else run(ID)[::2] == (0, "")


def test_project_without_migrations(project: Project, run: Run) -> None:
    project.lay({PATH: users()})
    assert run(ID)[::2] == (0, "")


def test_new_side_that_is_no_python(branch: Branch, run: Run) -> None:
    branch({PATH: users()}).lay({PATH: users() + "    name: Mapped[\n"})
    place = f"{PATH}:10:17: unreadable: not Python: '[' was never closed\n"
    assert run(ID) == (1, f"{place}1 finding in 1 file\n", "")


def test_file_that_is_only_deleted_from_the_work_tree(branch: Branch, run: Run) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    (project.root / PATH).unlink()
    assert run(ID) == said("1:1: table users is gone")


def test_split_commits(branch: Branch, run: Run) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "the model")
    found = said("10:11: column users.name is new")
    assert run(ID) == run(ID, "--base", "main") == found
    project.lay(ADDED)
    assert run(ID)[::2] == (0, "")
    project.git("commit", "-qm", "the migration")
    assert run(ID)[::2] == run(ID, "--base", "main")[::2] == (0, "")
    project.lay({PATH: users(NAME, "age: Mapped[int]")})
    assert "column users.age is new, and no migration of the branch brings it\n" in run(ID)[1]


def test_later_commit_that_takes_the_model_back(branch: Branch, run: Run) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "there")
    project.lay({PATH: users()})
    assert run(ID)[::2] == (0, "")


def test_amended_commit_is_judged_whole(branch: Branch, run: Run) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "the model")
    project.lay({"README.md": "words"})
    # Only a Python file makes the rule look.
    assert run(ID)[::2] == (0, "")
    project.lay({"app/x.py": ""})
    assert run(ID) == said("10:11: column users.name is new")
    project.git("commit", "-q", "--amend", "-m", "both")
    assert run(ID) == said("10:11: column users.name is new")


def test_main_itself(project: Project, run: Run) -> None:
    project.lay({**CREATED, PATH: users()})
    assert run(ID)[::2] == (0, "")
    project.git("commit", "-qm", "base")
    assert run(ID)[::2] == (0, "")
    project.lay({PATH: users(NAME)})
    assert run(ID) == said("10:11: column users.name is new")
    project.git("commit", "-qm", "straight to main")
    assert run(ID)[::2] == (0, "")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD~")
    assert run(ID) == said("10:11: column users.name is new")


def test_no_base_is_said(project: Project, run: Run) -> None:
    project.git("checkout", "-qb", "only")
    project.lay({**MIGRATION, PATH: users()})
    project.git("commit", "-qm", "one")
    assert run(ID) == (0, "no findings (0 files judged)\n", NO_BASE)
    assert run(ID, "--require-base")[0] == 2
    project.lay({PATH: users(NAME)})
    assert run(ID) == said("10:11: column users.name is new")


def test_shallow_clone(branch: Branch, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "feature")
    project.git("clone", "-q", "--depth=1", f"file://{project.root}", "clone")
    monkeypatch.chdir(project.root / "clone")
    assert run(ID) == (0, "no findings (0 files judged)\n", NO_BASE)
    assert run(ID, "--require-base")[0] == 2


def test_merge_of_main(branch: Branch, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project = branch({PATH: users()})
    project.lay({"app/x.py": ""})
    project.git("commit", "-qm", "feature")
    project.git("checkout", "-q", "main")
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "straight to main")
    project.git("checkout", "-q", "feature")
    project.git("merge", "-q", "--no-ff", "--no-commit", "main")
    assert run(ID)[::2] == (0, "")
    monkeypatch.setenv("GIT_REFLOG_ACTION", "merge main")
    assert run(ID)[::2] == (0, "")
    monkeypatch.delenv("GIT_REFLOG_ACTION")
    project.git("commit", "-qm", "merge")
    assert run(ID)[::2] == (0, "")
    project.lay({PATH: users(NAME, "age: Mapped[int]")})
    assert run(ID) == said("11:10: column users.age is new")


def test_refs_of_the_runner(branch: Branch, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project = branch({PATH: users()})
    project.lay({PATH: users(NAME)})
    project.git("commit", "-qm", "feature")
    project.git("checkout", "-q", "main")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")
    assert run(ID) == said("10:11: column users.name is new")


def facts(source: str) -> list[Table]:
    return read_models(read_module(PATH, source.encode()))


def alembic_sees(old: str, new: str) -> bool:
    """True where Alembic's autogenerate finds that a database differs from the new models."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text("ATTACH ':memory:' AS crm"))
        metadata(old).create_all(connection)
        options = {"compare_type": True, "compare_server_default": True, "include_schemas": True}
        context = MigrationContext.configure(connection, opts=options)
        seen = bool(compare_metadata(context, metadata(new)))
    engine.dispose()
    return seen


ROWS = {
    **{name: (old, new) for name, (old, new, _) in FINDINGS.items()},
    **LEFT_ALONE,
}


@pytest.mark.parametrize("name", ROWS)
def test_alembic_agrees(name: str) -> None:
    assert alembic_sees(*ROWS[name]) is (name in FINDINGS and name not in UNSEEN_BY_ALEMBIC)


COLUMNS = (
    "{0} = mapped_column(sa.Integer)",
    "{0}: Mapped[int]",
    "{0}: Mapped[int | None]",
    "{0}: Mapped[int] = mapped_column(sa.Integer, default=3)",
    "{0}: Mapped[int] = mapped_column(nullable=True)",
    "{0} = mapped_column(sa.String(20), nullable=False)",
    "{0}: Mapped[str] = mapped_column(sa.String(40))",
    "{0} = mapped_column(sa.String(length=20))",
    "{0}: Mapped[str]",
    "{0} = mapped_column(sa.Integer, index=True)",
    "{0} = mapped_column(sa.Integer, unique=True)",
    "{0} = mapped_column(sa.INTEGER(), index=True, unique=True)",
    "{0} = mapped_column(sa.Integer, server_default='1')",
    "{0} = mapped_column(sa.Integer, server_default=sa.text('2'))",
    "{0} = mapped_column(sa.ForeignKey('teams.id'))",
    "{0} = mapped_column(sa.Integer, sa.ForeignKey('teams.id', ondelete='CASCADE'))",
    "{0}: Mapped[int | None] = mapped_column(sa.ForeignKey('users.id'))",
    "up_{0} = relationship('Users', viewonly=True, primaryjoin='Users.id == foreign(Users.id)')",
    "def {0}(self): return 1",
)
ARGS = (
    "sa.Index('by_a', 'a')",
    "sa.Index('by_a', 'a', unique=True)",
    "sa.Index('ix_users_a', 'a')",
    "sa.UniqueConstraint('a')",
    "sa.UniqueConstraint('a', 'b', name='u')",
    "sa.UniqueConstraint('b', 'a', name='u')",
    "sa.ForeignKeyConstraint(['a'], ['teams.id'], ondelete='CASCADE')",
)


_COLUMN = st.sampled_from(COLUMNS)
# The columns a and b, which the constraints need, then what may be there.
_DRAWN = [st.sampled_from(COLUMNS[:9])] * 2 + [_COLUMN | st.just("pass")] * 2
_ARGS = st.lists(st.sampled_from(ARGS), max_size=2, unique_by=lambda argument: argument[:15])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A file with the tables teams and users, and one that differs in at most one place."""
    columns, parts = [draw(column) for column in _DRAWN], draw(_ARGS)

    def source() -> str:
        lines = [column.format(name) for name, column in zip("abcd", columns, strict=True)]
        return users(*draw(st.permutations(lines)), *([args(*parts)] if parts else [])) + TEAM

    old = source()
    place = draw(st.integers(0, len(columns)))
    if place < len(columns):
        columns[place] = draw(_DRAWN[place])
    else:
        parts = draw(_ARGS)
    return old, source()


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_finds_what_alembic_sees(pair: tuple[str, str]) -> None:
    old, new = pair
    found = [difference.change for difference in compare(facts(old), facts(new))]
    assert alembic_sees(old, new) is bool(found), found


MIXINS = "app/mixins.py"
EMPTY = "class Named:\n    pass\n"
KEPT = "    other: Mapped[str]\n"


@pytest.mark.parametrize("rest", ["", KEPT])
@pytest.mark.parametrize("goes_up", [True, False])
@pytest.mark.parametrize("others", ["", "two heirs"])
def test_a_column_between_a_mixin_and_its_heir(
    rest: str, goes_up: bool, others: str, branch: Branch, run: Run
) -> None:
    with_name = {
        MIXINS: f"{HEAD}{MIXIN}{rest}",
        PATH: f"from app.mixins import Named\n{HEAD}{table('users', of='Named, Base')}",
    }
    without = {
        MIXINS: f"{HEAD}class Named:\n{rest}" if rest else EMPTY,
        PATH: f"from app.mixins import Named\n{HEAD}{table('users', NAME, of='Named, Base')}",
    }
    before, after = (without, with_name) if goes_up else (with_name, without)
    other = f"{HEAD}{table('teams', of='Named, Base')}"
    project = branch({**before, **({"app/teams.py": other} if others else {})})
    project.lay(after)
    code, out, _ = run(ID)
    if not others:
        assert (code, out.partition(" (")[0]) == (0, "no findings")
    elif rest or not goes_up:
        assert code == 1
        assert "column users.name is " in out


def test_a_column_that_changes_on_its_way_to_a_mixin(branch: Branch, run: Run) -> None:
    heir = f"from app.mixins import Named\n{HEAD}{table('users', NAME, of='Named, Base')}"
    project = branch({MIXINS: f"{HEAD}class Named:\n{KEPT}", PATH: heir})
    changed = f"{HEAD}{MIXIN.replace('str', 'int')}{KEPT}"
    project.lay({MIXINS: changed, PATH: heir.replace(f"    {NAME}\n", "")})
    assert "column users.name is gone" in run(ID)[1]
