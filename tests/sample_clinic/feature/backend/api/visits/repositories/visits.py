"""Visits and slots in the database."""

from sqlalchemy import select

from backend.api.visits.models import Slot, Visit, VisitState
from backend.repository import Repository


class VisitRepository(Repository[Visit]):
    row = Visit

    def of_patient(self, patient: str, state: VisitState) -> list[Visit]:
        asked = select(Visit).where(Visit.patient == patient, Visit.state == state)
        return list(self.session.scalars(asked))


class SlotRepository(Repository[Slot]):
    row = Slot
