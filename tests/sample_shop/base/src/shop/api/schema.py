import strawberry

from shop.api.orders.queries import OrderQuery


@strawberry.type
class Query(OrderQuery):
    pass


schema = strawberry.Schema(query=Query)
