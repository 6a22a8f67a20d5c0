"""Who comes when."""

from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.api.visits.models.slot import Slot
from backend.api.visits.models.staffing import Helper, visit_helpers
from backend.api.visits.models.states import VisitState
from backend.db import Base, Key, Name


class Visit(Base):
    __tablename__ = "visits"
    __table_args__ = (
        ForeignKeyConstraint(["room_id", "starts_at"], [Slot.room_id, Slot.starts_at], ondelete="CASCADE"),
        Index(None, "patient", "state"),
    )

    id: Mapped[Key]
    room_id: Mapped[int] = mapped_column(comment="Room of its slot")
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="Time of its slot")
    patient: Mapped[Name] = mapped_column(comment="Name to be called")
    state: Mapped[VisitState] = mapped_column(
        Enum(VisitState, name="visit_state", values_callable=lambda states: [state.value for state in states]),
        comment="How far it is",
    )
    slot: Mapped[Slot] = relationship()
    helpers: Mapped[list[Helper]] = relationship(secondary=visit_helpers)
