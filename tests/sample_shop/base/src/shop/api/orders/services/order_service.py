"""What can be done with orders."""

from shop.api.orders.models.order import Order
from shop.api.orders.repositories.order_repository import OrderRepository


class OrderService:
    def __init__(self, repository: OrderRepository) -> None:
        self.repository = repository

    async def page(self) -> list[Order]:
        return await self.repository.page()
