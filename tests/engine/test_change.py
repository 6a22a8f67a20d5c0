"""What changed: a named base, the refs of the runner, what is staged, the branch."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG


def test_base_narrows_to_the_change(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    project.git("commit", "-qm", "legacy")
    new = PATH.replace("add_x", "add_y")
    project.lay({new: HASH})
    out = run(SLUG, "--base", "main")[1]
    assert out.startswith(f"{new}:2:12: ")
    assert out.splitlines()[-1] == "1 finding in 1 file"


def test_refs_of_the_runner_judge_what_is_pushed(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"a": "a"})
    project.git("commit", "-qm", "one")
    project.lay({PATH: HASH})
    project.git("commit", "-qm", "two")
    project.lay({PATH: CLEAN})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert run(SLUG, PATH)[0] == 1
