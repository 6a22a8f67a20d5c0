"""JSON: the values, and the place of a string, which the json module does not tell."""

from __future__ import annotations

import json

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.text import MIB, decode, refuse_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.text import Text

# A string that is not closed ends with the text.
_TOKEN = regex(r'"((?:[^"\\]|\\[\s\S])*+)(?:"|\\?\Z)|[{}\[\],:]')


def read_json(path: str, data: bytes) -> object:
    """The document as plain values; raises Unreadable at the position that json names."""
    # A lock file grows with the project; json reads a MiB in some milliseconds.
    refuse_large(path, len(data), 32 * MIB)
    return parse_json(decode(path, data))


def parse_json(text: Text) -> object:
    """The document of a text, as `read_json` reads it."""
    path = text.path
    try:
        value: object = json.loads(text.text)
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg}"
        raise Unreadable(reason, error.lineno, error.colno, path=path) from None
    except ValueError as error:
        # Python refuses to convert a number of thousands of digits.
        raise Unreadable(f"not JSON: {error}", path=path) from None
    except RecursionError:
        raise Unreadable("not JSON: nested too deeply", path=path) from None
    return value


def locate_json(text: Text, keys: tuple[str, ...], value: str) -> tuple[int, int] | None:
    """Start and end offset of the characters of a string under keys, without its quotes.

    The first such place counts. None where it does not hold the value as it is written.
    """
    # The key that is read in each open object, None for each open array.
    trail: list[str | None] = []
    wants_key = False
    for token in _TOKEN.finditer(text.text):
        mark = token[0]
        if mark in "{[":
            trail.append("" if mark == "{" else None)
        elif mark in "}]":
            trail.pop()
        elif mark[0] == '"' and wants_key:
            trail[-1] = token[1]
        elif mark[0] == '"' and tuple(trail) == keys:
            return token.span(1) if token[1] == value else None
        wants_key = mark in "{," and bool(trail) and trail[-1] is not None
    return None
