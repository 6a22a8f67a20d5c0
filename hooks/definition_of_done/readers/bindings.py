"""What a module's names are bound to, as Python would leave them after an import."""

from __future__ import annotations

import ast


class Bindings:
    """What each module-level name is bound to in the end: a function, an expression, or another.

    Branches and loops at module level are read through in order; the last binding wins. Of a name
    that a plain or annotated assignment binds, `targets` holds where it stands and `annotations`
    its annotation.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.bound: dict[str, ast.AST] = {}
        self.targets: dict[str, ast.Name] = {}
        self.annotations: dict[str, ast.expr] = {}
        self.has_star_import = False
        self._read(tree.body)

    def _read(self, statements: list[ast.stmt]) -> None:
        for node in statements:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self.bound[name] = node
                case ast.ClassDef(name=name):
                    self.bound[name] = node
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(target, value)
                case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                    self._bind(target, value)
                    if isinstance(target, ast.Name):
                        self.annotations[target.id] = annotation
                case ast.AugAssign(target=target):
                    self._bind(target, node)
                case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                    for alias in aliases:
                        self.has_star_import |= alias.name == "*"
                        self.bound[(alias.asname or alias.name).partition(".")[0]] = alias
                case ast.Delete(targets=targets):
                    for target in targets:
                        if isinstance(target, ast.Name):
                            self.bound.pop(target.id, None)
                case _:
                    self._read_inside(node)

    def _read_inside(self, node: ast.stmt) -> None:
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            for inner in getattr(node, field, ()):
                self._read(inner.body if not isinstance(inner, ast.stmt) else [inner])

    def _bind(self, target: ast.expr, value: ast.AST) -> None:
        match target, value:
            case ast.Name(id=name) as node, _:
                self.bound[name] = value
                self.targets[name] = node
                self.annotations.pop(name, None)
            case ast.Tuple(elts=targets) | ast.List(elts=targets), (
                ast.Tuple(elts=values) | ast.List(elts=values)
            ) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    self._bind(one, its)
            case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
                for one in targets:
                    self._bind(one, target)
