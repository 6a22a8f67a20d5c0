"""Evaluates Python without running it: names, constants, loops and helpers.

A name is bound to the expressions that may reach it. Calls of functions of the same file are
entered. What cannot be followed is left out, never guessed. A subclass knows what calls do.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from definition_of_done.readers.nodes import EXITS, children, live

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
    _Loop: TypeAlias = ast.For | ast.AsyncFor
    _Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    # An expression with the scope of its names. A plain tuple is cheap: each node makes some.
    Value: TypeAlias = "tuple[ast.expr | Made, Scope]"


# A walk enters helpers again at each call: the budget, in steps per byte of the file, keeps a
# pathological file linear. Plain code takes less than one step per byte.
_STEPS_PER_BYTE = 20
_LEAST_STEPS = 20_000
_MOST_STEPS = 300_000
# Each copy of a scope copies all of its names: this many names may be copied.
_COPIES = 500_000
_CANDIDATES = 64
_UNROLLED = 2_000
_DEEPEST = 30
# Tuples of types: a union in `isinstance` would be made again at each call.
_NOTHING_INSIDE = (ast.Constant, ast.Name, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_SEQUENCES = (ast.Tuple, ast.List)
_THEMSELVES = (ast.Constant, ast.Attribute)


class Made:
    """Stands for the result of a call that a subclass knows, in the place of an expression."""


class Scope:
    """The names of one call, each with the values that may reach it; none if they are unknown."""

    __slots__ = ("functions", "names", "parent")

    def __init__(self, parent: Scope | None = None) -> None:
        self.names: dict[str, tuple[Value, ...]] = {}
        self.functions: dict[str, tuple[Function, Scope]] = {}
        self.parent = parent

    def now(self) -> Scope:
        """Copy the scope: names that are bound later are not in the copy."""
        copy = Scope(self.parent)
        copy.names, copy.functions = self.names.copy(), self.functions.copy()
        return copy

    def values(self, name: str) -> tuple[Value, ...] | None:
        """The values of a name, None where it is not bound."""
        scope: Scope | None = self
        while scope:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def function(self, name: str) -> tuple[Function, Scope] | None:
        """The function of a name with the scope that it is defined in, None for another name."""
        scope: Scope | None = self
        while scope:
            if name in scope.functions:
                return scope.functions[name]
            if name in scope.names:
                return None
            scope = scope.parent
        return None


class Evaluator(ABC):
    """Evaluates a file's module level once, then its functions, each from where that ended.

    With `unrolls`, a loop over elements that are written out runs once for each. Without it, the
    loop runs once, with all elements as the values of its name. `differs` says that there was such
    a loop, so that both ways may differ. `quiet` is not 0 while a value is resolved. `branched` and
    `doubted` count the branches around the present statement, and the doubtful ones of them. A
    subclass sets `is_left` where the rest of the present function is not reached.
    """

    def __init__(self, body: list[ast.stmt], size: int, *, unrolls: bool) -> None:
        self.scope = Scope()
        self.unrolls = unrolls
        self.differs = self.is_left = False
        self.quiet = self.branched = self.doubted = 0
        self._most = _UNROLLED if unrolls else _CANDIDATES
        self._budget = min(_LEAST_STEPS + _STEPS_PER_BYTE * size, _MOST_STEPS)
        self._copies = 0
        self._stack: list[Function] = []
        self._returns: list[Value] = []
        self.quiet += 1
        self.block(body, self.scope)
        self.quiet -= 1
        self._before = self.differs, self.branched, self.doubted, self._budget, self._copies

    def run(self, function: Function) -> None:
        """Evaluate a module-level function without arguments."""
        self.differs, self.branched, self.doubted, self._budget, self._copies = self._before
        self.enter(function, self.scope, None)

    @property
    def is_exhausted(self) -> bool:
        """True where the budget ran out, so that the rest of the walk was left out."""
        return self._budget < 0

    # Calls: subclasses know more of them

    def call(self, call: ast.Call, scope: Scope) -> None:
        """Evaluate a call: its arguments, then the function of the file that it names."""
        self.arguments(call, scope)
        if not self.follow(call, scope):
            self.expression(call.func, scope)

    @abstractmethod
    def made(self, context: ast.expr, scope: Scope) -> Made | None:
        """Return the value that a `with` binds to its name, None where it is not known."""

    @abstractmethod
    def is_doubtful(self, test: ast.expr, scope: Scope) -> bool:
        """True where nobody knows before the run if a condition holds."""

    @abstractmethod
    def overlook(self) -> None:
        """Take note of something that is not followed."""

    @abstractmethod
    def spelt(self, call: ast.Call) -> ast.expr | None:
        """The argument whose text is the text of a call's result; None where there is none."""

    # Statements

    def enter(self, function: Function, scope: Scope, call: Value | None) -> list[Value]:
        """Walk a function's body with a call's arguments; returns the values that it may return."""
        if function in self._stack or len(self._stack) > _DEEPEST:
            self.overlook()
            return []
        # A call costs as much as some expressions.
        self._budget -= 4
        inner = Scope(scope)
        _bind_parameters(function.args, inner, call)
        outer, self._returns = self._returns, []
        before = self.branched, self.doubted, self.is_left
        self.is_left = False
        self._stack.append(function)
        try:
            self.block(function.body, inner)
            return self._returns
        finally:
            self._stack.pop()
            self.branched, self.doubted, self.is_left = before
            self._returns = outer

    def block(self, statements: list[ast.stmt], scope: Scope) -> None:
        """Evaluate statements in their order, as far as they may run."""
        for node in live(statements):
            if self._budget < 0 or self.is_left:
                return
            self._statement(node, scope)

    def _statement(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.Expr(value=value):
                self.expression(value, scope)
            case ast.AnnAssign(target=annotated, value=ast.expr() as value):
                self.expression(value, scope)
                self._bind(annotated, (self.kept(value, scope),), scope)
            case ast.Assign(targets=targets, value=value):
                self.expression(value, scope)
                bound = (self.kept(value, scope),)
                for target in targets:
                    self._bind(target, bound, scope)
            case ast.ImportFrom() | ast.Import() | ast.ClassDef() | ast.Pass():
                return
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope.names.pop(name, None)
                scope.functions[name] = (node, scope)
            case ast.AugAssign(target=target, value=value):
                self.expression(value, scope)
                self._bind(target, (), scope)
            case ast.Return(value=ast.expr() as value):
                self.expression(value, scope)
                self._returns.append(self.kept(value, scope))
            case _:
                self.compound(node, scope)

    def compound(self, node: ast.stmt, scope: Scope) -> None:
        """Evaluate a statement that holds others, or one of the rarer kinds."""
        match node:
            case ast.For() | ast.AsyncFor():
                self._loop(node, scope)
            case ast.While(test=test):
                self.expression(test, scope)
                self._branches([node.body, node.orelse], scope)
            case ast.If(test=test):
                self.expression(test, scope)
                is_doubtful = self.is_doubtful(test, scope)
                self._branches([node.body, node.orelse], scope, is_doubtful=is_doubtful)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._with(item, scope)
                self.block(node.body, scope)
            case ast.Try() | ast.TryStar():
                handlers = [handler.body for handler in node.handlers]
                self._branches([[*node.body, *node.orelse], *handlers], scope)
                self.block(node.finalbody, scope)
            case ast.Match(subject=subject, cases=cases):
                self.expression(subject, scope)
                self._branches([[], *(case.body for case in cases)], scope)
            case _:
                for inner in children(node):
                    if isinstance(inner, ast.expr):
                        self.expression(inner, scope)

    def _loop(self, node: _Loop, scope: Scope) -> None:
        self.expression(node.iter, scope)
        elements = tuple(self.elements(self.kept(node.iter, scope)))
        if not (self.unrolls and elements):
            self._bind(node.target, elements, scope)
            self._branches([node.body, node.orelse], scope)
            return
        self.differs = True
        around = self.branched, self.doubted
        for element in elements:
            self._bind(node.target, (element,), scope)
            self.block(node.body, scope)
        self.branched, self.doubted = around
        self.block(node.orelse, scope)

    def _branches(
        self, blocks: list[list[ast.stmt]], scope: Scope, *, is_doubtful: bool = True
    ) -> None:
        """Walk alternatives; afterwards a name may have the value of any of them."""
        self._copied(len(scope.names) * (len(blocks) + 1))
        before = scope.names.copy()
        merged: dict[str, tuple[Value, ...]] = {}
        for block in blocks:
            scope.names = before.copy()
            around = self.branched, self.doubted
            self.branched += 1
            self.doubted += is_doubtful
            self.block(block, scope)
            self.branched, self.doubted = around
            for name, values in scope.names.items():
                known = merged.get(name)
                if known is not None:
                    values = (*known, *(value for value in values if value not in known))
                merged[name] = values[:_CANDIDATES]
        scope.names = merged
        if any(isinstance(node, EXITS) for block in blocks for node in block):
            # The rest of the function runs only where that branch was not taken.
            self.branched += 1
            self.doubted += is_doubtful

    def _with(self, item: ast.withitem, scope: Scope) -> None:
        self.expression(item.context_expr, scope)
        if item.optional_vars is not None:
            made = self.made(item.context_expr, scope)
            self._bind(item.optional_vars, ((made, scope),) if made else (), scope)

    def _bind(self, target: ast.expr, values: tuple[Value, ...], scope: Scope) -> None:
        match target:
            case ast.Name(id=name):
                scope.names[name] = values[:_CANDIDATES]
                scope.functions.pop(name, None)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for at, part in enumerate(targets):
                    self._bind(part, tuple(self._parts(values, at, len(targets))), scope)
            case ast.Starred(value=inner):
                self._bind(inner, (), scope)

    def _parts(self, values: tuple[Value, ...], at: int, length: int) -> Iterator[Value]:
        """Yield the part at one place of each value that is written out in `length` parts."""
        for value in values:
            for node, scope in self.resolve(value):
                if isinstance(node, _SEQUENCES):
                    starred = any(isinstance(part, ast.Starred) for part in node.elts)
                    if len(node.elts) == length and not starred:
                        yield node.elts[at], scope

    def kept(self, node: ast.expr, scope: Scope) -> Value:
        """The value with the names as they are now: they may be bound again before it is used."""
        if isinstance(node, ast.Constant):
            return node, scope
        self._budget -= len(scope.names) // 8
        self._copied(len(scope.names))
        return node, scope if self._budget < 0 else scope.now()

    def _copied(self, names: int) -> None:
        self._copies += names
        if self._copies > _COPIES:
            self._budget = -1

    # Expressions

    def expression(self, node: ast.AST, scope: Scope) -> None:
        """Evaluate the calls in an expression, in their order."""
        self._budget -= 1
        if self._budget < 0:
            return
        if isinstance(node, ast.Call):
            self.call(node, scope)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            # Most attributes are such: they cost two steps, and hold no call.
            self._budget -= 2
        elif isinstance(node, _NOTHING_INSIDE):
            return
        elif isinstance(node, _COMPREHENSIONS):
            inner = self._comprehension(node, scope)
            for part in children(node):
                if not isinstance(part, ast.comprehension):
                    self.expression(part, inner)
        elif isinstance(node, ast.NamedExpr):
            self.expression(node.value, scope)
            self._bind(node.target, (self.kept(node.value, scope),), scope)
        else:
            for part in children(node):
                self.expression(part, scope)

    def _comprehension(self, node: _Comprehension, scope: Scope, depth: int = 0) -> Scope:
        inner = Scope(scope)
        for generator in node.generators:
            elements = self.elements((generator.iter, inner), depth)
            self._bind(generator.target, tuple(elements), inner)
        return inner

    def arguments(self, call: ast.Call, scope: Scope) -> None:
        """Evaluate the arguments of a call."""
        # Most are constants: they cost a step each, and hold no call.
        for node in call.args:
            if isinstance(node, _NOTHING_INSIDE):
                self._budget -= 1
            else:
                self.expression(node, scope)
        # A list of both costs more than all that these two loops do.
        for keyword in call.keywords:
            if isinstance(keyword.value, _NOTHING_INSIDE):
                self._budget -= 1
            else:
                self.expression(keyword.value, scope)

    def follow(self, call: ast.Call, scope: Scope) -> bool:
        """Enter the function of the file that a call names; returns False where there is none."""
        helper = scope.function(call.func.id) if isinstance(call.func, ast.Name) else None
        if helper is None:
            return False
        self.enter(*helper, self.kept(call, scope))
        return True

    # Values

    def resolve(self, value: Value, depth: int = 0) -> list[Value]:
        """The expressions that a value may be; empty where they are not known."""
        self._budget -= 1
        if self._budget < 0 or depth > _DEEPEST:
            return []
        node, scope = value
        is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_method or isinstance(node, _THEMSELVES):
            return [value]
        match node:
            case ast.Name(id=name):
                values = scope.values(name)
                if values is None:
                    return [value]
                return self._resolved(values, depth + 1)[:_CANDIDATES]
            case ast.IfExp(body=body, orelse=orelse):
                return self._resolved(((body, scope), (orelse, scope)), depth + 1)
            case ast.NamedExpr(value=inner):
                return self.resolve((inner, scope), depth + 1)
            case ast.Call(func=ast.Name(id=name)) if helper := scope.function(name):
                self.quiet += 1
                returned = self.enter(*helper, value)
                self.quiet -= 1
                return self._resolved(returned, depth + 1)
        return [value]

    def _resolved(self, values: Iterable[Value], depth: int) -> list[Value]:
        return [found for value in values for found in self.resolve(value, depth)]

    def elements(self, value: Value, depth: int = 0) -> list[Value]:
        """The elements of an iterable that is written out; empty where it is not."""
        found: list[Value] = []
        for meant in self.resolve(value, depth):
            found += self._elements_of(meant, depth + 1)
        if len(found) > _CANDIDATES:
            self.differs = True
            if len(found) > self._most:
                self.overlook()
        return found[: self._most]

    def _elements_of(self, value: Value, depth: int) -> list[Value]:
        """The elements of one expression that a value may be."""
        node, scope = value
        match node:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return self.spread(elts, scope, depth)
            case ast.Dict(keys=keys):
                return [(key, scope) for key in keys if key is not None]
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return [(elt, self._comprehension(node, scope, depth))]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                before = self.elements((left, scope), depth)
                return [*before, *self.elements((right, scope), depth)]
            case ast.Call():
                return self._elements_made(node, scope, depth)
        return []

    def spread(self, nodes: Iterable[ast.expr], scope: Scope, depth: int = 0) -> list[Value]:
        """The values of elements or arguments, with those of a list that is spread among them."""
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += self.elements((node.value, scope), depth)
            else:
                found.append((node, scope))
        return found

    def _elements_made(self, call: ast.Call, scope: Scope, depth: int) -> list[Value]:
        """The elements of a call of `list`, `reversed`, `items` and the like."""
        match call:
            case ast.Call(func=ast.Name(id="list" | "tuple" | "set" | "sorted"), args=[inner]):
                return self.elements((inner, scope), depth)
            case ast.Call(func=ast.Name(id="reversed"), args=[inner]):
                return self.elements((inner, scope), depth)[::-1]
            case ast.Call(func=ast.Attribute(value=inner, attr="items" | "values" as which)):
                return [
                    element
                    for node, found_scope in self.resolve((inner, scope), depth)
                    if isinstance(node, ast.Dict)
                    for element in _dict_elements(node, found_scope, which)
                ]
        return []

    def text(self, value: Value | None) -> str | None:
        """The one string that a value is, None where it is computed or may be several."""
        if value is None:
            return None
        node, scope = value
        if not isinstance(node, ast.Constant):
            found = self.resolve(value)
            if len(found) != 1:
                return None
            node, scope = found[0]
        else:
            # Most texts are written where they are used: they cost one step.
            self._budget -= 1
            if self._budget < 0:
                return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        inner = self.spelt(node) if isinstance(node, ast.Call) else None
        return None if inner is None else self.text((inner, scope))

    def texts(self, value: Value | None) -> tuple[str, ...] | None:
        """The strings of a list that is written out, None where one of them is computed."""
        if value is None or isinstance(value[0], Made):
            return None
        found = [self.text(element) for element in self.elements(value)]
        texts = tuple(text for text in found if text is not None)
        return texts if texts and len(texts) == len(found) else None


def _dict_elements(node: ast.Dict, scope: Scope, which: str) -> Iterator[Value]:
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            continue
        pair = ast.Tuple(elts=[key, value], ctx=ast.Load())
        yield pair if which == "items" else value, scope


def _bind_parameters(parameters: ast.arguments, inner: Scope, call: Value | None) -> None:
    """Bind a function's parameters to their defaults, then to what a call gives them."""
    if not any(getattr(parameters, field) for field in parameters._fields):
        return
    named = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    only_named = [parameter.arg for parameter in parameters.kwonlyargs]
    defaults: dict[str, ast.expr | None] = dict.fromkeys((*named, *only_named))
    defaults.update(zip(reversed(named), reversed(parameters.defaults), strict=False))
    defaults.update(zip(only_named, parameters.kw_defaults, strict=True))
    around = inner.parent or inner
    for name, default in defaults.items():
        inner.names[name] = ((default, around),) if default is not None else ()
    for several in (parameters.vararg, parameters.kwarg):
        if several:
            inner.names[several.arg] = ()
    if call is not None and isinstance(call[0], ast.Call):
        _bind_arguments(parameters, named, inner, call[0], call[1])


def _bind_arguments(
    parameters: ast.arguments, named: list[str], inner: Scope, call: ast.Call, scope: Scope
) -> None:
    """Bind parameters to what a call in this scope gives them."""
    if is_spread(call):
        given = (*named, *(parameter.arg for parameter in parameters.kwonlyargs))
        inner.names.update(dict.fromkeys(given, ()))
        return
    inner.names.update(
        (name, ((argument, scope),)) for name, argument in zip(named, call.args, strict=False)
    )
    if parameters.vararg:
        packed = ast.Tuple(elts=call.args[len(named) :], ctx=ast.Load())
        inner.names[parameters.vararg.arg] = ((packed, scope),)
    for keyword in call.keywords:
        if keyword.arg in inner.names:
            inner.names[str(keyword.arg)] = ((keyword.value, scope),)


def is_spread(call: ast.Call) -> bool:
    """True where a call takes arguments out of a list or a mapping."""
    return any(isinstance(argument, ast.Starred) for argument in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )
