import pytest

from shop.api.shipments.repositories.shipment_repository import ShipmentRepository
from shop.api.shipments.services.shipment_service import ShipmentService


@pytest.mark.asyncio
async def test_packs(session):
    row = await ShipmentService(ShipmentRepository(session)).pack(1, None)
    assert row.order_id == 1
