"""Rooms in the database."""

from backend.api.rooms.models.room import Room
from backend.repository import Repository


class RoomRepository(Repository[Room]):
    row = Room
