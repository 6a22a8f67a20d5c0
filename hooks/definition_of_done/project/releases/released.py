"""The changelog pages that are out, by the tags and by the base, and those of the branch."""

from __future__ import annotations

import os

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import git
from definition_of_done.engine.session import Session
from definition_of_done.project.releases.changelog import page_paths
from definition_of_done.project.schemes import SEMVER, pep440, scheme_of, version_of

# The version in a tag such as v1.2.0, release-1.2.0 or app/1.2.0.
_SEMANTIC = regex(r"(?<![0-9.])[0-9]+(?:\.[0-9]+){2}(?!\.?[0-9]).*")
_ANY = regex(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)*(?!\.?[0-9]).*")


class PageState(NamedTuple):
    """`is_own` is True for a page that the branch writes, `last` and `step` only known there."""

    is_released: bool | None
    is_own: bool
    last: str | None
    step: int | None = None


def is_released(session: Session, path: str) -> bool | None:
    """True for a changelog page of a version that is out: nobody edits it any more.

    Out is what a tag names and what is older than that. Where no tag names the version before,
    either, it is what stands on the base as it is here. None where there is no base to tell.
    """
    return session.cache.keep("released pages", lambda: _released(session)).get(path)


def page_state(session: Session, path: str) -> PageState:
    """The state of a changelog page."""
    from definition_of_done.project.releases.steps import counted_from, step

    is_out = is_released(session, path)
    if is_out is not False or path not in session.branch.changed:
        return PageState(is_out, is_own=False, last=None)
    versions = [version_of(page) for page in page_paths(session)]
    scheme, version = scheme_of(session), version_of(path)
    last = counted_from(scheme, version, versions)
    level = step(scheme, last, version) if last and scheme.has_levels else None
    return PageState(is_out, is_own=True, last=last, step=level)


def _released(session: Session) -> dict[str, bool | None]:
    paths, tags, changed = page_paths(session), _tags(session), session.branch.changed
    on_base = True if session.branch.base else None
    is_tagged = [pep440(version_of(path)) in tags for path in paths]
    found: dict[str, bool | None] = {}
    for at, path in reversed([*enumerate(paths)]):
        if is_tagged[at]:
            found[path] = True
        elif path in changed:
            found[path] = False
        elif True in found.values():
            found[path] = True
        else:
            # A team that tagged the version before has not released this one.
            has_tags = is_tagged[at - 1] if at else bool(tags)
            found[path] = False if has_tags else on_base
    return found


def _tags(session: Session) -> set[str]:
    """The versions that tags name, as PEP 440 spells them."""
    output = git(session.root, "for-each-ref", "--format=%(refname:strip=2)", "refs/tags") or b""
    form = _SEMANTIC if scheme_of(session) is SEMVER else _ANY
    versions = (form.search(tag) for tag in os.fsdecode(output).split("\n"))
    return {pep440(found[0]) for found in versions if found}


def no_fix(is_released: bool | None, fault: str) -> str:
    """The end of a help without edits: a page that is out or may be is left alone."""
    if is_released is False:
        return f"; --fix cannot, as {fault}"
    return f"; --fix leaves the page, as it {'is' if is_released else 'may be'} released"
