"""A site's configuration, MkDocs' YAML and Zensical's TOML alike: settings, and the nav."""

from __future__ import annotations

import os

from definition_of_done.base.records import NamedTuple
from definition_of_done.readers.nav import Nav, NavEntry, NavSection, Tagged
from definition_of_done.readers.packed import packing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from definition_of_done.base.text import Text

    Part: TypeAlias = tuple[dict[str, object], Nav | None]

# The extensions that are on without `markdown_extensions`, as far as links and anchors depend on
# them: first those of both tools, then those of Zensical alone.
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
# Of a part of a site.
PACKING = packing(NavEntry, NavSection, Nav, Tagged)
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


class Site(NamedTuple):
    """The configuration at `path`, with the values that it inherits.

    `files` are the files that it was read from. `nav` is None where none of them has one: the tool
    then makes it. `is_whole` is True where every inherited file exists.
    """

    path: str
    files: tuple[str, ...]
    settings: dict[str, object]
    nav: Nav | None
    is_whole: bool

    @property
    def docs_dir(self) -> str:
        """The folder of the pages, relative to the root; it may lie outside of the root."""
        value = self.settings.get("docs_dir")
        return _beside(self.path, value if isinstance(value, str) and value else "docs")

    def holds(self, path: str) -> bool:
        """True where a path lies in docs_dir."""
        return self.docs_dir == "." or path.startswith(f"{self.docs_dir}/")

    @property
    def makes_nav(self) -> bool:
        """True where a plugin makes the nav, or part of it."""
        return any(name in _NAV_MAKERS for name in self.plugins)

    @property
    def uses_directory_urls(self) -> bool:
        """True where the page a/b.md is served as a/b/."""
        return self.settings.get("use_directory_urls") is not False

    @property
    def plugins(self) -> dict[str, object]:
        """The plugins with their options; the names have no prefix of a theme."""
        return {
            name.removeprefix("material/"): options
            for name, options in _named(self.settings.get("plugins"))
        }

    @property
    def extensions(self) -> dict[str, object]:
        """The Markdown extensions with their options, with those that are always on."""
        configured = self.settings.get("markdown_extensions")
        found: dict[str, object] = dict.fromkeys(_ALWAYS)
        if configured is None and self.path.endswith(".toml"):
            found |= dict.fromkeys(_ZENSICAL)
        for name, options in _named(configured):
            short = name.removeprefix("markdown.extensions.")
            if short == "pymdownx" and isinstance(options, dict):
                # In TOML a dotted name is a table within a table.
                found |= {f"pymdownx.{part}": inner for part, inner in options.items()}
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
        """The level that `validation` has under these keys, None where it has none."""
        value = self.settings.get("validation")
        found = None
        for key in keys:
            if not isinstance(value, dict):
                break
            # The level of a group is that of each of its members.
            found = value.get(keys[-1], found)
            value = value.get(key)
        return value if isinstance(value, str) else found if isinstance(found, str) else None


def _beside(file: str, path: str) -> str:
    """The path relative to the root, for a path that a file gives relative to its folder."""
    return os.path.normpath(os.path.join(os.path.dirname(file), path)).replace(os.sep, "/")


def _named(value: object) -> Iterator[tuple[str, object]]:
    """Yield names with their options, from a mapping or from a list of names and mappings."""
    if isinstance(value, dict):
        yield from ((str(name), options) for name, options in value.items())
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _named(item)
            elif isinstance(item, str):
                yield item, None


def read_site(
    path: str, load: Callable[[str], Text | None], read: Callable[[Text], Part] | None = None
) -> Site:
    """The site configured at `path`; `load` returns a file's text, None where there is no file.

    `read` stands for `read_part`. Raises Unreadable where one of its files is not YAML or TOML.
    """
    settings: dict[str, object] = {}
    nav: Nav | None = None
    seen: list[str] = []
    at, is_whole = path, True
    while at not in seen:
        seen.append(at)
        text = load(at)
        if text is None:
            is_whole = False
            break
        file_settings, file_nav = (read or read_part)(text)
        nav = nav or file_nav
        settings = _merged(file_settings, settings)
        parent = file_settings.get("INHERIT")
        if not isinstance(parent, str):
            break
        at = _beside(at, parent)
    return Site(path, tuple(seen), settings, nav, is_whole)


def read_part(text: Text) -> Part:
    """The settings of one file, and its nav, None where it has none.

    Raises Unreadable where it is not YAML or TOML.
    """
    if text.path.endswith(".toml"):
        from definition_of_done.readers.zensical import read_zensical

        return read_zensical(text)
    from definition_of_done.readers.mkdocs import read_mkdocs

    return read_mkdocs(text)


def _merged(inherited: Mapping[str, object], nearer: Mapping[str, object]) -> dict[str, object]:
    """The settings with the nearer value of each key; mappings are merged key by key."""
    result = dict(inherited)
    for key, value in nearer.items():
        old = result.get(key)
        if old and isinstance(old, dict) and isinstance(value, dict):
            result[key] = _merged(old, value)
        else:
            result[key] = value
    return result
