"""The fields of a Strawberry class, in the order of its dataclass."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from definition_of_done.base.spots import Spot
from definition_of_done.project.api.declarations import RESERVED, Field, Opaque, camel_case
from definition_of_done.project.api.services import is_stub
from definition_of_done.project.api.shapes import ShapeReader, unquoted
from definition_of_done.readers.nodes import Function, parameters
from definition_of_done.readers.python import Module

# A part of a class: a bare string is an attribute that is hidden from the schema.
Part: TypeAlias = Field | Opaque | str

_PACKAGES = ("strawberry", "strawberry_django")
_OPERATION_FIELDS = {
    "mutation": "mutation",
    "input_mutation": "mutation",
    "subscription": "subscription",
}
_FIELDS = set(
    "field node connection offset_paginated cursor_paginated filter_field order_field".split()
) | set(_OPERATION_FIELDS)
# Statements that give an enum no value.
_NO_VALUES = (Function, ast.AnnAssign, ast.Expr, ast.Pass)
_PRIVATE = ("Private", "NodeID", "ClassVar", "InitVar", "KW_ONLY")
# Annotations with these names hold no types of the schema.
_NO_TYPES = (*_PRIVATE, "Info", "Parent", "Literal", "Callable")
# These decorators make no field of a method.
_HARMLESS = (
    "property staticmethod classmethod functools typing typing_extensions abc contextlib asyncio"
    " cached_property override overload abstractmethod setter getter deleter"
).split()
# The attributes that classes inherit from those of strawberry.relay.
RELAY = {
    f"strawberry.relay{module}.{name}": attributes
    for module in ("", ".types")
    for name, attributes in (
        ("Node", ("id",)),
        ("Edge", ("cursor", "node")),
        ("Connection", ("page_info", "edges")),
        ("ListConnection", ("page_info", "edges")),
    )
}


def is_strawberrys(origin: str) -> bool:
    """True for the origin of a name of Strawberry's or of its Django integration's."""
    return origin.partition(".")[0] in _PACKAGES


def keyword(call: ast.expr | None, name: str) -> ast.expr | None:
    """The value that a call gives to a keyword, None where it gives none."""
    if not isinstance(call, ast.Call):
        return None
    return next((given.value for given in call.keywords if given.arg == name), None)


def given_name(call: ast.expr | None) -> tuple[str | None, bool]:
    """The name that a call gives by `name=`, and True where it can be read."""
    if isinstance(call, ast.Call) and any(given.arg is None for given in call.keywords):
        return None, False
    match keyword(call, "name"):
        case None | ast.Constant(value=None):
            return None, True
        case ast.Constant(value=str(name)):
            return name or None, True
    return None, False


class FieldReader:
    """The reader of a file's fields: those of its classes, and those outside of any class."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._origins = module.origins
        self._shapes = ShapeReader(module.origins)
        self._loose = {
            name: call
            for node in module.tree.body
            for name, call in _calls_outside(node)
            if self._field_kind(call)
        }

    def own(self, node: ast.ClassDef) -> Iterator[Part]:
        """Yield the parts that a class's own body declares, in order."""
        annotated = {
            statement.target.id
            for statement in node.body
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        }
        for statement in node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield from self._annotated(statement, name)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name not in annotated:
                        yield from self._assigned(statement, name, value)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield from self._method(statement)
                case ast.If() | ast.Try() | ast.For() | ast.With():
                    # The source does not say which of the branches Python takes.
                    yield Opaque(node.name)

    def loose(self) -> Iterator[Field]:
        """Yield the fields that are functions of the module; other files make types of them."""
        for node in self._module.tree.body:
            if isinstance(node, Function) and node.name in self._loose:
                field = self._named(node, node.name, self._loose[node.name])
                if isinstance(field, Field):
                    yield field

    def values(self, node: ast.ClassDef, *, by_value: bool) -> Iterator[Field | Opaque]:
        """Yield the values of an enum; an alias is none of them.

        `by_value` says that the schema names them by their values.
        """
        known: set[object] = set()
        names: set[str] = set()
        for statement in node.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    if name.startswith("__") or (name.startswith("_") and name.endswith("_")):
                        continue
                    if isinstance(value, ast.Name) and value.id in names:
                        # Another name of a value.
                        continue
                    names.add(name)
                    spot = self._module.spot(statement)
                    yield from self._value(spot, name, value, known, by_value=by_value)
                case _ if not isinstance(statement, _NO_VALUES):
                    # A class is a value, too, before Python 3.13.
                    yield Opaque(node.name)

    def _value(
        self, spot: Spot, name: str, value: ast.expr, known: set[object], *, by_value: bool
    ) -> Iterator[Field | Opaque]:
        """Yield one value of an enum, or nothing for an alias of a known constant."""
        shown = None
        if self._origins.of(value).endswith("enum_value") and isinstance(value, ast.Call):
            shown, readable = given_name(value)
            value = value.args[0] if value.args else value
            if not readable:
                yield Opaque(name)
                return
        match value:
            case ast.Constant(value=constant):
                if constant in known:
                    return
                known.add(constant)
                if by_value and isinstance(constant, str):
                    shown = shown or constant
            case _ if by_value and shown is None:
                yield Opaque(name)
                return
        yield Field(spot, shown or name, name)

    def types(self, node: ast.ClassDef) -> Iterator[str]:
        """Yield the names in the annotations of a class's fields, their arguments and results."""
        for statement in node.body:
            is_field = isinstance(statement, ast.AnnAssign) or any(
                map(self._field_kind, getattr(statement, "decorator_list", ()))
            )
            for annotation in _annotations(statement) if is_field else ():
                if not self._is_private(annotation):
                    inside = ast.walk(unquoted(annotation))
                    yield from (inner.id for inner in inside if isinstance(inner, ast.Name))

    def _leads_to(self, node: ast.stmt, call: ast.expr | None) -> Iterator[str]:
        """Yield the origins that the types of a field and of its arguments surely name."""
        if keyword(call, "graphql_type") is None and self._keeps_types(call):
            for annotation in _annotations(node):
                yield from self._named_in(annotation)

    def _keeps_types(self, call: ast.expr | None) -> bool:
        """False where an extension of the project's own may change a field's types."""
        match keyword(call, "extensions"):
            case None:
                return True
            case ast.List(elts=extensions) | ast.Tuple(elts=extensions):
                return all(is_strawberrys(self._origins.of(extension)) for extension in extensions)
        return False

    def _named_in(self, annotation: ast.expr) -> Iterator[str]:
        match unquoted(annotation):
            case ast.Name() | ast.Attribute() as node:
                yield self._origins.of(node)
            case ast.BinOp(left=left, right=right):
                yield from self._named_in(left)
                yield from self._named_in(right)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    yield from self._named_in(element)
            case ast.Subscript(value=value, slice=inner):
                last = self._origins.last(value)
                if last == "Annotated" and isinstance(inner, ast.Tuple):
                    yield from self._annotated_type(*inner.elts)
                elif last not in _NO_TYPES:
                    yield from self._named_in(value)
                    yield from self._named_in(inner)

    def _annotated_type(self, named: ast.expr, *metadata: ast.expr) -> Iterator[str]:
        for item in metadata:
            match item:
                case ast.Call(args=[ast.Constant(value=str(module))]) as call:
                    if self._origins.of(call) == "strawberry.lazy":
                        if isinstance(named, ast.Constant) and isinstance(named.value, str):
                            yield f"{self._origins.module(module)}.{named.value}"
                        return
        yield from self._named_in(named)

    def _is_private(self, annotation: ast.expr) -> bool:
        return any(
            self._origins.last(inner) in _PRIVATE
            for inner in ast.walk(unquoted(annotation))
            if isinstance(inner, ast.Name | ast.Attribute)
        )

    def _annotated(self, node: ast.AnnAssign, name: str) -> Iterator[Part]:
        if self._is_private(node.annotation):
            yield name
            return
        inside = ast.walk(unquoted(node.annotation))
        calls = [part for part in (node.value, *inside) if isinstance(part, ast.Call)]
        yield self._named(node, name, next(filter(self._field_kind, calls), None))

    def _assigned(self, node: ast.stmt, name: str, value: ast.expr) -> Iterator[Part]:
        match value:
            case ast.Call():
                if self._field_kind(value):
                    yield self._named(node, name, value)
                elif not is_strawberrys(self._origins.of(value)):
                    yield Opaque(name)
            case ast.Name(id=function) if function in self._loose:
                yield self._named(node, name, self._loose[function])
            case ast.Name() | ast.Attribute():
                if self._origins.of(value).count("."):
                    yield Opaque(name)

    def _method(self, node: Function) -> Iterator[Part]:
        if made_by := next(filter(self._field_kind, node.decorator_list), None):
            yield self._named(node, node.name, made_by)
            return
        for decorator in node.decorator_list:
            origin = self._origins.of(decorator)
            ends = {origin.partition(".")[0], origin.rpartition(".")[2]}
            if not ends & set(_HARMLESS) and not is_strawberrys(origin):
                yield Opaque(node.name)
                return

    def _named(self, node: ast.stmt, attribute: str, call: ast.expr | None) -> Field | Opaque:
        name, readable = given_name(call)
        if not readable:
            return Opaque(attribute)
        spot = self._module.spot(node)
        kind = _OPERATION_FIELDS.get(self._field_kind(call), "field")
        types = tuple(dict.fromkeys(self._leads_to(node, call)))
        shape = self._shapes.read(node, call)
        is_empty = self._is_empty(node)
        return Field(spot, name or camel_case(attribute), attribute, kind, types, shape, is_empty)

    def _is_empty(self, node: ast.stmt) -> bool:
        """True for a resolver without code, and without what else may resolve the field."""
        if not isinstance(node, Function) or len(node.decorator_list) != 1 or not is_stub(node):
            return False
        made_by = node.decorator_list[0]
        return self._origins.of(made_by).startswith("strawberry.") and self._keeps_types(made_by)

    def _field_kind(self, node: ast.expr | None) -> str:
        """The last name of a call or decorator that makes a field, empty for any other."""
        if not isinstance(node, ast.Call | ast.Attribute | ast.Name):
            return ""
        origin = self._origins.of(node)
        kind = origin.rpartition(".")[2]
        if not is_strawberrys(origin):
            return ""
        if origin.startswith("strawberry_django.mutations.") or ".django.mutations." in origin:
            return "mutation"
        return kind if kind in _FIELDS else ""


def _annotations(node: ast.stmt) -> list[ast.expr]:
    """The annotations of a field: of its value, or of its result and the arguments of clients."""
    match node:
        case ast.AnnAssign(annotation=annotation):
            return [annotation]
        case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
            given = (each.annotation for each in parameters(node) if each.arg not in RESERVED)
            return [*filter(None, (returns, *given))]
    return []


def _calls_outside(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield what decorates a function of the module, or the call whose value has a name there."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            for decorator in node.decorator_list:
                yield name, decorator
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
            yield name, call
