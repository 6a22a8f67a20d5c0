"""A zensical.toml: values from tomli, and the places of the nav, which tomli does not tell."""

from __future__ import annotations

import re

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.nav import Nav, NavEntry, NavSection
from definition_of_done.readers.toml import locate_array, read_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.text import Text

_TOKEN = regex(
    r"(?P<space>\s+|#[^\n]*)"
    r'|(?P<string>"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''(?:[^'])*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*')"
    r"|(?P<bare>[A-Za-z0-9_+.:-]+)"
    r"|(?P<mark>[\[\]{},=])",
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
    spotless = _without_places(text, value)
    found = locate_array(text, *(("project", "nav") if is_table else ("nav",)))
    if found is None:
        return settings, spotless
    key, start = found
    parser = _NavParser(text, start)
    parser.array(())
    nav = Nav(text, text.spot(key), tuple(parser.entries), tuple(parser.sections))
    # The parser does not follow each spelling, such as a dotted key: then the places are unknown.
    return settings, nav if nav.gist == spotless.gist else spotless


class _Token(NamedTuple):
    kind: str
    start: int
    end: int
    value: str


class _NavParser:
    """The entries and sections of a nav, collected in order from an array that is valid TOML."""

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
                target = self._take()
                spot = self.text.spot(target.start)
                span = (target.start, target.end)
                self.entries.append(NavEntry(None, target.value, spot, trail, span, None))
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
                target = self._take()
                spot, title_span = self.text.spot(target.start), (key.start, key.end)
                span = (key.start, target.end)
                entry = NavEntry(key.value, target.value, spot, trail, span, title_span)
                self.entries.append(entry)
        end = self._take().end
        if len(self.entries) == first + 1 and self.entries[first].trail == trail:
            # A table of one entry is the entry.
            self.entries[first] = self.entries[first]._replace(span=(start, end))

    def _take(self) -> _Token:
        taken = self._next
        self._next = next(self._tokens, _Token("mark", taken.end, taken.end, "]"))
        return taken


def _tokens(text: str, start: int) -> Iterator[_Token]:
    import tomli

    at = start
    while found := _TOKEN.match(text, at):
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "space":
            continue
        value = found[0]
        if kind == "string":
            value = tomli.loads(f"x = {value}")["x"]
        yield _Token(kind, found.start(), at, value)


def _without_places(text: Text, value: list[object]) -> Nav:
    """The nav without its places: every entry has that of the file's first character."""
    entries: list[NavEntry] = []
    sections: list[NavSection] = []

    def collect(items: list[object], trail: tuple[str, ...]) -> None:
        for item in items:
            if isinstance(item, str):
                entries.append(NavEntry(None, item, Spot(text.path), trail, (0, 0), None))
            for title, content in item.items() if isinstance(item, dict) else ():
                if isinstance(content, list):
                    sections.append(NavSection((*trail, title), Spot(text.path)))
                    collect(content, (*trail, title))
                elif isinstance(content, str):
                    entry = NavEntry(title, content, Spot(text.path), trail, (0, 0), (0, 0))
                    entries.append(entry)

    collect(value, ())
    return Nav(text, Spot(text.path), tuple(entries), tuple(sections))
