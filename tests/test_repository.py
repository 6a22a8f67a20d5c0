"""What the tests write of a repository is what git writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.repository import Files, Project
from tests.sample import SAMPLE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="git writes it all there")
BRANCH: list[Files] = [
    {"a.py": "1\n", "b/c.py": b"\xff\0", "b-d": "x", "b.e": "y", "b/f/g/h.md": ""},
    {"a.py": "2\n", "b/c.py": None, "z": "z"},
    {"b/f/g/h.md": None, "b/f/g/i.md": "i"},
]
GROWN: list[Files] = [{**SAMPLE}, {"pyproject.toml": "x", "docs/new/x.md": "x"}]


def branch(project: Project, steps: Sequence[Files]) -> Project:
    for number, files in enumerate(steps):
        project.lay(files)
        project.git("commit", "-qm", f"step {number}")
        if not number:
            project.git("checkout", "-qb", "feature")
    return project


@pytest.mark.parametrize("steps", [BRANCH, GROWN])
def test_git_agrees(steps: list[Files], tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("quick", "slow")]
    for folder in folders:
        folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        quick = branch(Project(folders[0]), steps)
    slow = Project(folders[1])
    slow.git("config", "user.name", "nobody")
    branch(slow, steps)
    for asked in ("log --format=%T%an%ae%cn%s%D", "ls-files --stage", "branch"):
        assert quick.git(*asked.split()) == slow.git(*asked.split())
    # Nothing is broken, and nothing is left to refresh.
    for asked in ("fsck --strict --no-dangling", "diff-files", "diff-index HEAD", "status --short"):
        assert quick.git(*asked.split()) == ""


@pytest.mark.parametrize("message", ["", "# no comment", "two\n\nlines", "x "])
def test_git_is_asked(message: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({"a": "1"})
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError):
        project.git("commit", "-qm", message)


def test_a_commit_of_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({"a": "1"})
    project.git("commit", "-qm", "one")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError):
        project.git("commit", "-qm", "two")
