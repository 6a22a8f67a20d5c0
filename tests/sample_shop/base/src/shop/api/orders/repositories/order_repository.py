"""Orders in the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.api.orders.models.order import Order


class OrderRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self) -> list[Order]:
        return list(await self.session.scalars(select(Order)))
