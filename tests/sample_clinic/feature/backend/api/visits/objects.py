"""Visits, as they are sent and asked for."""

from datetime import datetime
from typing import Self

import strawberry

from backend.api.visits.models import Visit, VisitState

VisitStateEnum = strawberry.enum(VisitState, name="VisitState")


@strawberry.type(name="Visit")
class VisitObject:
    id: strawberry.ID
    patient: str
    starts_at: datetime
    state: VisitStateEnum

    @classmethod
    def of(cls, row: Visit) -> Self:
        return cls(id=row.id, patient=row.patient, starts_at=row.starts_at, state=row.state)


@strawberry.type
class VisitPage:
    nodes: list[VisitObject]
    has_more: bool


@strawberry.input
class VisitForm:
    room_id: strawberry.ID
    starts_at: datetime
    patient: str = "anonymous"
