"""Follows Alembic's template for several databases.

Its `upgrade` calls a function `upgrade_<engine>` by a computed name.
"""

from __future__ import annotations

import ast

_LOOKED_UP = (ast.Call, ast.Subscript)


def dispatched_prefix(func: ast.expr) -> str | None:
    """The prefix of the functions that a call such as `globals()["upgrade_%s" % x]()` may reach.

    `func` is the expression that is called. None where it does not look up a computed name.
    """
    if not isinstance(func, _LOOKED_UP):
        return None
    nodes = list(ast.walk(func))
    if not any(isinstance(node, ast.Name) and node.id in ("globals", "eval") for node in nodes):
        return None
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for prefix in ("upgrade_", "downgrade_"):
                if node.value.startswith(prefix):
                    return prefix
    return None


def dispatched(
    function: ast.FunctionDef | ast.AsyncFunctionDef, module: ast.Module
) -> list[ast.stmt]:
    """The function's statements; those of the functions that it dispatches to replace the calls."""
    body: list[ast.stmt] = []
    for node in function.body:
        prefix = (
            dispatched_prefix(node.value.func)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            else None
        )
        if prefix is None:
            body.append(node)
            continue
        for statement in module.body:
            if isinstance(statement, ast.FunctionDef) and statement.name.startswith(prefix):
                body += statement.body
    return body
