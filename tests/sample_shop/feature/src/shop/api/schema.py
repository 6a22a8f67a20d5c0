import strawberry
from strawberry.tools import merge_types

from shop.api.orders.queries import OrderQuery
from shop.api.shipments.mutations import Mutation
from shop.api.shipments.queries import ShipmentQuery

Query = merge_types("Query", (OrderQuery, ShipmentQuery))

schema = strawberry.Schema(query=Query, mutation=Mutation)
