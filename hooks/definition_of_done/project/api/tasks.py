"""The taskiq tasks that a Python file declares, with their schedules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from definition_of_done.base.spots import Spot

if TYPE_CHECKING:
    from definition_of_done.readers.python import Module

_MARKS = (b".task", b"register_task", b"shared_task")
_CALLS = ("task", "register_task")


class Schedule(NamedTuple):
    """One entry of a task's schedule, as the source has it.

    `cron` is its text, `interval` its seconds; both are None for a point in time and for what is
    computed.
    """

    cron: str | None = None
    interval: int | None = None


class Task(NamedTuple):
    """A task: the function, the name that `task_name` gives it, and when it runs by itself.

    `function` is empty for a lambda; `name` is None where taskiq makes it of the module and the
    function, or where it is computed. `schedule` is None where what is scheduled is computed.
    """

    spot: Spot
    function: str
    name: str | None
    schedule: tuple[Schedule, ...] | None

    @property
    def label(self) -> str:
        """What a message calls it."""
        return self.function or self.name or "lambda"

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it may be known by."""
        return tuple(name for name in (self.function, self.name) if name)


def read_tasks(
    path: str, data: bytes, is_broker: Callable[[str], bool] = lambda _: False
) -> tuple[Task, ...]:
    """The tasks of a file; raises Unreadable where it is not Python.

    Other libraries have tasks, too. That an object is one of taskiq's is known by a name with
    `broker` in it, by an import of taskiq in the same file, or by what `is_broker` says of the
    dotted origin of an object that another file defines.
    """
    if not any(mark in data for mark in _MARKS):
        return ()
    from definition_of_done.readers.python import read_module

    return tuple(_Reader(read_module(path, data), is_broker).read())


class _Reader:
    def __init__(self, module: Module, is_broker: Callable[[str], bool]) -> None:
        from definition_of_done.readers.bindings import Bindings
        from definition_of_done.readers.origins import Origins

        self._module = module
        self._origins = Origins(module.path, module.tree)
        self._bound = Bindings(module.tree).bound
        self._is_broker = is_broker
        self._has_taskiq = module.holds(b"taskiq")

    def read(self) -> Iterator[Task]:
        decorators: set[int] = set()
        for node in ast.walk(self._module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in node.decorator_list:
                    if self._makes_a_task(decorator):
                        decorators.add(id(decorator))
                        yield self._task(node, node.name, decorator)
                        break
        for node in ast.walk(self._module.tree):
            if not isinstance(node, ast.Call) or id(node) in decorators:
                continue
            # `broker.task(...)(function)` is what the decorator stands for.
            made = node.func if isinstance(node.func, ast.Call) else node
            registers = self._origins.of(made).endswith(".register_task")
            if node.args and (registers or made is not node) and self._makes_a_task(made):
                function = self._origins.of(node.args[0]).rpartition(".")[2]
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
            return any(self._origins.of(one).startswith("taskiq") for one in ast.walk(value))
        return self._has_taskiq or self._is_broker(owner)

    def _task(self, node: ast.AST, function: str, made: ast.expr, *, after: int = 0) -> Task:
        name, schedule = None, self._schedule(None)
        if isinstance(made, ast.Call):
            keywords = {one.arg: one.value for one in made.keywords}
            given = keywords.get("task_name")
            if given is None and len(made.args) > after:
                given = made.args[after]
            name = self._text(given)
            # What `**labels` holds may be a schedule.
            schedule = None if None in keywords else self._schedule(keywords.get("schedule"))
        return Task(self._module.spot(node), function, name, schedule)

    def _schedule(self, node: ast.expr | None) -> tuple[Schedule, ...] | None:
        match self._value(node):
            case None | ast.Constant(value=None):
                return ()
            case ast.List(elts=entries) | ast.Tuple(elts=entries):
                found = [self._entry(one) for one in entries]
                return tuple(one for one in found if one) if all(found) else None
        return None

    def _entry(self, node: ast.expr) -> Schedule | None:
        match self._value(node):
            case ast.Dict(keys=keys, values=values):
                said = dict(zip(map(self._text, keys), values, strict=True))
            case ast.Call(args=[], keywords=given) as call if self._origins.of(call) == "dict":
                said = {one.arg: one.value for one in given}
            case _:
                return None
        if None in said:
            return None
        interval = self._value(said.get("interval"))
        match interval:
            case ast.Constant(value=int(seconds)):
                return Schedule(self._text(said.get("cron")), seconds)
        return Schedule(self._text(said.get("cron")), self._seconds(interval))

    def _seconds(self, node: ast.expr | None) -> int | None:
        """The whole seconds of a `timedelta` of literals."""
        if not isinstance(node, ast.Call) or node.args:
            return None
        if self._origins.of(node).rpartition(".")[2] != "timedelta":
            return None
        total = 0
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
        for one in node.keywords:
            match one.value:
                case ast.Constant(value=int(number)) if one.arg in units:
                    total += number * units[one.arg]
                case _:
                    return None
        return total

    def _value(self, node: ast.expr | None) -> ast.expr | None:
        """What a name of the module is bound to, else the expression itself."""
        if isinstance(node, ast.Name) and isinstance(bound := self._bound.get(node.id), ast.expr):
            return bound
        return node

    def _text(self, node: ast.expr | None) -> str | None:
        match self._value(node):
            case ast.Constant(value=str(text)):
                return text
        return None
