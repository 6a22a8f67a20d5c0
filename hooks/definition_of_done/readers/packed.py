"""Records as values for JSON, and back."""

from __future__ import annotations

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

# Each stands before its parts, as the number of a record's kind does.
_TUPLE, _SPOT, _LIST, _TEXT = -1, -2, -3, -4


def packing(*kinds: type) -> tuple[Callable[[object], object], Callable[[str, bytes, Any], Any]]:
    """The functions that pack the facts of a file, and unpack them with its path and bytes."""
    return (
        lambda value: pack(value, kinds),
        lambda path, data, packed: unpack(path, packed, kinds, data),
    )


def pack(value: object, kinds: Sequence[type]) -> object:
    """The value of lists, mappings and named tuples of these kinds, as `unpack` reads it."""
    if isinstance(value, Spot):
        return [_SPOT, value.line, value.column, value.end]
    if isinstance(value, Text):
        return [_TEXT]
    if isinstance(value, tuple):
        number = kinds.index(type(value)) if type(value) in kinds else _TUPLE
        return [number, *(pack(part, kinds) for part in value)]
    if isinstance(value, list):
        return [_LIST, *(pack(part, kinds) for part in value)]
    if isinstance(value, dict):
        return {key: pack(part, kinds) for key, part in value.items()}
    return value


def unpack(path: str, value: Any, kinds: Sequence[Any], data: bytes = b"") -> Any:
    """The value that `pack` was given, with spots in the file, and its bytes as the text.

    Raises ValueError, TypeError or LookupError for another value.
    """
    if not isinstance(value, list):
        if isinstance(value, dict):
            return {key: unpack(path, part, kinds, data) for key, part in value.items()}
        return value
    number, *parts = value
    if number == _SPOT:
        line, column, end = parts
        return Spot(path, line, column, end and tuple(end))
    if number == _TEXT:
        return decode(path, data)
    read = [unpack(path, part, kinds, data) for part in parts]
    if number < 0:
        return tuple(read) if number == _TUPLE else read
    return kinds[number](*read)
