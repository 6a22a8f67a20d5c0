"""Reads shipments."""

import strawberry

from shop.api.shipments.enums import ShipmentState
from shop.api.shipments.types import ShipmentType


@strawberry.type
class ShipmentQuery:
    @strawberry.field
    async def shipments(
        self, info: strawberry.Info, state: ShipmentState | None = None, first: int = 50
    ) -> list[ShipmentType]:
        rows = await info.context["shipments"].page(state, first)
        return [ShipmentType(id=row.id, state=row.state, carrier=row.carrier) for row in rows]
