"""A zensical.toml: its values through tomllib, and the places of its nav, which tomllib hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text
from definition_of_done.readers.nav import Nav, NavEntry, NavSection
from definition_of_done.readers.toml import locate_array, read_toml

_TOKEN = re.compile(
    r"(?P<space>\s+|#[^\n]*)"
    r'|(?P<string>"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''(?:[^'])*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*')"
    r"|(?P<bare>[A-Za-z0-9_+.:-]+)"
    r"|(?P<mark>[\[\]{},=])",
    re.S,
)


def read_zensical(text: Text) -> tuple[dict[str, Any], Nav | None]:
    """The settings of the file, and its nav; raises Unreadable where it is not TOML."""
    document = read_toml(text.path, text.text.encode("utf-8", "surrogatepass"))
    is_table = isinstance(document.get("project"), dict)
    settings: dict[str, Any] = dict(document["project"] if is_table else document)
    value = settings.pop("nav", None)
    if not isinstance(value, list):
        return settings, None
    spotless = _without_places(text, value)
    found = locate_array(text, *(("project", "nav") if is_table else ("nav",)))
    if found is None:
        return settings, spotless
    key, start = found
    reader = _Reader(text, start)
    reader.array(())
    nav = Nav(text, text.spot(key), tuple(reader.entries), tuple(reader.sections))
    # A spelling that the tokens do not show, such as a dotted key, costs the places alone.
    return settings, nav if nav.gist == spotless.gist else spotless


class _Token(NamedTuple):
    kind: str
    start: int
    end: int
    value: str


class _Reader:
    """Collects the entries and sections of an array that is known to be TOML, in order."""

    def __init__(self, text: Text, start: int) -> None:
        self.text = text
        self.entries: list[NavEntry] = []
        self.sections: list[NavSection] = []
        self._tokens = _tokens(text.text, start)
        self._next = next(self._tokens)

    def array(self, trail: tuple[str, ...]) -> None:
        self._take()
        while self._next.value != "]" or self._next.kind != "mark":
            if self._next.value == "{" and self._next.kind == "mark":
                self._table(trail)
            elif self._next.kind == "string":
                one = self._take()
                spot = self.text.spot(one.start)
                span = (one.start, one.end)
                self.entries.append(NavEntry(None, one.value, spot, trail, span, None))
            else:
                self._take()
        self._take()

    def _table(self, trail: tuple[str, ...]) -> None:
        start = self._take().start
        first = len(self.entries)
        while self._next.value != "}" or self._next.kind != "mark":
            key = self._take()
            if key.kind == "mark":
                continue
            self._take()
            if self._next.kind == "mark":
                inside = (*trail, key.value)
                self.sections.append(NavSection(inside, self.text.spot(key.start, key.end)))
                self.array(inside)
            else:
                value = self._take()
                spot, title = self.text.spot(value.start), (key.start, key.end)
                span = (key.start, value.end)
                self.entries.append(NavEntry(key.value, value.value, spot, trail, span, title))
        end = self._take().end
        if len(self.entries) == first + 1 and self.entries[first].trail == trail:
            # A table of one entry is the entry.
            self.entries[first] = self.entries[first]._replace(span=(start, end))

    def _take(self) -> _Token:
        taken = self._next
        self._next = next(self._tokens, _Token("mark", taken.end, taken.end, "]"))
        return taken


def _tokens(text: str, start: int) -> Iterator[_Token]:
    import tomllib

    at = start
    while found := _TOKEN.match(text, at):
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "space":
            continue
        value = found[0]
        if kind == "string":
            value = tomllib.loads(f"x = {value}")["x"]
        yield _Token(kind, found.start(), at, value)


def _without_places(text: Text, value: list[Any]) -> Nav:
    """The nav of a file that spells it as tables of their own: every entry at the first line."""
    entries: list[NavEntry] = []
    sections: list[NavSection] = []

    def collect(items: list[Any], trail: tuple[str, ...]) -> None:
        for item in items:
            if isinstance(item, str):
                entries.append(NavEntry(None, item, Spot(text.path), trail, (0, 0), None))
            for title, one in item.items() if isinstance(item, dict) else ():
                if isinstance(one, list):
                    sections.append(NavSection((*trail, title), Spot(text.path)))
                    collect(one, (*trail, title))
                elif isinstance(one, str):
                    entry = NavEntry(title, one, Spot(text.path), trail, (0, 0), (0, 0))
                    entries.append(entry)

    collect(value, ())
    return Nav(text, Spot(text.path), tuple(entries), tuple(sections))
