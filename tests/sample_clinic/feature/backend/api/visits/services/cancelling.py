"""Cancels visits."""

from backend.api.visits.models import Visit, VisitState
from backend.api.visits.repositories.visits import VisitRepository


class Cancelling:
    def __init__(self, visits: VisitRepository) -> None:
        self.visits = visits

    def cancel(self, visit: Visit) -> Visit:
        visit.state = VisitState.CANCELLED
        return visit

    def booked_of(self, patient: str) -> list[Visit]:
        return self.visits.of_patient(patient, VisitState.BOOKED)
