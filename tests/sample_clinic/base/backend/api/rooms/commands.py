"""Changes rooms."""

import strawberry

from backend.api.rooms.objects import RoomForm, RoomObject


@strawberry.type
class RoomCommands:
    @strawberry.mutation
    def create_room(self, info: strawberry.Info, form: RoomForm) -> RoomObject:
        row = info.context.rooms.name(form.name)
        return RoomObject(id=row.id, name=row.name)

    @strawberry.mutation
    def update_room(self, info: strawberry.Info, id: strawberry.ID, form: RoomForm) -> RoomObject:
        row = info.context.rooms.name(form.name, info.context.room(id))
        return RoomObject(id=row.id, name=row.name)

    @strawberry.mutation
    def delete_room(self, info: strawberry.Info, id: strawberry.ID) -> bool:
        info.context.rooms.close(info.context.room(id))
        return True
