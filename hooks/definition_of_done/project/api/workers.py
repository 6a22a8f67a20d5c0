"""The tasks that no worker of the Taskfile imports."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from definition_of_done.base.errors import Unreadable
from definition_of_done.base.text import Text
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_file_tasks
from definition_of_done.project.api.tasks import Task
from definition_of_done.project.api.worker import Worker, read_workers
from definition_of_done.project.layout import is_test
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import read_module
from definition_of_done.readers.taskfile import NAMES, Command, read_commands

# With these, Python imports modules that no import statement names.
_COMPUTED = re.compile(rb"import_module|__import__|walk_packages|iter_modules|autodiscover|exec\(")


class Unregistered(NamedTuple):
    """A task, and the workers that do not import its module."""

    task: Task
    workers: tuple[Worker, ...]


def read_unregistered(session: Session) -> list[Unregistered]:
    """Read which tasks below the resources no worker imports.

    The list is empty where there is no Taskfile, where it starts no worker with patterns or
    modules, and where nobody can see what a worker imports. Raises Unreadable for a file that
    cannot be read.
    """
    workers = read_taskfile_workers(session)
    is_told = any(worker.told for worker in workers)
    if not is_told or not all(worker.is_seen for worker in workers):
        return []
    files = [path for path in session.tree.tracked if path.endswith(".py")]
    imported = _ImportedFiles(session, workers, files)
    tasks = [
        task
        for path in files
        if path.startswith(session.config["resources"] + "/") and not is_test(path)
        if path not in imported.paths and not session.config.excludes(path)
        for task in read_file_tasks(session, path, session.tree.read(path))
    ]
    if not tasks or not imported.follow():
        return []
    return [Unregistered(task, workers) for task in tasks if task.spot.path not in imported.paths]


def read_taskfile_workers(session: Session) -> tuple[Worker, ...]:
    """Read the workers that the Taskfile starts."""
    if not session.config["resources"]:
        return ()
    path = session.config["taskfile"]
    if path is None:
        path = next((name for name in NAMES if session.tree.exists(name)), "")

    def load(path: str) -> Text | None:
        return session.tree.text(path) if session.tree.exists(path) else None

    workers: list[Worker] = []
    for command in read_commands(path, load):
        if isinstance(command, Command):
            workers += read_workers(command)
        else:
            # A Taskfile that cannot be followed may start another worker.
            workers.append(Worker(command.spot, "", "", is_seen=False))
    return tuple(workers)


class _ImportedFiles:
    """The files that workers import: those of their arguments, then those that these import."""

    def __init__(self, session: Session, workers: tuple[Worker, ...], files: list[str]) -> None:
        self._session = session
        self._files = set(files)
        # The first folder of a dotted name may be in any of these.
        self._roots = {"", "src"}
        self.paths: set[str] = set()
        for worker in workers:
            root = posixpath.normpath(posixpath.join(worker.folder, worker.app_dir))
            self._roots |= {worker.folder, "" if root == "." else root}
        for worker in workers:
            above = f"{worker.folder}/" if worker.folder else ""
            for path in files:
                below = path.removeprefix(above)
                # A folder that matches is imported as a package.
                names = (below, below.removesuffix("/__init__.py"))
                if path.startswith(above) and any(
                    finds(pattern, name) for pattern in worker.patterns for name in names
                ):
                    self.paths.add(path)
            for module in (worker.broker, *worker.modules):
                self.paths |= set(self._modules(module))

    def follow(self) -> bool:
        """Add the imports of these files; return False where one of them is computed."""
        waiting = list(self.paths)
        while waiting:
            path = waiting.pop()
            data = self._session.tree.read(path)
            if _COMPUTED.search(data):
                return False
            try:
                imported = Origins(path, read_module(path, data).tree).imported
            except Unreadable:
                return False
            packages = {".".join(path.split("/")[:-1])}
            for name in imported | packages:
                new = set(self._modules(name)) - self.paths
                self.paths |= new
                waiting += new
        return True

    def _modules(self, name: str) -> Iterator[str]:
        """Yield the files that Python runs to import a dotted name: its packages, too."""
        parts = name.split(".")
        for root in self._roots:
            for end in range(1, len(parts) + 1):
                path = posixpath.join(root, *parts[:end])
                yield from {f"{path}.py", f"{path}/__init__.py"} & self._files


def finds(pattern: str, path: str) -> bool:
    """True where `Path().glob(pattern)` finds a path that exists."""
    names = path.split("/")
    # The parts of the pattern so far may match so many names of the path.
    ends = {0}
    for part in _parts(pattern):
        if part == "**":
            ends = set(range(min(ends), len(names) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(names) and fnmatchcase(names[end], part)}
        if not ends:
            return False
    return len(names) in ends


@cache
def _parts(pattern: str) -> tuple[str, ...]:
    """The parts of a glob, without empty ones and a `**` after a `**`."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    pairs = zip(parts, (None, *parts), strict=False)
    return tuple(part for part, before in pairs if not part == before == "**")
