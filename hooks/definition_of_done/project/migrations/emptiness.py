"""Tells whether a function's body has any effect, and if not, why."""

from __future__ import annotations

import ast
from enum import Enum

_LOG_CALLS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log"}
_LOG_NAMES = {"log", "logger", "logging"}
_LOG_MAKERS = {"getLogger", "get_logger"}


class Emptiness(Enum):
    """The sum of a body: an EFFECT, a mere PASS, a RAISE, or only TALK (logs, warnings)."""

    EFFECT = "effect"
    PASS = "pass"
    RAISE = "raise"
    TALK = "talk"


def emptiness(body: list[ast.stmt], module: ast.Module) -> Emptiness:
    """Sum up the statements of a function; `module` tells which names are loggers."""
    return _together(body, module)


def _together(body: list[ast.stmt], module: ast.Module) -> Emptiness:
    kinds = []
    for node in body:
        kind = _statement(node, module)
        if kind is Emptiness.EFFECT:
            return kind
        kinds.append(kind)
    for kind in (Emptiness.RAISE, Emptiness.TALK):
        if kind in kinds:
            return kind
    return Emptiness.PASS


def _statement(node: ast.stmt, module: ast.Module) -> Emptiness:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return Emptiness.PASS
        case ast.Return(value=None | ast.Constant(value=None)) | ast.Global() | ast.Nonlocal():
            return Emptiness.PASS
        case ast.Raise():
            return Emptiness.RAISE
        case ast.Expr(value=ast.Call(func=func)) if _talks(func, module):
            return Emptiness.TALK
        case ast.If() | ast.With() | ast.For() | ast.While() | ast.Try():
            return _together(_inner(node), module)
        case ast.Continue() | ast.Break():
            return Emptiness.PASS
    return Emptiness.EFFECT


def _inner(node: ast.stmt) -> list[ast.stmt]:
    return [
        statement
        for field in ("body", "handlers", "orelse", "finalbody")
        for inner in getattr(node, field, ())
        for statement in (inner.body if isinstance(inner, ast.ExceptHandler) else [inner])
    ]


def _talks(func: ast.expr, module: ast.Module) -> bool:
    match func:
        case ast.Name(id="print" | "warn"):
            return True
        case ast.Attribute(value=ast.Name(id="warnings"), attr="warn"):
            return True
        case ast.Attribute(value=ast.Name(id=name), attr=call):
            return call in _LOG_CALLS and name in _loggers(module)
        case ast.Attribute(value=ast.Call(func=ast.Attribute(attr=maker)), attr=call):
            return call in _LOG_CALLS and maker in _LOG_MAKERS
    return False


def _loggers(module: ast.Module) -> set[str]:
    made = {
        target.id
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "attr", getattr(node.value.func, "id", "")) in _LOG_MAKERS
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return made | {spelt for name in _LOG_NAMES for spelt in (name, f"_{name}", name.upper())}
