"""A stage for the cases, one a test process, with verdicts that are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contract.worlds import Case, Stage, found
from tests.repository import Run

from definition_of_done.engine import store


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("worlds"))


@pytest.fixture
def play(
    stage: Stage, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Case], tuple[str, ...]]:
    """Judge the branch of a case."""
    # No case replaces a part of a rule: what one has judged, the next may know.
    monkeypatch.setenv(store.VARIABLE, str(stage.home / "cache"))

    def judge(case: Case) -> tuple[str, ...]:
        with stage.played(case, tmp_path) as project:
            monkeypatch.chdir(project.root)
            return found(run)

    return judge
