"""The files of a layer that hold what the layer is for."""

from __future__ import annotations

import ast
import re

from definition_of_done.project.api.services import is_stub
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import Module, read_module

# Bases that say nothing of a layer, and those of classes that belong to no layer.
_PLAIN = ("object", "ABC", "Generic", "Protocol")
_NO_LAYER = ("Exception", "Error", "Warning", "Enum", "Flag", "NamedTuple", "TypedDict")
# Calls whose value is no part of a layer.
_TOOLS = ("getLogger", "get_logger", "TypeVar", "ParamSpec", "NewType", "ContextVar", "compile")


def may_hold(link: str, path: str, data: bytes) -> bool:
    """True where a file holds what a layer is for, or where nobody can see that it does not.

    That is a class with a base or with members of its own; for a repository or service these are
    public methods, or functions of the module, with code in them. What is imported and handed on,
    and what a call makes, is not seen.
    """
    module = read_module(path, data)
    return any(map(_LayerCode(link, module).counts, module.tree.body))


class _LayerCode:
    def __init__(self, link: str, module: Module) -> None:
        self._link = link
        self._is_package = module.path.endswith("/__init__.py")
        self._origins = module.origins
        self._has_methods = link in ("repositories", "services")

    def counts(self, node: ast.stmt) -> bool:
        match node:
            case ast.ClassDef():
                return self._is_of_layer(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                is_public = self._link != "models" and not name.startswith("_")
                return is_public and not (self._has_methods and is_stub(node))
            case ast.ImportFrom(names=names, module=module):
                text = " ".join([module or "", *(alias.name for alias in names)])
                return self._hands_on(text)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                return self._is_made(value)
            case ast.If() | ast.Try() | ast.With() | ast.For():
                inner = ast.iter_child_nodes(node)
                return any(self.counts(child) for child in inner if isinstance(child, ast.stmt))
        return False

    def _hands_on(self, text: str) -> bool:
        """True for an import that may bring the layer from another file."""
        if self._is_package or text.endswith("*"):
            return True
        names = [name for name in re.findall(r"\w+", text) if name[:1].isupper()]
        word = "" if self._link == "models" else self._link.removesuffix("ies").removesuffix("s")
        return bool(word) and any(word in name.lower() for name in names)

    def _is_made(self, value: ast.expr) -> bool:
        last = self._origins.last(value)
        if isinstance(value, ast.Subscript):
            return last[:1].isupper()
        return isinstance(value, ast.Call) and last not in _TOOLS

    def _is_of_layer(self, node: ast.ClassDef) -> bool:
        bases = [self._origins.last(base) for base in node.bases]
        if any(base.endswith(_NO_LAYER) for base in bases) or any(map(_is_abstract, node.body)):
            return False
        if any(base not in _PLAIN for base in bases) or node.keywords:
            return True
        # What another class is to fill in has a base, such as Protocol.
        return any(self._is_member(child, is_final=not bases) for child in node.body)

    def _is_member(self, node: ast.stmt, *, is_final: bool) -> bool:
        if isinstance(node, Function):
            is_public = not node.name.startswith("_") or node.name == "__call__"
            return not self._has_methods or (is_public and not (is_final and is_stub(node)))
        if isinstance(node, ast.Assign | ast.AnnAssign):
            return not self._has_methods or isinstance(node.value, ast.Call | ast.Lambda)
        return False


def _is_abstract(node: ast.stmt) -> bool:
    """True for the line by which SQLAlchemy makes no table of a class."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__abstract__")], value=ast.Constant(value=True)):
            return True
    return False
