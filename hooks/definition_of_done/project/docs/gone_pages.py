"""The feature pages of the base that the branch deletes or renames."""

from __future__ import annotations

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.page_names import filename_fault, filename_slug
from definition_of_done.project.reverts import read_taken_back


class GonePage(NamedTuple):
    """A page of the base that is gone; `new_path` is None where it was not renamed."""

    spot: Spot
    new_path: str | None


def read_gone_pages(session: Session) -> list[GonePage]:
    """Read the pages of the base that the branch deletes or renames, by path.

    A page whose filename was wrong may be renamed, and one of a feature that is reverted before its
    release may go.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_on_base()
    deleted = [
        path for path, letter in changed.items() if letter == "D" and is_feature_page(session, path)
    ]
    if not deleted:
        return []
    base = str(session.branch.relied_on)
    added = [
        path
        for path, letter in session.branch.changed_since(base).items()
        if letter == "A" and path.endswith(".md") and session.tree.exists(path)
    ]
    found = []
    for path in sorted(set(deleted).difference(read_taken_back(session).added)):
        name = path.rpartition("/")[2]
        new_path = next((new for new in added if _is_same(session, base, path, new)), None)
        if new_path is None or filename_fault(name) is None:
            found.append(GonePage(Spot(path), new_path))
    return found


def _is_same(session: Session, base: str, old: str, new: str) -> bool:
    """True where an added page is the deleted one under another name."""
    if filename_slug(old) == filename_slug(new) and is_feature_page(session, new):
        return True
    return session.branch.read_at(base, old) == session.tree.read(new)
