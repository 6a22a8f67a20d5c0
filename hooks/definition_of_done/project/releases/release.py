"""The newest version: its step and the evidence for a larger one, or the release that is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.words import few, listed
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.graphql import read_export, recall_schema
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.docs.feature_page import COORDINATED, FeaturePage, feature_page_of
from definition_of_done.project.releases.changelog import (
    ChangelogPage,
    entry_pages,
    is_released,
    read_changelog_page,
    read_page_of,
)
from definition_of_done.project.releases.features import (
    feature_targets,
    features_under_added,
    landed_pages,
    leaves_the_rest,
)
from definition_of_done.project.releases.steps import NAMES, counted_from, follows_pre_release, step
from definition_of_done.project.releases.versions import Versions, read_versions
from definition_of_done.project.schemes import SEMVER, Scheme, names_version, numbers
from definition_of_done.project.settings import PER_FEATURE
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH, Change, compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.base.spots import Spot
    from definition_of_done.project.docs.kept_changelog import KeptChangelog
    from definition_of_done.project.releases.fragments import Fragments
    from definition_of_done.project.releases.version_files import Place
    from definition_of_done.readers.page import Line

# The sections that tell what is another than before.
_TELLING = ("Added", "Changed", "Fixed")


class Evidence(NamedTuple):
    """The changes that ask for a step; `unjudged` names what could not be compared, and why."""

    found: tuple[Change, ...]
    unjudged: str = ""

    @property
    def level(self) -> int:
        """The step that the changes ask for."""
        return max((change.level for change in self.found), default=PATCH)

    @property
    def decisive(self) -> list[str]:
        """The changes that ask for this step and not for a smaller one, in words."""
        return [change.what for change in self.found if change.level == self.level]


class Unsaid(NamedTuple):
    """Sections of the changelog page that say None, the first at `spot`, beside these reasons."""

    spot: Spot
    sections: list[str]
    reasons: list[str]


class Release(NamedTuple):
    """The newest version. Its step counts from the version `last`, None for the first version.

    `unsaid` holds what the branch's own page does not tell. `owed` says in words for what the
    branch owes a release, empty where it owes none. `kept` is the changelog that is one file, and
    `fragments` are those of another style.
    """

    source: Place
    last: str | None
    evidence: Evidence
    unsaid: Unsaid | None = None
    owed: str = ""
    scheme: Scheme = SEMVER
    kept: str = ""
    fragments: Fragments | None = None

    @property
    def is_of_scheme(self) -> bool:
        """True where the version keeps to the project's scheme, and can be compared."""
        return self.scheme.is_version(self.source.version or "")

    @property
    def step(self) -> int | None:
        """The step from `last`, None where it is no single step."""
        return step(self.scheme, self.last, str(self.source.version)) if self.last else MAJOR

    @property
    def needed(self) -> int:
        """The least step that the evidence asks for, never a major one while the version is 0."""
        return capped(self.evidence.level, self.last)


def capped(level: int, last: str | None) -> int:
    """Return a minor step instead of a major one while the version is 0: anything may change."""
    return min(level, MINOR) if last and numbers(last)[0] == 0 else level


def read_release(session: Session) -> Release:
    """Read the newest version with its evidence; raises Unreadable for a file that is broken."""
    versions = read_versions(session)
    version, scheme = versions.source.version or "", versions.scheme
    if versions.tool or versions.unjudged:
        # Fragments are judged all the same.
        nothing = Evidence((), versions.unjudged or versions.from_tags)
        return Release(versions.source._replace(version=None), None, nothing, scheme=scheme)
    if not scheme.is_version(version):
        return Release(versions.source, None, Evidence(()), scheme=scheme)
    last = counted_from(scheme, version, versions.pages)
    page = _page_of(session, versions)
    evidence = _evidence(session, versions, page)
    if follows_pre_release(scheme, version, versions.pages):
        # The base may be that pre-release, without the changes before it.
        unjudged = f"what changed since {last}, as {version} follows a pre-release"
        evidence = Evidence((), unjudged)
    unsaid = _unsaid(session, versions, page, evidence)
    kept = versions.kept.path if versions.kept else ""
    return Release(versions.source, last, evidence, unsaid, scheme=scheme, kept=kept)


def _unsaid(
    session: Session, versions: Versions, page: ChangelogPage | None, evidence: Evidence
) -> Unsaid | None:
    """The sections that say None on the branch's own page, beside what the evidence tells."""
    # One file has no sections that say None.
    if page is None or versions.kept or versions.page not in session.branch.changed:
        return None
    # A section of the team's own, such as Removed, may tell it.
    if any(section.name is None and not section.says_none for section in page.sections):
        return None
    silent = [
        section for section in page.sections if section.name in _TELLING and section.says_nothing
    ]
    breaks = [change.what for change in evidence.found if change.level == MAJOR]
    changed = [section for section in silent if section.name == "Changed"]
    if breaks and changed:
        return Unsaid(changed[0].heading.spot, ["Changed"], breaks)
    if evidence.found and len(silent) == len(_TELLING) and not landed_pages(session):
        return Unsaid(silent[0].heading.spot, list(_TELLING), evidence.decisive)
    return None


def _page_of(session: Session, versions: Versions) -> ChangelogPage | None:
    """The page of the source's version, or its entry in one file."""
    version = str(versions.source.version)
    if version not in versions.pages:
        return None
    if versions.kept:
        return next(page for page in entry_pages(versions.kept) if page.version == version)
    return read_page_of(session, versions.page)


def _evidence(session: Session, versions: Versions, page: ChangelogPage | None) -> Evidence:
    features: list[Change] = []
    if page:
        added = features_under_added(session, page)
        features = _coordinated(session, _linked_features(session, page))
        features += [Change(MINOR, f"{path} stands under Added") for path in added]
    before, unjudged = compared_with(session)
    if before is None:
        return Evidence(tuple(features), unjudged)
    changes = schema_changes(session, before)
    # Another branch has released the version, and chose its step.
    if not _is_released_here(session, before, versions, page):
        return Evidence(())
    return Evidence((*changes.found, *features), changes.unjudged)


def compared_with(session: Session) -> tuple[str | None, str]:
    """Return the commit that this release is compared with, else None and the reason.

    The reason is empty where there is nothing to compare: on main itself with nothing staged, and
    in a project without exported schemas.
    """
    try:
        session.branch.changed_or_nothing()
    except NotEvaluated as error:
        exports = any(session.tree.exists(path) for path in session.config["schema-exports"])
        return None, f"the change of the schema: {error}" if exports else ""
    if session.branch.base is None and session.branch.change.whole:
        return None, ""
    return session.branch.before, ""


def schema_changes(session: Session, before: str) -> Evidence:
    """Compare the exported schemas with those of a commit, and return each change once.

    A file that only one side has is left out, and one that is not GraphQL on the base is named as
    unjudged.
    """
    return session.cache.keep(f"schema changes {before}", lambda: _schema_changes(session, before))


def _schema_changes(session: Session, before: str) -> Evidence:
    found: dict[str, Change] = {}
    unjudged = ""
    for path in session.config["schema-exports"]:
        if not session.tree.exists(path):
            continue
        try:
            old = session.branch.read_at(before, path)
        except FileNotFoundError:
            continue
        if old == session.tree.read(path):
            continue
        new = read_export(session, path)
        try:
            changes = compare(recall_schema(session, path, old), new)
        except Unreadable as error:
            unjudged = f"the change of {path}: on the base it is {error.message}"
            continue
        for change in changes:
            found.setdefault(change.what, Change(change.level, f"{change.what} ({path})"))
    return Evidence(tuple(found.values()), unjudged)


def _coordinated(session: Session, features: Iterable[str]) -> list[Change]:
    """Return a change for each page that says that it must be coordinated."""
    return [
        Change(MAJOR, f"{path} says {line.text!r}")
        for path in dict.fromkeys(features)
        for line in _lines(feature_page_of(session, path))
        if COORDINATED.match(line.text)
    ]


def _lines(page: FeaturePage) -> Iterator[Line]:
    yield from page.page.front_matter
    in_sections = (block for section in page.page.sections for block in section.blocks)
    for block in (*page.page.preamble, *in_sections):
        yield from block.lines


def _linked_features(session: Session, page: ChangelogPage) -> list[str]:
    """Return the feature pages that any link of a changelog page leads to."""
    hrefs = [link.href for link in page.page.links]
    targets = feature_targets(session, page.path, hrefs)
    return [path for path in targets if session.tree.exists(path)]


def _is_released_here(
    session: Session, before: str, versions: Versions, page: ChangelogPage | None
) -> bool:
    """True where the branch makes the version, or puts another feature into it."""
    path = page.path if page else versions.source.path
    try:
        old = session.branch.read_at(before, path)
    except FileNotFoundError:
        return True
    if page is None:
        return str(versions.source.version).encode() not in old
    if versions.kept:
        from definition_of_done.project.docs.kept_changelog import read_kept_bytes

        pages = entry_pages(read_kept_bytes(session, path, old))
    else:
        pages = [read_changelog_page(path, old)]
    earlier = [known for known in pages if known.version == page.version]
    told = {target for known in earlier for target in _linked_features(session, known)}
    return not (earlier and set(_linked_features(session, page)) <= told)


def bump_evidence(session: Session) -> Evidence:
    """The changes of the branch that ask for a step of the version."""
    from definition_of_done.project.releases.stub import release_features

    before, unjudged = compared_with(session)
    schema = schema_changes(session, before) if before else Evidence((), unjudged)
    features = [feature.path for feature in release_features(session)]
    new = [Change(MINOR, f"{path} is a feature of the release") for path in features]
    return Evidence((*schema.found, *_coordinated(session, features), *new), schema.unjudged)


def last_version(session: Session, versions: Versions) -> str:
    """The version that the branch started from: the one before, where it was bumped already."""
    current = str(versions.source.version)
    before, _ = compared_with(session)
    if versions.tool:
        return current
    try:
        old = session.branch.read_at(before, versions.source.path) if before else b""
    except FileNotFoundError:
        old = b""
    if not old or current.encode() in old:
        return current
    return counted_from(versions.scheme, current, versions.pages) or current


def asked_level(session: Session) -> str:
    """The name of the step that the branch asks for, empty where the versions have no steps."""
    versions = read_versions(session)
    scheme, current = versions.scheme, versions.source.version
    if current is None or not scheme.is_version(current) or not scheme.has_levels:
        return ""
    return NAMES[capped(bump_evidence(session).level, last_version(session, versions))]


class Dues(NamedTuple):
    """`owed` says in words for what the branch owes a release, empty where it owes none.

    `is_put_off` is True where no page of a next version is due: releases are made apart, or the
    branch lands a part and names the rest.
    """

    owed: str = ""
    is_put_off: bool = False


@once
def read_dues(session: Session) -> Dues:
    """Read what the branch owes; raises Unreadable for a file that is broken."""
    if session.config["release"] != PER_FEATURE or fragments_folder(session):
        # Fragments are made into a release later.
        return Dues(is_put_off=True)
    before, _ = compared_with(session)
    versions = read_versions(session)
    if before is None or session.branch.change.state_only or versions.source.version is None:
        return Dues()
    if versions.tool:
        # A tag is set when the branch has landed: no file could carry the version before.
        return Dues()
    pages = landed_pages(session)
    if _is_carried(session, before, versions, pages):
        return Dues()
    whole = [page for page in pages if not leaves_the_rest(session, page)]
    if whole:
        return Dues(f"the branch brings what {whole[0].path} plans")
    if pages:
        return Dues(is_put_off=True)
    return Dues(listed(few(schema_changes(session, before).decisive, 3, 4)))


def is_asked_to_bump(session: Session) -> bool:
    """True where semver-level asks for the release, so that no other rule has to."""
    return "semver-level" in session.cache.rules and bool(read_dues(session).owed)


def _is_carried(
    session: Session, before: str, versions: Versions, landed: list[FeaturePage]
) -> bool:
    """True where the branch names another version, or writes on a page that is not out."""
    pages = [versions.page, *(versions.pages[version] for version in versions.newer)]
    if versions.kept and _adds_line(session, versions.kept):
        return True
    if not versions.kept and any(_is_written(session, path, landed) for path in pages):
        return True
    source, version = versions.source.path, versions.source.version
    if source not in session.branch.changed:
        return False
    try:
        old = session.branch.read_at(before, source).decode("utf-8", "replace")
    except FileNotFoundError:
        return True
    if source.endswith((".py", ".toml", ".json")):
        return f'"{version}"' not in old and f"'{version}'" not in old
    return not names_version(old, str(version))


def _adds_line(session: Session, kept: KeptChangelog) -> bool:
    """True where the branch writes a line below Unreleased, or below a new version."""
    from definition_of_done.project.docs.kept_changelog import read_before

    before = read_before(session, kept.path)
    old = {entry.name: entry.lines for entry in before.entries} if before else {}
    return any(
        set(entry.lines) - set(old.get(entry.name, ()))
        for entry in kept.entries
        if not (entry.version and entry.name in old)
    )


def _is_written(session: Session, path: str, landed: list[FeaturePage]) -> bool:
    """True where the branch begins a page, or adds what lands to one that is not out."""
    letter = session.branch.changed.get(path)
    if letter != "M" or is_released(session, path):
        return letter == "A"
    added = features_under_added(session, read_page_of(session, path))
    return not landed or any(page.path in added for page in landed)
