"""The services that a module exposes, with their public methods, and the stubs among these."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.base.records import NamedTuple
from definition_of_done.base.spots import Spot
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.python import Module, read_module

# A class with such a base or decorator holds data or is an error.
_NO_SERVICES = tuple(
    "Exception Error Warning Enum Flag NamedTuple TypedDict BaseModel Protocol Settings".split()
)
_DATA = {"dataclass", "define", "frozen", "type", "input", "interface", "enum"}
_ATTRIBUTES = {"property", "cached_property", "setter", "getter", "deleter"}


class Method(NamedTuple):
    """A public method of a service, or a public function of a module that has no class."""

    spot: Spot
    name: str


class Service(NamedTuple):
    """A class with public methods; `name` is empty for a module of functions alone."""

    spot: Spot
    name: str
    methods: tuple[Method, ...]


def read_services(path: str, data: bytes) -> tuple[Service, ...]:
    """Read the services of a file; raise Unreadable where it is not Python.

    Errors, enums and classes that only hold data are no services. An inherited method counts in
    the class that defines it.
    """
    public = PublicCode(read_module(path, data))
    body = public.module.tree.body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    if not classes and (methods := tuple(public.methods(body))):
        return (Service(methods[0].spot, "", methods),)
    return tuple(
        Service(public.module.spot(node), node.name, methods)
        for node in classes
        if public.is_service(node) and (methods := tuple(public.methods(node.body)))
    )


def plain_functions(path: str, data: bytes) -> dict[str, Spot]:
    """The functions of a module that nothing decorates; raises Unreadable for what is no Python."""
    module = read_module(path, data)
    return {
        node.name: module.spot(node)
        for node in module.tree.body
        if isinstance(node, Function) and not node.decorator_list
    }


def is_stub(node: Function) -> bool:
    """True for a function without code: abstract, overloaded, or still to be written."""
    for statement in node.body:
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
                if name == "NotImplementedError":
                    continue
        return False
    return True


def is_unwritten(node: Function) -> bool:
    """True for a stub that says so: `...`, or NotImplementedError; `pass` may be meant."""
    if not is_stub(node):
        return False
    last = node.body[-1]
    return isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr) and getattr(last.value, "value", None) is Ellipsis
    )


class PublicCode:
    """The public functions and services of a module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._origins = module.origins

    def methods(self, body: list[ast.stmt]) -> Iterator[Method]:
        """Yield the public functions of a body, an overloaded one once."""
        seen = set()
        for node in self.functions(body):
            if node.name not in seen:
                seen.add(node.name)
                yield Method(self.module.spot(node), node.name)

    def functions(self, body: list[ast.stmt]) -> Iterator[Function]:
        """Yield the public functions of a body, properties left out."""
        for node in body:
            if not isinstance(node, Function):
                continue
            if not node.name.startswith("_") and not self.decorators(node) & _ATTRIBUTES:
                yield node

    def decorators(self, node: Function | ast.ClassDef) -> set[str]:
        """The last words of the origins of a function's or class's decorators."""
        return {self._origins.last(decorator) for decorator in node.decorator_list}

    def is_service(self, node: ast.ClassDef) -> bool:
        """True for a public class that is no data and no error."""
        if node.name.startswith("_") or self.decorators(node) & _DATA:
            return False
        return not any(self._origins.last(base).endswith(_NO_SERVICES) for base in node.bases)
