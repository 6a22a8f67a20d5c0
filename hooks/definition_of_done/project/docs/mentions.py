"""What sections of feature pages name: words, paths, and text as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import dirname, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from definition_of_done.base.spots import Spot
from definition_of_done.project.docs.feature_page import FeaturePage, PageSection

if TYPE_CHECKING:
    from definition_of_done.project.releases.changelog import ChangelogSection

_PATH = re.compile(r"(?<![\w./@~-])(?:\./)?[\w.-]+(?:/[\w.@-]+)*/[\w@-][\w.@-]*\.\w+(?![\w/])")


class Mentions:
    """All that one or more sections say, on one page or on several."""

    def __init__(self, sections: Iterable[PageSection | ChangelogSection]) -> None:
        sections = list(sections)
        pieces = [piece for one in sections for piece in one.section.pieces]
        links = [link for one in sections for link in one.links]
        self.words = "\n".join(" ".join(piece.text.split()) for piece in pieces)
        self.targets = {target(one.spot.path, one.href) for one in links}

    def has_word(self, name: str) -> bool:
        """Whether a name stands there as a word of its own."""
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.words) is not None

    def has_path(self, path: str) -> bool:
        """Whether a path stands there, or is what the target of a link ends in."""
        if any(one == path or one.endswith("/" + path) for one in self.targets):
            return True
        return re.search(rf"(?<![\w/.-]){re.escape(path)}(?![\w/-]|\.\w)", self.words) is not None

    def has_file(self, path: str) -> bool:
        """Whether a file stands there: its path, its name, or the module that it is."""
        if any(one == path or one.endswith("/" + path) for one in self.targets):
            return True
        module = path.removesuffix(".py").replace("/", ".")
        return self.has_word(path.rpartition("/")[2]) or self.has_word(module)

    def has_text(self, text: str) -> bool:
        """Whether a text stands there, whatever its blanks."""
        return " ".join(text.split()) in self.words


def target(page: str, href: str) -> str:
    """Where a link of a page leads, from the root, without fragment; a URL as it is."""
    path = unquote(href.partition("#")[0].partition("?")[0])
    if "://" in path or not path:
        return path
    if path.startswith("/"):
        return path
    return normpath(f"{dirname(page)}/{path}")


def named_paths(section: PageSection) -> Iterable[tuple[str, Spot]]:
    """The paths of files that a section names in its text and code, each where it stands."""
    for piece in section.section.pieces:
        if "://" in piece.text or "\n" in piece.text:
            continue
        for found in _PATH.finditer(piece.text):
            line, column = piece.spot.line, piece.spot.column + found.start()
            spot = Spot.of(piece.spot.path, line, column, len(found[0]))
            yield found[0].removeprefix("./"), spot


def heading_spot(pages: Iterable[FeaturePage], name: str) -> Spot:
    """Where a section of the first page that has it starts, else the first page itself."""
    first = None
    for page in pages:
        section = page.section(name)
        if section is not None:
            return section.heading.spot
        first = first or page.start
    assert first is not None
    return first
