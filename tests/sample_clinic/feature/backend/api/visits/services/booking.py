"""Books visits."""

from backend.api.visits.models import Slot, Visit, VisitState
from backend.api.visits.repositories.visits import VisitRepository


class Booking:
    def __init__(self, visits: VisitRepository) -> None:
        self.visits = visits

    def book(self, slot: Slot, patient: str) -> Visit:
        return self.visits.keep(Visit(slot=slot, patient=patient, state=VisitState.BOOKED))

    def move(self, visit: Visit, slot: Slot) -> Visit:
        visit.slot = slot
        return visit
