"""The nightly task."""

import asyncio

from app.graphql.vendor_credits.tasks.expire_credits import expire_credits


def test_expires_nothing() -> None:
    assert asyncio.run(expire_credits()) is None
