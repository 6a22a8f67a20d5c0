"""The release that a branch owes: a page plans its code or its schema grows, and no bump."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session, once
from definition_of_done.project.changelog_style import fragments_folder
from definition_of_done.project.releases.added import features_under_added
from definition_of_done.project.releases.changelog import read_page_of
from definition_of_done.project.releases.landed import landed_pages, leaves_the_rest
from definition_of_done.project.releases.levels import shortened
from definition_of_done.project.releases.release import compared_with, schema_changes
from definition_of_done.project.releases.released import is_released
from definition_of_done.project.releases.versions import Versions, read_versions
from definition_of_done.project.schemes import names_version
from definition_of_done.project.settings import PER_FEATURE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.project.docs.feature_page import FeaturePage
    from definition_of_done.project.docs.kept_changelog import KeptChangelog


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
    return Dues(shortened(schema_changes(session, before).decisive))


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
