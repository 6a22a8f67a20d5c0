"""What the frontend sends."""

import strawberry


@strawberry.input
class CreateShipmentInput:
    order_id: strawberry.ID
    carrier: str | None = None
