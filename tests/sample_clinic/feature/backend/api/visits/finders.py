"""Finds visits."""

import strawberry

from backend.api.visits.objects import VisitObject, VisitPage


@strawberry.type
class VisitFinders:
    @strawberry.field(description="The booked visits of a patient")
    def visits(self, info: strawberry.Info, patient: str, limit: int = 20) -> VisitPage:
        rows = info.context.cancelling.booked_of(patient)
        return VisitPage(nodes=[VisitObject.of(row) for row in rows[:limit]], has_more=len(rows) > limit)


@strawberry.type
class StaffFinders:
    @strawberry.field
    def waiting_visits(self, info: strawberry.Info) -> list[VisitObject]:
        return [VisitObject.of(row) for row in info.context.waiting]
