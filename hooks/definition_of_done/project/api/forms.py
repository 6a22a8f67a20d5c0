"""Forms of code in which two versions are equal where they behave the same."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from functools import cached_property, reduce

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.session import Session, once
from definition_of_done.project.api.declarations import RESERVED
from definition_of_done.project.layout import changed_code
from definition_of_done.readers.nodes import Function
from definition_of_done.readers.origins import Origins
from definition_of_done.readers.python import Module, read_module

# With these keywords a decorator only describes the schema; an annotation may give the same type.
_SCHEMA = ("description", "deprecation_reason", "graphql_type")

# Older Pythons call built-in types by these names.
_BUILT_IN = {
    f"typing.{name}": name.lower() for name in ("Dict", "FrozenSet", "List", "Set", "Tuple", "Type")
}


class Code:
    """A function or statement, with its source and its forms."""

    def __init__(self, forms: Forms, node: ast.stmt) -> None:
        self._forms = forms
        self.node = node
        self.name = node.name if isinstance(node, Function | ast.ClassDef) else ""
        self.text = forms.text_of(node)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The code with the names as it uses them, and the code with these names' origins."""
        origins = self._forms.module.origins
        try:
            # Others read the same tree, which must stay as it is.
            plain = _Plain().visit(deepcopy(self.node))
            if isinstance(plain, Function):
                _rename_locals(plain)
            return frozenset((ast.dump(plain), ast.dump(_Resolved(origins).visit(plain))))
        except RecursionError:
            return frozenset((self.text,))


def changed(new: Iterable[Code], old: Iterable[Code]) -> list[Code]:
    """The new code that is not among the old.

    Code is the same where it shares a form. So comments, docstrings, annotations, layout, imports
    and the names of variables make no difference, and neither does the place or the file.
    """
    new, old = list(new), list(old)
    # Most of a file stays as it is, and comparing texts costs nothing.
    old_texts, new_texts = ({code.text for code in side} for side in (old, new))
    left = [code for code in new if code.text not in old_texts]
    if not left:
        return []
    # Code of another name has other forms.
    names = {code.name for code in left}
    rest = (code for code in old if code.name in names and code.text not in new_texts)
    known = {form for code in rest for form in code.forms}
    # Mostly all of it is new, and its forms cost more than all else.
    return [code for code in left if not code.forms & known] if known else left


class Forms:
    """The functions and statements of a module, as code with forms."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._lines = module.text.text.split("\n")

    def functions(self, node: ast.AST, owner: str = "") -> Iterator[tuple[str, Code]]:
        """Yield the label (`Class.method`) and the code of each function below a node."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield label(owner, child.name), Code(self, child)
            elif isinstance(child, ast.ClassDef):
                yield from self.functions(child, child.name)
            elif isinstance(child, ast.stmt):
                yield from self.functions(child, owner)

    def statements(self, body: list[ast.stmt]) -> Iterator[Code]:
        """Yield the statements of a body that do something, and those of its classes."""
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_prose(node):
                continue
            if isinstance(node, ast.AnnAssign) and node.value is None:
                continue
            if isinstance(node, ast.ClassDef) and any(
                isinstance(statement, Function) for statement in node.body
            ):
                yield from self.statements(node.body)
            else:
                yield Code(self, node)

    def text_of(self, node: ast.stmt) -> str:
        """The lines of a statement, with its decorators."""
        above = getattr(node, "decorator_list", [])
        first = min((decorator.lineno for decorator in above), default=node.lineno)
        return "\n".join(self._lines[first - 1 : node.end_lineno])


def label(owner: str, name: str) -> str:
    """The name of a function in a message: `Class.method`, or its name alone."""
    return f"{owner}.{name}" if owner else name


def _is_prose(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and (
        isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )


class _Plain(ast.NodeTransformer):
    """Removes the parts of code that change no behaviour."""

    def visit_FunctionDef(self, node: Function) -> ast.AST:
        node.returns = None
        if hasattr(node, "type_params"):
            node.type_params = []
        node.decorator_list = [_without_schema(decorator) for decorator in node.decorator_list]
        self.generic_visit(node)
        unused = {*RESERVED} - {name.id for name in _names_in(node)}
        node.args.args = [argument for argument in node.args.args if argument.arg not in unused]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

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
    keywords = [keyword for keyword in node.keywords if keyword.arg not in _SCHEMA]
    if not keywords and not node.args:
        return node.func
    return ast.Call(node.func, node.args, keywords)


def _rename_locals(node: Function) -> None:
    """Rename the variables of a function by their order; its arguments keep their names."""
    if any(isinstance(inner, ast.ClassDef) for inner in ast.walk(node)):
        # An attribute of an inner class looks like a variable.
        return
    names = _names_in(node)
    shared = {
        name
        for inner in ast.walk(node)
        if isinstance(inner, ast.Global | ast.Nonlocal)
        for name in inner.names
    }
    kept = shared | {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)} - kept
    order: dict[str, str] = {}
    for name in names:
        if name.id in stored:
            name.id = order.setdefault(name.id, f"${len(order)}")


def _names_in(node: Function) -> list[ast.Name]:
    """The names that the body of a function has."""
    return [inner for part in node.body for inner in ast.walk(part) if isinstance(inner, ast.Name)]


class _Resolved(ast.NodeTransformer):
    """Replaces each imported name by its origin, and each union by `left | right`."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._origin(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Name(id="typing.Optional"), slice=optional):
                parts: list[ast.expr] = [optional, ast.Constant(None)]
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


@once
def functions_before(session: Session) -> list[tuple[str, Code]]:
    """The label and the code of each function that the base has in the changed files."""
    found: list[tuple[str, Code]] = []
    for path, letter in changed_code(session).items():
        if letter != "A":
            # A file that was not Python on the base declared nothing.
            with suppress(Unreadable):
                module = read_module(path, session.branch.read_before(path))
                found += Forms(module).functions(module.tree)
    return found
