"""The commits of the base that the branch reverts, as `git revert` says, and their files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.git import git, names
from definition_of_done.engine.session import Session, lasting

# In the message of a revert; a merge is reverted to its first parent.
_REVERTS = regex(rb"^This reverts commit ([0-9a-f]{7,64})\b", re.M)


class TakenBack(NamedTuple):
    """The files that reverted commits added, and all that they changed."""

    added: frozenset[str]
    changed: frozenset[str]


@lasting
def read_taken_back(session: Session) -> TakenBack:
    """Read what the branch takes back. What a tag holds is released, and cannot be taken back."""
    added: set[str] = set()
    changed: set[str] = set()
    for commit in _reverted(session):
        sides = ("diff", "--name-only", "-z", "--relative", "--no-renames", f"{commit}^", commit)
        changed.update(names(session.root, *sides))
        added.update(names(session.root, *sides, "--diff-filter=A"))
    return TakenBack(frozenset(added), frozenset(changed))


def is_taken_back(session: Session, path: str) -> bool:
    """True for a file of the base that is gone again, with the commit that added it."""
    return not session.tree.exists(path) and path in read_taken_back(session).added


def _reverted(session: Session) -> Iterator[str]:
    """Yield the commits of the base that the branch reverts, but those of a release and a root."""
    root, base = session.root, session.branch.relied_on
    if base is None:
        return
    commits = f"{base}..{session.branch.change.head}"
    said = _REVERTS.findall(git(root, "log", "-z", "--format=%B", commits) or b"")
    # A revert that is not committed yet stands in git's folder.
    said += (git(root, "rev-parse", "-q", "--verify", "REVERT_HEAD") or b"").split()
    for commit in dict.fromkeys(name.decode() for name in said):
        is_on_base = git(root, "merge-base", "--is-ancestor", commit, base) is not None
        has_parent = git(root, "rev-parse", "-q", "--verify", f"{commit}^") is not None
        if is_on_base and has_parent and not git(root, "tag", "--contains", commit):
            yield commit
