"""The nav of a site with its places, and values with a tag, as the file of the site has them."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from definition_of_done.base.spots import Spot
    from definition_of_done.base.text import Text

    Span: TypeAlias = tuple[int, int]
    Gist: TypeAlias = tuple[str | None, str, tuple[str, ...]]


class Tagged(NamedTuple):
    """A value with a YAML tag of which only Python can make an object."""

    tag: str
    value: object


class NavEntry(NamedTuple):
    """A page or link in the nav.

    `target` is a path relative to docs_dir, or an address; `spot` is the target's place. `trail`
    holds the titles of the sections around the entry. `span` is that of the entry from its title
    to its target, `title_span` that of the title, both with quotes.
    """

    title: str | None
    target: str
    spot: Spot
    trail: tuple[str, ...]
    span: Span
    title_span: Span | None

    @property
    def path(self) -> str:
        """The target as MkDocs looks it up: `a/b.md` for `./a//b.md`."""
        parts = [part for part in self.target.split("/") if part not in ("", ".")]
        return "/".join(parts) if not self.target.startswith("/") else self.target


class NavSection(NamedTuple):
    """A section of the nav; `trail` ends with its own title."""

    trail: tuple[str, ...]
    spot: Spot


class Nav(NamedTuple):
    """The nav of one file, in order; `spot` is the place of its key."""

    text: Text
    spot: Spot
    entries: tuple[NavEntry, ...]
    sections: tuple[NavSection, ...]

    @property
    def gist(self) -> list[Gist]:
        """Title, target and trail of each entry, without places."""
        return [(entry.title, entry.target, entry.trail) for entry in self.entries]

    @property
    def trails(self) -> list[tuple[str, ...]]:
        """The titles that lead to each section."""
        return [section.trail for section in self.sections]

    @property
    def is_toml(self) -> bool:
        """True for the nav of a Zensical file."""
        return self.text.path.endswith(".toml")
