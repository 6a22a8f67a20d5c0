"""TOML of the plain form that most settings have.

The import of tomllib, with all that it imports, takes nearly as long as the start of Python, and
each hook reads the settings. What is not plain, or wrong, is left to tomllib.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    Table: TypeAlias = dict[str, Any]

_BLANKS = " \t"
_QUOTES = ('"', "'")
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n", "t": "\t"}
_BOOLEANS = {"true": True, "false": False}
# The time for a line grows with the square of its length.
_LONGEST = 2000
_PARTS = 10


class _NotPlain(Exception):
    """Raised for what tomllib must read."""


def read_plain(text: str) -> Table | None:
    """The document as tomllib reads it, None where it is not plain.

    Plain are tables and arrays of tables, keys of one part, strings of one line, whole numbers,
    booleans, arrays and inline tables.
    """
    if not text.replace("\n", "").replace("\t", "").isprintable():
        return None
    tables = _Tables()
    table = tables.document
    lines = _stripped(text)
    try:
        for line in lines:
            if line.startswith("["):
                table, behind = tables.opened(line)
            else:
                behind = line and _read_pair(line, table, lines)
            _require(not behind or behind.startswith("#"))
    except (_NotPlain, RecursionError):
        return None
    return tables.document


def _require(is_plain: object) -> None:
    if not is_plain:
        raise _NotPlain


def _stripped(text: str) -> Iterator[str]:
    """Yield the lines without the blanks around them, but comments."""
    for line in text.split("\n"):
        _require(len(line) < _LONGEST)
        line = line.strip(_BLANKS)
        if not line.startswith("#"):
            yield line


class _Tables:
    """The tables of a document that headers open; those in arrays of tables hold no others."""

    def __init__(self) -> None:
        self.document: Table = {}
        self._by_keys: dict[tuple[str, ...], Table] = {(): self.document}
        self._arrays: dict[tuple[str, ...], list[Table]] = {}
        self._headed: set[tuple[str, ...]] = set()

    def opened(self, line: str) -> tuple[Table, str]:
        """The table of a header, and what stands behind it."""
        width = 2 if line.startswith("[[") else 1
        keys: tuple[str, ...] = ()
        rest = "." + line[width:]
        while rest.startswith("."):
            key, rest = _key(rest[1:].lstrip(_BLANKS))
            keys += (key,)
        _require(rest.startswith("]" * width) and len(keys) < _PARTS)
        if width == 2:
            table: Table = {}
            self._array(keys).append(table)
        else:
            _require(keys not in self._headed)
            self._headed.add(keys)
            table = self._table(keys)
        return table, rest[width:].lstrip(_BLANKS)

    def _table(self, keys: tuple[str, ...]) -> Table:
        if keys not in self._by_keys:
            above = self._table(keys[:-1])
            _require(keys[-1] not in above)
            above[keys[-1]] = self._by_keys[keys] = {}
        return self._by_keys[keys]

    def _array(self, keys: tuple[str, ...]) -> list[Table]:
        if keys not in self._arrays:
            above = self._table(keys[:-1])
            _require(keys[-1] not in above)
            above[keys[-1]] = self._arrays[keys] = []
        return self._arrays[keys]


def _read_pair(line: str, table: Table, lines: Iterator[str]) -> str:
    """Add a key and its value to a table; returns what stands behind them in the last line."""
    key, rest = _key(line)
    _require(rest.startswith("=") and key not in table)
    table[key], rest = _value(rest[1:].lstrip(_BLANKS), lines)
    return rest.lstrip(_BLANKS)


def _key(rest: str) -> tuple[str, str]:
    """The key at the start of the rest of a line, and what stands behind it."""
    if rest.startswith(_QUOTES):
        key, rest = _string(rest)
    else:
        key = rest
        for end in ".=]":
            key = key.partition(end)[0]
        rest = rest[len(key) :]
        key = key.rstrip(_BLANKS)
        _require(key.isascii() and key.replace("-", "").replace("_", "").isalnum())
    return key, rest.lstrip(_BLANKS)


def _value(rest: str, lines: Iterator[str]) -> tuple[Any, str]:
    """The value at the start of the rest of a line, and what stands behind it."""
    if rest.startswith(_QUOTES):
        return _string(rest)
    if rest.startswith("["):
        return _array(rest[1:], lines)
    if rest.startswith("{"):
        return _inline(rest[1:].lstrip(_BLANKS))
    word = rest
    for end in ",]}#":
        word = word.partition(end)[0]
    rest = rest[len(word) :]
    word = word.rstrip(_BLANKS)
    if word in _BOOLEANS:
        return _BOOLEANS[word], rest
    _require(word.isascii() and word.isdecimal() and (word == "0" or word[0] != "0"))
    return int(word), rest


def _string(rest: str) -> tuple[str, str]:
    quote, rest, read = rest[0], rest[1:], ""
    # Three quotes start a string of several lines.
    _require(not rest.startswith(quote * 2))
    text, closed, behind = rest.partition(quote)
    while quote == '"' and "\\" in text:
        text, _, rest = rest.partition("\\")
        _require(rest[:1] in _ESCAPES)
        read += text + _ESCAPES[rest[0]]
        rest = rest[1:]
        text, closed, behind = rest.partition(quote)
    _require(closed)
    return read + text, behind


def _array(rest: str, lines: Iterator[str]) -> tuple[list[Any], str]:
    found: list[Any] = []
    while not (rest := _next(rest, lines)).startswith("]"):
        value, rest = _value(rest, lines)
        found.append(value)
        rest = _next(rest, lines)
        if rest.startswith("]"):
            break
        _require(rest.startswith(","))
        rest = rest[1:]
    return found, rest[1:]


def _next(rest: str, lines: Iterator[str]) -> str:
    """The rest of the line from its next word on, or the next line that has one."""
    rest = rest.lstrip(_BLANKS)
    while not rest or rest.startswith("#"):
        rest = next(lines, "the end")
    return rest


def _inline(rest: str) -> tuple[Table, str]:
    found: Table = {}
    if rest.startswith("}"):
        return found, rest[1:]
    while rest:
        rest = _read_pair(rest, found, iter(()))
        if rest.startswith("}"):
            return found, rest[1:]
        _require(rest.startswith(","))
        rest = rest[1:].lstrip(_BLANKS)
    raise _NotPlain
