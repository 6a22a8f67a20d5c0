import pytest

from shop.api.shipments.models.parcel import Parcel
from shop.api.shipments.models.shipment import Shipment
from shop.api.shipments.repositories.parcel_repository import ParcelRepository
from shop.api.shipments.repositories.shipment_repository import ShipmentRepository


@pytest.mark.asyncio
async def test_saved(session):
    row = await ShipmentRepository(session).save(Shipment(carrier="x"))
    assert row.carrier == "x"


@pytest.mark.asyncio
async def test_parcel(session):
    assert (await ParcelRepository(session).save(Parcel(number=1))).number == 1
