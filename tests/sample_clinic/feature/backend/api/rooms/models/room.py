"""Rooms of the house."""

from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, Key, Name


class Room(Base):
    __tablename__ = "rooms"

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True, comment="As the door says")
    seats: Mapped[int] = mapped_column(server_default="1", comment="How many can wait inside")
