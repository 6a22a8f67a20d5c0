"""Who helps."""

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, Key, Name

visit_helpers = Table(
    "visit_helpers",
    Base.metadata,
    Column("visit_id", ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True, comment="Visit that needs help"),
    Column("helper_id", ForeignKey("helpers.id"), primary_key=True, comment="Who gives it"),
)


class Helper(Base):
    __tablename__ = "helpers"

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(comment="As the badge says")
