"""What can be done with shipments."""

from shop.api.shipments.enums import ShipmentState
from shop.api.shipments.models.shipment import Shipment
from shop.api.shipments.repositories.shipment_repository import ShipmentRepository


class ShipmentService:
    def __init__(self, repository: ShipmentRepository) -> None:
        self.repository = repository

    async def page(self, state: ShipmentState | None, first: int) -> list[Shipment]:
        return await self.repository.page(state, first)

    async def pack(self, order_id: int, carrier: str | None) -> Shipment:
        return await self.repository.save(Shipment(order_id=order_id, carrier=carrier, address={}))

    async def hand_over(self, id: int, carrier: str) -> Shipment:
        return await self.repository.save(Shipment(id=id, carrier=carrier))

    async def cancel(self, id: int) -> None:
        await self.repository.drop(id)
