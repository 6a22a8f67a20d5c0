"""`make bench`: whole-process times as ratios within one run, each beside its bar.

Both sides of a ratio run in turns, and the median of the rounds' ratios is shown, so that a
machine that is busy for a while slows both alike.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.snapshot import BIN, SAMPLE, consumer, environment, git

from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.subject import FileSubject
from definition_of_done.migrations import MIGRATION as MIGRATION_FILE

PYTHON = str(BIN / "python")
FLOOR = [PYTHON, "-c", "pass"]
MIGRATION = "alembic/versions/20260524_add_vendor_credits.py"
LIBCST = [
    PYTHON,
    "-c",
    f"import libcst; libcst.parse_module(open({MIGRATION!r}, 'rb').read())",
]
ENVIRONMENT = environment()
RULES = all_rules()
# A path of each subject's suffix that none of its rules is concerned with.
STRANGERS = {".py": "app/version.py", ".md": "docs/index.md"}


class Case(NamedTuple):
    """A command against a peer; `bar` is the highest ratio that is good enough, None for none."""

    name: str
    command: Sequence[str]
    peer: Sequence[str]
    bar: float | None


def graph_case(folder: Path, size: int) -> Case:
    """One staged migration on top of a chain of `size` others, against `alembic heads`."""
    shutil.copytree(SAMPLE / "alembic", folder / "alembic")
    shutil.copy(SAMPLE / "alembic.ini", folder)
    versions = folder / "alembic" / "versions"
    template = (versions / "20260524_add_vendor_credits.py").read_text()
    parent = "add_vendor_credits"
    for number in range(size):
        name = f"step_{number}"
        source = template.replace("add_vendors", parent).replace("add_vendor_credits", name)
        if number == 0:
            source = source.replace(f'None = "{name}"', f'None = "{parent}"')
            source = source.replace(f"Revises: {name}", f"Revises: {parent}")
        (versions / f"20260601_{name}.py").write_text(source)
        if number == size - 2:
            git(folder, "init", "--quiet", "--initial-branch=main")
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--message=a long history")
        parent = name
    git(folder, "add", "--all")
    ours, theirs = [str(BIN / "alembic-single-head")], [str(BIN / "alembic"), "heads"]
    return Case(f"alembic-single-head, {size:,} migrations / alembic heads", ours, theirs, 0.2)


def site_case(folder: Path, size: int) -> Case:
    """The two rules over a site of `size` pages that link to each other, against its build.

    The theme is a bare one: what MkDocs takes for the nav on each page is not held against it.
    """
    source = (SAMPLE / "docs/feature/2026-05-24-vendor-credits.md").read_text()
    names = [f"feature/2026-05-24-credits-{number}.md" for number in range(size)]
    pages = folder / "docs" / "feature"
    pages.mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# Home\n")
    nav = "  - Home: index.md\n  - Accounting Features:\n"
    for number, name in enumerate(names):
        title = f"Credits {number}"
        links = "".join(
            f"- [page](../{names[number - step]}#future-additions), [plan](#in-scope)\n"
            for step in (1, 2, 3)
        )
        page = source.replace("# Vendor credits", f"# {title}", 1)
        (folder / "docs" / name).write_text(f"{page}\n## See also\n\n{links}")
        nav += f"      - {title}: {name}\n"
    theme = folder / "theme"
    theme.mkdir()
    (theme / "main.html").write_text("{{ page.content }}\n")
    (theme / "mkdocs_theme.yml").write_text("locale: en\n")
    (folder / "mkdocs.yml").write_text(
        "site_name: Bench\ntheme: {name: null, custom_dir: theme}\nplugins: []\n"
        f"validation: {{links: {{anchors: warn}}}}\nnav:\n{nav}"
    )
    (folder / "pyproject.toml").write_text(
        "[tool.definition-of-done]\nselect = ['docs-links-resolve', 'mkdocs-nav-entry']\n"
    )
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all", ":!docs/index.md")
    git(folder, "commit", "--quiet", "--message=a large site")
    git(folder, "add", "--all")
    ours = [str(BIN / "definition-of-done"), "check", "--from-runner"]
    theirs = [str(BIN / "mkdocs"), "build", "--strict", "--quiet"]
    return Case(f"the rules of the site, {size:,} pages / mkdocs build", ours, theirs, 0.1)


def cases() -> list[Case]:
    """Everything that is measured, in the order of the table."""
    suite = [str(BIN / "definition-of-done"), "check", "--from-runner", MIGRATION]
    single = [str(BIN / "column-comment-required"), MIGRATION]
    nothing, migrations = [], []
    for rule in RULES:
        files = rule.subject.suffix if isinstance(rule.subject, FileSubject) else None
        command = [str(BIN / rule.id), *([STRANGERS[files]] if files else [])]
        nothing.append(Case(f"{rule.id}, nothing to do", command, FLOOR, None))
        if rule.subject is MIGRATION_FILE:
            name = f"{rule.id}, one migration / libcst parse"
            migrations.append(Case(name, [str(BIN / rule.id), MIGRATION], LIBCST, 1.2))
    return [*nothing, *migrations, Case("suite / single hook", suite, single, None)]


def main() -> int:
    """Print the table; returns 1 where a ratio is over its bar."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="rounds per case; default: 15")
    rounds = parser.parse_args().rounds
    over = 0
    with tempfile.TemporaryDirectory() as name:
        team = Path(name)
        consumer(team, [], team, "")
        # What is staged concerns no rule over the repository.
        with (team / "Taskfile.yml").open("a") as stream:
            stream.write("# staged\n")
        git(team, "add", "Taskfile.yml")
        print(f"{'case':58} {'ratio':>6} {'bar':>5}   command / peer in ms")
        for case in cases():
            over += _row(case, team, rounds)
    with tempfile.TemporaryDirectory() as name:
        over += _row(graph_case(Path(name), 10_000), Path(name), min(rounds, 3))
    with tempfile.TemporaryDirectory() as name:
        over += _row(site_case(Path(name), 2_000), Path(name), min(rounds, 2))
    return 1 if over else 0


def _row(case: Case, folder: Path, rounds: int) -> bool:
    """Print a case's row; whether it is over its bar."""
    ratio, mine, theirs = _measure(case, folder, rounds)
    bar = "-" if case.bar is None else f"{case.bar:.2f}"
    missed = case.bar is not None and ratio > case.bar
    verdict = "  OVER" if missed else ""
    print(f"{case.name:58} {ratio:6.2f} {bar:>5}   {mine:.0f} / {theirs:.0f}{verdict}", flush=True)
    return missed


def _measure(case: Case, folder: Path, rounds: int) -> tuple[float, float, float]:
    """Median ratio, and both sides' median milliseconds."""
    pairs = [(_time(case.command, folder), _time(case.peer, folder)) for _ in range(rounds + 1)]
    # The first round warms the file system and writes bytecode.
    mine, theirs = zip(*pairs[1:], strict=True)
    ratio = statistics.median(one / other for one, other in pairs[1:])
    return ratio, statistics.median(mine) * 1000, statistics.median(theirs) * 1000


def _time(command: Sequence[str], folder: Path) -> float:
    start = time.perf_counter()
    run = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    took = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"{' '.join(command)}: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return took


if __name__ == "__main__":
    sys.exit(main())
