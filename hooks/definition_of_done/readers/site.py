"""A site's configuration, MkDocs' YAML and Zensical's TOML alike: settings, and the nav."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.base.text import Text, splice

if TYPE_CHECKING:
    from typing import TypeAlias

    Span: TypeAlias = tuple[int, int]
    Gist: TypeAlias = tuple[str | None, str, tuple[str, ...]]

# What each of them reads where `markdown_extensions` is not set, as far as links and anchors go.
_ALWAYS = ("toc", "tables", "fenced_code")
_ZENSICAL = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "pymdownx.details",
    "pymdownx.emoji",
    "pymdownx.superfences",
    "pymdownx.tabbed",
)
_NAV_MAKERS = (
    "api-autonav",
    "auto-nav",
    "autonav",
    "awesome-nav",
    "awesome-pages",
    "include_dir_to_nav",
    "literate-nav",
    "mkdocs-nav-weight",
    "monorepo",
    "multirepo",
    "nav-weight",
    "techdocs-core",
)


class NavEntry(NamedTuple):
    """A page or link in the nav.

    `target` is a path relative to docs_dir, or an address, and `spot` where it stands; `trail`
    holds the titles of the sections around it; `span` covers the entry from its title to its
    target, `title_span` the title alone, quotes and all.
    """

    title: str | None
    target: str
    spot: Spot
    trail: tuple[str, ...]
    span: Span
    title_span: Span | None

    @property
    def path(self) -> str:
        """The target as MkDocs looks it up: `./a//b.md` is `a/b.md`."""
        parts = [part for part in self.target.split("/") if part not in ("", ".")]
        return "/".join(parts) if not self.target.startswith("/") else self.target


class NavSection(NamedTuple):
    """A section of the nav; `trail` ends with its own title."""

    trail: tuple[str, ...]
    spot: Spot


class Nav(NamedTuple):
    """The nav as it stands in one file, in order; `spot` is its key."""

    text: Text
    spot: Spot
    entries: tuple[NavEntry, ...]
    sections: tuple[NavSection, ...]

    @property
    def gist(self) -> list[Gist]:
        """What the nav says, wherever it stands."""
        return [(one.title, one.target, one.trail) for one in self.entries]

    def retitled(self, entry: NavEntry, title: str) -> tuple[Edit, ...]:
        """The edit that gives an entry a title, none where that cannot be certain."""
        if entry.title_span:
            edit = Edit(self.text.path, *entry.title_span, self._scalar(title))
        else:
            edit = Edit(self.text.path, *entry.span, self._entry(title, entry.target))
        at = self.entries.index(entry)
        expected = self.gist
        expected[at] = (title, entry.target, entry.trail)
        return self._verified([edit], expected)

    def added(self, title: str, target: str, beside: NavEntry, *, after: bool) -> tuple[Edit, ...]:
        """The edits that put a new entry on the line below or above another one.

        None where the other does not stand on a line of its own, or the result would not read
        back as the nav with this one entry more.
        """
        entry = (title, target, beside.trail)
        return self._beside(beside, self._entry(title, target), "", entry, after=after)

    def copied(self, beside: NavEntry, old: str, new: str, *, after: bool) -> tuple[Edit, ...]:
        """The edits that put an entry beside another one that differs in one word alone.

        Quotes and the comment of the line are copied too. None as `added` says.
        """
        text, (start, end) = self.text, beside.span
        line = text.offset(text.spot(start).line)
        rest = text.text[end : line + len(text.line(text.spot(start).line))].lstrip(" \t,")
        gap = " " if rest else ""
        title = beside.title.replace(old, new) if beside.title else None
        entry = (title, beside.target.replace(old, new), beside.trail)
        source = text.text[start:end].replace(old, new)
        return self._beside(beside, source, gap + rest.replace(old, new), entry, after=after)

    def _beside(
        self, beside: NavEntry, source: str, rest: str, entry: Gist, *, after: bool
    ) -> tuple[Edit, ...]:
        text, (start, end) = self.text, beside.span
        number = text.spot(start).line
        first, last = text.offset(number), text.offset(number) + len(text.line(number))
        indent = text.text[first:start]
        comma = text.text[end:last].partition("#")[0].strip()
        is_alone = indent.strip() == ("" if self._is_toml else "-")
        if text.spot(end).line != number or not is_alone or comma not in ("", ","):
            return ()
        if after:
            edits = [Edit(text.path, last, last, f"\n{indent}{source}{comma}{rest}")]
            if self._is_toml and not comma:
                edits.insert(0, Edit(text.path, end, end, ","))
        else:
            comma = "," if self._is_toml else ""
            edits = [Edit(text.path, first, first, f"{indent}{source}{comma}{rest}\n")]
        expected = self.gist
        expected.insert(self.entries.index(beside) + after, entry)
        return self._verified(edits, expected)

    @property
    def _is_toml(self) -> bool:
        return self.text.path.endswith(".toml")

    def _entry(self, title: str, target: str) -> str:
        if self._is_toml:
            return f"{{ {self._scalar(title)} = {self._scalar(target)} }}"
        return f"{self._scalar(title)}: {self._scalar(target)}"

    def _scalar(self, value: str) -> str:
        if not self._is_toml:
            from definition_of_done.readers.mkdocs import is_plain

            if is_plain(value):
                return value
        return json.dumps(value, ensure_ascii=False)

    def _verified(self, edits: list[Edit], expected: list[Gist]) -> tuple[Edit, ...]:
        try:
            again = read_nav(Text(self.text.path, splice(self.text, edits)))
        except Unreadable:
            return ()
        same = again and again.gist == expected and _trails(again) == _trails(self)
        return tuple(edits) if same else ()


def _trails(nav: Nav) -> list[tuple[str, ...]]:
    return [section.trail for section in nav.sections]


class Tagged(NamedTuple):
    """A value behind a YAML tag that only Python could construct."""

    tag: str
    value: Any


class Site(NamedTuple):
    """What the configuration at `path` says, inherited values included.

    `files` are those it was read from; `nav` is None where none of them has one, and the tool
    makes it; `is_whole` says that every inherited file was there to be read.
    """

    path: str
    files: tuple[str, ...]
    settings: dict[str, Any]
    nav: Nav | None
    is_whole: bool

    @property
    def docs_dir(self) -> str:
        """The folder of the pages, relative to the root; may lead out of it."""
        value = self.settings.get("docs_dir")
        folder = value if isinstance(value, str) and value else "docs"
        return os.path.normpath(os.path.join(os.path.dirname(self.path), folder)).replace(
            os.sep, "/"
        )

    def holds(self, path: str) -> bool:
        """Whether a path lies in docs_dir."""
        return self.docs_dir == "." or path.startswith(f"{self.docs_dir}/")

    @property
    def makes_nav(self) -> bool:
        """Whether a plugin builds the nav, or part of it."""
        return any(name in _NAV_MAKERS for name in self.plugins)

    @property
    def is_zensical(self) -> bool:
        """Whether Zensical's own configuration is read."""
        return self.path.endswith(".toml")

    @property
    def uses_directory_urls(self) -> bool:
        """Whether the page a/b.md is served as a/b/."""
        return self.settings.get("use_directory_urls") is not False

    @property
    def plugins(self) -> dict[str, Any]:
        """The plugins with their options, without the prefix of a theme's own ones."""
        return {
            name.removeprefix("material/"): options
            for name, options in _named(self.settings.get("plugins"))
        }

    @property
    def extensions(self) -> dict[str, Any]:
        """The Markdown extensions with their options, those that are always on included."""
        configured = self.settings.get("markdown_extensions")
        found: dict[str, Any] = dict.fromkeys(_ALWAYS)
        if configured is None and self.is_zensical:
            found |= dict.fromkeys(_ZENSICAL)
        for name, options in _named(configured):
            short = name.removeprefix("markdown.extensions.")
            if short == "pymdownx" and isinstance(options, dict):
                # TOML writes a dotted name as tables within tables.
                found |= {f"pymdownx.{one}": inner for one, inner in options.items()}
            else:
                found[short] = options
        if "extra" in found or "pymdownx.extra" in found:
            extra = ("attr_list", "def_list", "footnotes", "md_in_html", "abbr")
            found |= {name: None for name in extra if name not in found}
        return found

    def patterns(self, key: str) -> list[str]:
        """The lines of a setting that lists files as .gitignore does."""
        value = self.settings.get(key)
        return value.splitlines() if isinstance(value, str) else []

    def level(self, *keys: str) -> str | None:
        """What `validation` says under these keys, None where it says nothing."""
        value = self.settings.get("validation")
        found = None
        for key in keys:
            if not isinstance(value, dict):
                break
            # A level of the whole group is that of each of its members.
            found = value.get(keys[-1], found)
            value = value.get(key)
        return value if isinstance(value, str) else found if isinstance(found, str) else None


def _named(value: object) -> Iterator[tuple[str, Any]]:
    """Names with options, of a list of names and mappings or of one mapping."""
    if isinstance(value, dict):
        yield from ((str(name), options) for name, options in value.items())
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict):
                yield from _named(one)
            elif isinstance(one, str):
                yield one, None


def read_site(path: str, load: Callable[[str], Text | None]) -> Site:
    """The site configured at `path`; `load` gives a file's text, None where it is not there.

    Raises Unreadable where a file of it is not YAML or TOML.
    """
    settings: dict[str, Any] = {}
    nav: Nav | None = None
    seen: list[str] = []
    at, is_whole = path, True
    while at not in seen:
        seen.append(at)
        text = load(at)
        if text is None:
            is_whole = False
            break
        here, found = _read(text)
        nav = nav or found
        settings = _merged(here, settings)
        parent = here.get("INHERIT")
        if not isinstance(parent, str):
            break
        at = os.path.normpath(os.path.join(os.path.dirname(at), parent)).replace(os.sep, "/")
    return Site(path, tuple(seen), settings, nav, is_whole)


def read_nav(text: Text) -> Nav | None:
    """The nav of one file, None where it has none; raises Unreadable."""
    return _read(text)[1]


def _read(text: Text) -> tuple[dict[str, Any], Nav | None]:
    if text.path.endswith(".toml"):
        from definition_of_done.readers.zensical import read_zensical

        return read_zensical(text)
    from definition_of_done.readers.mkdocs import read_mkdocs

    return read_mkdocs(text)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = _merged(old, value) if both and old else value
    return result
