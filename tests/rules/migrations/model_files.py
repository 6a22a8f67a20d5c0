"""Files with models, as text."""

from __future__ import annotations

import sys
from types import ModuleType

import sqlalchemy as sa

HEAD = """\
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship
class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention={
        "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"
    })
"""


def table(name: str, *lines: str, of: str = "Base") -> str:
    """A model called after its table, whose first line of its own is the fourth."""
    head = (f"class {name.title()}({of}):", f"    __tablename__ = '{name}'")
    key = "    id: Mapped[int] = mapped_column(primary_key=True)"
    return "\n".join([*head, key, *(f"    {line}" for line in lines), ""])


def users(*lines: str) -> str:
    """The file with the model of the table users, whose own lines start at 10:5."""
    return HEAD + table("users", *lines)


def keyless(*lines: str) -> str:
    """The same without the mark of the primary key."""
    return users(*lines).replace(" = mapped_column(primary_key=True)", "", 1)


def args(*parts: str) -> str:
    return f"__table_args__ = ({', '.join(parts)},)"


MIGRATION = {"alembic/versions/20260101_a.py": "revision = 'a'\ndown_revision = None\n"}
MORE = {"alembic/versions/20260102_b.py": "revision = 'b'\ndown_revision = 'a'\n"}
UPGRADE = "from alembic import op\nimport sqlalchemy as sa\n{}def upgrade():\n    {}\n"
KEY = "sa.Column('id', sa.Integer(), primary_key=True)"
CREATED = {
    path: UPGRADE.format(text, f"op.create_table('users', {KEY})")
    for path, text in MIGRATION.items()
}
ADDED = {
    path: UPGRADE.format(
        text, "op.add_column('users', sa.Column('name', sa.String(), nullable=False))"
    )
    for path, text in MORE.items()
}
DECLARED = """\
class Aged:
    @declared_attr
    def age(cls) -> Mapped[int]:
        return mapped_column(sa.Integer)
"""
SQLMODEL = """\
from sqlmodel import Field, Relationship, SQLModel
class HeroBase(SQLModel):
    name: str = Field(index=True)
class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
"""


def metadata(source: str) -> sa.MetaData:
    """The tables of a file with models."""
    # SQLAlchemy looks for the names of quoted annotations in the module.
    module = sys.modules["models"] = ModuleType("models")
    try:
        exec(compile(source, "models.py", "exec", dont_inherit=True), module.__dict__)
    finally:
        del sys.modules["models"]
    found: sa.MetaData = module.__dict__["Base"].metadata
    return found
