"""The weekly reminder."""

import asyncio

from app.graphql.vendor_credits.tasks.remind_approvers import remind_approvers


def test_reminds_nobody() -> None:
    assert asyncio.run(remind_approvers()) is None
