"""Names and renames rooms."""

from backend.api.rooms.models.room import Room
from backend.api.rooms.repositories.rooms import RoomRepository


class RoomNaming:
    def __init__(self, rooms: RoomRepository) -> None:
        self.rooms = rooms

    def every(self) -> list[Room]:
        return self.rooms.every()

    def name(self, name: str, room: Room | None = None) -> Room:
        room = room or Room()
        room.name = name
        return self.rooms.keep(room)

    def close(self, room: Room) -> None:
        self.rooms.forget(room)
