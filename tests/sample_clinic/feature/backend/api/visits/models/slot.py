"""When a room can be had."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Slot(Base):
    __tablename__ = "slots"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True, comment="Room that is free")
    starts_at: Mapped[datetime] = mapped_column(DateTime(True), primary_key=True, comment="When it begins to be")
    minutes: Mapped[int] = mapped_column(server_default="20", comment="For how long")
