"""The fields of one class of Strawberry's, as its dataclass would have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from definition_of_done.project.api.declarations import Field, Unseen, camel_case
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import Module

_PACKAGES = ("strawberry", "strawberry_django")
_OPERATION_FIELDS = {"mutation": "mutation", "input_mutation": "mutation"} | {
    "subscription": "subscription"
}
_FIELDS = set(
    "field node connection offset_paginated cursor_paginated filter_field order_field".split()
) | set(_OPERATION_FIELDS)
_PRIVATE = ("Private", "NodeID", "ClassVar", "InitVar", "KW_ONLY")
# Arguments that no client gives, and annotations around what is no type of the schema.
_RESERVED = ("self", "root", "info")
_NO_TYPES = (*_PRIVATE, "Info", "Parent", "Literal", "Callable")
# Decorators that make no field of a method.
_HARMLESS = (
    "property staticmethod classmethod functools typing typing_extensions abc contextlib asyncio"
    " cached_property override overload abstractmethod setter getter deleter"
).split()
# What the classes of strawberry.relay give to those that inherit from them.
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
    """Whether a dotted origin is Strawberry's own or its Django integration's."""
    return origin.partition(".")[0] in _PACKAGES


def keyword(call: ast.expr | None, name: str) -> ast.expr | None:
    """The value of a call's keyword."""
    if not isinstance(call, ast.Call):
        return None
    return next((one.value for one in call.keywords if one.arg == name), None)


def given_name(call: ast.expr | None) -> tuple[str | None, bool]:
    """The name that a call gives by `name=`, and whether it can be read."""
    if isinstance(call, ast.Call) and any(one.arg is None for one in call.keywords):
        return None, False
    match keyword(call, "name"):
        case None | ast.Constant(value=None):
            return None, True
        case ast.Constant(value=str(name)):
            return name or None, True
    return None, False


class FieldReader:
    """Reads the fields of a file's classes; `loose` are fields defined outside of any class."""

    def __init__(self, module: Module, origins: Origins) -> None:
        self._module = module
        self._origins = origins
        self._loose = {
            name: call
            for node in module.tree.body
            for name, call in self._loosely(node)
            if self._field_kind(call)
        }

    def own(self, node: ast.ClassDef) -> Iterator[Field | Unseen | str]:
        """What a class's own body declares, in order.

        A name alone is an attribute that is hidden from the schema.
        """
        annotated = {
            one.target.id
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        }
        for one in node.body:
            match one:
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield from self._annotated(one, name)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name not in annotated:
                        yield from self._assigned(one, name, value)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield from self._method(one)
                case ast.If() | ast.Try() | ast.For() | ast.With():
                    # Which of its branches Python takes is not for the source to say.
                    why = "it is declared on a condition"
                    yield Unseen(self._module.spot(one), node.name, why)

    def loose(self) -> Iterator[Field]:
        """The fields that functions of the module are, for others to make types of."""
        for node in self._module.tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and node.name in self._loose
            ):
                found = self._named(node, node.name, self._loose[node.name])
                if isinstance(found, Field):
                    yield found

    def values(self, node: ast.ClassDef, *, by_value: bool) -> Iterator[Field | Unseen]:
        """The values of an enum, whose aliases are none of them."""
        seen: set[object] = set()
        for one in node.body:
            match one:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    pass
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    continue
                case ast.Expr() | ast.AnnAssign() | ast.Pass():
                    continue
                case _:
                    # Also a class: it is a value before Python 3.13.
                    yield Unseen(self._module.spot(one), node.name, "its values are computed")
                    continue
            if name.startswith("__") or (name.startswith("_") and name.endswith("_")):
                continue
            spot = self._module.spot(one)
            given = None
            if self._origins.of(value).endswith("enum_value") and isinstance(value, ast.Call):
                given, readable = given_name(value)
                value = value.args[0] if value.args else value
                if not readable:
                    yield Unseen(spot, name, "its name is computed")
                    continue
            match value:
                case ast.Constant(value=constant):
                    if constant in seen:
                        continue
                    seen.add(constant)
                    if by_value and isinstance(constant, str):
                        given = given or constant
                case _ if by_value and given is None:
                    yield Unseen(spot, name, "its value is computed")
                    continue
            yield Field(spot, given or name, name)

    def types(self, node: ast.ClassDef) -> Iterator[str]:
        """The names in the annotations of a class's fields, of their arguments and results."""
        for one in node.body:
            annotations: list[ast.expr | None] = []
            match one:
                case ast.AnnAssign(annotation=annotation):
                    if not self._is_private(annotation):
                        annotations = [annotation]
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if any(map(self._field_kind, one.decorator_list)):
                        annotations = [one.returns, *(each.annotation for each in _arguments(one))]
            for given in filter(None, annotations):
                for inner in ast.walk(_unquoted(given)):
                    if isinstance(inner, ast.Name):
                        yield inner.id

    def _leads_to(self, node: ast.stmt, call: ast.expr | None) -> Iterator[str]:
        """The origins of what a field's type and the types of its arguments surely name."""
        if keyword(call, "graphql_type") is not None or not self._keeps_types(call):
            return
        match node:
            case ast.AnnAssign(annotation=annotation):
                yield from self._named_in(annotation)
            case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
                yield from self._named_in(returns)
                for one in _arguments(node):
                    if one.arg not in _RESERVED:
                        yield from self._named_in(one.annotation)

    def _keeps_types(self, call: ast.expr | None) -> bool:
        """Whether no extension of the project's own may change what a field answers or takes."""
        match keyword(call, "extensions"):
            case None:
                return True
            case ast.List(elts=extensions) | ast.Tuple(elts=extensions):
                return all(is_strawberrys(self._origins.of(one)) for one in extensions)
        return False

    def _named_in(self, annotation: ast.expr | None) -> Iterator[str]:
        match _unquoted(annotation) if annotation is not None else None:
            case ast.Name() | ast.Attribute() as node:
                yield self._origins.of(node)
            case ast.BinOp(left=left, right=right):
                yield from self._named_in(left)
                yield from self._named_in(right)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for one in elements:
                    yield from self._named_in(one)
            case ast.Subscript(value=value, slice=inner):
                last = self._origins.of(value).rpartition(".")[2]
                if last == "Annotated" and isinstance(inner, ast.Tuple):
                    yield from self._annotated_type(*inner.elts)
                elif last not in _NO_TYPES:
                    yield from self._named_in(value)
                    yield from self._named_in(inner)

    def _annotated_type(self, named: ast.expr, *more: ast.expr) -> Iterator[str]:
        for one in more:
            match one:
                case ast.Call(args=[ast.Constant(value=str(module))]) as call:
                    if self._origins.of(call) == "strawberry.lazy":
                        if isinstance(named, ast.Constant) and isinstance(named.value, str):
                            yield f"{self._origins.module(module)}.{named.value}"
                        return
        yield from self._named_in(named)

    def _is_private(self, annotation: ast.expr) -> bool:
        return any(
            self._origins.of(one).rpartition(".")[2] in _PRIVATE
            for one in ast.walk(_unquoted(annotation))
            if isinstance(one, ast.Name | ast.Attribute)
        )

    def _annotated(self, node: ast.AnnAssign, name: str) -> Iterator[Field | Unseen | str]:
        if self._is_private(node.annotation):
            yield name
            return
        inside = ast.walk(_unquoted(node.annotation))
        calls = [one for one in (node.value, *inside) if isinstance(one, ast.Call)]
        call = next((one for one in calls if self._field_kind(one)), None)
        yield self._named(node, name, call)

    def _assigned(
        self, node: ast.stmt, name: str, value: ast.expr
    ) -> Iterator[Field | Unseen | str]:
        match value:
            case ast.Call():
                if self._field_kind(value):
                    yield self._named(node, name, value)
                elif not is_strawberrys(self._origins.of(value)):
                    why = f"what {ast.unparse(value.func)}() makes of it cannot be seen"
                    yield Unseen(self._module.spot(node), name, why)
            case ast.Name(id=other) if other in self._loose:
                yield self._named(node, name, self._loose[other])
            case ast.Name() | ast.Attribute():
                if self._origins.of(value).count("."):
                    why = f"{ast.unparse(value)} comes from another file"
                    yield Unseen(self._module.spot(node), name, why)

    def _method(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[Field | Unseen | str]:
        for decorator in node.decorator_list:
            if self._field_kind(decorator):
                yield self._named(node, node.name, decorator)
                return
        for decorator in node.decorator_list:
            origin = self._origins.of(decorator)
            ends = {origin.partition(".")[0], origin.rpartition(".")[2]}
            if not ends & set(_HARMLESS) and not is_strawberrys(origin):
                why = f"what @{origin or ast.unparse(decorator)} makes of it cannot be seen"
                yield Unseen(self._module.spot(node), node.name, why)
                return

    def _named(self, node: ast.stmt, attribute: str, call: ast.expr | None) -> Field | Unseen:
        name, readable = given_name(call)
        spot = self._module.spot(node)
        if not readable:
            return Unseen(spot, attribute, "its name is computed")
        kind = _OPERATION_FIELDS.get(self._field_kind(call), "field")
        types = tuple(dict.fromkeys(self._leads_to(node, call)))
        return Field(spot, name or camel_case(attribute), attribute, kind, types)

    def _field_kind(self, node: ast.expr | None) -> str:
        """The last name of what makes a field, empty for what makes none."""
        origin = self._origins.of(node) if isinstance(node, ast.Call | ast.Attribute) else ""
        if isinstance(node, ast.Name):
            origin = self._origins.of(node)
        kind = origin.rpartition(".")[2]
        if not is_strawberrys(origin):
            return ""
        if origin.startswith("strawberry_django.mutations.") or ".django.mutations." in origin:
            return "mutation"
        return kind if kind in _FIELDS else ""

    def _loosely(self, node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                for decorator in node.decorator_list:
                    yield name, decorator
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                yield name, call


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[ast.arg, ...]:
    return (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)


def _unquoted(annotation: ast.expr) -> ast.expr:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value.strip(), mode="eval").body
        except SyntaxError:
            return annotation
    return annotation
