"""Rooms, as they are sent and asked for."""

import strawberry


@strawberry.type(name="Room")
class RoomObject:
    id: strawberry.ID
    name: str


@strawberry.input
class RoomForm:
    name: str
