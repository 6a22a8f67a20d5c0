"""Finds rooms."""

import strawberry

from backend.api.rooms.objects import RoomObject


@strawberry.type
class RoomFinders:
    @strawberry.field
    def rooms(self, info: strawberry.Info) -> list[RoomObject]:
        return [RoomObject(id=row.id, name=row.name) for row in info.context.rooms.every()]
