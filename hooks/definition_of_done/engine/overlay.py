"""The files of a project with other contents than the work tree has; none is written there."""

from __future__ import annotations

from definition_of_done.engine.git import Objects, names
from definition_of_done.engine.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.engine.branch import Branch
    from definition_of_done.engine.session import Session
    from definition_of_done.engine.territory import Territory


class Overlay(Tree):
    """The files of a tree; `written` has the bytes of those that differ, by path."""

    def __init__(self, objects: Objects, branch: Branch, territory: Territory) -> None:
        super().__init__(objects, branch, territory)
        self.written: dict[str, bytes] = {}

    @classmethod
    def of(cls, session: Session) -> Overlay:
        """The files of a session, none of which differs yet."""
        return cls(Objects(session.root), session.branch, session.territory)

    def drop_deleted(self) -> None:
        """Count files out that the work tree no longer has, as they will be once that is added."""
        gone = set(names(self.root, "ls-files", "--deleted", "-z"))
        self.listed = [path for path in self.listed if path not in gone]
        self.tracked = self._territory.own(self.listed)
        self.tracked_set = set(self.tracked)

    def _is_there(self, path: str) -> bool:
        return (not self.commit and path in self.written) or super()._is_there(path)

    def _read(self, path: str) -> bytes:
        found = None if self.commit else self.written.get(path)
        return super()._read(path) if found is None else found

    def read_checked_out(self, path: str) -> bytes:
        """The bytes of a file, whichever side is judged; raises OSError."""
        found = self.written.get(path)
        return super().read_checked_out(path) if found is None else found

    def _read_once(self, path: str, away: dict[str, bytes]) -> bytes:
        found = self.written.get(path)
        return super()._read_once(path, away) if found is None else found
