"""Ways through a syntax tree that take a fraction of the time of `ast.walk`, and its constants."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
# In the order of the fields of each node that has some of them.
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_HOLDERS = frozenset(
    {
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Match, ast.match_case),
        *(ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith),
        *(ast.Try, ast.TryStar, ast.ExceptHandler),
    }
)
# What stands behind one of these in its block is not reached.
EXITS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
# They decide what runs of a block.
_STEERING = (ast.If, ast.While, *EXITS)


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes right below one, in the order of its fields, as `ast.iter_child_nodes` has them."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for element in value:
                if isinstance(element, ast.AST):
                    yield element
        elif isinstance(value, ast.AST):
            yield value


def live(block: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a block that may run: none behind an exit or below a false condition.

    What stands below a constant condition takes its place.
    """
    for node in block:
        if isinstance(node, _STEERING):
            break
    else:
        return block
    found: list[ast.stmt] = []
    for node in block:
        match node:
            case ast.If(test=ast.Constant(value=value)):
                found += live(node.body if value else node.orelse)
            case ast.While(test=ast.Constant(value=value)) if not value:
                found += live(node.orelse)
            case _:
                found.append(node)
        if found and isinstance(found[-1], EXITS):
            break
    return found


def walk_live(
    node: ast.AST, live: Callable[[list[ast.stmt]], list[ast.stmt]] = live
) -> Iterator[ast.AST]:
    """A node and all below it, without the statements that never run.

    `live` chooses the statements of each block.
    """
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                inner = [child for child in value if isinstance(child, ast.AST)]
                is_block = bool(inner) and isinstance(inner[0], ast.stmt)
                waiting += live(inner) if is_block else inner  # type: ignore[arg-type]  # one kind


def parameters(node: Function) -> list[ast.arg]:
    """The parameters of a function that have a name in a call."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """All statements of a file, in the order of `ast.walk`; no expression holds one.

    Handlers of exceptions and cases of a match, which hold some, are among them.
    """
    level: list[ast.AST] = [*tree.body]
    while level:
        below: list[ast.AST] = []
        for node in level:
            yield node
            if type(node) in _HOLDERS:
                for field in _BLOCKS:
                    below += getattr(node, field, ())
        level = below


def imported(node: ast.Import | ast.ImportFrom, module: str) -> dict[str, str]:
    """The origin of each name that an import binds; `module` is the one that names come from."""
    names = {}
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            names[alias.asname or alias.name] = f"{module}.{alias.name}"
        else:
            first = alias.name.partition(".")[0]
            names[alias.asname or first] = alias.name if alias.asname else first
    return names


def defers_annotations(tree: ast.Module) -> bool:
    """True where a module's annotations are not evaluated."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def keyword_of(node: ast.Call | ast.ClassDef, *names: str) -> ast.expr | None:
    """The value of the first keyword with one of these names, None where there is none."""
    return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)


def is_constant(node: object, value: object) -> bool:
    """True where an expression is literally this value."""
    return isinstance(node, ast.Constant) and node.value is value
