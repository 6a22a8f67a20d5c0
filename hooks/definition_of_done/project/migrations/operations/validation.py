"""Tells the migrations that only validate constraints, which leaves nothing to be undone."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.readers.sql import statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.migrations.files.migration import Direction

_NAME = r'(?:"[^"]*+"|[^\s"])++'
_VALIDATION = regex(rf"alter table (?:only |if exists )*+{_NAME} validate constraint {_NAME}", re.I)


def only_validates(direction: Direction) -> bool:
    """True where all that it does is `ALTER TABLE ... VALIDATE CONSTRAINT ...`."""
    steps = direction.steps
    texts = [*steps.data, *(thing.sql for thing in steps.opaque)]
    return (
        bool(texts)
        and all(text is not None and _validates(text) for text in texts)
        and not any(direction.schema_changes)
    )


def _validates(text: str) -> bool:
    found = statements(text)
    return bool(found) and all(map(_VALIDATION.fullmatch, found))
