"""Feature pages that stand on the base and that the branch takes away."""

from __future__ import annotations

from typing import NamedTuple

from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.layout import is_feature_page
from definition_of_done.project.page_names import filename_fault, filename_slug


class Gone(NamedTuple):
    """A page of the base that the branch takes away; `path` is where it is now, if anywhere."""

    spot: Spot
    path: str | None


def read_gone(session: Session) -> list[Gone]:
    """The pages of the base that the branch deletes or renames, by path.

    A page whose name was wrong may be renamed. Raises NotEvaluated where there is no base.
    """
    if not session.config["features"]:
        return []
    changed = session.branch.changed_on_base()
    deleted = [p for p, letter in changed.items() if letter == "D" and is_feature_page(session, p)]
    base = str(session.branch.relied_on)
    added = [
        path
        for path, letter in (session.branch.changed_since(base).items() if deleted else ())
        if letter == "A" and path.endswith(".md") and session.tree.exists(path)
    ]
    found = []
    for path in sorted(deleted):
        name = path.rpartition("/")[2]
        now = next((one for one in added if _is_same(session, base, path, one)), None)
        if now is None or filename_fault(name) is None:
            found.append(Gone(Spot(path), now))
    return found


def _is_same(session: Session, base: str, old: str, new: str) -> bool:
    """Whether an added page is the deleted one under another name."""
    if filename_slug(old) == filename_slug(new) and is_feature_page(session, new):
        return True
    return session.branch.read_at(base, old) == session.tree.read(new)
