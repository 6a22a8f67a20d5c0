"""What the newest version has to be: the step from the one before, and what asks for how large."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.project.api.added import read_export, recall_schema
from definition_of_done.project.docs.feature_page import feature_page_of
from definition_of_done.project.releases.added import read_linked
from definition_of_done.project.releases.changelog import (
    ChangelogPage,
    read_changelog_page,
    read_page_of,
)
from definition_of_done.project.releases.links import feature_targets
from definition_of_done.project.releases.steps import counted_from, follows_pre_release, step
from definition_of_done.project.releases.versions import Place, Versions, read_versions
from definition_of_done.project.semver import is_version, order
from definition_of_done.readers.graphql import MAJOR, MINOR, PATCH, Change, compare

if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.docs.feature_page import FeaturePage
    from definition_of_done.readers.markdown import Line

_COORDINATED = re.compile(r"coordinated\s*:\s*(?:yes|true)\b", re.I)


class Evidence(NamedTuple):
    """What was found that asks for a step, and what could not be looked at, in words."""

    found: tuple[Change, ...]
    unjudged: str = ""

    @property
    def level(self) -> int:
        """The step that all of it asks for."""
        return max((one.level for one in self.found), default=PATCH)

    @property
    def decisive(self) -> list[str]:
        """What asks for this step, and not for a smaller one."""
        return [one.what for one in self.found if one.level == self.level]


class Release(NamedTuple):
    """The newest version. `last` is the one that its step counts from, None for the first."""

    source: Place
    last: str | None
    evidence: Evidence

    @property
    def is_semantic(self) -> bool:
        """Whether the version has three numbers and can be compared."""
        return is_version(self.source.version or "")

    @property
    def step(self) -> int | None:
        """The step from `last`, None where it is not a single one."""
        return step(self.last, str(self.source.version)) if self.last else MAJOR

    @property
    def needed(self) -> int:
        """The least step that the evidence asks for; while the version is 0, no major one."""
        return capped(self.evidence.level, self.last)


def capped(level: int, last: str | None) -> int:
    """The step to ask for after a version: anything may change in a minor one while it is 0."""
    return min(level, MINOR) if last and order(last)[0][0] == 0 else level


def read_release(session: Session) -> Release:
    """The newest version with its evidence; raises Unreadable for a file that is broken."""
    versions = read_versions(session)
    version = versions.source.version or ""
    if not is_version(version):
        return Release(versions.source, None, Evidence(()))
    last = counted_from(version, versions.pages)
    evidence = _evidence(session, versions, version)
    if follows_pre_release(version, versions.pages):
        # The base may be at that pre-release: what changed since the last final one is not seen.
        unjudged = f"what changed since {last}, as {version} follows a pre-release"
        evidence = Evidence((), unjudged)
    return Release(versions.source, last, evidence)


def _evidence(session: Session, versions: Versions, version: str) -> Evidence:
    page = read_page_of(session, versions.page) if version in versions.pages else None
    features = (
        feature_changes(session, linked(session, page), read_linked(session, page)) if page else []
    )
    before, unjudged = compared_with(session)
    if before is None:
        return Evidence(tuple(features), unjudged)
    changes = schema_changes(session, before)
    # A version that stands on the base is not this branch's to step over.
    if not _is_released_here(session, before, versions, page):
        return Evidence(())
    return Evidence((*changes.found, *features), changes.unjudged)


def compared_with(session: Session) -> tuple[str | None, str]:
    """The commit that this release is compared with, None with the reason where there is none.

    On main itself with nothing staged there is none, and none is missed.
    """
    try:
        session.branch.changed_or_nothing()
    except NotEvaluated as error:
        exports = any(session.tree.exists(path) for path in session.config["schema-exports"])
        return None, f"the change of the schema: {error}" if exports else ""
    if session.branch.base is None and session.branch.change.whole:
        return None, ""
    return session.branch.base or "HEAD", ""


def schema_changes(session: Session, before: str) -> Evidence:
    """What the exported schemas changed since a commit, each change once.

    Raises Unreadable for a schema that is not GraphQL; one of the commit that is not, and a file
    that only one of the sides has, are not compared.
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
        for one in changes:
            found.setdefault(one.what, Change(one.level, f"{one.what} ({path})"))
    return Evidence(tuple(found.values()), unjudged)


def feature_changes(
    session: Session, features: Iterable[str], added: Iterable[str]
) -> list[Change]:
    """What feature pages ask for: one that must be coordinated, and one that is added.

    Raises Unreadable for a page that is not text.
    """
    coordinated = [
        Change(MAJOR, f"{path} says {line.text!r}")
        for path in dict.fromkeys(features)
        for line in _lines(feature_page_of(session, path))
        if _COORDINATED.match(line.text)
    ]
    new = [Change(MINOR, f"{path} stands under Added") for path in dict.fromkeys(added)]
    return [*coordinated, *new]


def _lines(page: FeaturePage) -> Iterator[Line]:
    yield from page.page.front_matter
    blocks = [*page.page.preamble, *(one for part in page.page.sections for one in part.blocks)]
    for block in blocks:
        yield from block.lines


def linked(session: Session, page: ChangelogPage) -> list[str]:
    """The feature pages that any link of a changelog page leads to."""
    hrefs = [link.href for link in page.page.links]
    return [one for one in feature_targets(session, page.path, hrefs) if session.tree.exists(one)]


def _is_released_here(
    session: Session, before: str, versions: Versions, page: ChangelogPage | None
) -> bool:
    """Whether the branch makes the version, or puts another feature into it."""
    path = page.path if page else versions.source.path
    try:
        old = session.branch.read_at(before, path)
    except FileNotFoundError:
        return True
    if page is None:
        return str(versions.source.version).encode() not in old
    earlier = read_changelog_page(path, old)
    return not set(linked(session, page)) <= set(linked(session, earlier))
