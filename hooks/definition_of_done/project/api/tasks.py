"""The taskiq tasks that a Python file declares, with their schedules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.engine.session import Session
from definition_of_done.project.api.services import is_unwritten
from definition_of_done.project.layout import is_resource_code, is_test
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import Module, read_module

_MARKS = (b".task", b"register_task", b"shared_task")
_CALLS = ("task", "register_task")


class Schedule(NamedTuple):
    """One entry of a task's schedule: `cron` is its text, `interval` its seconds.

    Both are None where they are computed, and for a single point in time.
    """

    cron: str | None = None
    interval: int | None = None


class Task(NamedTuple):
    """A task: its function, the name that `task_name` gives it, and its schedule.

    `function` is empty for a lambda. `name` is None where it is computed, and where taskiq makes it
    from the module and the function. `schedule` is None where any entry of it is computed.
    `is_unwritten` says that its function is still to be written.
    """

    spot: Spot
    function: str
    name: str | None
    schedule: tuple[Schedule, ...] | None
    is_unwritten: bool = False

    @property
    def label(self) -> str:
        """The task's name in a message."""
        return self.function or self.name or "lambda"

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a text may call it by."""
        return tuple(name for name in (self.function, self.name) if name)


def read_tasks(
    path: str, data: bytes, is_broker: Callable[[str], bool] = lambda _: False
) -> tuple[Task, ...]:
    """Read the tasks of a file; raise Unreadable where it is not Python.

    Other libraries have tasks, too. An object is one of taskiq's where its name contains `broker`,
    where the file mentions taskiq, or where `is_broker` is true of its dotted origin in another
    file.
    """
    if not any(mark in data for mark in _MARKS):
        return ()
    return tuple(_TaskReader(read_module(path, data), is_broker).read())


def read_file_tasks(session: Session, path: str, data: bytes) -> tuple[Task, ...]:
    """Read the taskiq tasks of a file, whose broker another file may define; raise Unreadable."""
    return read_tasks(path, data, lambda origin: _is_broker(session, origin))


def read_resource_tasks(session: Session) -> list[Task]:
    """Read the tasks of all files below the resources; raise Unreadable."""
    paths = [
        path
        for path in session.tree.tracked
        if is_resource_code(session, path) and not is_test(path)
        if not session.config.excludes(path)
    ]
    files = session.tree.read_each(paths)
    return [task for path, data in files for task in read_file_tasks(session, path, data)]


def _is_broker(session: Session, origin: str) -> bool:
    """True where the file that defines an object mentions taskiq."""
    module = origin.rpartition(".")[0].replace(".", "/")
    paths = [
        path for path in (f"{module}.py", f"{module}/__init__.py") if session.tree.exists(path)
    ]
    return any(b"taskiq" in session.tree.read(path) for path in paths)


class _TaskReader:
    def __init__(self, module: Module, is_broker: Callable[[str], bool]) -> None:
        from definition_of_done.readers.bindings import Bindings

        self._module = module
        self._origins = module.origins
        self._bound = Bindings(module.tree).bound
        self._is_broker = is_broker
        self._has_taskiq = module.holds(b"taskiq")

    def read(self) -> Iterator[Task]:
        """Yield the functions that a decorator makes tasks, then those that a call makes tasks."""
        decorators: set[int] = set()
        for node in ast.walk(self._module.tree):
            if isinstance(node, Function):
                for decorator in node.decorator_list:
                    if self._makes_a_task(decorator):
                        decorators.add(id(decorator))
                        yield self._task(node, node.name, decorator)
                        break
        for node in ast.walk(self._module.tree):
            if not isinstance(node, ast.Call) or id(node) in decorators:
                continue
            # The decorator is short for `broker.task(...)(function)`.
            made = node.func if isinstance(node.func, ast.Call) else node
            registers = self._origins.of(made).endswith(".register_task")
            if node.args and (registers or made is not node) and self._makes_a_task(made):
                function = self._origins.last(node.args[0])
                yield self._task(node, function, made, after=1 if registers else 0)

    def _makes_a_task(self, node: ast.expr) -> bool:
        origin = self._origins.of(node)
        if origin.startswith("taskiq.") and origin.endswith("shared_task"):
            return True
        owner, _, last = origin.rpartition(".")
        if last not in _CALLS or not owner:
            return False
        if "broker" in owner.lower() or owner.startswith("taskiq"):
            return True
        value = self._bound.get(owner)
        if isinstance(value, ast.Call):
            # `RedisBroker(url).with_result_backend(...)` is a broker, too.
            return any(self._origins.of(inner).startswith("taskiq") for inner in ast.walk(value))
        return self._has_taskiq or self._is_broker(owner)

    def _task(
        self, node: ast.stmt | ast.expr, function: str, made: ast.expr, *, after: int = 0
    ) -> Task:
        """The task that a decorator or call makes; `after` arguments stand before its name."""
        name, schedule = None, self._schedule(None)
        if isinstance(made, ast.Call):
            keywords = {keyword.arg: keyword.value for keyword in made.keywords}
            given = keywords.get("task_name")
            if given is None and len(made.args) > after:
                given = made.args[after]
            name = self._text(given)
            # `**labels` may hold a schedule.
            schedule = None if None in keywords else self._schedule(keywords.get("schedule"))
        unwritten = isinstance(node, Function) and is_unwritten(node)
        return Task(self._module.spot(node), function, name, schedule, is_unwritten=unwritten)

    def _schedule(self, node: ast.expr | None) -> tuple[Schedule, ...] | None:
        match self._value(node):
            case None | ast.Constant(value=None):
                return ()
            case ast.List(elts=entries) | ast.Tuple(elts=entries):
                schedules = [self._entry(entry) for entry in entries]
                return tuple(filter(None, schedules)) if all(schedules) else None
        return None

    def _entry(self, node: ast.expr) -> Schedule | None:
        match self._value(node):
            case ast.Dict(keys=keys, values=values):
                items = dict(zip(map(self._text, keys), values, strict=True))
            case ast.Call(args=[], keywords=keywords) as call if self._origins.of(call) == "dict":
                items = {keyword.arg: keyword.value for keyword in keywords}
            case _:
                return None
        if None in items:
            return None
        return Schedule(self._text(items.get("cron")), self._seconds(items.get("interval")))

    def _seconds(self, given: ast.expr | None) -> int | None:
        """The seconds of a whole number, or of a `timedelta` of whole numbers."""
        node = self._value(given)
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return node.value
        if not isinstance(node, ast.Call) or node.args or self._origins.last(node) != "timedelta":
            return None
        total = 0
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
        for keyword in node.keywords:
            match keyword.value:
                case ast.Constant(value=int(number)) if keyword.arg in units:
                    total += number * units[keyword.arg]
                case _:
                    return None
        return total

    def _value(self, node: ast.expr | None) -> ast.expr | None:
        """The expression that a name of the module is bound to, else the expression itself."""
        if isinstance(node, ast.Name) and isinstance(bound := self._bound.get(node.id), ast.expr):
            return bound
        return node

    def _text(self, node: ast.expr | None) -> str | None:
        match self._value(node):
            case ast.Constant(value=str(text)):
                return text
        return None
