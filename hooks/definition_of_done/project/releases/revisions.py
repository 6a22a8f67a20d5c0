"""The revisions of a release come after those that the pages of earlier releases list."""

from __future__ import annotations

from definition_of_done.engine.session import Session
from definition_of_done.project.migrations.ancestry.graph import History, read_history
from definition_of_done.project.migrations.ancestry.history import read_later_scans
from definition_of_done.project.releases.listed import Listed, read_listed
from definition_of_done.project.schemes import Scheme, scheme_of


def release_revisions(session: Session, version: str | None = None) -> list[str] | None:
    """Return the revisions of a release, each behind its parents and dependencies, with merges.

    `version` is the newest page's by default; its page need not exist. The release holds all
    revisions but those on pages of lower versions, `since`, and the ancestors of both. Where
    there is neither such a page nor a `since`, it holds what the branch adds, what its own page
    names, and all later revisions.

    None where the order is not certain: two heads, an unknown parent, a circle, an identifier that
    Python computes.
    """
    history = read_history(session)
    if history is None:
        return None
    pages = read_listed(session)
    if version is None and pages:
        version = pages[-1].page.version
    earlier = earlier_pages(scheme_of(session), pages, version)
    later = {node.revision for node in read_later_scans(session)}
    released = [name for listed in earlier for name in listed.mentions]
    if released:
        later -= history.ancestors(released)
    elif not session.config["since"]:
        named = [listed.mentions for listed in pages if listed.page.version == version]
        later = _with_later(history, _added(session, history).union(*named))
    return [name for name in history.above if name in later]


def earlier_pages(scheme: Scheme, pages: list[Listed], version: str | None) -> list[Listed]:
    """Return the pages of lower versions, all pages where no version is given."""
    if version is None:
        return pages
    end = scheme.order(version)
    return [listed for listed in pages if scheme.order(listed.page.version) < end]


def _added(session: Session, history: History) -> set[str]:
    added = {path for path, letter in session.branch.changed.items() if letter == "A"}
    return {str(node.revision) for node in history.order if node.path in added}


def _with_later(history: History, names: set[str]) -> set[str | None]:
    """Return the names that are revisions, with all revisions that come after them."""
    found: set[str | None] = set()
    for name, parents in history.above.items():
        if name in names or any(parent in found for parent in parents):
            found.add(name)
    return found
