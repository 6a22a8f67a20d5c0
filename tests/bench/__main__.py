"""`make bench`: whole-process times as ratios within one run, each beside its bar.

Both sides of a ratio run in turns, and the median of the rounds' ratios is shown, so that a
machine that is busy for a while slows both alike.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench import worlds
from tests.bench.workshop import ready, tool
from tests.bench.worlds import MIGRATION

from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.subject import FileSubject
from definition_of_done.migrations import MIGRATION as MIGRATION_FILE

RULES = all_rules()
FLOOR = [tool("python"), "-c", "pass"]
# A path of each subject's suffix that none of its rules is concerned with.
STRANGERS = {".py": "app/version.py", ".md": "docs/index.md"}
_OWN = "definition_of_done.migrations."
HISTORY = [rule.id for rule in RULES if rule.module.startswith(_OWN) and not rule.stages]
GRAPH = "alembic-single-head"


class Case(NamedTuple):
    """A command against a peer; `bar` is the highest ratio that is good enough, None for none.

    `rounds` is how often both run, at most, for those that take long.
    """

    name: str
    command: Sequence[str]
    peer: Sequence[str]
    bar: float | None
    rounds: int = 100


def libcst(paths: Sequence[str]) -> list[str]:
    """The floor that these files are parsed in."""
    code = "import sys, libcst\nfor p in sys.argv[1:]: libcst.parse_module(open(p, 'rb').read())"
    return [tool("python"), "-c", code, *paths]


def suite(*paths: str) -> list[str]:
    """The suite as a runner calls it."""
    return [tool("definition-of-done"), "check", "--from-runner", *paths]


def nothing(folder: Path) -> Iterator[Case]:
    """Each hook, and the suite, where nothing that concerns it is staged."""
    worlds.quiet(folder)
    for rule in RULES:
        files = [STRANGERS[rule.subject.suffix]] if isinstance(rule.subject, FileSubject) else []
        yield Case(f"{rule.id}, nothing to do", [tool(rule.id), *files], FLOOR, 2.5)
    yield Case("the suite, nothing to do", suite(worlds.NOTES), FLOOR, None)


def commit(folder: Path) -> Iterator[Case]:
    """A feature commit, and its migration alone."""
    staged = worlds.feature(folder)
    for rule in RULES:
        if rule.subject is MIGRATION_FILE:
            name = f"{rule.id}, one migration / libcst parse"
            yield Case(name, [tool(rule.id), MIGRATION], libcst([MIGRATION]), 1.15)
    guard = [tool("alembic-guard"), MIGRATION]
    single = [tool("column-comment-required"), MIGRATION]
    yield Case("column-comment-required, one migration / alembic-guard", single, guard, 1.0)
    python = [path for path in staged if path.endswith(".py")]
    name = "all rules, a feature commit"
    yield Case(f"{name} / libcst parse", suite(*staged), libcst(python), 1.5)
    yield Case(f"{name} / alembic-guard", suite(*staged), guard, 2.0)


def chain(folder: Path) -> Iterator[Case]:
    """300 migrations in one process."""
    paths = worlds.history(folder, 300, f"[tool.definition-of-done]\nselect = {HISTORY!r}\n")
    name = "migration rules, 300 migrations"
    yield Case(f"{name} / libcst parse", suite(*paths), libcst(paths), 1.3, 3)
    guard = [tool("alembic-guard"), "alembic/versions"]
    yield Case(f"{name} / alembic-guard", suite(*paths), guard, 0.5, 5)


def graph(size: int) -> Callable[[Path], Iterator[Case]]:
    """One staged migration on top of a chain of `size` others."""

    def cases(folder: Path) -> Iterator[Case]:
        paths = worlds.history(folder, size)
        heads = [tool("alembic"), "heads"]
        yield Case(f"{GRAPH}, {size:,} migrations / alembic heads", [tool(GRAPH)], heads, 0.15, 3)
        settings = (
            f'[tool.definition-of-done]\nselect = {HISTORY!r}\nsince = "add_ledger_{size - 1}"\n'
        )
        (folder / "pyproject.toml").write_text(settings)
        name = f"all files, {size:,} migrations, since the head / {GRAPH}"
        yield Case(name, suite(*paths), [tool(GRAPH)], 1.5, 5)

    return cases


def pages(folder: Path) -> Iterator[Case]:
    """The rules over a site of 2,000 pages, against its build."""
    worlds.site(folder, 2_000)
    build = [tool("mkdocs"), "build", "--strict", "--quiet"]
    yield Case("the rules of the site, 2,000 pages / mkdocs build", suite(), build, 0.1, 2)


GROUPS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "nothing": nothing,
    "commit": commit,
    "chain": chain,
    "graph-3000": graph(3_000),
    "graph-10000": graph(10_000),
    "site": pages,
}


def main() -> int:
    """Print the table; returns 1 where a ratio is over its bar."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(GROUPS)}")
    parser.add_argument("--rounds", type=int, default=15, help="rounds per case; default: 15")
    options = parser.parse_args()
    environment = ready()
    print(f"{'case':64} {'ratio':>6} {'bar':>5}   command / peer in ms")
    over = 0
    for group in options.groups or GROUPS:
        with tempfile.TemporaryDirectory() as name:
            for case in GROUPS[group](Path(name)):
                over += _row(case, Path(name), options.rounds, environment)
    print(f"{over} over the bar")
    return 1 if over else 0


def _row(case: Case, folder: Path, rounds: int, environment: dict[str, str]) -> bool:
    """Print a case's row; whether it is over its bar."""
    # The first round warms the file system and writes bytecode.
    times = [
        [_time(command, folder, environment) for command in (case.command, case.peer)]
        for _ in range(min(rounds, case.rounds) + 1)
    ][1:]
    ratio = statistics.median(mine / theirs for mine, theirs in times)
    mine, theirs = (statistics.median(side) * 1000 for side in zip(*times, strict=True))
    bar = "-" if case.bar is None else f"{case.bar:.2f}"
    missed = case.bar is not None and ratio > case.bar
    verdict = "  OVER" if missed else ""
    print(f"{case.name:64} {ratio:6.2f} {bar:>5}   {mine:.0f} / {theirs:.0f}{verdict}", flush=True)
    return missed


def _time(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"{' '.join(command)}: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return took


if __name__ == "__main__":
    sys.exit(main())
