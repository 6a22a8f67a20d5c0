"""Tells what USING in a change of type costs, whatever the types are."""

from __future__ import annotations

from definition_of_done.base.expressions import regex
from definition_of_done.project.migrations.safety.statements import COMPUTED, THROUGH_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# A cast that no value takes for free: from an enum to another one, say.
_THROUGH_TEXT = regex(r"(?i)::\s*(?:text|varchar|character varying)\s*\)?\s*::")
_TYPE = r"[\w .\"]++(?:\([\d\s,]*\))?(?:\[\])*+"
_CAST = regex(rf"(?i)::\s*{_TYPE}|(?<!\s)\s++collate\s++[\w.\"]+")
_CAST_CALL = regex(rf"(?i)\bcast\s*+\((.{{1,200}}?)(?<!\s)\s++as\s++{_TYPE}\s*\)")


def read_using(expression: str, column: str | None) -> Iterator[str]:
    """Yield the options of a change of type that its expression brings, none for no expression."""
    if not expression:
        return
    if _THROUGH_TEXT.search(expression):
        yield THROUGH_TEXT
    bare = _CAST.sub("", _CAST_CALL.sub(r"\1", expression)).strip("() \n\t")
    is_column = bare.rpartition(".")[2].strip('"').lower() == (column or "").lower()
    if column and not is_column and "\u2026" not in expression:
        yield COMPUTED
