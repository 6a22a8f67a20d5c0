"""The step of the version that the branch asks for, and the version that it counts from."""

from __future__ import annotations

from definition_of_done.project.releases.release import (
    Evidence,
    capped,
    compared_with,
    feature_changes,
    schema_changes,
)
from definition_of_done.project.releases.steps import NAMES, counted_from
from definition_of_done.project.releases.stub import release_features
from definition_of_done.project.releases.versions import read_versions
from definition_of_done.readers.graphql import MINOR, Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session
    from definition_of_done.project.releases.versions import Versions


def bump_evidence(session: Session) -> Evidence:
    """The changes of the branch that ask for a step of the version."""
    before, unjudged = compared_with(session)
    schema = schema_changes(session, before) if before else Evidence((), unjudged)
    features = [feature.path for feature in release_features(session)]
    new = [Change(MINOR, f"{path} is a feature of the release") for path in features]
    found = (*schema.found, *feature_changes(session, features, ()), *new)
    return Evidence(found, schema.unjudged)


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
