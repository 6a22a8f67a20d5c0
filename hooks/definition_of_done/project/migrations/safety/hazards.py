"""A hazard: a statement that a deploy should not send like that, and what to send instead."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot


class Hazard(NamedTuple):
    """Where it stands, what it does to whom, the safe sequence, and the thing that it is about."""

    spot: Spot
    message: str
    help: str
    symbol: str
