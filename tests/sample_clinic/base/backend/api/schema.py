"""Two schemas: one for patients, one for the staff."""

import strawberry

from backend.api.rooms.commands import RoomCommands
from backend.api.rooms.finders import RoomFinders


@strawberry.type
class Query(RoomFinders): ...


@strawberry.type
class StaffQuery(Query): ...


@strawberry.type
class Mutation(RoomCommands): ...


patients = strawberry.Schema(query=Query, mutation=Mutation)
staff = strawberry.Schema(query=StaffQuery, mutation=Mutation)
