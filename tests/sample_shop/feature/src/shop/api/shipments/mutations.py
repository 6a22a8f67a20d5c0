"""Changes shipments."""

import strawberry

from shop.api.shipments.inputs import CreateShipmentInput
from shop.api.shipments.types import ShipmentType


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def create_shipment(self, info: strawberry.Info, data: CreateShipmentInput) -> ShipmentType:
        row = await info.context["shipments"].pack(data.order_id, data.carrier)
        return ShipmentType(id=row.id, state=row.state, carrier=row.carrier)

    @strawberry.mutation
    async def update_shipment(self, info: strawberry.Info, id: strawberry.ID, carrier: str) -> ShipmentType:
        row = await info.context["shipments"].hand_over(id, carrier)
        return ShipmentType(id=row.id, state=row.state, carrier=row.carrier)

    @strawberry.mutation
    async def delete_shipment(self, info: strawberry.Info, id: strawberry.ID) -> bool:
        await info.context["shipments"].cancel(id)
        return True
