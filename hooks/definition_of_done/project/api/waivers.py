"""Where the team's settings give a reason."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.config import TABLE
from definition_of_done.engine.session import Session

_SETTINGS = "pyproject.toml"


def reason_spot(session: Session, *keys: str) -> Spot:
    """Where the reason under these keys of the table stands, else the file of the settings."""
    from definition_of_done.readers.toml import locate_string

    try:
        text = session.tree.text(_SETTINGS)
        span = locate_string(text, "tool", TABLE, *keys)
    except (OSError, Unreadable, KeyError):
        # The settings are the work tree's, and what is judged may be a commit.
        span = None
    return text.spot(span[0] - 1, span[1] + 1) if span else Spot(_SETTINGS)
