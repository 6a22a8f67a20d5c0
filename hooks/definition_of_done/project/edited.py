"""A project as an edit of one file would leave it, judged by that file and the plans alone."""

from __future__ import annotations

from definition_of_done.engine.branch import touched_in_files
from definition_of_done.engine.overlay import Overlay
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_feature_page


def mark_edited(session: Session, path: str, data: bytes) -> None:
    """Let the session judge the project with these bytes in a file, and nothing else of the branch.

    The branch changes that file, and the feature pages that the work tree has: what git does not
    track counts, too. Raises UsageError where git fails.
    """
    tree = Overlay(session)
    tree.drop_deleted()
    folder = session.config["features"]
    letters: dict[str, str] = {}
    if session.branch.has_commits:
        letters |= touched_in_files(session.root, session.branch.before, folder)
    new = tree.untracked(folder)
    letters |= dict.fromkeys(new, "A")
    letters = {page: letter for page, letter in letters.items() if is_feature_page(session, page)}
    try:
        if session.branch.read_before(path) != data:
            letters[path] = "M"
    except FileNotFoundError:
        letters[path] = "A"
    tree.written[path] = data
    for added in (path, *new):
        tree.adopt(added)
    session.branch.mark_changed(letters)
    session.tree = tree
    # What was read before is about the files as they are.
    session.cache.clear()
