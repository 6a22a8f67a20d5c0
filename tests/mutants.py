"""Changes rules and facts one place at a time, and counts the changes that no test notices.

`python -m tests.mutants [SECONDS] [FAMILY...]`: in a copy of the checkout, as long for each family;
prints each survivor and the share that was killed. Exit code 1: below 85%.

Before that a family's tests run once to learn which lines each of them executes. A mutant is
tried on those that execute its line, in a fork of a process that has imported everything but this
project.
"""

import ast
import copy
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import pytest

ROOT = Path(__file__).parents[1]
BAR = 0.85
FAMILIES = ("gates", "release", "migrations", "pages", "resources", "engine")
# A rule's declaration is tested with those of all rules.
SHARED = "tests/engine/test_command_line.py"
_HOOKS = "hooks/definition_of_done"
# What nearly all tests import, and no mutant changes.
_WARM = "graphql hypothesis libcst markdown_it tomli_w yaml".split()
_FIRST = 20
_SWAPS: dict[type[ast.AST], Any] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Mutant(NamedTuple):
    """A change: where, what it is, and the whole changed source.

    `lines` are those of the statement, none where it is executed when the module is imported.
    """

    path: Path
    line: int
    what: str
    lines: frozenset[int]
    source: str

    @property
    def name(self) -> str:
        """What stays the same when lines above it change."""
        return f"{self.path.parent.name}/{self.path.name}: {self.what}"


# Mutants that do what the original does, each with why. By name, as they are printed.
EQUIVALENT: dict[str, str] = {}


def mutants(path: Path) -> Iterator[Mutant]:
    """Each change of a file."""
    tree = ast.parse(path.read_text())
    for at, (node, lines) in enumerate(_places(tree)):
        changed = copy.deepcopy(tree)
        what = f"{_change(node)}: {ast.unparse(node).splitlines()[0]}"
        _apply([one for one, _ in _places(changed)][at])
        source = ast.unparse(ast.fix_missing_locations(changed))
        yield Mutant(path, getattr(node, "lineno", 0), what, lines, source)


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, frozenset[int]]]:
    """What can be changed, with the lines that a test executes to come there."""

    def walk(node: ast.AST, lines: frozenset[int], inside: bool) -> Iterator[Any]:
        if _change(node):
            yield node, lines | _lines(node) if inside else frozenset()
        for field, value in ast.iter_fields(node):
            within = inside or (field == "body" and _is_function(node))
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST) and not _is_only_declared(field, one):
                    near = _lines(one) if isinstance(one, ast.stmt) else lines
                    yield from walk(one, near, within)

    return walk(tree, frozenset(), False)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.Lambda)


def _lines(node: ast.AST) -> frozenset[int]:
    """The lines of an expression or a simple statement, the first one of any other."""
    start = getattr(node, "lineno", 0)
    end = start if hasattr(node, "body") else getattr(node, "end_lineno", start)
    return frozenset(range(start, end + 1))


def _is_only_declared(field: str, child: ast.AST) -> bool:
    """Annotations, and how a record is kept in memory: no run shows a change of these."""
    return field in ("annotation", "returns") or (
        isinstance(child, ast.keyword) and child.arg in ("frozen", "slots", "kw_only")
    )


def _change(node: ast.AST) -> str:
    """What is changed at a node, nothing where it stays."""
    match node:
        case ast.Compare(ops=[op, *_]):
            return f"{type(op).__name__} to {_SWAPS[type(op)].__name__}"
        case ast.BoolOp(op=op):
            return f"{type(op).__name__} to {_SWAPS[type(op)].__name__}"
        case ast.UnaryOp(op=ast.Not()):
            return "not dropped"
        # A comparison and `not` are negated where they stand.
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return ""
        case ast.If(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call | ast.BoolOp | ast.NamedExpr
        ):
            return "condition negated"
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            return "returns None"
        case ast.Constant(value=bool()):
            return "negated"
        case ast.Constant(value=int()):
            return "and 1"
        case ast.Continue():
            return "continue to break"
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            return "left out"
    return ""


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _apply(node: ast.AST) -> None:
    match node:
        case ast.Compare():
            node.ops[0] = _SWAPS[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = _SWAPS[type(node.op)]()
        case ast.UnaryOp():
            # `not not x` is x as a condition.
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.Constant():
            node.value = node.value + 1 if type(node.value) is int else not node.value
        case ast.Continue():
            node.__class__ = ast.Break  # type: ignore[assignment]
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            # The function stays a generator.
            node.value = ast.YieldFrom(ast.Tuple([], ast.Load()))
        case ast.Expr() | ast.AugAssign():
            node.__class__ = ast.Pass  # type: ignore[assignment]


class Test(NamedTuple):
    """A test: its id, its seconds, and the lines of the hooks that it executes, by file."""

    id: str
    seconds: float
    lines: dict[str, list[int]]


class _Watch:
    """A plugin of pytest that writes down what each test executes."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._coverage = coverage.Coverage(None, config_file=False, include=[f"{ROOT}/{_HOOKS}/*"])
        self._coverage.set_option("run:core", "ctrace")
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._coverage.switch_context(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = time.process_time() - start

    def tests(self) -> Iterator[Test]:
        self._coverage.stop()
        data = self._coverage.get_data()
        for id, seconds in self._seconds.items():
            data.set_query_context(id)
            lines = {path: data.lines(path) or [] for path in data.measured_files()}
            yield Test(id, seconds, {path: found for path, found in lines.items() if found})


class _Choice:
    """A plugin of pytest that runs some tests, in an order."""

    def __init__(self, tests: list[Test]) -> None:
        self._rank = {test.id: at for at, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._rank]
        items.sort(key=lambda item: self._rank[item.nodeid])


def main(words: list[str]) -> int:
    """Try mutants in a random order, the same each time; returns the exit code."""
    if words[:1] == ["--here"]:
        return _run(float(words[1]), words[2:])
    folder = tempfile.mkdtemp(prefix="definition-of-done-mutants-")
    try:
        names = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for name in filter(None, names.split("\0")):
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path, follow_symlinks=False)
        Path(folder, ".venv").symlink_to(ROOT / ".venv")
        env = os.environ | {"PYTHONPATH": f"{folder}/hooks", "TMPDIR": folder}
        seconds, families = words[:1] or ["600"], words[1:] or FAMILIES
        command = [sys.executable, "-m", "tests.mutants", "--here", *seconds, *families]
        return subprocess.run(command, cwd=folder, env=env).returncode
    finally:
        shutil.rmtree(folder)


def _run(seconds: float, families: list[str]) -> int:
    for name in _WARM:
        __import__(name)
    killed = tried = 0
    for family in families:
        tests = _watched(family)
        end = time.monotonic() + seconds / len(families)
        work = [
            one
            for path in sorted((ROOT / _HOOKS / family).glob("*.py"))
            if path.name != "_examples.py"
            for one in mutants(path)
            if one.name not in EQUIVALENT
        ]
        random.Random(1).shuffle(work)
        alive = 0
        for at, mutant in enumerate(work):
            if time.monotonic() > end:
                work[at:] = []
                break
            why = _survives(mutant, tests)
            if why:
                alive += 1
                print(f"{mutant.line}: {mutant.name} ({why})", flush=True)
        share = 1 - alive / len(work)
        print(f"{family}: {len(work) - alive} of {len(work)} killed ({share:.0%})", flush=True)
        tried += len(work)
        killed += len(work) - alive
    print(f"{killed} of {tried} mutants killed ({killed / tried:.0%})")
    return 0 if killed >= BAR * tried else 1


def _watched(family: str) -> list[Test]:
    """What the tests of a family execute; they must pass."""
    found = ROOT / "watched.json"

    def watch() -> int:
        plugin = _Watch()
        code = _pytest([f"tests/{family}", SHARED], plugin)
        found.write_text(json.dumps(list(plugin.tests())))
        return code

    if _forked(watch, 1200):
        sys.exit(f"the tests of {family} fail without a change, or take 20 minutes")
    return [Test(*one) for one in json.loads(found.read_text())]


def _survives(mutant: Mutant, tests: list[Test]) -> str:
    """What to say of a mutant that no test notices, nothing of one that is noticed."""
    path = str(mutant.path)
    if mutant.lines:
        own = [test for test in tests if not mutant.lines.isdisjoint(test.lines.get(path, ()))]
    else:
        own = [test for test in tests if path in test.lines or test.id.startswith(SHARED)]
    if not own:
        return "not executed"
    own.sort(key=lambda test: (f"/test_{mutant.path.stem}.py" not in test.id, test.seconds))
    kept = mutant.path.with_suffix(".kept")
    mutant.path.rename(kept)
    try:
        mutant.path.write_text(mutant.source)
        noticed = _is_noticed(own[:_FIRST]) or _is_noticed(own[_FIRST:])
        return "" if noticed else "not noticed"
    finally:
        # With its old time, so that its compiled form stays valid.
        kept.replace(mutant.path)


def _is_noticed(tests: list[Test]) -> bool:
    files = list(dict.fromkeys(test.id.partition("::")[0] for test in tests))
    limit = 20 + 3 * sum(test.seconds for test in tests)
    return bool(files and _forked(lambda: _pytest([*files, "-x"], _Choice(tests)), limit))


def _pytest(words: list[str], plugin: object) -> int:
    # The process is warm: it has imported what pytest would have rewritten.
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    return pytest.main([*words, *quiet, f"--basetemp={ROOT}/tmp"], [plugin])


def _forked(call: Any, limit: float) -> int:
    """What a call returns in a process of its own, which ends after so many seconds of its CPU."""
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
        # It may also wait for ever, or take all memory.
        signal.alarm(int(4 * limit))
        resource.setrlimit(resource.RLIMIT_AS, (1 << 33, 1 << 33))
        code = 1
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            code = call()
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
