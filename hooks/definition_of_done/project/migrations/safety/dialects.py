"""Tells which branch of a migration runs on PostgreSQL."""

from __future__ import annotations

import ast

from definition_of_done.project.database import POSTGRESQL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from definition_of_done.project.migrations.source.evaluator import Value

_DEEPEST = 20


def holds_on_postgresql(
    test: ast.expr, resolve: Callable[[ast.expr], list[Value]], depth: int = 0
) -> bool | None:
    """True where a condition on the dialect holds on PostgreSQL; None for another condition."""
    if depth > _DEEPEST:
        return None

    def inner(node: ast.expr) -> bool | None:
        return holds_on_postgresql(node, resolve, depth + 1)

    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            held = inner(operand)
            return None if held is None else not held
        case ast.BoolOp(op=op, values=values):
            several = {inner(value) for value in values}
            ends = isinstance(op, ast.Or)
            if ends in several:
                return ends
            return None if None in several else not ends
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right, resolve)
        case ast.Name() | ast.Call():
            found = resolve(test)
            meant = found[0][0] if len(found) == 1 else None
            if isinstance(meant, ast.Compare | ast.UnaryOp | ast.BoolOp):
                return inner(meant)
    return None


def _compared(
    left: ast.expr, op: ast.cmpop, right: ast.expr, resolve: Callable[[ast.expr], list[Value]]
) -> bool | None:
    if isinstance(left, ast.Constant):
        left, right = right, left
    if not _is_dialect(left, resolve):
        return None
    names = [
        node.value for node in getattr(right, "elts", [right]) if isinstance(node, ast.Constant)
    ]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    is_among = POSTGRESQL in names
    if isinstance(op, ast.Eq | ast.In | ast.Is):
        return is_among
    return not is_among if isinstance(op, ast.NotEq | ast.NotIn | ast.IsNot) else None


def _is_dialect(node: ast.expr, resolve: Callable[[ast.expr], list[Value]]) -> bool:
    """True for the name of the present dialect, also by a name of its own."""
    spelt = [node, *(found for found, _ in resolve(node) if isinstance(found, ast.expr))]
    return any("dialect" in ast.unparse(found) for found in spelt)
