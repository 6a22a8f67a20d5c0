"""Tells whether a function's body has an effect, and why not."""

from __future__ import annotations

import ast
import re
from enum import Enum
from functools import cached_property

from definition_of_done.base.expressions import regex
from definition_of_done.project.migrations.operations.opaque import dispatched_prefix
from definition_of_done.project.migrations.source.sql import called, texts
from definition_of_done.readers.nodes import live

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from definition_of_done.project.migrations.source.evaluator import Function

_LOG_CALLS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log"}
_LOG_NAMES = {"log", "logger", "logging"}
_LOG_MAKERS = {"getLogger", "get_logger"}
# Calls that only look, or make what the next lines work with.
_LOOKS = {
    *_LOG_MAKERS,
    "get_bind",
    "get_context",
    "inspect",
    "Inspector",
    "from_engine",
    "MetaData",
}
_LOOKS |= {"format", "join", "dedent", "has_table", "has_column", "has_index", "as_sql"}
_LOOKS |= {f"get_{what}" for what in ("columns", "indexes", "table_names", "foreign_keys")}
_LOOKS |= {"get_unique_constraints", "get_pk_constraint", "get_check_constraints", "get_enums"}
# SQL that asks for nothing of the database.
_IDLE = regex(
    r"(?:\s|;|--[^\n]*|/\*.*?\*/)*+(?:select\s+(?:\d+|'[^']*'|null|true|false)\s*+;?\s*+)?",
    re.I | re.S,
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Emptiness(Enum):
    """The sum of a body: an EFFECT, a mere PASS, a RAISE, or only TALK (logs, warnings).

    UNSEEN is that of an empty one with a decorator, which may do the work.
    """

    EFFECT = "effect"
    PASS = "pass"
    RAISE = "raise"
    TALK = "talk"
    UNSEEN = "unseen"


def emptiness(function: Function, module: ast.Module) -> Emptiness:
    """Sum up a function of a module; what it dispatches to is looked into."""
    body = _dispatched(function, module)
    found = _Sum(body, module).together(body)
    # A decorator may do the work that the body leaves out.
    is_open = function.decorator_list and found is not Emptiness.EFFECT
    return Emptiness.UNSEEN if is_open else found


def _dispatched(function: Function, module: ast.Module) -> list[ast.stmt]:
    """The function's statements; those of the functions that it dispatches to replace the calls."""
    body: list[ast.stmt] = []
    for node in function.body:
        match node:
            case ast.Expr(value=ast.Call(func=func)) if prefix := dispatched_prefix(func):
                for other in module.body:
                    if isinstance(other, ast.FunctionDef) and other.name.startswith(prefix):
                        body += other.body
            case _:
                body.append(node)
    return body


class _Sum:
    """Sums up the body of one function."""

    def __init__(self, body: list[ast.stmt], module: ast.Module) -> None:
        # The functions that the body defines: they do nothing until they are called.
        self._own = {
            node.name: node
            for node in body
            if isinstance(node, _FUNCTIONS) and not node.decorator_list
        }
        self._statements = [*module.body, *body]

    @cached_property
    def _loggers(self) -> set[str]:
        """The names of loggers, which few migrations are asked for."""
        made = {
            target.id
            for node in self._statements
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if called(node.value) in _LOG_MAKERS
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        return made | {spelt for name in _LOG_NAMES for spelt in (name, f"_{name}", name.upper())}

    def together(self, body: list[ast.stmt]) -> Emptiness:
        """Sum up statements that run one after the other."""
        return _most(self._statement(node) for node in live(body))

    def _statement(self, node: ast.stmt) -> Emptiness:
        match node:
            case ast.Raise() | ast.Assert(test=ast.Constant(value=False)):
                return Emptiness.RAISE
            case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in self._own:
                # A function that calls itself is met only once.
                return self.together(self._own.pop(name).body)
            case ast.Expr(value=ast.Call(func=func)) if self._talks(func):
                return Emptiness.TALK
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                return Emptiness.PASS if _is_idle(value) else Emptiness.EFFECT
            case ast.Assign(value=value, targets=[ast.Name()]):
                return Emptiness.PASS if _is_idle(value) else Emptiness.EFFECT
            case ast.If() | ast.With() | ast.For() | ast.While() | ast.Try():
                return _most(self.together(block) for block in _blocks(node))
        return Emptiness.PASS if isinstance(node, _SILENT) else Emptiness.EFFECT

    def _talks(self, func: ast.expr) -> bool:
        match func:
            case ast.Name(id="print" | "warn"):
                return True
            case ast.Attribute(value=ast.Name(id="warnings"), attr="warn"):
                return True
            case ast.Attribute(value=ast.Name(id=name), attr=call):
                return call in _LOG_CALLS and name in self._loggers
            case ast.Attribute(value=ast.Call(func=ast.Attribute(attr=maker)), attr=call):
                return call in _LOG_CALLS and maker in _LOG_MAKERS
        return False


# Statements that change nothing by themselves. A function with a decorator may do anything.
_SILENT = (
    ast.Pass,
    ast.Import,
    ast.ImportFrom,
    ast.Return,
    ast.Global,
    ast.Nonlocal,
    ast.Continue,
    ast.Break,
    ast.Assert,
    ast.ClassDef,
    *_FUNCTIONS,
)


_WAITS = (ast.Await, ast.Yield, ast.YieldFrom)


def _is_idle(value: ast.expr) -> bool:
    """True where an expression changes nothing: all of its calls only look."""
    if isinstance(value, ast.Call) and not _looks(value):
        # Most are such, and no part of them is asked.
        return False
    if isinstance(value, ast.Lambda):
        return True
    return not any(
        isinstance(node, _WAITS) or (isinstance(node, ast.Call) and not _looks(node))
        for node in ast.walk(value)
    )


def _looks(call: ast.Call) -> bool:
    name = called(call)
    if name in ("execute", "scalar") and isinstance(call.func, ast.Attribute) and call.args:
        found = list(texts(call.args[0], lambda node: [node]))
        return all(is_whole and _IDLE.fullmatch(text) for text, is_whole in found)
    # An exception that is made and not raised.
    return name in _LOOKS or name == "text" or name.endswith(("Error", "Exception"))


def _most(kinds: Iterable[Emptiness]) -> Emptiness:
    """The kind of a whole with parts of these kinds; behind an effect no part is looked at."""
    found = set()
    for kind in kinds:
        if kind is Emptiness.EFFECT:
            return kind
        found.add(kind)
    lesser = (Emptiness.RAISE, Emptiness.TALK)
    return next((kind for kind in lesser if kind in found), Emptiness.PASS)


def _blocks(node: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of statements that a statement holds."""
    own = [getattr(node, field, []) for field in ("body", "orelse", "finalbody")]
    return [*own, *(handler.body for handler in getattr(node, "handlers", ()))]
