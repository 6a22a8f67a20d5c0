"""Shipments in the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.api.shipments.enums import ShipmentState
from shop.api.shipments.models.shipment import Shipment


class ShipmentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self, state: ShipmentState | None, first: int) -> list[Shipment]:
        query = select(Shipment).order_by(Shipment.carrier).limit(first)
        if state:
            query = query.where(Shipment.state == state)
        return list(await self.session.scalars(query))

    async def save(self, shipment: Shipment) -> Shipment:
        self.session.add(shipment)
        await self.session.flush()
        return shipment

    async def drop(self, id: int) -> None:
        await self.session.delete(await self.session.get_one(Shipment, id))
