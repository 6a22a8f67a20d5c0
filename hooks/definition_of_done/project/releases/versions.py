"""The project's version: its source, the places that repeat it, the changelog and the nav."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import once
from definition_of_done.project.changelog_style import (
    changelog_file,
    fragments_folder,
    unread_changelog,
)
from definition_of_done.project.docs.site import read_site
from definition_of_done.project.docs.version_headings import is_development, is_on_the_way
from definition_of_done.project.layout import PYPROJECT, is_changelog_page, site_path
from definition_of_done.project.releases.version_files import LOCKS, Place, read_places
from definition_of_done.project.releases.version_sources import (
    CARGO,
    PACKAGE,
    SETUP_CFG,
    SETUP_PY,
    Sources,
    declared_sources,
    find_sources,
    newest_tag,
)
from definition_of_done.project.schemes import (
    SCHEMES,
    SEMVER,
    Scheme,
    looks_like_version,
    other_scheme,
    scheme_of,
    version_of,
)
from definition_of_done.project.version_entries import KEY, Entry, entries_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.base.spots import Edit
    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.readers.nav import Nav
    from definition_of_done.readers.site import Site

_PLACEHOLDER = "0.0.0"


class Versions(NamedTuple):
    """All places of the version. `pages` maps the versions of the changelog to their paths.

    `changelog` and `mkdocs` are paths, empty where a project has none. `site` is None where the
    MkDocs file is missing. `is_untracked` says that the page of the source's version stands in the
    work tree, and git does not know it.

    `tool` is the one that reads the version from tags, empty where files name it: the source's
    version is then the newest tag's. `unjudged` says why the version is not judged: nothing tells
    it, and the team did not say that something must. `are_listed` is True where version-files names
    the places. `kept` is the changelog that is one file. `unread` says that the changelog has
    pages, all of another scheme.
    """

    source: Place
    places: tuple[Place, ...]
    changelog: str
    pages: dict[str, str]
    mkdocs: str
    site: Site | None
    is_untracked: bool
    kept: KeptChangelog | None = None
    scheme: Scheme = SEMVER
    tool: str = ""
    unjudged: str = ""
    are_listed: bool = False
    unread: str = ""

    @property
    def from_tags(self) -> str:
        """Say that no file names the version."""
        return f"the version comes from tags ({self.tool})"

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
        """The versions of pages that are higher than the source's and its release, in order."""
        version, order = self.source.version or "", self.scheme.order
        if not self.scheme.is_version(version):
            return []
        higher = (known for known in self.pages if order(known) > order(version))
        return sorted((known for known in higher if not is_on_the_way(version, known)), key=order)

    @property
    def keeps_page(self) -> bool:
        """True where the source's version has a page or must have one; development needs none."""
        version = str(self.source.version)
        return version in self.pages or not is_development(version)

    @property
    def nav(self) -> Nav | None:
        """The nav, None where the site has none or a plugin makes it."""
        return self.site.nav if self.site and not self.site.makes_nav else None

    def nav_target(self, page: str) -> str:
        """The path of a page as the nav spells it, relative to docs_dir."""
        return page.removeprefix(f"{self.site.docs_dir}/") if self.site else page

    def nav_entry(self, nav: Nav) -> str:
        """Quote the entry of the page as the nav would have it."""
        from definition_of_done.readers.nav_edits import quoted_entry

        return quoted_entry(nav, str(self.source.version), self.nav_target(self.page))

    def nav_edits(self) -> tuple[Edit, ...]:
        """The edit that adds the page to the nav, none where that is not certain."""
        if self.nav is None or not self.scheme.is_version(self.source.version or ""):
            return ()
        version = str(self.source.version)
        versions = {self.nav_target(path): known for known, path in self.pages.items()}
        return version_edits(self.scheme, self.nav, versions, version)


def version_edits(
    scheme: Scheme, nav: Nav, versions: dict[str, str], version: str
) -> tuple[Edit, ...]:
    """Return the edits that add the page of a version to the nav, beside the next lower one.

    `versions` maps the targets of changelog pages to their versions. There are none where the nav
    holds no lower version.
    """
    order = scheme.order
    siblings = [(versions[entry.path], entry) for entry in nav.entries if entry.path in versions]
    lower = [sibling for sibling in siblings if order(sibling[0]) < order(version)]
    if not lower:
        return ()
    newest_first = len(siblings) == 1 or order(siblings[0][0]) > order(siblings[-1][0])
    model, entry = lower[0] if newest_first else lower[-1]
    # What edits a nav loads its parser.
    from definition_of_done.readers.nav_edits import copied

    return copied(nav, entry, model, version, after=not newest_first)


@once
def read_versions(session: Session) -> Versions:
    """Read the places of the version; raises Unreadable with the path of a file that is broken."""
    config, scheme = session.config, scheme_of(session)
    sources = _sources(session)
    places = [place for entry in sources.entries for place in _places(session, entry)]
    locks = [] if sources.tool else list(_locks(session, sources))
    if sources.is_found:
        places, locks = _newest_first(scheme, places, locks)
    source = places.pop(0) if places else Place(Spot(PYPROJECT), None, None, "names no version")
    if sources.tool:
        source = _tagged(session, scheme, sources.tool)
    kept = None
    if changelog_file(session):
        from definition_of_done.project.docs.kept_changelog import read_kept

        kept = read_kept(session)
    pages = {
        version_of(path): path
        for path in session.tree.tracked
        if is_changelog_page(session, path) and session.tree.exists(path)
    }
    if not pages:
        scheme = _shown_scheme(session, source)
    if kept:
        named = [entry.version for entry in kept.versions]
        pages = {version: kept.path for version in named if scheme.is_version(version)}
    # Fragments name no version.
    changelog = "" if fragments_folder(session) else config["changelog"]
    page = f"{changelog}/{source.version}.md"
    versions = Versions(
        source,
        (*places, *locks),
        kept.path if kept else changelog,
        pages,
        site_path(session),
        read_site(session),
        page not in session.tree.tracked_set and session.tree.exists(page),
        kept,
        scheme,
        sources.tool,
        are_listed=config[KEY] is not None,
        unread="" if pages else _unread(session),
    )
    if source.version is None and not _is_asked(session, versions):
        told = f"{source.path} {source.fault}" if sources.entries else "no file names the version"
        is_told = config.is_set(KEY) or config.is_set("version-file")
        advice = "" if is_told else f": set {KEY}"
        told = versions.from_tags if sources.tool else f"{told}{advice}"
        versions = versions._replace(unjudged=told)
    return _without_defaults(session, versions)


def _shown_scheme(session: Session, source: Place) -> Scheme:
    """The scheme of the settings; where they name none, that which the version itself shows."""
    scheme = scheme_of(session)
    # Node and Cargo know semantic versions alone.
    if session.config.is_set("version-scheme") or source.path.endswith((PACKAGE, CARGO)):
        return scheme
    return SCHEMES.get(other_scheme(scheme, source.version or ""), scheme)


def _unread(session: Session) -> str:
    """Say that the changelog is no Markdown, or has pages of another scheme alone; else empty."""
    home = f"{session.config['changelog']}/"
    tracked = session.tree.tracked
    pages = [path for path in tracked if path.startswith(home) and path.endswith(".md")]
    page = next((path for path in pages if looks_like_version(path[len(home) : -3])), "")
    if page:
        return f"{page} does not name {scheme_of(session).noun}: set version-scheme"
    other = unread_changelog(session)
    return f"{other} is no Markdown, and is not read" if other else ""


def _newest_first(
    scheme: Scheme, places: list[Place], locks: list[Place]
) -> tuple[list[Place], list[Place]]:
    """Put the highest version first where no key names the source: a version goes up alone.

    What a team never releases, as 0.0.0, is left out beside a version.
    """
    named = [place for place in places if place.version != _PLACEHOLDER]
    if named and named != places:
        places = named
        locks = [place for place in locks if place.version != _PLACEHOLDER]
    if all(scheme.is_version(place.version or "") for place in places):
        places.sort(key=lambda place: scheme.order(str(place.version)), reverse=True)
    return places, locks


def _is_asked(session: Session, versions: Versions) -> bool:
    """True where a key names a file, or the default one is not the only trace of a version."""
    config = session.config
    keys = [key for key in (KEY, "version-source", "version-file") if config.is_set(key)]
    if keys:
        return any(config[key] for key in keys)
    is_default = versions.source.path == config["version-file"]
    return is_default and bool(versions.places or versions.pages)


def _without_defaults(session: Session, versions: Versions) -> Versions:
    """Take out a changelog and a site that are defaults, and that the project does not have."""
    config, nav = session.config, versions.nav
    prefix = f"{versions.site.docs_dir}/" if versions.site else ""
    is_kept = (
        config.is_set("changelog")
        or versions.pages
        or versions.is_untracked
        or (nav and any(is_changelog_page(session, prefix + entry.path) for entry in nav.entries))
    )
    if not is_kept:
        versions = versions._replace(changelog="")
    if versions.site is None and not config.is_set("mkdocs"):
        versions = versions._replace(mkdocs="")
    return versions


def _sources(session: Session) -> Sources:
    """Return the files that the settings name, else what is found; pyproject.toml may lead on."""
    config = session.config
    file, source, files = config["version-file"], config["version-source"], config[KEY]
    has_file = config.is_set("version-file") or (bool(file) and session.tree.exists(file))
    if files is not None:
        given = entries_of(files)
        known = ["", *(entry.path for entry in given)]
        more = (source, file if config.is_set("version-file") else "")
        given += [Entry(path) for path in more if path and path not in known]
        given.sort(key=lambda entry: entry.path != source)
    elif source or has_file:
        paths = dict.fromkeys((source or file or PYPROJECT, file if has_file else "", PYPROJECT))
        given = [Entry(path) for path in paths if path]
    else:
        return find_sources(session)._replace(is_found=True)
    entries: list[Entry] = []
    tool = ""
    for entry in given:
        declared = Sources((entry,)) if entry != Entry(PYPROJECT) else declared_sources(session)
        if not (declared.entries or declared.tool) and _lost_version(session):
            declared = Sources((entry,))
        known = [known.path for known in entries]
        entries += [new for new in declared.entries if new.pattern or new.path not in known]
        tool = tool or declared.tool
    return Sources(tuple(entries), "" if entries else tool)


def _lost_version(session: Session) -> bool:
    """True where the branch takes the version out of pyproject.toml, and no tool makes one.

    One that it moves, or replaces by a setup file, is not lost.
    """
    try:
        letters = session.branch.changed_or_nothing()
    except NotEvaluated:
        return False
    if letters.get(PYPROJECT) == "D":
        written = {path.rpartition("/")[2] for path, letter in letters.items() if letter != "D"}
        is_kept = not written.isdisjoint((PYPROJECT, SETUP_CFG, SETUP_PY))
    else:
        is_kept = letters.get(PYPROJECT) != "M" or b"dynamic" in session.tree.read(PYPROJECT)
    if is_kept:
        return False
    before = read_places(Entry(PYPROJECT), session.branch.read_before(PYPROJECT))
    return any(place.version is not None for place in before)


def _places(session: Session, entry: Entry) -> list[Place]:
    if not session.tree.exists(entry.path):
        return [Place(Spot(entry.path), None, None, "is missing")]
    return read_places(entry, session.tree.read(entry.path))


def _locks(session: Session, sources: Sources) -> Iterator[Place]:
    """Yield the places in lock files, which repeat what the file beside them says."""
    owners = dict.fromkeys(entry.path for entry in sources.entries)
    if session.config[KEY] is None:
        owners[PYPROJECT] = None
    for owner in owners:
        folder, mark, name = owner.rpartition("/")
        for lock in LOCKS.get(name, ()):
            path = folder + mark + lock
            if path not in owners and session.tree.exists(path):
                found = read_places(Entry(path), session.tree.read(path))
                yield from (place for place in found if place.version is not None)


def _tagged(session: Session, scheme: Scheme, tool: str) -> Place:
    """The version of the newest tag as that of the source, which no file names."""
    tag = newest_tag(session, scheme)
    path = next((path for path in (PYPROJECT, SETUP_CFG) if session.tree.exists(path)), SETUP_PY)
    return Place(Spot(path), tag.version if tag else None, None, f"leaves it to {tool}")
