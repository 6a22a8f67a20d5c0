"""`make bench`: what a run costs as a ratio to a peer's cost within one run, each beside its bar.

Both sides of a ratio run in turns, and the median of the rounds' ratios is shown. What is compared
is the processor time of a process and its children: on a machine that others use, too, it differs
by some percent from run to run where the time on the clock doubles. `--clock` compares the latter.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.bench import worlds
from tests.bench.workshop import NOTHING, ready, tool
from tests.bench.worlds import MIGRATION

from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.rule import FileSubject
from definition_of_done.rules.migrations import subjects

RULES = all_rules()
FLOOR = [tool("python"), "-c", "pass"]
# A path of each subject's suffix that none of its rules is concerned with.
STRANGERS = {".py": "app/version.py", ".md": "docs/index.md", "": worlds.NOTES}
HISTORY = [rule.id for rule in RULES if rule.family == "migrations" and not rule.stages]
SELECT = f"[tool.definition-of-done]\nselect = {HISTORY!r}\n"
SAFETY = [rule.id for rule in RULES if rule.family == "safety"]
DEPLOYED = f'[tool.definition-of-done]\nselect = {SAFETY!r}\ndatabase = "postgresql"\n'
GRAPH = "alembic-single-head"
_CACHE = "DEFINITION_OF_DONE_CACHE"
_MEMORY = 150
# The same file costs the same: what is above is the noise of two runs side by side.
NOISY = 1.05
# 1.1 of what it was while conclusions were kept, which was 17.5.
CHANGED = 19.2
# 1.15 of what it was before the rules held every sentence of the contract, which was 1.9.
PUSHED = 2.18


class Case(NamedTuple):
    """A command against a peer; `bar` is the highest ratio that is good enough, None for none.

    `rounds` is how often both run, at most, for those that take long. `cold` gives each run of the
    command an empty cache, and `uncached` none. `files` is how many files each side judges where
    the cost of one is compared, in folders of the world that are named so; then memory is held
    against its bar, too. `edited` is a file that gets one more line before each run. Both sides end
    in the exit code `code`.
    """

    name: str
    command: Sequence[str]
    peer: Sequence[str]
    bar: float | None
    rounds: int = 100
    cold: bool = False
    files: tuple[int, int] | None = None
    uncached: bool = False
    edited: str = ""
    code: int = 0


class Cost(NamedTuple):
    """The cost of a process and its children: seconds of processors, of the clock, and MiB."""

    processor: float
    clock: float
    memory: float


def libcst(paths: Sequence[str]) -> list[str]:
    """The floor that these files are parsed in."""
    code = "import sys, libcst\nfor p in sys.argv[1:]: libcst.parse_module(open(p, 'rb').read())"
    return [tool("python"), "-c", code, *paths]


def parse(paths: Sequence[str]) -> list[str]:
    """The floor that Python itself parses these files in."""
    code = "import sys, ast; [ast.parse(open(p, 'rb').read()) for p in sys.argv[1:]]"
    return [tool("python"), "-c", code, *paths]


def suite(*paths: str) -> list[str]:
    """The suite as a runner calls it."""
    return [tool("definition-of-done"), "check", "--from-runner", *paths]


def nothing(folder: Path) -> Iterator[Case]:
    """Each hook, and the suite, where nothing that concerns it is staged."""
    worlds.quiet(folder)
    for rule in RULES:
        if "body" in rule.keys:
            # It is about the text of a pull request, which is staged by nobody.
            continue
        files = [STRANGERS[rule.subject.suffix]] if isinstance(rule.subject, FileSubject) else []
        yield Case(f"{rule.id}, nothing to do", [tool(rule.id), *files], FLOOR, 2.5)
    yield Case("the suite, nothing to do", suite(worlds.NOTES), FLOOR, None)


def commit(folder: Path) -> Iterator[Case]:
    """A feature commit, and its migration alone."""
    staged = worlds.feature(folder)
    guard = [tool("alembic-guard"), MIGRATION]
    for rule in RULES:
        if rule.subject in (
            subjects.MIGRATION,
            subjects.MIGRATION_WITH_REVISION,
            subjects.SHAPED_MIGRATION,
        ):
            single, name = [tool(rule.id), MIGRATION], f"{rule.id}, one migration"
            yield Case(f"{name}, cold / libcst parse", single, libcst([MIGRATION]), 1.15, cold=True)
            yield Case(f"{name}, warm / alembic-guard", single, guard, 1.0)
    python = [path for path in staged if path.endswith(".py")]
    name = "all rules, a feature commit"
    # A third of it is the import of graphql-core, for the two exports of the commit.
    yield Case(f"{name}, cold / libcst parse", suite(*staged), libcst(python), 1.9, cold=True)
    name = "all rules, one changed migration after an earlier commit"
    run = suite(MIGRATION)
    yield Case(f"{name} / python -c pass", run, FLOOR, CHANGED, edited=MIGRATION)


def push(folder: Path) -> Iterator[Case]:
    """The push of a feature, which owes all that its commits might leave open."""
    paths, refs = worlds.push(folder)
    python = [path for path in paths if path.endswith(".py")]
    run = ["env", *(f"{name}={ref}" for name, ref in refs.items()), *suite(*paths)]
    name = "all rules, the push of a feature"
    yield Case(f"{name}, cold / libcst parse", run, libcst(python), PUSHED, cold=True)


def hooks(folder: Path) -> Iterator[Case]:
    """All hooks on a feature commit, one by one under pre-commit.

    A hook that does nothing is installed as ours are: as a console script, whose wrapper pip
    writes. Without it the wrapper, too, counts as ours, half a start of Python for each hook.
    """
    worlds.feature(folder)
    run = [tool("pre-commit"), "run", "--config"]
    worlds.hooked(folder / "ours.yaml", tool)
    worlds.hooked(folder / "nothing.yaml", lambda _: tool(NOTHING))
    worlds.hooked(folder / "python.yaml", lambda _: " ".join(FLOOR))
    name = "all hooks one by one, a feature commit, warm"
    ours = [*run, "ours.yaml"]
    yield Case(f"{name} / scripts that do nothing", ours, [*run, "nothing.yaml"], 2.4, 3)
    yield Case(f"{name} / python -c pass", ours, [*run, "python.yaml"], None, 3)


def chain(folder: Path) -> Iterator[Case]:
    """300 migrations in one process."""
    paths = worlds.history(folder, 300, SELECT)
    name = "migration rules, 300 migrations"
    yield Case(f"{name}, cold / libcst parse", suite(*paths), libcst(paths), 1.3, 5, cold=True)
    guard = [tool("alembic-guard"), "alembic/versions"]
    yield Case(f"{name}, warm / alembic-guard", suite(*paths), guard, 0.5, 5)
    name += ", no cache"
    yield Case(f"{name} / ast.parse", suite(*paths), parse(paths), 4.0, 9, uncached=True)
    yield Case(f"{name} / alembic-guard", suite(*paths), guard, 1.0, 9, uncached=True)


def deploys(ways: Callable[[str], Sequence[str]], code: int) -> Callable[[Path], Iterator[Case]]:
    """The rules of safe deploys on 300 migrations and on the staged one, without a cache."""

    def cases(folder: Path) -> Iterator[Case]:
        paths = worlds.history(folder, 300, DEPLOYED, ways)
        # Its warnings end in 1 under --strict alone.
        guard = [tool("alembic-guard"), *(["--strict"] if code else [])]
        for name, files, rounds in (("one migration", paths[-1:], 30), ("300", paths, 9)):
            peer = [*guard, *(files if len(files) == 1 else ["alembic/versions"])]
            name = f"safety rules, {name}, {ways.__name__}, no cache / alembic-guard"
            yield Case(name, suite(*files), peer, 1.0, rounds, uncached=True, code=code)

    return cases


def graph(size: int) -> Callable[[Path], Iterator[Case]]:
    """One staged migration on top of a chain of `size` others."""

    def cases(folder: Path) -> Iterator[Case]:
        paths = worlds.history(folder, size)
        heads = [tool("alembic"), "heads"]
        yield Case(f"{GRAPH}, {size:,} migrations / alembic heads", [tool(GRAPH)], heads, 0.15, 3)
        (folder / "pyproject.toml").write_text(f'{SELECT}since = "add_ledger_{size - 1}"\n')
        name = f"all files, {size:,} migrations, since the head / {GRAPH}"
        yield Case(name, suite(*paths), [tool(GRAPH)], 1.5, 5)

    return cases


def growth(folder: Path) -> Iterator[Case]:
    """Yield cases of one file in a long history, beside one in a history a tenth as long."""
    sizes = (300, 3_000, 30_000)
    for size in sizes:
        (folder / str(size)).mkdir()
        worlds.history(folder / str(size), size, SELECT)
    # A command line does not hold the names of 30,000 files.
    check = [tool("definition-of-done"), "check"]
    for small, large in pairwise(sizes):
        name = f"migration rules, a file of {large:,} / of {small:,}, cold"
        yield Case(name, check, check, NOISY, 9_000 // large, True, (large, small))


def pages(folder: Path) -> Iterator[Case]:
    """The rules over a site of 2,000 pages, against its build."""
    worlds.site(folder, 2_000)
    build = [tool("mkdocs"), "build", "--strict", "--quiet"]
    yield Case("the rules of the site, 2,000 pages / mkdocs build", suite(), build, 0.1, 2)


GROUPS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "nothing": nothing,
    "commit": commit,
    "push": push,
    "hooks": hooks,
    "chain": chain,
    "deploys": deploys(worlds.safe, 0),
    "hazards": deploys(worlds.hazardous, 1),
    "graph-3000": graph(3_000),
    "graph-10000": graph(10_000),
    "growth": growth,
    "site": pages,
}


def main() -> int:
    """Print the table; returns 1 where a ratio is over its bar."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(GROUPS)}")
    parser.add_argument("--rounds", type=int, default=15, help="rounds per case; default: 15")
    parser.add_argument("--clock", action="store_true", help="compare time on the clock")
    options = parser.parse_args()
    if unknown := [group for group in options.groups if group not in GROUPS]:
        parser.error(f"no such group: {unknown[0]}")
    environment = ready()
    print(f"{'case':74} {'ratio':>6} {'bar':>5}   command / peer in ms")
    over = 0
    for group in options.groups or GROUPS:
        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as cache:
            for case in GROUPS[group](Path(name)):
                costs = _measured(case, Path(name), options.rounds, {**environment, _CACHE: cache})
                over += _row(case, costs, by_clock=options.clock)
    print(f"{over} over the bar")
    return 1 if over else 0


def _measured(
    case: Case, folder: Path, rounds: int, environment: Mapping[str, str]
) -> list[tuple[Cost, Cost]]:
    """Measure command and peer in each round."""
    here, there = (folder / str(size) for size in case.files or ("", ""))
    costs = []
    rounds = min(rounds, case.rounds)
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as empty:
            own = {**environment, _CACHE: empty} if case.cold else environment
            own = {**own, _CACHE: "off"} if case.uncached else own
            if case.edited:
                with open(here / case.edited, "a") as stream:
                    stream.write("# another line\n")
            mine = _cost(case.command, here, own, case.code)
        with tempfile.TemporaryDirectory() as empty:
            own = {**environment, _CACHE: empty} if case.files else environment
            costs.append((mine, _cost(case.peer, there, own, case.code)))
        if not rounds:
            break
    # The first round warms the file system and the cache.
    return costs[1:] or costs


def _row(case: Case, costs: Sequence[tuple[Cost, Cost]], *, by_clock: bool) -> int:
    """Print a case's rows; how many are over their bars."""
    times = [[cost.clock if by_clock else cost.processor for cost in both] for both in costs]
    mine, theirs = (statistics.median(side) * 1000 for side in zip(*times, strict=True))
    many, few = case.files or (1, 1)
    ratio = statistics.median(own / many / (other / few) for own, other in times)
    over = 0
    over += _print(case.name, ratio, case.bar, f"{mine:.0f} / {theirs:.0f}")
    if case.files:
        peak = max(cost.memory for cost, _ in costs)
        name = f"migration rules, {many:,} migrations, peak memory / {_MEMORY} MiB"
        over += _print(name, peak / _MEMORY, 1.0, f"{peak:.0f} MiB")
    return over


def _print(name: str, ratio: float, bar: float | None, what: str) -> bool:
    missed = bar is not None and ratio > bar
    shown = "-" if bar is None else f"{bar:.2f}"
    print(f"{name:74} {ratio:6.2f} {shown:>5}   {what}{'  OVER' if missed else ''}", flush=True)
    return missed


def _cost(command: Sequence[str], folder: Path, environment: Mapping[str, str], code: int) -> Cost:
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, usage = os.wait4(child.pid, 0)
        clock = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != code:
            said.seek(0)
            words = " ".join(command)[:500]
            sys.exit(f"{words}: exit {child.returncode}\n{said.read().decode()}")
    # Linux counts memory in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / unit)


if __name__ == "__main__":
    sys.exit(main())
