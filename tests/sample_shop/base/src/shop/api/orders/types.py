import strawberry


@strawberry.type
class OrderType:
    id: strawberry.ID
    number: str
