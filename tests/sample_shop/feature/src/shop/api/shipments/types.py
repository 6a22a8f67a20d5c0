"""Shipments as the frontend sees them."""

import strawberry

from shop.api.shipments.enums import ShipmentState


@strawberry.type
class ShipmentType:
    id: strawberry.ID
    state: ShipmentState
    carrier: str | None
