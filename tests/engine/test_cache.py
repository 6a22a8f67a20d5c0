"""A run with the cache says what a run without it says, whatever happens in between."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE
from tests.snapshot import ARGS

from definition_of_done.engine.registry import all_rules
from definition_of_done.engine.rule import RepositorySubject, Rule
from definition_of_done.engine.store import Store

# They depend on more than the repository.
OUTSIDE = ("alembic-roundtrip", "pr-checklist")
RULES = [
    rule
    for rule in all_rules()
    if isinstance(rule.subject, RepositorySubject) and rule.id not in OUTSIDE
]
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
TABLE = "[tool.definition-of-done]\n"
PLAN = "docs/feature/2026-05-24-vendor-credits.md"
HEAD = "alembic/versions/20260524_add_vendor_credits.py"
NEW = PLAN.replace("05-24", "05-25")
STEPS = 8
Files: TypeAlias = dict[str, str | bytes | None]


def steps(project: Project, rule: Rule, chance: random.Random) -> Iterator[Callable[[], object]]:
    """Changes of all that a rule may ask for, without an end."""

    def write(path: str, text: str) -> None:
        (project.root / path).parent.mkdir(parents=True, exist_ok=True)
        (project.root / path).write_text(text)

    def append() -> None:
        path = chance.choice([*rule.bad, *rule.good, *SAMPLE])
        if (project.root / path).is_file():
            data = (project.root / path).read_bytes()
            (project.root / path).write_bytes(data + b"\n")

    def remove() -> None:
        (project.root / chance.choice([*rule.bad, *SAMPLE])).unlink(missing_ok=True)

    def settings() -> None:
        key = chance.choice(["exclude = ['docs/**']", "since = 'add_vendors'", "mkdocs = ''", ""])
        write("pyproject.toml", f"{SAMPLE['pyproject.toml']}{TABLE}{key}\n")

    made = [
        lambda: project.lay(rule.bad),
        lambda: project.lay(rule.bad, add=False),
        lambda: project.lay(rule.good),
        lambda: project.lay(SAMPLE),
        lambda: project.git("add", "--all"),
        lambda: project.git("reset", "--quiet"),
        lambda: project.git("commit", "--quiet", "--allow-empty", "-m", "step"),
        lambda: project.git("commit", "--quiet", "--all", "--allow-empty", "-m", "step"),
        lambda: project.git("checkout", "--quiet", "-B", chance.choice(["feature", "other"])),
        lambda: project.git("branch", "--force", "main", "HEAD"),
        lambda: project.git("checkout", "--quiet", "--detach"),
        lambda: write(".gitignore", chance.choice(["docs/*.png\n", "*.md\n", ""])),
        lambda: write("docs/new.md", "# New\n"),
        lambda: write("alembic.ini", "[alembic]\nscript_location = elsewhere\n"),
        append,
        remove,
        settings,
    ]
    while True:
        yield chance.choice(made)


@by_rule
def test_whatever_happens_in_between(rule: Rule, sample: Project, run: Run, cache: Path) -> None:
    call = (rule.id, *ARGS.get(rule.id, ()), "--format", "json")
    chance = random.Random(rule.id)
    walk = steps(sample, rule, chance)
    for _ in range(STEPS):
        next(walk)()
        plain = run(*call, "--no-cache")
        assert run(*call) == plain
        assert run(*call) == plain


def commit(project: Project, files: Files) -> None:
    project.lay(files)
    project.git("commit", "--quiet", "--message=another")


def merging(project: Project) -> None:
    os.environ["GIT_REFLOG_ACTION"] = "merge main"


@pytest.mark.parametrize(
    ("id", "first", "then"),
    [
        # In each row one answer alone is another one; it is named.
        pytest.param(
            "mkdocs-nav-entry", {}, lambda it: commit(it, {NEW: SAMPLE[PLAN]}), id="tracked"
        ),
        pytest.param(
            "alembic-single-head",
            {},
            lambda it: commit(it, {HEAD: SAMPLE[HEAD].replace('"add_vendors"', '"none"')}),
            id="each",
        ),
        pytest.param("plan-never-deleted", {PLAN: None}, merging, id="change"),
        pytest.param(
            "plan-never-deleted",
            {PLAN: None},
            lambda it: commit(it, {PLAN: SAMPLE[PLAN]}),
            id="since",
        ),
        pytest.param(
            "plan-never-deleted",
            {PLAN: None},
            lambda it: it.git("branch", "--force", "main", "HEAD"),
            id="bases",
        ),
        pytest.param(
            "docs-links-resolve",
            {"docs/new.md": "[report](made.pdf)\n"},
            lambda it: (it.root / ".git/info/exclude").write_text("made.pdf\n"),
            id="ignored",
        ),
        pytest.param(
            "docs-links-resolve",
            {"docs/new.md": "[report](made.pdf)\n"},
            lambda it: (it.root / "docs/made.pdf").write_text(""),
            id="exists",
        ),
        pytest.param(
            "plan-names-revisions",
            {PLAN: None},
            lambda it: (it.root / "alembic.ini").write_text(
                "[alembic]\nscript_location = alembic\nversion_locations = docs\n"
            ),
            id="checked-out-bytes",
        ),
    ],
)
def test_what_rules_over_the_repository_depend_on(
    id: str,
    first: Files,
    then: Callable[[Project], object],
    sample: Project,
    run: Run,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_REFLOG_ACTION", "commit")
    if first:
        commit(sample, first)
    plain = run(id, "--no-cache")
    assert run(id) == plain
    then(sample)
    assert run(id) == run(id, "--no-cache") != plain


def test_what_keeps_a_rule_from_running_is_said_again(
    sample: Project, run: Run, cache: Path
) -> None:
    # A note of what cannot be evaluated.
    sample.git("branch", "--quiet", "-D", "main")
    noted = run("plan-never-deleted", "--no-cache")
    assert noted[2].startswith("plan-never-deleted: not evaluated: no base")
    assert run("plan-never-deleted") == noted
    assert run("plan-never-deleted") == noted
    # An error, and the file that cannot be read.
    sample.lay({"alembic.ini": "[alembic\n"})
    broken = run("alembic-single-head", "--no-cache")
    assert broken[0] == 2
    assert run("alembic-single-head") == broken
    sample.lay({"alembic.ini": SAMPLE["alembic.ini"], "mkdocs.yml": "nav: [\n"})
    unreadable = run("mkdocs-nav-entry", "--no-cache")
    assert unreadable[0] == 1
    for _ in range(2):
        assert run("mkdocs-nav-entry") == unreadable
    sample.lay({"mkdocs.yml": SAMPLE["mkdocs.yml"]})
    assert run("mkdocs-nav-entry")[0] == 0


@pytest.mark.parametrize(
    "rule", [rule for rule in all_rules() if rule.completes], ids=lambda r: r.id
)
def test_what_a_help_takes_from_other_files_is_kept(
    rule: Rule, sample: Project, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.lay(rule.bad)
    plain = run(rule.id)
    assert plain[0] == 1
    made: list[bytes] = []
    monkeypatch.setattr(Store, "put", lambda *args: made.append(args[-1]))
    assert run(rule.id) == plain
    assert made == []
