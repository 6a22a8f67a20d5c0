"""The names of a module and their values, as Python leaves them after an import."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Binding: TypeAlias = ast.stmt | ast.expr | ast.alias


class Bindings:
    """The last value of each module-level name: a statement, an expression or an import's alias.

    Branches and loops at module level are read in order, and the last binding counts. For a name
    that an assignment binds, `targets` holds the name's node and `annotations` its annotation.
    `again` are the names that a block binds although they are bound already.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.bound: dict[str, Binding] = {}
        self.targets: dict[str, ast.Name] = {}
        self.annotations: dict[str, ast.expr] = {}
        self.again: set[str] = set()
        self.has_star_import = False
        self._blocks = 0
        self._read(tree.body)

    def _read(self, statements: list[ast.stmt]) -> None:
        for node in statements:
            match node:
                case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                    self._bind(target, value)
                    if isinstance(target, ast.Name):
                        self.annotations[target.id] = annotation
                case ast.Assign(targets=targets, value=value):
                    self._bind_all(targets, value)
                case ast.ImportFrom(names=aliases) | ast.Import(names=aliases):
                    self._bind_imports(aliases)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self.bound[node.name] = node
                case ast.AugAssign(target=target):
                    self._bind(target, node)
                case ast.Delete(targets=targets):
                    self._delete(targets)
                case ast.Expr(value=ast.NamedExpr(target=target, value=value)):
                    self._bind(target, value)
                case _:
                    self._read_inside(node)

    def _read_inside(self, node: ast.stmt) -> None:
        if isinstance(node, ast.For | ast.AsyncFor):
            self._bind(node.target, node)
        for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else ():
            self._bind_all([item.optional_vars] if item.optional_vars else [], node)
        self._blocks += 1
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            for inner in getattr(node, field, ()):
                self._read(inner.body if not isinstance(inner, ast.stmt) else [inner])
        self._blocks -= 1

    def _bind_imports(self, aliases: Iterable[ast.alias]) -> None:
        for alias in aliases:
            self.has_star_import |= alias.name == "*"
            self.bound[(alias.asname or alias.name).partition(".")[0]] = alias

    def _delete(self, targets: Iterable[ast.expr]) -> None:
        for target in targets:
            if isinstance(target, ast.Name):
                self.bound.pop(target.id, None)

    def _bind_all(self, targets: Iterable[ast.expr], value: Binding) -> None:
        for target in targets:
            self._bind(target, value)

    def _bind(self, target: ast.expr, value: Binding) -> None:
        match target, value:
            case ast.Name(id=name) as node, _:
                if self._blocks and name in self.bound:
                    self.again.add(name)
                self.bound[name] = value
                self.targets[name] = node
                self.annotations.pop(name, None)
            case ast.Tuple(elts=targets) | ast.List(elts=targets), (
                ast.Tuple(elts=values) | ast.List(elts=values)
            ) if len(targets) == len(values):
                for element, its_value in zip(targets, values, strict=True):
                    self._bind(element, its_value)
            case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
                self._bind_all(targets, target)
