"""TOML: values from tomli, and the places of strings and arrays, which tomli does not tell."""

from __future__ import annotations

from functools import lru_cache

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit
from definition_of_done.base.text import MIB, Text, decode, refuse_large, splice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# The time and memory that tomli takes grow with the square of the parts of a key.
_PARTS = 50
# A file has too few longer parts to matter, and the search for the end of each quote takes long.
_PART = r"""(?:[\w-]++|"(?:\\.|[^"\\\n]){0,100}+"|'[^'\n]{0,100}+')[ \t]*+"""
_KEY = rf"(?m)(?:^|[\[{{,])[ \t]*+(?:{_PART}\.[ \t]*+){{{_PARTS},}}+{_PART}[=\]]"
# The most places that are tried one by one: for each the whole document is read again.
_TRIES = 100


@lru_cache(4)
def read_toml(path: str, data: bytes) -> dict[str, Any]:
    """The document as plain values, which nobody changes: several ask for pyproject.toml.

    Raises Unreadable at the position that tomli names.
    """
    return _parsed(path, data)


def _parsed(path: str, data: bytes) -> dict[str, Any]:
    import tomli

    refuse_large(path, len(data), 4 * MIB)
    text = decode(path, data).text.replace("\r\n", "\n")
    _refuse_long_keys(path, text)
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        line, _, column = place.removeprefix("line ").rstrip(")").partition(", column ")
        if not column:
            line, column = str(text.count("\n") + 1), "1"
        raise Unreadable(f"not TOML: {message}", int(line), int(column), path=path) from None
    except ValueError as error:
        # Python refuses to convert a number of thousands of digits.
        raise Unreadable(f"not TOML: {error}", path=path) from None
    except RecursionError:
        raise Unreadable("not TOML: nested too deeply", path=path) from None


def table_of(document: object, *keys: str) -> dict[str, Any]:
    """The table under the keys of a document, empty where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _refuse_long_keys(path: str, text: str) -> None:
    if text.count(".") < _PARTS or len(text) < 100 * _PARTS:
        return
    import re

    found = re.search(_KEY, text)
    if found:
        line = text.count("\n", 0, found.end()) + 1
        raise Unreadable(f"a key of more than {_PARTS} parts, which is not parsed", line, path=path)


def locate_string(text: Text, *keys: str) -> tuple[int, int] | None:
    """Start and end offset of the characters of a string value, without its quotes.

    Every possible place is tried: at the right one, a change of the text changes the value under
    `keys` and nothing else. None where there is no such place.
    """
    import re

    expected, table = _table(text, keys)
    value = table[keys[-1]]
    table[keys[-1]] = value + "~"
    places = list(re.finditer(rf"(?<=[\"']){re.escape(value)}(?=[\"'])", text.text))
    number = _only(text, keys, [place.end() for place in places], "~{}", expected)
    return None if number is None else places[number].span()


def locate_array(text: Text, *keys: str) -> tuple[int, int] | None:
    """Offsets of the last key and of the opening bracket of an array.

    They are found as by `locate_string`: there, one more element changes the array and nothing
    else. None where the array is not written as one.
    """
    import re

    expected, table = _table(text, keys)
    table[keys[-1]].insert(0, "~")
    key = re.escape(keys[-1])
    places = list(re.finditer(rf"[\"']?\b{key}\b[\"']?\s*+=\s*+\[", text.text))
    number = _only(text, keys, [place.end() for place in places], '"~{}",', expected)
    return None if number is None else (places[number].start(), places[number].end() - 1)


def _only(
    text: Text, keys: tuple[str, ...], offsets: list[int], mark: str, expected: dict[str, Any]
) -> int | None:
    """The number of the offset at which the mark, without a number in it, gives `expected`."""
    for number in _likely(text, keys, offsets, mark):
        at = offsets[number]
        if _read(text.path, splice(text, [Edit(text.path, at, at, mark.format(""))])) == expected:
            return number
    return None


def _likely(text: Text, keys: tuple[str, ...], offsets: list[int], mark: str) -> Iterable[int]:
    """The numbers of the offsets that may be in the value under `keys`.

    All get a mark at once, each with its number, and the value shows which of them is its own.
    Where the document cannot be read then, the first offsets are likely.
    """
    edits = [Edit(text.path, at, at, mark.format(number)) for number, at in enumerate(offsets)]
    document = _read(text.path, splice(text, edits))
    if document is None:
        return range(min(len(offsets), _TRIES))
    value = table_of(document, *keys[:-1]).get(keys[-1])
    marked = value[0] if isinstance(value, list) and value else value
    number = marked.rpartition("~")[2] if isinstance(marked, str) and "~" in marked else ""
    return [int(number)] if number.isdecimal() and int(number) < len(offsets) else []


def _read(path: str, source: str) -> dict[str, Any] | None:
    """The document of a source, None where it cannot be read."""
    try:
        return _parsed(path, source.encode("utf-8", "surrogatepass"))
    except Unreadable:
        return None


def _table(text: Text, keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new copy of the document, and the table in it that holds the last key."""
    document = _parsed(text.path, text.text.encode())
    table = document
    for key in keys[:-1]:
        table = table[key]
    return document, table


def with_keys(text: Text, table: tuple[str, str], lines: str) -> str | None:
    """The text with more keys in a table within a table; a missing table is added.

    `lines` are the keys as TOML, and may hold comments. None where there is no certain place for
    them. Raises Unreadable where the text is not TOML.
    """
    import re

    outer, inner = table
    document = _parsed(text.path, text.text.encode())
    header = f"[{outer}.{inner}]"
    if not isinstance(document.get(outer, {}), dict):
        return None
    if inner in document.get(outer, {}):
        found = re.search(
            rf"^[ \t]*{re.escape(header)}[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)", text.text, re.M
        )
        if found is None:
            return None
        at, new = found.end(), lines
        if not found[0].endswith("\n"):
            new = "\n" + new
    else:
        gap = "" if not text.text else "\n" if text.text.endswith("\n") else "\n\n"
        at, new = len(text.text), f"{gap}{header}\n{lines}"
    result = splice(text, [Edit(text.path, at, at, new)])
    expected = document.setdefault(outer, {}).setdefault(inner, {})
    expected.update(_parsed(text.path, lines.encode()))
    return result if _read(text.path, result) == document else None


def with_top_keys(text: Text, lines: str) -> str | None:
    """The text with more keys at the top, before any table; None where they are there already.

    `lines` are the keys as TOML, and may hold comments. Raises Unreadable where the text is not
    TOML.
    """
    document = _parsed(text.path, text.text.encode())
    document |= _parsed(text.path, lines.encode())
    result = lines + text.text
    return result if _read(text.path, result) == document else None


def with_item(text: Text, keys: tuple[str, ...], item: dict[str, str]) -> str | None:
    """The text with one more table at the end of an array of tables; None where it has no room."""
    document = _parsed(text.path, text.text.encode())
    gap = "\n" if text.text.endswith("\n") else "\n\n"
    lines = "".join(f'{key} = "{value}"\n' for key, value in item.items())
    at = len(text.text)
    new = f"{gap}[[{'.'.join(keys)}]]\n{lines}"
    result = splice(text, [Edit(text.path, at, at, new)])
    table = document
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    table[keys[-1]] = [*table.get(keys[-1], ()), item]
    return result if _read(text.path, result) == document else None
