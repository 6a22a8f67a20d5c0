import strawberry

from shop.api.orders.types import OrderType


@strawberry.type
class OrderQuery:
    @strawberry.field
    async def orders(self, info: strawberry.Info) -> list[OrderType]:
        rows = await info.context["orders"].page()
        return [OrderType(id=row.id, number=row.number) for row in rows]
