"""The types, arguments and defaults of fields, as their annotations say them."""

from __future__ import annotations

import ast
import json

from definition_of_done.project.api.declarations import RESERVED, UNSEEN, Given, Shape
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import parse_expression

_GIVEN_BY_STRAWBERRY = ("Info", "Parent")
# Decorators of Strawberry's that take a method as it is.
_PLAIN = tuple(f"strawberry.{name}" for name in ("field", "mutation", "subscription"))
# These keywords may change what a field answers, or what it takes.
_CHANGING = ("extensions", "graphql_type", "resolver")


class ShapeReader:
    """The reader of the shapes in a file."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def read(self, node: ast.stmt, call: ast.expr | None) -> Shape:
        """The shape of a field that a statement declares, perhaps by a call or decorator."""
        keywords = {given.arg: given.value for given in getattr(call, "keywords", ())}
        if set(_CHANGING) & keywords.keys() or None in keywords:
            return Shape()
        if call is not None and self._origins.of(call) not in _PLAIN:
            return Shape()
        match node:
            case ast.AnnAssign(annotation=annotation, value=value):
                made = value is not None and value is call
                default = self._made_default(keywords) if made else self.default(value)
                if isinstance(call, ast.Call) and not made:
                    return Shape()
                return Shape(self.type(annotation), (), default)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._method(node, call)
        return Shape()

    def _method(self, node: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.expr | None) -> Shape:
        others = [decorator for decorator in node.decorator_list if decorator is not call]
        if any(self._origins.of(other) != "staticmethod" for other in others):
            return Shape()
        returned = self.type(node.returns) if node.returns else ""
        return Shape(returned, self._arguments(node.args))

    def _arguments(self, given: ast.arguments) -> tuple[Given, ...] | None:
        if given.vararg or given.kwarg:
            return None
        places = [*given.posonlyargs, *given.args]
        before: list[ast.expr | None] = [None] * (len(places) - len(given.defaults))
        pairs = [
            *zip(places, [*before, *given.defaults], strict=True),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        found = []
        for argument, default in pairs:
            if argument.arg in RESERVED:
                continue
            if argument.annotation is None:
                return None
            annotation = unquoted(argument.annotation)
            if self._origins.last(annotation) in _GIVEN_BY_STRAWBERRY:
                continue
            name = self._name(annotation, argument.arg)
            if name is None:
                return None
            found.append(Given(name, self.type(annotation), self.default(default)))
        return tuple(found)

    def _name(self, annotation: ast.expr, name: str) -> str | None:
        """The name of an argument, which its annotation may give; None where it is computed.

        A name from the annotation has a `=` before it: no converter changes it.
        """
        for node in ast.walk(annotation):
            if isinstance(node, ast.Call) and self._origins.of(node).endswith("argument"):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                if None in given:
                    return None
                if "name" in given:
                    value = getattr(given["name"], "value", None)
                    return f"={value}" if isinstance(value, str) else None
        return name

    def type(self, annotation: ast.expr) -> str:
        """The GraphQL type of an annotation, empty where it cannot be read."""
        node = unquoted(annotation)
        match node:
            case ast.Constant(value=None):
                return "None"
            case ast.Name() | ast.Attribute():
                origin = self._origins.of(node)
                return f"{origin}!" if origin else ""
            case ast.BinOp(op=ast.BitOr()):
                return self._union(_members(node))
            case ast.Subscript(value=value, slice=inner):
                return self._subscript(self._origins.last(value), inner)
        return ""

    def _subscript(self, generic: str, inner: ast.expr) -> str:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        match generic:
            case "Optional":
                return self.type(inner).removesuffix("!")
            case "Union":
                return self._union(parts)
            case "list" | "List":
                entry = self.type(inner)
                return f"[{entry}]!" if entry else ""
            case "Annotated":
                return self._annotated(parts)
        return ""

    def _union(self, parts: list[ast.expr]) -> str:
        types = [self.type(part) for part in parts]
        others = [name for name in types if name != "None"]
        if len(others) != 1:
            return ""
        return others[0].removesuffix("!") if len(types) > 1 else others[0]

    def _annotated(self, parts: list[ast.expr]) -> str:
        named, *metadata = parts
        if any(self._origins.last(item) in ("lazy", "union") for item in metadata):
            return ""
        return self.type(named)

    def _made_default(self, keywords: dict[str, ast.expr]) -> str | None:
        if "default" in keywords:
            return self.default(keywords["default"])
        if "default_factory" in keywords:
            factory = keywords["default_factory"]
            return "[]" if isinstance(factory, ast.Name) and factory.id == "list" else UNSEEN
        return None

    def default(self, node: ast.expr | None) -> str | None:
        """The default as GraphQL writes it."""
        if node is None or self._origins.last(node) == "UNSET":
            return None
        try:
            value = ast.literal_eval(node)
            return json.dumps(list(value) if isinstance(value, tuple) else value)
        except (ValueError, TypeError):
            return UNSEEN


def _members(node: ast.expr) -> list[ast.expr]:
    """The members of a union that is written with `|`."""
    if isinstance(node, ast.BinOp):
        return [*_members(node.left), *_members(node.right)]
    return [node]


def unquoted(annotation: ast.expr) -> ast.expr:
    """An annotation; of one that stands in quotes, what the quotes hold."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return parse_expression(annotation.value.strip())
        except SyntaxError:
            return annotation
    return annotation
