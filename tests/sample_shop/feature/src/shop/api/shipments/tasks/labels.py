"""Prints labels."""

from shop.broker import broker


@broker.task
async def print_labels(shipment_id: int) -> int:
    return shipment_id
