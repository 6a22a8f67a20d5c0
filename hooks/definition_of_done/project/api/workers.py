"""The tasks that no worker of the Taskfile imports, or that stand outside of their resource."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from definition_of_done.base.errors import NotEvaluated, Unreadable
from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.base.text import Text, decode
from definition_of_done.engine.session import Session
from definition_of_done.project.api.added import read_added
from definition_of_done.project.api.plurals import Names
from definition_of_done.project.api.resources import read_layout
from definition_of_done.project.api.tasks import Task, read_file_tasks, read_resource_tasks
from definition_of_done.project.api.worker import Worker, read_workers
from definition_of_done.project.layout import LAYERS, is_resource_code, is_test
from definition_of_done.readers.bindings import Bindings
from definition_of_done.readers.python import read_module
from definition_of_done.readers.task_commands import (
    NAMES,
    PACKING,
    Command,
    Unfollowed,
)

_STARTS = regex(rb"taskiq[\"', ]+worker")
# With these, Python imports modules that no import statement names.
_COMPUTED = regex(rb"import_module|__import__|walk_packages|iter_modules|autodiscover|exec\(")


class Unregistered(NamedTuple):
    """A task, and the workers that do not import its module."""

    task: Task
    workers: tuple[Worker, ...]


class Misplaced(NamedTuple):
    """A task of a resource that does not stand below `folder`."""

    task: Task
    folder: str


class Lost(NamedTuple):
    """A worker that starts no more: `fault` says why."""

    spot: Spot
    fault: str
    advice: str


class TaskFaults(NamedTuple):
    """The tasks that stand elsewhere or that no worker imports, and the workers without a task.

    `lost` are the places of workers that cannot start, and of one that the branch takes away.
    """

    misplaced: tuple[Misplaced, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()
    idle: tuple[Worker, ...] = ()
    lost: tuple[Lost, ...] = ()


def read_task_faults(session: Session) -> TaskFaults:
    """Read the faults of the tasks below the resources, and of the workers.

    Nobody is told of a worker where there is no Taskfile, or where nobody can see what a worker
    imports.
    """
    files = [path for path in session.tree.tracked if path.endswith(".py")]
    tasks = read_resource_tasks(session)
    misplaced = (*_beside(session, tasks), *_outside(session, files))
    strays = {found.task for found in misplaced}
    workers = read_taskfile_workers(session) if tasks else ()
    imported = [_ImportedFiles(session, worker, files) for worker in workers]
    unregistered, idle = _imports(imported, [task for task in tasks if task not in strays])
    lost = tuple(_lost(session, files, imported)) if tasks else ()
    return TaskFaults(misplaced, unregistered, idle, lost)


def _lost(session: Session, files: list[str], imported: list[_ImportedFiles]) -> Iterator[Lost]:
    """Yield the workers whose broker no module has, and the Taskfile that lost its worker."""
    for found in imported:
        worker, path = found.worker, found.broker_path if found.worker.is_seen else ""
        if worker.is_seen and not path and (path := _deleted(session, worker, files)):
            fault = f"the worker starts {worker.broker}, and the branch deletes {path}"
            yield Lost(worker.spot, fault, "keep it, or name the module that has the broker")
        elif path and worker.name and not _has_name(session, path, worker.name):
            fault = f"the worker starts {worker.broker}:{worker.name}, which {path} does not have"
            yield Lost(
                worker.spot, fault, "define it there, or name the broker that the tasks have"
            )
    path = taskfile_path(session)
    if not imported and path and _started_before(session, path) and not _starts_elsewhere(session):
        fault = f"{path} starts no worker, and started one on the base"
        yield Lost(Spot(path), fault, "start the worker there, or nothing runs the tasks")


def _deleted(session: Session, worker: Worker, files: list[str]) -> str:
    """The module of a worker's broker that the branch deletes, empty where it may have moved."""
    stem = worker.broker.replace(".", "/")
    if any(path.endswith((f"/{stem}.py", f"/{stem}/__init__.py")) for path in files):
        return ""
    letters = session.branch.changed_if_known()
    gone = [path for path, letter in letters.items() if letter == "D"]
    return _ImportedFiles(session, worker, gone).broker_path


def _has_name(session: Session, path: str, name: str) -> bool:
    """True where a module binds a name, or where nobody can see that it does not."""
    data = session.tree.read(path)
    try:
        bindings = Bindings(read_module(path, data).tree)
    except Unreadable:
        return True
    is_open = bindings.has_star_import or _COMPUTED.search(data) or b"globals(" in data
    return bool(is_open) or not bindings.bound.keys().isdisjoint((name, "__getattr__"))


def _started_before(session: Session, path: str) -> bool:
    """True where the branch changes a Taskfile that started a worker on the base."""
    from definition_of_done.readers.taskfile import read_commands

    if session.branch.changed_if_known().get(path) != "M":
        return False
    try:
        before = decode(path, session.branch.read_before(path))
        commands = read_commands(path, lambda other: before if other == path else None)
    except Unreadable:
        return False
    return any(isinstance(command, Command) and any(read_workers(command)) for command in commands)


def _starts_elsewhere(session: Session) -> bool:
    """True where a script of the Taskfile or another file, such as a Procfile, may start one."""
    if b"worker" in session.tree.read(taskfile_path(session)):
        return True
    paths = [path for path in session.tree.tracked if not path.endswith((".py", ".md", ".lock"))]
    return any(_STARTS.search(data) for _, data in session.tree.read_each(paths))


def _beside(session: Session, tasks: list[Task]) -> Iterator[Misplaced]:
    """Yield the tasks of a resource that its package of tasks does not hold."""
    home = session.config["resources"]
    no_resources = {"schema", *LAYERS, *session.config["resources-ignore"]}
    for task in tasks:
        resource, *below = task.spot.path.removeprefix(f"{home}/").removesuffix(".py").split("/")
        if below and resource not in no_resources and "tasks" not in below:
            yield Misplaced(task, f"{home}/{resource}/tasks")


def _outside(session: Session, files: list[str]) -> Iterator[Misplaced]:
    """Yield the tasks that the branch adds outside of the resource that their name tells.

    A team that has tasks outside already keeps them there.
    """
    home = session.config["resources"]
    try:
        added = read_added(session).tasks if home else ()
    except NotEvaluated:
        return
    strays = [task for task in added if not task.spot.path.startswith(f"{home}/")]
    if not strays or _has_tasks_outside(session, files, {task.spot.path for task in strays}):
        return
    names = Names(read_layout(session))
    for task in strays:
        named = names.of(task.function)
        if len(named) == 1:
            yield Misplaced(task, f"{home}/{named.pop()}/tasks")


def _has_tasks_outside(session: Session, files: list[str], added: set[str]) -> bool:
    return any(
        read_file_tasks(session, path, session.tree.read(path))
        for path in files
        if not (path in added or is_resource_code(session, path) or is_test(path))
    )


def _imports(
    imported: list[_ImportedFiles], tasks: list[Task]
) -> tuple[tuple[Unregistered, ...], tuple[Worker, ...]]:
    """The tasks that no worker imports, and the workers that import no task at all.

    A worker that was told a pattern or a module in vain is not to blame: its tasks are.
    """
    if not (tasks and imported) or not all(found.worker.is_seen for found in imported):
        return (), ()
    paths = {task.spot.path for task in tasks}
    lone = any(found.worker.is_broker_alone for found in imported)
    if not lone and paths <= set().union(*(found.paths for found in imported)):
        return (), ()
    if not all(found.follow() for found in imported):
        return (), ()
    seen = set().union(*(found.paths for found in imported))
    lost = [task for task in tasks if task.spot.path not in seen]
    idle = tuple(
        found.worker for found in imported if found.worker.is_broker_alone and found.has_no_task
    )
    told = tuple(
        found.worker
        for found in imported
        if found.worker.told and found.worker not in idle
        if found.broker_path or not found.worker.is_broker_alone
    )
    return tuple(Unregistered(task, told) for task in lost if told), idle


def read_taskfile_workers(session: Session) -> tuple[Worker, ...]:
    """Read the workers that the Taskfile starts."""
    if not session.config["resources"]:
        return ()
    workers: list[Worker] = []
    for command in read_taskfile(session):
        if isinstance(command, Command):
            workers += read_workers(command)
        else:
            # A Taskfile that cannot be followed may start another worker.
            workers.append(Worker(command.spot, "", "", is_seen=False))
    return tuple(workers)


def taskfile_path(session: Session) -> str:
    """The path of the Taskfile, empty where there is none."""
    path = session.config["taskfile"]
    if path is None:
        path = next((name for name in NAMES if session.tree.exists(name)), "")
    return str(path)


def read_taskfile(session: Session) -> list[Command | Unfollowed]:
    """Read the commands of the Taskfile; raises Unreadable for one that is not YAML."""
    path = taskfile_path(session)

    def load(path: str) -> Text | None:
        return session.tree.text(path) if session.tree.exists(path) else None

    def read(path: str, _: bytes) -> list[Command | Unfollowed]:
        from definition_of_done.readers.taskfile import read_commands

        return read_commands(path, load)

    if not session.tree.exists(path):
        return []
    data = session.tree.read(path)
    if b"includes" in data:
        # It depends on other files.
        return read(path, data)
    return session.cache.recall("taskfile", path, data, read, *PACKING)


class _ImportedFiles:
    """The files that a worker imports: those of its arguments, then those that these import."""

    def __init__(self, session: Session, worker: Worker, files: list[str]) -> None:
        self._session = session
        self._files = set(files)
        self.worker = worker
        # The first folder of a dotted name may be in any of these.
        root = posixpath.normpath(posixpath.join(worker.folder, worker.app_dir))
        self._roots = {"", "src", worker.folder, "" if root == "." else root}
        self.paths: set[str] = set()
        above = f"{worker.folder}/" if worker.folder else ""
        for path in files if worker.patterns else ():
            below = path.removeprefix(above)
            # A folder that matches is imported as a package.
            names = (below, below.removesuffix("/__init__.py"))
            if path.startswith(above) and any(
                finds(pattern, name) for pattern in worker.patterns for name in names
            ):
                self.paths.add(path)
        for module in (worker.broker, *worker.modules):
            self.paths |= set(self._modules(module))

    @property
    def broker_path(self) -> str:
        """The file of the broker's own module, empty where the project has none."""
        stem = self.worker.broker.replace(".", "/")
        names = [posixpath.join(root, stem) for root in sorted(self._roots)]
        found = (path for name in names for path in (f"{name}.py", f"{name}/__init__.py"))
        return next((path for path in found if path in self._files), "")

    @property
    def has_no_task(self) -> bool:
        """True where the broker is seen, and no file that is imported has a task."""
        return bool(self.broker_path) and not any(
            read_file_tasks(self._session, path, self._session.tree.read(path))
            for path in self.paths
        )

    def follow(self) -> bool:
        """Add the imports of these files; return False where one of them is computed."""
        waiting = list(self.paths)
        while waiting:
            path = waiting.pop()
            data = self._session.tree.read(path)
            if _COMPUTED.search(data):
                return False
            try:
                imported = read_module(path, data).origins.imported
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
