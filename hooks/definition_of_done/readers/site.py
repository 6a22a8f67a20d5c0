"""A site's configuration, MkDocs' YAML and Zensical's TOML alike: settings, and the nav."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from definition_of_done.base.text import Text
from definition_of_done.readers.nav import Nav

if TYPE_CHECKING:
    pass


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
