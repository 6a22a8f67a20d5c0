"""Changes rules and facts one place at a time, and counts the changes that no test notices.

`python -m tests.mutants [SECONDS] [FAMILY...]`: in a copy of the checkout, for that long; prints
each survivor and the share that was killed. Exit code 1: below 85%.
"""

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BAR = 0.85
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


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Each change: its line, what it is, and the whole changed source."""
    tree = ast.parse(source)
    places = [node for node in ast.walk(tree) if _change(node)]
    for at, node in enumerate(places):
        changed = copy.deepcopy(tree)
        _apply([one for one in ast.walk(changed) if _change(one)][at])
        yield (
            getattr(node, "lineno", 0),
            _change(node),
            ast.unparse(ast.fix_missing_locations(changed)),
        )


def _change(node: ast.AST) -> str:
    """What is changed at a node, nothing where it stays."""
    if isinstance(node, ast.Compare):
        return f"{type(node.ops[0]).__name__} to {_SWAPS[type(node.ops[0])].__name__}"
    if isinstance(node, ast.BoolOp):
        return f"{type(node.op).__name__} to {_SWAPS[type(node.op)].__name__}"
    if isinstance(node, ast.If | ast.IfExp) and not _is_typing(node.test):
        return "condition negated"
    if isinstance(node, ast.Return) and node.value and not _is(node.value, None):
        return "returns None"
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        return f"{node.value} negated"
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return f"{node.value} and 1"
    if isinstance(node, ast.Continue):
        return "continue to break"
    return ""


def _is(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"


def _apply(node: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = _SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        node.op = _SWAPS[type(node.op)]()
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.Constant):
        node.value = node.value + 1 if type(node.value) is int else not node.value
    elif isinstance(node, ast.Continue):
        node.__class__ = ast.Break  # type: ignore[assignment]


def main(words: list[str]) -> int:
    """Try mutants in a random order, the same each time; returns the exit code."""
    seconds, families = float(words[0]) if words else 600.0, words[1:] or ["gates", "release"]
    folder = Path(tempfile.mkdtemp(prefix="definition-of-done-mutants-"))
    try:
        shutil.copytree(ROOT / "hooks", folder / "hooks")
        shutil.copytree(ROOT / "tests", folder / "tests")
        for name in ("pyproject.toml", "README.md", "Makefile"):
            shutil.copy2(ROOT / name, folder)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        return _run(folder, seconds, families)
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, seconds: float, families: list[str]) -> int:
    work = []
    for family in families:
        for path in sorted((folder / "hooks/definition_of_done" / family).glob("*.py")):
            if path.name != "_examples.py":
                work += [(family, path, *one) for one in mutants(path.read_text())]
    random.Random(1).shuffle(work)
    limits = {}
    for family in families:
        start = time.monotonic()
        if _is_noticed(folder, f"tests/{family}", 900):
            sys.exit(f"the tests of {family} fail without a change, or take 15 minutes")
        # A mutant that loops is slower by far than a machine that is busy.
        limits[family] = 60 + 10 * (time.monotonic() - start)
    end = time.monotonic() + seconds
    killed = tried = 0
    for family, path, line, what, changed in work:
        if time.monotonic() > end:
            break
        source = path.read_text()
        path.write_text(changed)
        tried += 1
        own = f"tests/{family}/test_{path.name}"
        asked = [own, f"tests/{family}"] if (folder / own).exists() else [f"tests/{family}"]
        if any(_is_noticed(folder, tests, limits[family]) for tests in asked):
            killed += 1
        else:
            print(f"{path.relative_to(folder)}:{line}: {what}", flush=True)
        path.write_text(source)
    share = killed / tried if tried else 0.0
    print(f"{killed} of {tried} mutants killed ({share:.0%}), of {len(work)} in all")
    return 0 if share >= BAR else 1


def _is_noticed(folder: Path, tests: str, limit: float) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    env = os.environ | {"PYTHONPATH": str(folder / "hooks"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, tests], cwd=folder, env=env, capture_output=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
