"""How far a visit is."""

from enum import StrEnum


class VisitState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
