"""The files of a project with other contents than the work tree has; none is written there."""

from __future__ import annotations

from definition_of_done.engine.git import Objects, names
from definition_of_done.engine.session import Session
from definition_of_done.engine.tree import Tree


class Overlay(Tree):
    """The files of a session; `written` has the bytes of those that differ, by path."""

    def __init__(self, session: Session) -> None:
        super().__init__(Objects(session.root), session.branch, session.territory)
        self.written: dict[str, bytes] = {}

    def drop_deleted(self) -> None:
        """Count files out that the work tree no longer has, as they will be once that is added."""
        gone = set(names(self.root, "ls-files", "--deleted", "-z"))
        self.listed = [path for path in self.listed if path not in gone]
        self.tracked = self._territory.own(self.listed)
        self.tracked_set = set(self.tracked)

    def _is_there(self, path: str) -> bool:
        return (not self.commit and path in self.written) or super()._is_there(path)

    def _on_disk(self, path: str) -> bytes:
        found = self.written.get(path)
        return super()._on_disk(path) if found is None else found
