"""The states of a shipment."""

import enum

import strawberry


@strawberry.enum
class ShipmentState(enum.Enum):
    PACKED = "packed"
    SENT = "sent"
