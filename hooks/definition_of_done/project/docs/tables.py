"""The cells of a table's rows, empty ones included."""

from __future__ import annotations

import re

from definition_of_done.base.spots import Spot
from definition_of_done.readers.page import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.text import Text

_CELL = re.compile(r"(?<!\\)\|")


def row_cells(text: Text, line: int) -> list[Line]:
    """The cells of the row on a line, with their markup."""
    source = text.line(line)
    found: list[Line] = []
    at = 0
    for cell in _CELL.split(source):
        column = at + len(cell) - len(cell.lstrip()) + 1
        found.append(Line(cell.strip(), Spot(text.path, line, column)))
        at += len(cell) + 1
    # The pipes at both ends of a row are no columns.
    start = 1 if source.lstrip().startswith("|") else 0
    return found[start : -1 if source.rstrip().endswith("|") and len(found) > 1 else None]
