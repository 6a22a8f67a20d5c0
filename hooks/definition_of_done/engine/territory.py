"""The territory of a project: the files below its root that no project nested in it holds."""

from __future__ import annotations

import os

from definition_of_done.base.errors import UsageError
from definition_of_done.engine.config import has_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MARKS = ("/pyproject.toml", "/definition-of-done.toml")


class Territory:
    """Says which project a path below a root belongs to: the nearest that has the table.

    A folder that `excludes` is true for starts no project: it may be a test's own backend.
    """

    def __init__(self, root: str, excludes: Callable[[str], bool] = lambda _: False) -> None:
        self._root = root
        self._excludes = excludes
        self._homes = {"": ""}

    def home(self, path: str) -> str:
        """The folder of the nearest project, with a slash at its end; empty for the root."""
        folder, walked = path.rpartition("/")[0], []
        while folder not in self._homes:
            walked.append(folder)
            if self._is_project(folder):
                self._homes[folder] = f"{folder}/"
                break
            folder = folder.rpartition("/")[0]
        home = self._homes[folder]
        self._homes.update(dict.fromkeys(walked, home))
        return home

    def nested(self, paths: Iterable[str]) -> list[str]:
        """The folders of the nested projects of these paths, sorted."""
        return sorted({self.home(path) for path in paths if path.endswith(MARKS)} - {""})

    def own(self, paths: list[str]) -> list[str]:
        """Those of all paths below the root that belong to the root's own project."""
        nested = tuple(self.nested(paths))
        return [path for path in paths if not path.startswith(nested)] if nested else paths

    def split(self, letters: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
        """The own ones of the paths with letters, and the folders of the projects of the others."""
        homes = {path: self.home(path) for path in letters}
        own = {path: letter for path, letter in letters.items() if not homes[path]}
        return own, set(homes.values()) - {""}

    def _is_project(self, folder: str) -> bool:
        try:
            return has_table(os.path.join(self._root, folder)) and not self._excludes(folder)
        except UsageError as error:
            if self._excludes(folder):
                return False
            raise UsageError(f"{folder}/{error}") from None
