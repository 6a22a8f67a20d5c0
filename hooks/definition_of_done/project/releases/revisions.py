"""The revisions of a release: what comes after those that the pages of earlier ones list."""

from __future__ import annotations

from definition_of_done.engine.session import Session
from definition_of_done.project.migrations.graph import History, read_history
from definition_of_done.project.migrations.history import read_later_scans
from definition_of_done.project.releases.listed import Listed, read_listed
from definition_of_done.project.semver import order


def release_revisions(session: Session, version: str | None = None) -> list[str] | None:
    """The revisions of a release, each behind its parents and dependencies, merges included.

    `version` is that of the release, the newest page's by default; its page need not exist. The
    revisions are all that neither a page of a lower version lists, nor `since` and the ancestors
    of both. Where neither is there, the history before the changelog is not asked for: what the
    branch adds and the page itself names is of the release, and what comes after it.

    None where the order is not certain: two heads, an unknown parent, a circle, an identifier
    that Python computes. Raises Unreadable for a file that is broken, and UsageError for a
    `since` that no migration has.
    """
    history = read_history(session)
    if history is None:
        return None
    pages = read_listed(session)
    if version is None and pages:
        version = pages[-1].page.version
    earlier = earlier_pages(pages, version)
    later = {node.revision for node in read_later_scans(session)}
    told = [name for one in earlier for name in one.mentions]
    if told:
        later -= history.ancestors(told)
    elif not session.config["since"]:
        own = [one for one in pages if one.page.version == version]
        later = _from(history, _added(session, history).union(*(one.mentions for one in own)))
    return [name for name in history.above if name in later]


def earlier_pages(pages: list[Listed], version: str | None) -> list[Listed]:
    """The pages of lower versions, all of them where none is named."""
    if version is None:
        return pages
    return [one for one in pages if order(one.page.version) < order(version)]


def _added(session: Session, history: History) -> set[str]:
    added = {path for path, letter in session.branch.changed.items() if letter == "A"}
    return {str(node.revision) for node in history.order if node.path in added}


def _from(history: History, names: set[str]) -> set[str | None]:
    """The names that are revisions, with all that comes after them."""
    found: set[str | None] = set()
    for name, above in history.above.items():
        if name in names or any(one in found for one in above):
            found.add(name)
    return found
