"""Forgets slots that are over."""

from backend.jobs import broker

NIGHTLY = "30 2 * * *"


@broker.task("visits.forget_slots", schedule=[{"cron": NIGHTLY}])
def forget_slots() -> int:
    return 0
