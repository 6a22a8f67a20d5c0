"""The feature pages from before the contract: their names have no date."""

from __future__ import annotations

from definition_of_done.base.expressions import regex
from definition_of_done.engine.session import Session

_DATED = regex(r"[0-9]{4}")


def is_from_before(session: Session, path: str) -> bool:
    """True for a feature page without a date in its name that stood there before the branch."""
    if _DATED.match(path.rpartition("/")[2]):
        return False
    return session.branch.changed.get(path) != "A"
