from datetime import UTC, datetime

import pytest

from backend.api.rooms.models.room import Room
from backend.api.visits.models import Slot
from backend.api.visits.repositories.visits import SlotRepository, VisitRepository
from backend.api.visits.services.booking import Booking
from backend.api.visits.services.cancelling import Cancelling


@pytest.fixture
def slot(session):
    session.add(Room(id=1, name="Blue"))
    return SlotRepository(session).keep(Slot(room_id=1, starts_at=datetime(2026, 9, 10, tzinfo=UTC)))


@pytest.fixture
def visits(session):
    return VisitRepository(session)


@pytest.fixture
def booking(visits):
    return Booking(visits)


@pytest.fixture
def cancelling(visits):
    return Cancelling(visits)
