"""The state of a changelog page: out or not, the branch's own or not, and what it counts from."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.releases.changelog import page_paths
from definition_of_done.project.releases.released import is_released
from definition_of_done.project.releases.steps import counted_from, step
from definition_of_done.project.schemes import scheme_of
from definition_of_done.project.semver import version_of


class PageState(NamedTuple):
    """`is_own` is True for a page that the branch writes, `last` and `step` only known there."""

    is_released: bool | None
    is_own: bool
    last: str | None
    step: int | None = None


def page_state(session: Session, path: str) -> PageState:
    """The state of a changelog page."""
    is_out = is_released(session, path)
    if is_out is not False or path not in session.branch.changed:
        return PageState(is_out, is_own=False, last=None)
    versions = [version_of(page) for page in page_paths(session)]
    scheme, version = scheme_of(session), version_of(path)
    last = counted_from(scheme, version, versions)
    level = step(scheme, last, version) if last and scheme.has_levels else None
    return PageState(is_out, is_own=True, last=last, step=level)
