"""Reads the migrations of the tree that a merge of the branch into its base would give."""

from __future__ import annotations

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.records import NamedTuple
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_migration
from definition_of_done.project.migrations.ancestry.history import Scan, read_scans, scan


class Merged(NamedTuple):
    """The migrations after the merge, by path.

    `landed` are the paths of those that the base alone has, `added` of those that the branch adds.
    """

    nodes: list[Scan]
    landed: frozenset[str]
    added: frozenset[str]


def read_merged(session: Session) -> Merged | None:
    """Read the migrations after the merge.

    Returns None where that is the present tree: none has landed on the base since the branch left
    it, or the branch changes none.
    """
    landed = session.branch.landed
    if landed is None:
        return None
    theirs = _migrations(session, landed.touched)
    ours = _migrations(session, session.branch.changed_since(landed.start)) if theirs else {}
    if not ours:
        return None
    nodes = {node.path: node for node in read_scans(session)}
    # Git follows a file that the base renames and the branch changes.
    changed = {
        nodes[path].revision for path, letter in ours.items() if letter == "M" and path in nodes
    }
    new: set[str] = set()
    for path, letter in theirs.items():
        # Where both sides change a file, whoever merges keeps what the branch needs.
        if path in ours:
            continue
        nodes.pop(path, None)
        node = _landed(session, landed.tip, path) if letter != "D" else None
        if node and node.revision not in changed:
            nodes[path] = node
            new.add(path)
    added = (path for path, letter in ours.items() if letter == "A")
    return Merged([nodes[path] for path in sorted(nodes)], frozenset(new), frozenset(added))


def _migrations(session: Session, changed: dict[str, str]) -> dict[str, str]:
    return {
        path: letter
        for path, letter in changed.items()
        if is_migration(session, path) and not session.config.excludes(path)
    }


def _landed(session: Session, tip: str, path: str) -> Scan | None:
    """The migration of the base, None for a file that is none."""
    try:
        node = scan(path, session.branch.read_at(tip, path))
    except Unreadable:
        return None
    return node if node.revision is not None or not node.is_certain else None
