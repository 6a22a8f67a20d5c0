"""Calls patients in."""

from backend.jobs import broker


@broker.task(retry_on_error=True)
def call_patient(visit_id: int) -> int:
    return visit_id
