"""The project's version: its source, the places that repeat it, the changelog and the nav."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.rewrites import InString, Rewrite
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.project.changelog_style import changelog_file, fragments_folder
from definition_of_done.project.docs.site import read_site
from definition_of_done.project.layout import PYPROJECT, is_changelog_page, site_path
from definition_of_done.project.semver import is_version, order, version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.readers.nav import Nav
    from definition_of_done.readers.site import Site

_NAMES = ("__version__", "VERSION", "version")
# uv always writes this shape; to parse a megabyte of its lock file would take a second.
_UV_PACKAGE = re.compile(
    r'\[\[package\]\]\r?\nname = "[^"\n]*"\r?\nversion = "([^"\n]*)"\r?\n'
    r'source = \{ (?:virtual|editable) = "\." \}'
)


class Place(NamedTuple):
    """A file that names the version, or should: `version` is then None, `fault` the reason.

    `span` holds the offsets of the version's characters, None where they are not certain.
    """

    spot: Spot
    version: str | None
    span: tuple[int, int] | None
    fault: str = ""

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.spot.path

    def edits(self, version: str) -> tuple[Edit, ...]:
        """The edit that writes another version, none where that is not certain, or a rewrite's."""
        if self.span is None or self.path.endswith(".py"):
            return ()
        return (Edit(self.path, *self.span, version),)

    def rewrite(self, version: str) -> Rewrite | None:
        """The change of a Python file that writes another version, None where there is none."""
        if self.span is None or not self.path.endswith(".py"):
            return None
        return Rewrite(self.path, (InString(*self.span, version),))


class Versions(NamedTuple):
    """All places of the version. `pages` maps the versions of the changelog to their paths.

    `changelog` and `mkdocs` are the configured paths, empty where a project has none. `site` is
    None where the MkDocs file is missing. `is_untracked` says that the page of the source's version
    stands in the work tree, and git does not know it. `kept` is the changelog that is one file.
    """

    source: Place
    places: tuple[Place, ...]
    changelog: str
    pages: dict[str, str]
    mkdocs: str
    site: Site | None
    is_untracked: bool
    kept: KeptChangelog | None = None

    @property
    def page(self) -> str:
        """The path of the changelog page of the source's version, or of the one file."""
        if self.kept:
            return self.kept.path
        return f"{self.changelog}/{self.source.version}.md"

    @property
    def lacks_entry(self) -> bool:
        """True where there is a nav, and the page is not in it."""
        if self.nav is None or self.kept:
            return False
        return self.nav_target(self.page) not in [entry.path for entry in self.nav.entries]

    def at(self, version: str) -> Versions:
        """The same project with another version at its source."""
        return self._replace(source=self.source._replace(version=version))

    @property
    def newer(self) -> list[str]:
        """The versions of pages that are higher than the source's, in order."""
        version = self.source.version or ""
        if not is_version(version):
            return []
        return sorted((known for known in self.pages if order(known) > order(version)), key=order)

    @property
    def nav(self) -> Nav | None:
        """The nav, None where the site has none or a plugin makes it."""
        return self.site.nav if self.site and not self.site.makes_nav else None

    def nav_target(self, page: str) -> str:
        """The path of a page as the nav spells it, relative to docs_dir."""
        return page.removeprefix(f"{self.site.docs_dir}/") if self.site else page

    def nav_edits(self) -> tuple[Edit, ...]:
        """The edit that adds the page to the nav, none where that is not certain."""
        if self.nav is None or not is_version(self.source.version or ""):
            return ()
        version = str(self.source.version)
        versions = {self.nav_target(path): known for known, path in self.pages.items()}
        return version_edits(self.nav, versions, version)


def version_edits(nav: Nav, versions: dict[str, str], version: str) -> tuple[Edit, ...]:
    """Return the edits that add the page of a version to the nav, beside the next lower one.

    `versions` maps the targets of changelog pages to their versions. There are none where the nav
    holds no lower version.
    """
    siblings = [(versions[entry.path], entry) for entry in nav.entries if entry.path in versions]
    lower = [sibling for sibling in siblings if order(sibling[0]) < order(version)]
    if not lower:
        return ()
    newest_first = len(siblings) == 1 or order(siblings[0][0]) > order(siblings[-1][0])
    model, entry = lower[0] if newest_first else lower[-1]
    # What edits a nav loads its parser.
    from definition_of_done.readers.nav_edits import copied

    return copied(nav, entry, model, version, after=not newest_first)


def read_versions(session: Session) -> Versions:
    """Read the places of the version; raises Unreadable with the path of a file that is broken."""
    return session.cache.keep("versions", lambda: _read_versions(session))


def _read_versions(session: Session) -> Versions:
    config = session.config
    file = config["version-file"]
    source = config["version-source"] or file or PYPROJECT
    places = {
        path: _place(session, path) for path in dict.fromkeys((source, file, PYPROJECT)) if path
    }
    found = [place for path, place in places.items() if place and path != source]
    if session.tree.exists("uv.lock"):
        found += _uv_lock(session)
    kept = _kept(session)
    pages = {
        version_of(path): path
        for path in session.tree.tracked
        if is_changelog_page(session, path) and session.tree.exists(path)
    }
    if kept:
        versions = [entry.version for entry in kept.versions]
        pages = {version: kept.path for version in versions if is_version(version)}
    named = places[source] or Place(Spot(source), None, None, "names no version")
    # Fragments name no version.
    changelog = "" if fragments_folder(session) else config["changelog"]
    page = f"{changelog}/{named.version}.md"
    return Versions(
        named,
        tuple(found),
        kept.path if kept else changelog,
        pages,
        site_path(session),
        read_site(session),
        page not in session.tree.tracked_set and session.tree.exists(page),
        kept,
    )


def _kept(session: Session) -> KeptChangelog | None:
    if not changelog_file(session):
        return None
    from definition_of_done.project.docs.kept_changelog import read_kept

    return read_kept(session)


def named_version(session: Session, path: str) -> str | None:
    """Read the semantic version that a file names as a plain string, None where it names none."""
    try:
        place = _place(session, path)
    except Unreadable:
        return None
    return place.version if place and is_version(place.version or "") else None


def _place(session: Session, path: str) -> Place | None:
    """Read the version of a file, None for a pyproject.toml that need not name one."""
    if not session.tree.exists(path):
        if path == PYPROJECT:
            return None
        return Place(Spot(path), None, None, "is missing")
    return _pyproject(session, path) if path.endswith(".toml") else _module(session, path)


def _module(session: Session, path: str) -> Place:
    from definition_of_done.readers.bindings import Bindings
    from definition_of_done.readers.python import read_module

    module = read_module(path, session.tree.read(path))
    bound = Bindings(module.tree).bound
    name = next((name for name in _NAMES if name in bound), None)
    if name is None:
        return Place(Spot(path), None, None, "assigns none of __version__, VERSION, version")
    node = bound[name]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return Place(module.spot(node), None, None, f"computes {name}: it is not a string literal")
    start, end = module.offsets(node)
    literal = module.text.text[start:end]
    plain = literal in (f'"{node.value}"', f"'{node.value}'")
    return Place(module.spot(node), node.value, (start + 1, end - 1) if plain else None)


def _pyproject(session: Session, path: str) -> Place | None:
    from definition_of_done.readers.toml import locate_string, read_toml

    document = read_toml(path, session.tree.read(path))
    project = _table(document, "project")
    keys: tuple[str, ...] = ("project", "version")
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and "version" in dynamic:
        return None
    version = project.get("version")
    if version is None:
        keys = ("tool", "poetry", "version")
        version = _table(document, "tool", "poetry").get("version")
    if not isinstance(version, str):
        return None
    text = session.tree.text(path)
    span = locate_string(text, *keys)
    return Place(text.spot(span[0] - 1, span[1] + 1) if span else Spot(path), version, span)


def _table(document: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    """Return a table of a document, empty where there is none."""
    for key in keys:
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else {}
    return document


def _uv_lock(session: Session) -> Iterator[Place]:
    text = session.tree.text("uv.lock")
    for found in _UV_PACKAGE.finditer(text.text):
        yield Place(text.spot(found.start(1) - 1, found.end(1) + 1), found[1], found.span(1))
