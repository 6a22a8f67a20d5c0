"""The places in the settings where the team gives a reason."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Spot
from definition_of_done.engine.config import OWN_FILE, TABLE
from definition_of_done.engine.session import Session


def reason_spot(session: Session, *keys: str) -> Spot:
    """The place of the reason under these keys of the table, else the settings as a file."""
    from definition_of_done.readers.toml import locate_string

    file = session.config.file
    table = () if file == OWN_FILE else ("tool", TABLE)
    try:
        text = session.tree.text(file)
        span = locate_string(text, *table, *keys)
    except (OSError, Unreadable, KeyError):
        # The keys come from the work tree's settings; the run may judge a commit without them.
        span = None
    return text.spot(span[0] - 1, span[1] + 1) if span else Spot(file)
