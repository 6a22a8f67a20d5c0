"""Two schemas: one for patients, one for the staff."""

import strawberry

from backend.api.rooms.commands import RoomCommands
from backend.api.rooms.finders import RoomFinders
from backend.api.visits.commands.booking import BookingCommands
from backend.api.visits.commands.cancelling import CancellingCommands
from backend.api.visits.finders import StaffFinders, VisitFinders


@strawberry.type
class Query(RoomFinders, VisitFinders): ...


@strawberry.type
class StaffQuery(Query, StaffFinders): ...


@strawberry.type
class Mutation(RoomCommands, BookingCommands, CancellingCommands): ...


patients = strawberry.Schema(query=Query, mutation=Mutation)
staff = strawberry.Schema(query=StaffQuery, mutation=Mutation)
