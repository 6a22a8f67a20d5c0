"""Code without what changes no behaviour, so that two versions of it can be compared."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from definition_of_done.project.api.services import Function
from definition_of_done.readers.origins import Origins

if TYPE_CHECKING:
    from definition_of_done.readers.python import Module

# What a decorator says of the schema: its prose, and the type that an annotation gives elsewhere.
_SCHEMA = ("description", "deprecation_reason", "graphql_type")

# What an older Python called a built-in type.
_BUILT_IN = {
    f"typing.{name}": name.lower() for name in ("Dict", "FrozenSet", "List", "Set", "Tuple", "Type")
}

# What Strawberry gives to a resolver that asks for it; the API does not see it.
_GIVEN = {"self", "root", "info"}


class Code:
    """A function or statement: its source, and its forms."""

    def __init__(self, forms: Forms, node: ast.stmt) -> None:
        self._forms = forms
        self.node = node
        self.name = node.name if isinstance(node, Function | ast.ClassDef) else ""
        self.text = forms.text_of(node)

    @cached_property
    def forms(self) -> frozenset[str]:
        """With the names that it uses, and with these names' origins."""
        origins = self._forms.origins
        try:
            # The tree is the next reader's, too.
            plain = _Plain().visit(deepcopy(self.node))
            if isinstance(plain, Function):
                _rename_locals(plain)
            forms = {ast.dump(plain)}
            forms.add(ast.dump(_Resolved(origins).visit(plain)))
        except RecursionError:
            return frozenset((self.text,))
        return frozenset(forms)


def changed(new: Iterable[Code], old: Iterable[Code]) -> list[Code]:
    """What of the new code the old code has not.

    Comments, docstrings, annotations, layout and the names of variables make no difference; nor do
    imports: code is the same where it shares a form, so that one may change its place or its style,
    and a file may move.
    """
    new, old = list(new), list(old)
    # Most of a file stays as it is, and a text is compared at no cost.
    before, after = ({one.text for one in side} for side in (old, new))
    left = [one for one in new if one.text not in before]
    if not left:
        return []
    # What has another name has other forms.
    names = {one.name for one in left}
    rest = (one for one in old if one.name in names and one.text not in after)
    known = {form for one in rest for form in one.forms}
    return [one for one in left if not one.forms & known]


class Forms:
    """The code of a module, from which forms are made."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self.text = module.text.text
        self._lines = self.text.split("\n")

    @cached_property
    def origins(self) -> Origins:
        """Where the module's names come from."""
        return Origins(self._module.path, self._module.tree)

    def functions(self) -> Iterator[tuple[str, Code]]:
        """The label (`Class.method`) and the code of each function, wherever it stands."""
        return self._functions(self._module.tree, "")

    def _functions(self, node: ast.AST, owner: str) -> Iterator[tuple[str, Code]]:
        for one in ast.iter_child_nodes(node):
            if isinstance(one, Function):
                yield label(owner, one.name), Code(self, one)
            elif isinstance(one, ast.ClassDef):
                yield from self._functions(one, one.name)
            elif isinstance(one, ast.stmt):
                yield from self._functions(one, owner)

    def statements(self) -> Iterator[Code]:
        """What the module and its classes do, imports and prose left out."""
        return self._statements(self._module.tree.body)

    def _statements(self, body: list[ast.stmt]) -> Iterator[Code]:
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_prose(node):
                continue
            if isinstance(node, ast.ClassDef) and any(
                isinstance(one, Function) for one in node.body
            ):
                yield from self._statements(node.body)
            else:
                yield Code(self, node)

    def text_of(self, node: ast.stmt) -> str:
        """The lines of a statement, with its decorators."""
        above = getattr(node, "decorator_list", [])
        first = min((one.lineno for one in above), default=node.lineno)
        return "\n".join(self._lines[first - 1 : node.end_lineno])


def label(owner: str, name: str) -> str:
    """How a message names a function: `Class.method`, or its name alone."""
    return f"{owner}.{name}" if owner else name


def is_stub(node: Function) -> bool:
    """Whether a function has no code: abstract, overloaded, or still to be written."""
    for one in node.body:
        match one:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
                if name == "NotImplementedError":
                    continue
        return False
    return True


def _is_prose(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and (
        isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )


class _Plain(ast.NodeTransformer):
    """Takes off what changes no behaviour."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: Function) -> ast.AST:
        node.returns = None
        if hasattr(node, "type_params"):
            node.type_params = []
        node.decorator_list = [_without_schema(one) for one in node.decorator_list]
        self.generic_visit(node)
        names = {
            one.id for part in node.body for one in ast.walk(part) if isinstance(one, ast.Name)
        }
        unused = _GIVEN - names
        node.args.args = [one for one in node.args.args if one.arg not in unused]
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        plain = ast.Assign([node.target], node.value, lineno=node.lineno)
        return self.generic_visit(plain)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if _is_prose(node) else self.generic_visit(node)

    def visit_Import(self, _: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, _: ast.ImportFrom) -> None:
        return None


def _without_schema(node: ast.expr) -> ast.expr:
    if not isinstance(node, ast.Call):
        return node
    keywords = [one for one in node.keywords if one.arg not in _SCHEMA]
    if not keywords and not node.args:
        return node.func
    return ast.Call(node.func, node.args, keywords)


def _rename_locals(node: Function) -> None:
    """Calls the variables of a function by their order; its arguments keep their names."""
    if any(isinstance(one, ast.ClassDef) for one in ast.walk(node)):
        # What looks like a variable of a class inside is an attribute.
        return
    names = [one for part in node.body for one in ast.walk(part) if isinstance(one, ast.Name)]
    shared = {
        name
        for one in ast.walk(node)
        if isinstance(one, ast.Global | ast.Nonlocal)
        for name in one.names
    }
    kept = shared | {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    stored = {one.id for one in names if isinstance(one.ctx, ast.Store)} - kept
    order: dict[str, str] = {}
    for one in names:
        if one.id in stored:
            one.id = order.setdefault(one.id, f"${len(order)}")


class _Resolved(ast.NodeTransformer):
    """Puts the origin in the place of each imported name, and one spelling in that of a type."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._origin(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Name(id="typing.Optional"), slice=one):
                parts: list[ast.expr] = [one, ast.Constant(None)]
            case ast.Subscript(
                value=ast.Name(id="typing.Union"), slice=ast.Tuple(elts=[_, *_] as parts)
            ):
                pass
            case _:
                return node
        return reduce(lambda left, right: ast.BinOp(left, ast.BitOr(), right), parts)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name) and self._origins.is_imported(inner.id):
            return self._origin(node)
        return self.generic_visit(node)

    def _origin(self, node: ast.Name | ast.Attribute) -> ast.Name:
        origin = self._origins.of(node)
        return ast.Name(_BUILT_IN.get(origin, origin), ast.Load())
