"""Files with models, as text."""

from __future__ import annotations

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
