"""Expressions that hold whatever the project does."""

from __future__ import annotations

import ast
import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def is_sure(test: ast.expr, is_imported: Callable[[str], bool]) -> bool:
    """True for what is always true: constants, what is made on the spot, a name that is there."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            # A constant may be empty.
            return is_imported(name) and not name.isupper()
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(is_sure(part, is_imported) for part in parts)
        case ast.BoolOp(values=parts):
            return _denies_itself(parts) or any(is_sure(part, is_imported) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_fixed(operand)
        case ast.Compare(left=left, comparators=[right], ops=[operator]):
            return _is_sure_comparison(left, operator, right, is_imported)
        case ast.Compare(left=left, comparators=others):
            return all(map(_is_fixed, (left, *others)))
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id="object")]):
            return True
    return _is_made(test)


def _denies_itself(parts: list[ast.expr]) -> bool:
    """True for `this or not this`."""
    told = {ast.dump(part) for part in parts}
    return any(
        isinstance(part, ast.UnaryOp)
        and isinstance(part.op, ast.Not)
        and ast.dump(part.operand) in told
        for part in parts
    )


class Filled(ast.NodeTransformer):
    """Puts the values of names that a function binds once, to a constant, in their place."""

    def __init__(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        bound: list[str] = []
        self._values: dict[str, ast.Constant] = {}
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                    self._values[name] = value
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.append(node.id)
            elif isinstance(node, ast.arg):
                bound.append(node.arg)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                bound += node.names * 2
        for name in {*self._values}:
            if bound.count(name) > 1:
                del self._values[name]

    def of(self, test: ast.expr) -> ast.expr:
        """The expression with the values; the given one stays as it is."""
        filled: ast.expr = self.visit(copy.deepcopy(test)) if self._values else test
        return filled

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The constant that a name is bound to, else the name."""
        return self._values.get(node.id, node)


def _is_made(node: ast.expr) -> bool:
    """True for a value that is true by its form, whatever is in it."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return bool(parts)
        case ast.Dict(keys=keys):
            return bool(keys)
    return isinstance(node, ast.Lambda | ast.GeneratorExp | ast.JoinedStr)


def _is_sure_comparison(
    left: ast.expr, operator: ast.cmpop, right: ast.expr, is_imported: Callable[[str], bool]
) -> bool:
    match left, operator, right:
        case _, ast.IsNot(), ast.Constant(value=None):
            return _is_made(left) or is_sure(left, is_imported)
        case ast.Name(id=name), ast.Eq() | ast.Is(), ast.Name(id=other) if name == other:
            return True
        case ast.Call(func=ast.Name(id="len")), ast.GtE(), ast.Constant(value=0):
            return True
    return _is_fixed(left) and _is_fixed(right)


def _is_fixed(node: ast.expr) -> bool:
    """True for a literal."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
