"""The tables of visits."""

from backend.api.visits.models.slot import Slot
from backend.api.visits.models.staffing import Helper, visit_helpers
from backend.api.visits.models.states import VisitState
from backend.api.visits.models.visit import Visit

__all__ = ["Helper", "Slot", "Visit", "VisitState", "visit_helpers"]
