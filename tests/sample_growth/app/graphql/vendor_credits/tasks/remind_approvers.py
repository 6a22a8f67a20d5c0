"""Credits that wait too long."""

from app.worker import broker


@broker.task(schedule=[{"cron": "30 7 * * 1"}])
async def remind_approvers() -> None:
    print("nobody is to be reminded")
