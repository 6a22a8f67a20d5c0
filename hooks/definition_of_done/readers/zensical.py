"""A zensical.toml: values from tomli, and the places of the nav, which tomli does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.text import Text
from definition_of_done.readers.nav import Nav, NavEntry, NavSection
from definition_of_done.readers.toml import locate_array, read_toml

_TOKEN = regex(
    r"(?P<gap>[\s,=]+|#[^\n]*)"
    r'|(?P<string>"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''(?:[^'])*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*')"
    r"|(?P<bare>[A-Za-z0-9_+.:-]+|[\[\]{}])",
    re.S,
)


def read_zensical(text: Text) -> tuple[dict[str, object], Nav | None]:
    """The settings of the file, and its nav; raises Unreadable where it is not TOML."""
    document = read_toml(text.path, text.text.encode("utf-8", "surrogatepass"))
    is_table = isinstance(document.get("project"), dict)
    settings: dict[str, object] = dict(document["project"] if is_table else document)
    value = settings.pop("nav", None)
    if not isinstance(value, list):
        return settings, None
    found = locate_array(text, *(("project", "nav") if is_table else ("nav",)))
    if found:
        key, start = found
        with suppress(_OtherSpelling):
            return settings, _NavReader(text, _tokens(text.text, start)).read(value, key)
    return settings, _NavReader(text, None).read(value, 0)


class _OtherSpelling(Exception):
    """The nav is spelled in a way that its reader does not follow, such as with a dotted key."""


class _Token(NamedTuple):
    start: int
    end: int
    value: str


class _NavReader:
    """Finds the values of a nav again among its tokens, in the same order.

    Without tokens the places are unknown: all is at the first character of the file.
    """

    def __init__(self, text: Text, tokens: Iterator[_Token] | None) -> None:
        self._text = text
        self._tokens = tokens
        self._entries: list[NavEntry] = []
        self._sections: list[NavSection] = []

    def read(self, value: list[object], key: int) -> Nav:
        """The nav of a value, whose key stands at an offset."""
        self._array(value, ())
        return Nav(self._text, self._text.spot(key), tuple(self._entries), tuple(self._sections))

    def _array(self, items: list[object], trail: tuple[str, ...]) -> None:
        self._take("[")
        for item in items:
            if isinstance(item, dict):
                self._table(item, trail)
            elif isinstance(item, str):
                self._entry(None, item, trail)
            else:
                self._take(None)
        self._take("]")

    def _table(self, table: dict[str, object], trail: tuple[str, ...]) -> None:
        start = self._take("{").start
        first = len(self._entries)
        for title, content in table.items():
            key = self._take(title)
            if isinstance(content, list):
                spot = self._text.spot(key.start, key.end or None)
                self._sections.append(NavSection((*trail, title), spot))
                self._array(content, (*trail, title))
            elif isinstance(content, str):
                self._entry(key, content, trail)
            else:
                self._take("")
        end = self._take("}").end
        if len(self._entries) == first + 1 and self._entries[first].trail == trail:
            # A table of one entry is the entry.
            self._entries[first] = self._entries[first]._replace(span=(start, end))

    def _entry(self, key: _Token | None, value: str, trail: tuple[str, ...]) -> None:
        target = self._take(value)
        title, start = (key.value, key.start) if key else (None, target.start)
        spot, title_span = self._text.spot(target.start), key and (key.start, key.end)
        entry = NavEntry(title, value, spot, trail, (start, target.end), title_span)
        self._entries.append(entry)

    def _take(self, value: str | None) -> _Token:
        """The next token, which must have the value, None for any."""
        if self._tokens is None:
            return _Token(0, 0, value or "")
        token = next(self._tokens, None)
        if token is None or value not in (token.value, None):
            raise _OtherSpelling
        return token


def _tokens(text: str, start: int) -> Iterator[_Token]:
    """Yield strings, bare words and brackets from an offset on."""
    import tomli

    at = start
    while found := _TOKEN.match(text, at):
        at = found.end()
        if found["string"]:
            yield _Token(found.start(), at, tomli.loads(f"x = {found[0]}")["x"])
        elif found["bare"]:
            yield _Token(found.start(), at, found[0])
