"""Fixtures that run hooks in a repository, cut off from the git that runs the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.legacy import LEGACY
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import start_feature
from tests.snapshot import outer_variables

import definition_of_done.rules  # noqa: F401  # the engine knows no rule by itself
from definition_of_done.engine.finding import BASELINE_FILE

# What a test replaces in a rule is no part of the key of a verdict.
os.environ["DEFINITION_OF_DONE_CACHE"] = "off"


@pytest.fixture(autouse=True)
def _no_outer_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in outer_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.com")


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
