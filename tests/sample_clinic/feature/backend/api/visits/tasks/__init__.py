"""What the worker does for visits."""

from backend.api.visits.tasks.calling import call_patient
from backend.api.visits.tasks.nightly import forget_slots

__all__ = ["call_patient", "forget_slots"]
