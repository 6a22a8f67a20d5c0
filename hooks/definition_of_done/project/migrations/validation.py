"""Tells the migrations that only validate constraints, which leaves nothing to be undone."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.migrations.migration import Direction

_VALIDATION = re.compile(
    r"(?:\s*alter\s+table\s+(?:only\s+|if\s+exists\s+)*\S+\s+validate\s+constraint\s+[^\s;]+\s*;?)+"
    r"\s*",
    re.I,
)


def only_validates(direction: Direction) -> bool:
    """True where all that it does is `ALTER TABLE ... VALIDATE CONSTRAINT ...`."""
    steps = direction.steps
    texts = [*steps.data, *(thing.sql for thing in steps.opaque)]
    return (
        bool(texts)
        and all(text is not None and _VALIDATION.fullmatch(text) for text in texts)
        and not any(direction.schema_changes)
    )
