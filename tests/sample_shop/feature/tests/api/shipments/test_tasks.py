import pytest

from shop.api.shipments.tasks.labels import print_labels
from shop.api.shipments.tasks.track import track_shipments


@pytest.mark.asyncio
async def test_tasks():
    assert await print_labels(3) == 3
    assert await track_shipments() is None
