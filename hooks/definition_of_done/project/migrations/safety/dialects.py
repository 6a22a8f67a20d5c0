"""Tells which branch of a migration runs on PostgreSQL."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from definition_of_done.project.migrations.source.evaluator import Value

_DEEPEST = 20
_UNLIKE = ast.NotEq | ast.NotIn | ast.IsNot
_OWN = ("postgres", "psycopg")
_OTHERS = (
    *("sqlite", "mysql", "mariadb", "oracle", "mssql", "cockroach", "redshift", "snowflake"),
    *("bigquery", "clickhouse", "duckdb"),
)


def holds_on_postgresql(
    test: ast.expr, resolve: Callable[[ast.expr], list[Value]], depth: int = 0
) -> bool | None:
    """True where a condition on the database holds on PostgreSQL; None for another condition."""
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
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=bool(wanted))]):
            held = inner(left)
            return None if held is None else (held is wanted) is not isinstance(op, _UNLIKE)
        case ast.Compare(ops=[op]):
            held = _is_named(test, resolve)
            return None if held is None else held is not isinstance(op, _UNLIKE)
        case ast.Name() | ast.Call():
            found = resolve(test)
            meant = found[0][0] if len(found) == 1 else None
            if isinstance(meant, ast.Compare | ast.UnaryOp | ast.BoolOp):
                return inner(meant)
    return _is_named(test, resolve)


def _is_named(node: ast.expr, resolve: Callable[[ast.expr], list[Value]]) -> bool | None:
    """True where an expression names PostgreSQL, False where it names other databases alone."""
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    meant = (found for name in names for found, _ in resolve(name) if isinstance(found, ast.expr))
    for spelt in (node, *meant):
        words = " ".join(word for part in ast.walk(spelt) if (word := _word(part))).lower()
        if any(name in words for name in _OWN):
            return True
        if any(name in words for name in _OTHERS):
            return False
    return None


def _word(node: ast.AST) -> str:
    """The name or the text that a node is, empty for a sentence and for others."""
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
            return "" if " " in word else word
    return ""
