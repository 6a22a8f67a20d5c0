"""The tests of a file that run and check something, whatever the project does."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property

from definition_of_done.base.errors import Unreadable
from definition_of_done.project.api.plurals import words
from definition_of_done.project.layout import is_test_module
from definition_of_done.readers.nodes import Function, live, parameters, walk_live
from definition_of_done.readers.python import Module, read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from definition_of_done.readers.origins import Origins

_TEST_CASES = ("object", "TestCase", "IsolatedAsyncioTestCase")
_SKIPS = ("skip", "skipTest", "SkipTest")
# By a call of these a test ends itself.
_ENDS = (*_SKIPS, "xfail")
# Behind these, some tests were left or run already.
_LEAVES = (ast.Return, ast.Yield, ast.YieldFrom)
_CHECKS = {
    *("raises", "warns", "fail", "assert", "asserts", "assertion", "check", "checks", "verify"),
    *("expect", "expects", "ensure", "should", "must", "match", "matches", "validate", "compare"),
}
# What a check raises, and what catches it.
_FAILURES = ("AssertionError", "Exception", "BaseException")
# Those of pytest, which say nothing of the project.
_OF_PYTEST = frozenset(
    "self cls request tmp_path tmp_path_factory tmpdir monkeypatch capsys capfd caplog recwarn"
    " pytestconfig record_property subtests event_loop anyio_backend mocker".split()
)


def _as_test(method: str, given: list[ast.expr]) -> ast.expr:
    """The plain test that a method of unittest makes, as far as it may hold whatever is done."""
    match method, given:
        case "assertTrue", [test, *_]:
            return test
        case "assertFalse", [test, *_]:
            return ast.UnaryOp(ast.Not(), test)
        case "assertIsNotNone", [left, *_]:
            return ast.Compare(left, [ast.IsNot()], [ast.Constant(None)])
        case "assertIsNone", [left, *_]:
            return ast.Compare(left, [ast.Is()], [ast.Constant(None)])
        case "assertEqual" | "assertEquals" | "assertIs" | "assertIn", [left, right, *_]:
            return ast.Compare(left, [ast.Eq()], [right])
    return ast.Constant(False)


def _called_by_others(test: Function) -> Iterator[str]:
    """Yield the names of what a test may call of its own: the names that it uses, and methods."""
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ClassDef):
            yield from (method.name for method in node.body if isinstance(method, Function))


class LiveTests:
    """The tests that are not skipped without a condition, and that check something.

    `found` holds them. `is_unseen` says that tests may be inherited or made by a call, so that
    nobody can see what they check; `has_base` that a class of tests has a base of its own. A class
    is one of tests by its name, but where `any_class` may be.
    """

    def __init__(self, module: Module, *, any_class: bool = True) -> None:
        tree = module.tree
        self.path = module.path
        self._any_class = any_class
        self._origins = module.origins
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}
        self.has_base = False
        self._inherited: list[Function | ast.ClassDef] = []
        tests = [] if self._is_dead(tree) else [*self._tests(tree.body)]
        self.is_unseen = bool(self._inherited)
        self.found = self._inherited + [test for test in tests if self._checks(test, set())]

    def _tests(self, body: Iterable[ast.stmt]) -> Iterator[Function]:
        for node in live([*body]):
            if isinstance(node, Function):
                is_test = node.name.lower().startswith("test")
                marks = map(self._last, node.decorator_list)
                if is_test and "fixture" not in marks and not self._is_skipped(node):
                    yield node
            elif isinstance(node, ast.ClassDef):
                yield from self._in_class(node)
            elif isinstance(node, ast.If) and self._last(node.test) == "TYPE_CHECKING":
                yield from self._tests(node.orelse)
            elif isinstance(node, ast.If | ast.Try | ast.With):
                yield from self._tests(
                    child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)
                )

    def _in_class(self, node: ast.ClassDef) -> Iterator[Function]:
        if self._is_skipped(node) or self._is_dead(node):
            return
        tests = [*self._tests(node.body)]
        bases = [self._origins.last(base) for base in node.bases]
        if bases in ([], ["object"]) and not self._is_collected(node):
            return
        if any(base not in _TEST_CASES for base in bases):
            self.has_base = True
            if not tests and "test" in f"{node.name} {' '.join(bases)}".lower():
                self._inherited.append(node)
        yield from tests

    def _is_collected(self, node: ast.ClassDef) -> bool:
        """True for a class without a base that pytest takes, or may take by its settings."""
        is_made = any(isinstance(part, Function) and part.name == "__init__" for part in node.body)
        return not is_made and (self._any_class or node.name.startswith("Test"))

    def _is_dead(self, node: ast.Module | ast.ClassDef) -> bool:
        """True where a mark or a call in a body skips all of it."""
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                    marks = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
                    if any(map(self._skips, marks)):
                        return True
                case ast.Assign(targets=[ast.Name(id="__test__")], value=ast.Constant(value=False)):
                    return True
                case ast.Expr(value=ast.Call() as call) if self._last(call) in _SKIPS:
                    return True
        return self.is_shut(node)

    def is_shut(self, node: ast.Module | ast.ClassDef) -> bool:
        """True where a fixture that each test of a body uses skips it."""
        return any(
            self._is_skipped(fixture)
            for fixture in node.body
            if isinstance(fixture, Function)
            for mark in fixture.decorator_list
            if isinstance(mark, ast.Call) and self._last(mark) == "fixture"
            for keyword in mark.keywords
            if keyword.arg == "autouse" and isinstance(keyword.value, ast.Constant)
            if keyword.value.value is True
        )

    def _is_skipped(self, node: Function | ast.ClassDef) -> bool:
        if any(map(self._skips, node.decorator_list)):
            return True
        for statement in node.body if isinstance(node, Function) else ():
            match statement:
                case ast.Expr(value=ast.Call() as call) | ast.Raise(exc=ast.expr() as call):
                    if self._last(call) in _ENDS:
                        return True
            if any(isinstance(inner, _LEAVES) for inner in ast.walk(statement)):
                return False
        return False

    def _skips(self, mark: ast.expr) -> bool:
        last = self._last(mark)
        match mark:
            case ast.Call(args=[_, ast.List(elts=[]) | ast.Tuple(elts=[]), *_]):
                return last == "parametrize"
        if last not in ("skipif", "skipIf", "xfail"):
            return last in _SKIPS
        match mark:
            case ast.Call(args=[ast.Constant(value=value), *_]):
                # A text is evaluated.
                return bool(value) and not isinstance(value, str)
            case ast.Call(args=[_, *_]):
                return False
        return last == "xfail"

    def _checks(self, node: Function, above: set[str]) -> bool:
        """True for a function that checks something, or calls what may do so."""
        names = {argument.arg for argument in self.arguments(node)}
        used = cache(lambda: {*_called_by_others(node)})
        filled = cache(lambda: _Filled(node))
        for inner in walk_live(node, lambda block: [*self._noticed(block, used)]):
            match inner:
                case ast.Raise():
                    return True
                case ast.Assert(test=test) if not _is_sure(filled().of(test), self._origins):
                    return True
                case ast.Call() if self._call_checks(inner, names, above):
                    return True
        return False

    def _noticed(self, block: list[ast.stmt], used: Callable[[], set[str]]) -> Iterator[ast.stmt]:
        """Yield the statements of a block that run, and whose failure the test does not swallow."""
        for node in live(block):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if node.decorator_list or node.name in used():
                        yield node
                case ast.For(iter=ast.List(elts=[]) | ast.Tuple(elts=[])):
                    continue
                case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]):
                    is_quiet = self._last(call) == "suppress" and self._catches(call.args)
                    is_own = self._last(call) == "raises" and isinstance(node.body[0], ast.Raise)
                    if not is_quiet and not is_own:
                        yield node
                case ast.Try(handlers=handlers) if any(map(self._swallows, handlers)):
                    bodies = [handler.body for handler in handlers]
                    for left in (*bodies, node.orelse, node.finalbody):
                        yield from self._noticed(left, used)
                case _:
                    yield node

    def _swallows(self, handler: ast.ExceptHandler) -> bool:
        """True for a handler of what a check raises, but one that returns what came of it."""
        if any(isinstance(node, ast.Return) and node.value for node in ast.walk(handler)):
            return False
        kinds = handler.type
        every = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds] if kinds else []
        return not kinds or self._catches(every)

    def _catches(self, kinds: Iterable[ast.expr]) -> bool:
        return any(self._last(kind) in _FAILURES for kind in kinds)

    def _call_checks(self, call: ast.Call, names: set[str], above: set[str]) -> bool:
        called = call.func
        last = called.attr if isinstance(called, ast.Attribute) else self._origins.of(called)
        last = last.rpartition(".")[2]
        if last.startswith("assert") and _is_sure(_as_test(last, call.args), self._origins):
            return False
        if _CHECKS & set(words(last)) or last.lower().startswith("assert"):
            return True
        if isinstance(called, ast.Name) and called.id in names:
            # A fixture that is called, such as `snapshot(...)`.
            return True
        own = self.functions.get(last)
        is_self = isinstance(called, ast.Attribute) and self._origins.of(called.value) == "self"
        if own is not None and (is_self or isinstance(called, ast.Name)):
            return last not in above and self._checks(own, above | {last})
        if is_self:
            return self.has_base
        first = self._origins.of(called).partition(".")[0]
        return first in ("tests", "test", "conftest", "helpers", "testing")

    @cached_property
    def fixtures(self) -> set[str]:
        """The names of the fixtures that the tests ask for."""
        found = set[str]()
        for test in self.found:
            if not isinstance(test, Function):
                continue
            given = {
                name.strip()
                for decorator in test.decorator_list
                if self._last(decorator) == "parametrize" and isinstance(decorator, ast.Call)
                for constant in ast.walk(decorator.args[0] if decorator.args else decorator)
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
                for name in constant.value.split(",")
            }
            if not any(self._last(decorator) == "patch" for decorator in test.decorator_list):
                found |= {argument.arg for argument in self.arguments(test)} - given
        return found

    @staticmethod
    def arguments(node: Function) -> list[ast.arg]:
        """The arguments of a function that fixtures of the project may give."""
        return [argument for argument in parameters(node) if argument.arg not in _OF_PYTEST]

    def _last(self, node: ast.expr) -> str:
        """The last name of an expression, of a call that of its function."""
        while isinstance(node, ast.Call):
            node = node.func
        last = node.attr if isinstance(node, ast.Attribute) else self._origins.of(node)
        return last.rpartition(".")[2]


def is_idle(path: str, data: bytes, *, any_class: bool = True) -> bool:
    """True for a module of tests, by its name, that checks nothing."""
    if not is_test_module(path):
        return False
    try:
        return not LiveTests(read_module(path, data), any_class=any_class).found
    except Unreadable:
        return False


def _is_sure(test: ast.expr, origins: Origins) -> bool:
    """True for what is always true: constants, what is made on the spot, a name that is there."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            # A constant may be empty.
            return origins.is_imported(name) and not name.isupper()
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_is_sure(part, origins) for part in parts)
        case ast.BoolOp(values=parts):
            return _denies_itself(parts) or any(_is_sure(part, origins) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_fixed(operand)
        case ast.Compare():
            return _is_sure_comparison(test, origins)
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id="object")]):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return bool(parts)
        case ast.Dict(keys=keys):
            return bool(keys)
    # These are true by their form, whatever is in them.
    return isinstance(test, ast.Lambda | ast.GeneratorExp | ast.JoinedStr)


def _is_sure_comparison(test: ast.Compare, origins: Origins) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return _is_sure(left, origins)
        case ast.Compare(ast.Name(id=name), [ast.Eq() | ast.Is()], [ast.Name(id=other)]):
            return name == other
        case ast.Compare(ast.Call(func=ast.Name(id="len")), [ast.GtE()], [ast.Constant(value=0)]):
            return True
    return all(map(_is_fixed, (test.left, *test.comparators)))


def _denies_itself(parts: list[ast.expr]) -> bool:
    """True for `this or not this`."""
    told = {ast.dump(part) for part in parts}
    return any(
        isinstance(part, ast.UnaryOp)
        and isinstance(part.op, ast.Not)
        and ast.dump(part.operand) in told
        for part in parts
    )


class _Filled(ast.NodeTransformer):
    """Puts the values of names that a function binds once, to a constant, in their place."""

    def __init__(self, function: Function) -> None:
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


def _is_fixed(node: ast.expr) -> bool:
    """True for a literal."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
