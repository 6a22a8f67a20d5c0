import pytest

from shop.api.schema import schema

QUERY = "{ shipments { id state } }"


@pytest.mark.asyncio
async def test_lists(session):
    result = await schema.execute(QUERY, context_value={"shipments": session})
    assert result.errors is None
