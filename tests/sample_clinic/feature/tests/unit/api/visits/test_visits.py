"""Visits are booked, moved and cancelled."""

from types import SimpleNamespace

import pytest

from backend.api.schema import patients, staff
from backend.api.visits.models import VisitState
from backend.api.visits.tasks import call_patient, forget_slots


class TestServices:
    def test_cancelled_is_not_booked(self, booking, cancelling, slot):
        visit = booking.book(slot, "Ada")
        assert cancelling.booked_of("Ada") == [visit]
        assert cancelling.cancel(visit).state is VisitState.CANCELLED
        assert cancelling.booked_of("Ada") == []

    def test_moves(self, booking, slot):
        assert booking.move(booking.book(slot, "Ada"), slot).slot is slot


def test_repository_knows_its_rows(visits, slot):
    assert visits.every() == []


@pytest.mark.parametrize("schema", [patients, staff])
def test_finds(schema, booking, cancelling, slot):
    booking.book(slot, "Ada")
    answer = schema.execute_sync(
        "query Booked($who: String!) { visits(patient: $who) { nodes { patient } hasMore } }",
        variable_values={"who": "Ada"},
        context_value=SimpleNamespace(cancelling=cancelling),
    )
    assert answer.data == {"visits": {"nodes": [{"patient": "Ada"}], "hasMore": False}}


def test_tasks():
    assert (call_patient(3), forget_slots()) == (3, 0)
