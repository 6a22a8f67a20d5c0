"""JSON: the values, the place of a string, and an edit that adds an item and keeps all else."""

from __future__ import annotations

import json
import re

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import MIB, decode, refuse_large, splice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from definition_of_done.base.text import Text

_INDENT = regex(r"^[ \t]+(?=\S)", re.M)
_DECODER = json.JSONDecoder()


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
    source = text.text
    start = end = _skip(source, 0)
    for key in keys:
        places = _places(source, start) if source[start] == "{" else ()
        found = next((place for place in places if place[0] == key), None)
        if found is None:
            return None
        _, start, end = found
    return (start + 1, end - 1) if source[start:end] == f'"{value}"' else None


def with_item(text: Text, keys: Sequence[str], item: object) -> str:
    """The text with one more item at the end of the array under keys; what is missing is added.

    Raises Unreadable, with the place, where the text is no JSON, or something else stands there.
    """
    after: Any = parse_json(text)
    value = after
    start = _skip(text.text, 0)
    for at, key in enumerate(keys):
        if not isinstance(value, dict):
            raise _unlike(text, start, keys[:at], "object")
        if key not in value:
            value[key] = _nested(keys[at + 1 :], item)
            edit = _addition(text, start, f"{json.dumps(key)}: ", value[key])
            break
        value = value[key]
        # Of a key that stands there twice the last counts.
        start = [begin for name, begin, _ in _places(text.text, start) if name == key][-1]
    else:
        if not isinstance(value, list):
            raise _unlike(text, start, keys, "array")
        value.append(item)
        edit = _addition(text, start, "", item)
    new = splice(text, [edit])
    if json.loads(new) != after:
        raise _unlike(text, start, keys, "array that can be edited with certainty")
    return new


def _unlike(text: Text, start: int, keys: Sequence[str], shape: str) -> Unreadable:
    spot = text.spot(start)
    message = f"{'.'.join(keys) or 'the document'} is no {shape}"
    return Unreadable(message, spot.line, spot.column, path=text.path)


def _nested(keys: Sequence[str], item: object) -> object:
    value: object = [item]
    for key in reversed(keys):
        value = {key: value}
    return value


def _addition(text: Text, start: int, name: str, value: object) -> Edit:
    """The edit that adds a value, behind its name, to the object or array at an offset."""
    places = [(begin, end) for _, begin, end in _places(text.text, start)]
    if places and "\n" not in text.text[start : places[0][0]]:
        # All stands on one line.
        return Edit(text.path, places[-1][1], places[-1][1], f", {name}{json.dumps(value)}")
    step = _step(text.text)
    margin = _margin(text, start)
    inner = _margin(text, places[0][0]) if places else margin + step
    body = name + json.dumps(value, indent=step).replace("\n", f"\n{inner}")
    if places:
        return Edit(text.path, places[-1][1], places[-1][1], f",\n{inner}{body}")
    return Edit(text.path, start + 1, _skip(text.text, start + 1), f"\n{inner}{body}\n{margin}")


def _step(text: str) -> str:
    """The blanks by which the file indents."""
    found = _INDENT.search(text)
    return found[0] if found else "  "


def _margin(text: Text, offset: int) -> str:
    line = text.line(text.spot(offset).line)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _places(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield the values of the object or array at an offset: its key, its start, its end.

    An array has no keys.
    """
    is_object = text[start] == "{"
    at = _skip(text, start + 1)
    while text[at] not in "]}":
        key = ""
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, at)
        _, end = _DECODER.raw_decode(text, at)
        yield key, at, end
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    """The offset of the next token, behind blanks, commas and colons."""
    while at < len(text) and text[at] in " \t\r\n,:":
        at += 1
    return at
