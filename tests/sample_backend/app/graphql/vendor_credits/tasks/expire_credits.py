"""Credits that nobody used."""

from app.worker import broker


@broker.task(schedule=[{"cron": "0 3 * * *"}])
async def expire_credits() -> None:
    print("nothing expires yet")
