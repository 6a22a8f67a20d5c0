"""The template for several databases: `upgrade` calls `upgrade_<engine>` by its computed name."""

from __future__ import annotations

import ast

_LOOKED_UP = (ast.Call, ast.Subscript)


def dispatched_prefix(func: ast.expr) -> str | None:
    """The prefix of the functions that a call such as `globals()["upgrade_%s" % x]()` may reach.

    `func` is what is called; None where it is not looked up by a computed name.
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
    """The function's statements, with those of the functions that it dispatches to in place."""
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
        for one in module.body:
            if isinstance(one, ast.FunctionDef) and one.name.startswith(prefix):
                body += one.body
    return body
