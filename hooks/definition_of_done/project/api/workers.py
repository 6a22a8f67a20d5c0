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
from definition_of_done.project.api.added import is_broker
from definition_of_done.project.api.tasks import Task, read_tasks
from definition_of_done.project.api.worker import Worker, read_workers
from definition_of_done.project.layout import is_test
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import read_module
from definition_of_done.readers.taskfile import NAMES, Command, read_commands

# How Python imports what no import statement names.
_COMPUTED = re.compile(rb"import_module|__import__|walk_packages|iter_modules|autodiscover|exec\(")


class Unregistered(NamedTuple):
    """A task, and the workers that do not import its module."""

    task: Task
    workers: tuple[Worker, ...]


def read_unregistered(session: Session) -> list[Unregistered]:
    """The tasks below the resources that no worker knows.

    Empty where there is no Taskfile, where it starts no worker by patterns or modules, and where
    what one of them imports cannot be seen. Raises Unreadable for a file that cannot be read.
    """
    workers = _workers(session)
    if not any(one.told for one in workers) or not all(one.is_seen for one in workers):
        return []
    files = [path for path in session.tree.tracked if path.endswith(".py")]
    reached = _Reached(session, workers, files)
    tasks = [
        task
        for path in files
        if path.startswith(session.config["resources"] + "/") and not is_test(path)
        if path not in reached.entries and not session.config.excludes(path)
        for task in read_tasks(path, session.tree.read(path), lambda name: is_broker(session, name))
    ]
    if not tasks or not reached.follow():
        return []
    return [Unregistered(one, workers) for one in tasks if one.spot.path not in reached.entries]


def _workers(session: Session) -> tuple[Worker, ...]:
    if not session.config["resources"]:
        return ()
    path = session.config["taskfile"]
    if path is None:
        path = next((name for name in NAMES if session.tree.exists(name)), "")

    def load(path: str) -> Text | None:
        return session.tree.text(path) if session.tree.exists(path) else None

    found: list[Worker] = []
    for one in read_commands(path, load):
        if isinstance(one, Command):
            found += read_workers(one)
        else:
            # The Taskfile that cannot be followed may start another worker.
            found.append(Worker(one.spot, "", "", is_seen=False))
    return tuple(found)


class _Reached:
    """The files that workers import: `entries` by their arguments, then what these import."""

    def __init__(self, session: Session, workers: tuple[Worker, ...], files: list[str]) -> None:
        self._session = session
        self._files = set(files)
        # Where the first folder of a dotted name may stand.
        self._roots = {"", "src"}
        self.entries: set[str] = set()
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
                    self.entries.add(path)
            for module in (worker.broker, *worker.modules):
                self.entries |= set(self._modules(module))

    def follow(self) -> bool:
        """Adds what the entries import; False where one imports what cannot be seen."""
        waiting = list(self.entries)
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
                new = set(self._modules(name)) - self.entries
                self.entries |= new
                waiting += new
        return True

    def _modules(self, name: str) -> Iterator[str]:
        """The files that importing a dotted name runs: its packages, too."""
        parts = name.split(".")
        for root in self._roots:
            for end in range(1, len(parts) + 1):
                path = posixpath.join(root, *parts[:end])
                yield from {f"{path}.py", f"{path}/__init__.py"} & self._files


def finds(pattern: str, path: str) -> bool:
    """Whether `Path().glob(pattern)` finds a path that exists."""
    names = path.split("/")
    # How many of the names the parts so far may stand for.
    ends = {0}
    for part in _parts(pattern):
        if part == "**":
            ends = set(range(min(ends), len(names) + 1))
        else:
            ends = {at + 1 for at in ends if at < len(names) and fnmatchcase(names[at], part)}
        if not ends:
            return False
    return len(names) in ends


@cache
def _parts(pattern: str) -> tuple[str, ...]:
    """The parts of a glob, without those that say nothing new."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    pairs = zip(parts, (None, *parts), strict=False)
    return tuple(part for part, before in pairs if not part == before == "**")
