"""Rooms from the table to the answer."""

from types import SimpleNamespace

import pytest

from backend.api.rooms.models.room import Room
from backend.api.rooms.repositories.rooms import RoomRepository
from backend.api.rooms.services.naming import RoomNaming
from backend.api.rooms.tasks import count_rooms
from backend.api.schema import patients


@pytest.fixture
def rooms(session):
    return RoomRepository(session)


def test_keeps(rooms):
    assert rooms.every() == [rooms.keep(Room(name="Blue"))]


def test_names(rooms):
    assert RoomNaming(rooms).name("Blue").name == "Blue"


def test_asks(rooms):
    context = SimpleNamespace(rooms=RoomNaming(rooms))
    answer = patients.execute_sync("{ rooms { name } }", context_value=context)
    assert answer.data == {"rooms": []}


def test_counts():
    assert count_rooms() == 0
