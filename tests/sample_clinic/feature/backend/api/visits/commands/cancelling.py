"""Cancels visits."""

import strawberry


@strawberry.type
class CancellingCommands:
    @strawberry.mutation(name="deleteVisit")
    def cancel(self, info: strawberry.Info, id: strawberry.ID) -> bool:
        return bool(info.context.cancelling.cancel(info.context.visit(id)))
