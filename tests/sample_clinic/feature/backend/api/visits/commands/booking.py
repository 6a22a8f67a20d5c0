"""Books visits and moves them."""

import strawberry

from backend.api.visits.objects import VisitForm, VisitObject


@strawberry.type
class BookingCommands:
    @strawberry.mutation(name="createVisit")
    def book(self, info: strawberry.Info, form: VisitForm) -> VisitObject:
        return VisitObject.of(info.context.booking.book(info.context.slot(form), form.patient))

    @strawberry.mutation(name="updateVisit")
    def move(self, info: strawberry.Info, id: strawberry.ID, form: VisitForm) -> VisitObject:
        return VisitObject.of(info.context.booking.move(info.context.visit(id), info.context.slot(form)))
