"""Asks the carriers."""

from shop.broker import broker


@broker.task(task_name="shipments.track", schedule=[{"cron": "*/15 * * * *"}])
async def track_shipments() -> None:
    print("nothing is on its way")
