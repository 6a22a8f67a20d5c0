"""Changes rules and facts one place at a time, and counts the changes that no test notices.

`python -m tests.mutants [SECONDS] [FAMILY...]`: in a copy of the checkout, as long for each family;
prints each survivor and the share that was killed. Exit code 1: below 85%. A family's modules may
be named, as in `migrations:inverse,past`.

Before that a family's tests run once to learn which lines each of them executes. A mutant is
tried on those that execute its line, in a fork of a process that has collected all of them: its
functions get the changed code. What is executed on import is changed on disk, and tried in a fork
of a process that has imported nothing of this project.
"""

from __future__ import annotations

import ast
import functools
import gc
import importlib
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
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import pytest

ROOT = Path(__file__).parents[1]
BAR = 0.85
# What a family's rules and facts are, below hooks/definition_of_done and below tests alike.
FAMILIES = {
    "gates": ("rules/gates", "project/gates"),
    "releases": ("rules/releases", "project/releases"),
    "migrations": ("rules/migrations", "project/migrations"),
    "safety": ("rules/safety", "project/migrations/safety"),
    "docs": ("rules/plans", "rules/docs", "project/docs"),
    "resources": ("rules/resources", "project/api"),
    "engine": ("engine", "commands", "base"),
    "readers": ("readers",),
}
# A rule's declaration is tested with those of all rules.
SHARED = "tests/rules/test_examples.py"
# Of a family's facts the rules of another ask much, too, or a command.
_MORE = {
    "engine": ("tests/rules/gates",),
    "gates": ("tests/commands/test_status.py", "tests/commands/test_new_pr_template.py"),
    "migrations": (
        "tests/commands/test_new_migration.py",
        "tests/rules/releases/test_changelog_migrations_order.py",
        "tests/rules/resources/test_resource_full_chain.py",
    ),
    "docs": ("tests/commands/test_new_plan.py",),
    "readers": (
        "tests/engine/test_suppressions.py",
        "tests/rules/docs/test_docs_links_resolve.py",
        "tests/rules/docs/test_mkdocs_nav_entry.py",
        "tests/rules/releases/test_version_sync.py",
    ),
    "releases": ("tests/commands/test_bump.py", "tests/rules/docs/test_mkdocs_nav_entry.py"),
    "resources": (
        "tests/rules/plans/test_deltas_enumerated.py",
        "tests/rules/plans/test_graphql_surface_documented.py",
        "tests/rules/plans/test_worker_tasks_documented.py",
    ),
}
_HOOKS = "hooks/definition_of_done"
# What nearly all tests import, and no mutant changes.
_WARM = "graphql hypothesis libcst markdown_it tomli_w yaml".split()
# What passes between the processes, and where they print: that of the tests is not shown.
_WATCHED = ROOT / "watched.json"
_OUTCOMES = ROOT / "outcomes.jsonl"
_OUT = os.dup(1)
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
    """A change: its file, its number there, its line, and what it is.

    `lines` are those of the statement, none where it is executed when the module is imported.
    """

    path: Path
    number: int
    line: int
    what: str
    lines: frozenset[int]

    @property
    def name(self) -> str:
        """The mutant's name, which stays the same when lines above it change."""
        return f"{self.path.relative_to(ROOT / _HOOKS).as_posix()}: {self.what}"

    def tree(self) -> ast.Module:
        """The changed module."""
        tree = ast.parse(self.path.read_text())
        _apply([node for node, *_ in _places(tree)][self.number])
        return ast.fix_missing_locations(tree)


# Mutants that do what the original does, each with why. By name, as they are printed.
EQUIVALENT = {
    "project/alembic.py: And to Or: b'%' not in text.replace(b'%(here)s', b'') and b'recursive'"
    " not in text": "saves time: a folder is named where one inside it counts",
    "project/migrations/tables/concerns.py: Gt to GtE: len(tied) > 1": "one is renamed to itself",
    "project/migrations/source/evaluator.py:"
    " left out: self._budget -= 1": "saves time: more is taken for more",
    "project/migrations/source/evaluator.py:"
    " and 1: 0 in if self._budget < 0 or depth > _DEEPEST:": "one of thousands",
    "project/migrations/source/evaluator.py: Lt to LtE: self._budget < 0": "one of thousands",
    "project/migrations/source/evaluator.py: Gt to GtE: self._copies > _COPIES": "one of thousands",
    "project/migrations/source/evaluator.py:"
    " left out: self._copied(len(scope.names) * (len(blocks) +"
    " 1))": "saves memory",
    "project/migrations/source/evaluator.py:"
    " and 1: 1 in self._copied(len(scope.names) * (len(blocks) +"
    " 1))": "saves memory",
    "project/migrations/source/evaluator.py:"
    " and 1: 1 in self.branched += 1": "only whether there is one counts",
    "project/migrations/ancestry/history.py:"
    " Gt to GtE: first > 0": "saves time: what may bind is parsed",
    "project/migrations/ancestry/graph.py:"
    " Or to And: at.revision or ''": "what is mapped has a revision",
    "project/migrations/ancestry/graph.py:"
    " continue to break: continue": "each migration is a start",
    "project/migrations/ancestry/graph.py:"
    " left out: done.add(name)": "saves time: each would be walked again",
    "project/migrations/team/roundtrip.py: negated: True in with"
    " tempfile.TemporaryDirectory(prefix='definition-of-done-', ignore_cleanup_errors=True) as"
    " folder:": "only where a folder stays",
    "project/migrations/source/spelling.py:"
    " LtE to Lt: set(heads) <= _KNOWN": "two are never all that are known",
    "project/docs/site_files.py: and 1: 1 in found = get_close_matches(name, names, 1, cutoff)": (
        "the first of two is the nearest, too"
    ),
    "project/docs/questions.py: and 1: 1 in answers = [False] * (len(blocks) + 1)": "what stands"
    " behind is not looked at",
    "project/docs/questions.py: And to Or: letter != 'D' and path.endswith('.py')": "saves time: no"
    " page names what is not added",
    "readers/alembic_config.py: and 1: 1 in if line[:1] in ('', '#', ';'):": "saves time: the"
    " parser reads them",
    "readers/nav_edits.py: Or to And: text.spot(end).line != number or not is_alone or comma not in"
    " ('', ',')": "saves time: each edit is tried",
    "readers/sql.py: Lt to LtE: end < 0": "a mark stands before it",
    "readers/sql.py: and 1: 1 in depth, start = (0, -1)": "whether it is below 0",
    "readers/sql.py: and 1: 0 in start = match.end() if start < 0 else start": "a parenthesis"
    " stands before it",
}


def mutants(path: Path) -> Iterator[Mutant]:
    """Each change of a file."""
    for number, (node, statement, lines) in enumerate(_places(ast.parse(path.read_text()))):
        what = f"{_change(node)}: {ast.unparse(node).splitlines()[0]}"
        if isinstance(node, ast.Constant):
            what += f" in {ast.unparse(statement).splitlines()[0]}"
        yield Mutant(path, number, getattr(node, "lineno", 0), what, lines)


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, frozenset[int]]]:
    """Nodes that can be changed, their statements, and the lines by which a test gets there."""

    def walk(node: ast.AST, statement: ast.AST, inside: bool) -> Iterator[Any]:
        if isinstance(node, ast.stmt):
            statement = node
        if _change(node):
            lines = _lines(statement) | _lines(node) if inside else frozenset()
            yield node, statement, lines
        for field, value in ast.iter_fields(node):
            within = inside or (field == "body" and _is_function(node))
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_only_declared(field, child):
                    yield from walk(child, statement, within)

    return walk(tree, tree, False)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.Lambda)


def _lines(node: ast.AST) -> frozenset[int]:
    """The lines of an expression or a simple statement, those above the body of any other."""
    start = getattr(node, "lineno", 0)
    end = getattr(node, "end_lineno", start)
    match node:
        case ast.If(body=[first, *_]) | ast.For(body=[first, *_]) | ast.While(body=[first, *_]):
            end = max(start, first.lineno - 1)
        case ast.Match(subject=subject):
            end = subject.end_lineno or start
        case ast.stmt() if hasattr(node, "body"):
            end = start
    return frozenset(range(start, end + 1))


def _is_only_declared(field: str, child: ast.AST) -> bool:
    """Annotations, how a record is kept in memory, an assertion: no run shows a change of these."""
    match child:
        case ast.keyword(arg="frozen" | "slots" | "kw_only"):
            return True
        case ast.keyword(arg="strict", value=ast.Constant(value=True)):
            return True
        case ast.Assign(targets=[ast.Name(id="TYPE_CHECKING")]):
            return True
    return field in ("annotation", "returns")


def _change(node: ast.AST) -> str:
    """Name the change at a node; an empty text where it stays."""
    match node:
        case ast.Compare(ops=[op, *_]) | ast.BoolOp(op=op):
            return f"{type(op).__name__} to {_SWAPS[type(op)].__name__}"
        case ast.UnaryOp(op=ast.Not()):
            return "not dropped"
        case ast.If(test=test) | ast.IfExp(test=test):
            return "condition negated" if _is_negated_here(test) else ""
        case ast.Constant(value=bool()):
            return "negated"
        case ast.Constant(value=int()):
            return "and 1"
        case ast.stmt():
            return _change_of_statement(node)
    return ""


def _change_of_statement(node: ast.stmt) -> str:
    match node:
        case ast.Return(value=ast.expr() as value) if not _is_falsy(value):
            return "returns None"
        case ast.Continue():
            return "continue to break"
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            return "left out"
    return ""


def _is_negated_here(test: ast.expr) -> bool:
    """True for a condition that is negated as a whole: comparisons and `not` are where they stand.

    What type checkers alone read stays.
    """
    if isinstance(test, ast.Name):
        return test.id != "TYPE_CHECKING"
    return isinstance(test, ast.Attribute | ast.Call | ast.BoolOp | ast.NamedExpr)


def _is_falsy(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and not node.value


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


class _Loop:
    """A plugin of pytest that, in place of all tests once, tries mutants on them."""

    def __init__(self, work: list[Mutant], seconds: float) -> None:
        self._work = work
        self._seconds = seconds

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        if _forked(lambda: _watch(session.items), 1200):
            return True
        functions = _functions({mutant.path for mutant in self._work})

        def is_noticed(mutant: Mutant, tests: list[Test]) -> bool:
            swaps = list(_swaps(mutant, functions))

            def run() -> int:
                for function, code in swaps:
                    function.__code__ = code
                return _run_all([items[test.id] for test in tests])

            return bool(swaps) and _forked(run, _limit(tests)) != 0

        in_functions = [mutant for mutant in self._work if mutant.lines]
        _try(in_functions, _watched(), self._seconds, is_noticed)
        return True


def _run_all(items: list[pytest.Item]) -> int:
    """Run tests until one fails; returns the exit code."""
    failed = items[0].session.testsfailed
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if item.session.testsfailed > failed:
            return 1
    return 0


def _watch(items: list[pytest.Item]) -> int:
    """Write down what each test executes."""
    watch = coverage.Coverage(None, config_file=False, include=[f"{ROOT}/{_HOOKS}/*"])
    watch.set_option("run:core", "ctrace")
    seconds = {}
    watch.start()
    for item in items:
        watch.switch_context(item.nodeid)
        start = time.process_time()
        if _run_all([item]):
            # One that asks how long something takes may, while it is watched.
            os.write(_OUT, f"left out, as it fails without a change: {item.nodeid}\n".encode())
            continue
        seconds[item.nodeid] = time.process_time() - start
    watch.stop()
    data = watch.get_data()
    tests = []
    for id, took in seconds.items():
        data.set_query_context(id)
        lines = {path: data.lines(path) or [] for path in data.measured_files()}
        tests.append(Test(id, took, {path: numbers for path, numbers in lines.items() if numbers}))
    _WATCHED.write_text(json.dumps(tests))
    return int(len(seconds) < 0.99 * len(items))


def _watched() -> list[Test]:
    return [Test(*entry) for entry in json.loads(_WATCHED.read_text())]


def _functions(paths: set[Path]) -> list[types.FunctionType]:
    """All functions of modules, which are imported for that."""
    for path in paths:
        name = ".".join(path.relative_to(ROOT / "hooks").with_suffix("").parts)
        importlib.import_module(name.removesuffix(".__init__"))
    # What is collected is kept from the collector.
    gc.unfreeze()
    files = {str(path) for path in paths}
    found = [thing for thing in gc.get_objects() if isinstance(thing, types.FunctionType)]
    return [function for function in found if function.__code__.co_filename in files]


def _swaps(
    mutant: Mutant, functions: list[types.FunctionType]
) -> Iterator[tuple[types.FunctionType, types.CodeType]]:
    """The functions that a mutant changes, each with its changed code."""
    path = str(mutant.path)
    places = {code: place for place, code in _codes(compile(mutant.path.read_text(), path, "exec"))}
    changed = dict(_codes(compile(mutant.tree(), path, "exec")))
    for function in functions:
        code = changed.get(places.get(function.__code__))
        if function.__code__.co_filename == path and code is not None and code != function.__code__:
            yield function, code


def _codes(module: types.CodeType) -> Iterator[tuple[object, types.CodeType]]:
    """All code of a module; several lambdas may share a line, and are counted."""
    count: Counter[object] = Counter()
    todo = [module]
    for code in todo:
        place = (code.co_qualname, code.co_firstlineno)
        yield (*place, count[place]), code
        count[place] += 1
        todo += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]


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
    named = {word.partition(":")[0] for word in words[1:]}
    if words and not (words[0].isdigit() and named <= set(FAMILIES)):
        print(f"{__doc__}\nfamilies: {' '.join(FAMILIES)}", file=sys.stderr)
        return 2
    # A short one: the tests make sockets, whose paths must be.
    folder = tempfile.mkdtemp(prefix="m-")
    try:
        names = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for name in filter(None, names.split("\0")):
            path = Path(folder, "work", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path, follow_symlinks=False)
        Path(folder, "work", ".venv").symlink_to(ROOT / ".venv")
        env = os.environ | {"PYTHONPATH": f"{folder}/work/hooks"}
        seconds, families = words[:1] or ["300"], words[1:] or [*FAMILIES]
        command = [sys.executable, "-m", "tests.mutants", "--here", *seconds, *families]
        return subprocess.run(command, cwd=f"{folder}/work", env=env).returncode
    finally:
        shutil.rmtree(folder)


def _run(seconds: float, families: list[str]) -> int:
    for name in _WARM:
        importlib.import_module(name)
    killed = tried = 0
    for word in families:
        family, _, modules = word.partition(":")
        folders = FAMILIES[family]
        # A child process runs the one file, and the others are for the tests.
        work = [
            mutant
            for folder in folders
            for path in sorted((ROOT / _HOOKS / folder).glob("*.py"))
            if path.name not in ("examples.py", "alembic_child.py")
            if not modules or path.stem in modules.split(",")
            for mutant in mutants(path)
            if mutant.name not in EQUIVALENT
        ]
        random.Random(1).shuffle(work)
        at_import = [mutant for mutant in work if not mutant.lines]
        share = seconds / len(families) / len(work)
        loop = _Loop(work, share * (len(work) - len(at_import)))
        own = [f"tests/{folder}" for folder in folders if (ROOT / "tests" / folder).is_dir()]
        words = list(dict.fromkeys([*own, SHARED, *_MORE.get(family, ())]))
        _forked(functools.partial(_pytest, words, loop), 1200 + 2 * seconds)
        if not _OUTCOMES.exists():
            sys.exit(f"the tests of {family} fail without a change, or take 20 minutes")
        _try(at_import, _watched(), share * len(at_import), _is_noticed_on_disk)
        _WATCHED.unlink()
        outcomes = [json.loads(line) for line in _OUTCOMES.read_text().splitlines()]
        _OUTCOMES.unlink()
        alive = sum(map(bool, outcomes))
        print(f"{family}: {len(outcomes) - alive} of {len(outcomes)} killed", flush=True)
        tried += len(outcomes)
        killed += len(outcomes) - alive
    print(f"{killed} of {tried} mutants killed ({killed / tried:.0%})")
    return 0 if killed >= BAR * tried else 1


def _try(
    work: list[Mutant],
    tests: list[Test],
    seconds: float,
    is_noticed: Callable[[Mutant, list[Test]], bool],
) -> None:
    """Try mutants for so long; writes down and prints what comes of each."""
    end = time.monotonic() + seconds
    with _OUTCOMES.open("a") as outcomes, open(_OUT, "w", closefd=False) as out:
        for mutant in work:
            if time.monotonic() > end:
                break
            chosen = _chosen(mutant, tests)
            why = "not noticed" if chosen else "not executed"
            # Most are noticed by the first ones.
            if any(is_noticed(mutant, some) for some in (chosen[:20], chosen[20:]) if some):
                why = ""
            print(json.dumps(why), file=outcomes)
            if why:
                print(f"{mutant.line}: {mutant.name} ({why})", file=out, flush=True)


def _chosen(mutant: Mutant, tests: list[Test]) -> list[Test]:
    """The tests that execute a mutant, its own first, then the fastest."""
    path = str(mutant.path)
    if mutant.lines:
        chosen = [test for test in tests if not mutant.lines.isdisjoint(test.lines.get(path, ()))]
    else:
        chosen = [test for test in tests if path in test.lines or test.id.startswith(SHARED)]
    own = f"/test_{mutant.path.stem}.py"
    return sorted(chosen, key=lambda test: (own not in test.id, test.seconds))


def _is_noticed_on_disk(mutant: Mutant, tests: list[Test]) -> bool:
    """True where tests notice a mutant that they import."""
    files = list(dict.fromkeys(test.id.partition("::")[0] for test in tests))
    source = ast.unparse(mutant.tree())
    kept = mutant.path.with_suffix(".kept")
    mutant.path.rename(kept)
    try:
        mutant.path.write_text(source)
        return _forked(lambda: _pytest([*files, "-x"], _Choice(tests)), _limit(tests)) != 0
    finally:
        # With its old time, so that its compiled form stays valid.
        kept.replace(mutant.path)


def _limit(tests: list[Test]) -> float:
    return 20 + 3 * sum(test.seconds for test in tests)


def _pytest(words: list[str], plugin: object) -> int:
    # The process is warm: it has imported what pytest would have rewritten.
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    # A mutant that is killed would leave its server running.
    quiet.append("--ignore=tests/rules/migrations/test_alembic_roundtrip_postgresql.py")
    return pytest.main([*words, *quiet, f"--basetemp={ROOT.parent}/t"], [plugin])


def _forked(call: Any, limit: float) -> int:
    """Make a call in a process of its own, which ends after so many seconds of its CPU."""
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
