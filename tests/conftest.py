"""Fixtures that run hooks in a repository, cut off from the git that runs the tests."""

from __future__ import annotations

import gc
import itertools
import os
import re
from pathlib import Path
from typing import Any

import pytest
from tests import answers, read_once  # noqa: F401  # before all that reads
from tests.legacy import LEGACY
from tests.postgresql import database, server
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import start_feature
from tests.snapshot import outer_variables
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

import definition_of_done.rules  # noqa: F401  # the engine knows no rule by itself
from definition_of_done.engine.finding import BASELINE_FILE

__all__ = ["database", "server"]

# What a test replaces in a rule is no part of the key of a verdict.
os.environ["DEFINITION_OF_DONE_CACHE"] = "off"
answers.install()
_numbers = itertools.count()
# How git is called: here it answers itself.
ASKED = (
    "test_git_states.py",
    *(f"engine/test_{name}.py" for name in "git change branch tree".split()),
)


# Tables that take minutes, with the share of their rows that the suite plays: one in so many.
# `DOD_CASES=all` plays all of them.
SHARES = {
    "contract/test_clinic.py": 12,
    "contract/": 6,
    "rules/test_every_fixer.py": 6,
    "rules/test_symbols.py": 2,
    "rules/migrations/test_alembic_roundtrip.py::test_table": 5,
    "rules/migrations/test_alembic_roundtrip.py::test_command_that_works": 2,
    "rules/migrations/test_alembic_roundtrip.py::test_what_env_py_does": 2,
    "rules/migrations/test_alembic_roundtrip_postgresql.py::test_table": 5,
    "rules/gates/test_pr_checklist.py::test_hostile_text": 3,
    "rules/resources/test_resource_full_chain.py::test_each_link_of_the_sample": 4,
    "rules/resources/test_schema_mounted.py::test_strawberry_shows": 4,
    "rules/resources/test_schema_export_fresh.py::test_each_thing": 3,
    "runners/test_stages.py": 6,
    "runners/test_runners.py::test_commit_that_breaks_a_rule_and_one_that_mends_it": 6,
    "runners/test_readme.py::test_configuration_of_the_runner": 4,
    "runners/test_readme.py::test_nothing_is_missed_at_the_base": 3,
    "runners/test_readme.py::test_command": 5,
    "runners/test_readme.py::test_settings": 2,
    "engine/test_cache.py::test_whatever_happens_in_between": 5,
    "engine/test_selection.py::test_ignored_in_a_file": 3,
    "engine/test_verdicts.py::test_reports_are_the_same": 2,
    "project/test_without.py": 2,
    "test_moving_on.py": 3,
    "test_walk.py::test_a_lie": 5,
    "commands/test_bump.py::test_killed_between_two_files": 3,
    "commands/test_init.py::test_paths_elsewhere": 2,
    "commands/test_new_migration_autogenerate.py::test_failure_leaves_nothing": 3,
    "commands/test_next.py::test_branch_with_nothing_begun": 3,
    "commands/test_next.py::test_changelog_of_another_style": 2,
    "commands/test_pages.py::test_the_comment_of_a_page_silences": 3,
    "test_hostile_files.py": 4,
    "test_harmless.py": 3,
    "test_any_bytes.py": 4,
}

LONGEST = ("tests/test_scaffold.py", "tests/runners/", "tests/commands/test_new_migration_auto")


def pytest_collection_finish() -> None:
    """Leave what is collected to itself: the collector looks at it again and again."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFunction | None:
    return ByFunction(config, log) if config.getoption("dist") == "loadgroup" else None


class ByFunction(LoadGroupScheduling):  # type: ignore[misc]
    """Gives a process the rows of a test together, in the order of the collection.

    They read the same files. Each row by itself makes the process that hands them out count all
    that were before, for each that is done.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        group = str(super()._split_scope(nodeid))
        return group if group != nodeid else nodeid.partition("[")[0]

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        for scope in [scope for scope, unit in workload.items() if all(unit.values())]:
            del workload[scope]
        return int(super()._pending_of(workload))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out rows of the tables that take minutes; what has no rows is played.

    Tests that are chosen, by file or by `-k`, are all played. The longest tests begin, so that no
    process waits for another at the end.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    is_chosen = config.option.keyword or len(items) < 3_000
    if is_chosen or os.environ.get("DOD_CASES") == "all":
        return
    rows: dict[str, int] = {}
    left_out = []
    for item in items:
        name, _, row = item.nodeid.removeprefix("tests/").partition("[")
        share = next((SHARES[start] for start in SHARES if name.startswith(start)), 1)
        rows[name] = rows.get(name, -1) + 1
        if row and rows[name] % share:
            left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    gone = set(map(id, left_out))
    items[:] = [item for item in items if id(item) not in gone]


@pytest.fixture(autouse=True)
def _no_outer_git(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.nodeid.partition("::")[0].endswith(ASKED):
        monkeypatch.setattr(answers, "asked", True)
    for name in outer_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.com")


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder; pytest's own reads the names of all earlier ones to number it."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}-{next(_numbers)}"
    folder.mkdir(0o700)
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def sample(project: Project) -> Project:
    """The sample backend on main, and a branch `feature` of it checked out."""
    start_feature(project)
    return project


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the verdicts, empty, where they are kept."""
    from definition_of_done.engine import store

    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv(store.VARIABLE, str(folder))
    return folder / "definition-of-done" / store.FORMAT


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call a hook or the suite in process."""
    from definition_of_done.commands.hook import run_hook
    from definition_of_done.commands.main import main

    def call(id: str, *argv: str) -> tuple[int, str, str]:
        code = main(argv) if id == "definition-of-done" else run_hook(id, argv)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def legacy(project: Project, run: Run) -> Project:
    """A project with findings, all of them accepted and committed."""
    project.lay(LEGACY)
    project.git("commit", "-qm", "legacy")
    assert run(SUITE, "baseline")[0] == 0
    project.git("add", BASELINE_FILE)
    project.git("commit", "-qm", "baseline")
    return project
