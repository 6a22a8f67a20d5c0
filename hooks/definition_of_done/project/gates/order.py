"""The order of the branch's commits: the plan is written before the code."""

from __future__ import annotations

from definition_of_done.engine.git import names
from definition_of_done.project.docs.plans import read_additions
from definition_of_done.project.layout import is_feature_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.session import Session

# The first things of a branch tell its order; each of them costs a call of git.
_MOST = 20


def code_before_plan(session: Session) -> str | None:
    """Say which commit adds what the branch plans only later, None where none is seen.

    A branch that changes a page of its base may have been planned there, and is not judged.
    """
    changed, base = session.branch.changed_or_nothing(), session.branch.base
    pages = {path: changed[path] for path in sorted(changed) if is_feature_page(session, path)}
    added = [path for path, letter in pages.items() if letter == "A"]
    if base is None or not added or "M" in pages.values():
        return None
    things = [thing for thing in read_additions(session) if changed.get(thing.spot.path) == "A"]
    for thing in things[:_MOST]:
        commit = _first_commit(session, base, thing.spot.path)
        if commit and not _pages_at(session, commit) - _pages_at(session, base):
            name = f"{thing.kind} {thing.name!r}"
            return f"{name} was committed before {added[0]}, in {commit[:8]}"
    return None


def _first_commit(session: Session, base: str, path: str) -> str | None:
    """The first commit of the branch that has a file which the branch adds."""
    flags = ("--reverse", "--topo-order", f"{base}..HEAD")
    commits = names(session.root, "rev-list", *flags, "--", path)
    return commits[0].partition("\n")[0] if commits else None


def _pages_at(session: Session, commit: str) -> set[str]:
    folder = f"{session.config['features']}/"
    paths = names(session.root, "ls-tree", "-z", "--name-only", commit, "--", folder)
    return {path for path in paths if is_feature_page(session, path)}
