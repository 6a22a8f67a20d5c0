"""The work tree as if all were added: what git sees, and that nothing of it stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.repository import Project

from definition_of_done.engine.all_added import all_added
from definition_of_done.engine.git import git

VARIABLES = ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


def staged(root: Path) -> str:
    return (git(str(root), "diff", "--cached", "--name-status", "--no-renames") or b"").decode()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_is_added_for_a_while(project: Project) -> None:
    project.lay({"a.py": "a", "b.py": "b", ".gitignore": "*.log\n", "forced.log": ""})
    project.git("commit", "-qm", "start")
    project.lay({"a.py": "aa", "new.py": "n", "x.log": "", "forced.log": "f"}, add=False)
    (project.root / "b.py").unlink()
    before = files(project.root / ".git")
    with all_added(str(project.root)):
        assert staged(project.root) == "M\ta.py\nD\tb.py\nM\tforced.log\nA\tnew.py\n"
        assert git(str(project.root), "show", ":new.py") == b"n"
        assert git(str(project.root), "show", "HEAD:a.py") == b"a"
    assert files(project.root / ".git") == before
    assert staged(project.root) == ""
    assert not any(name in os.environ for name in VARIABLES)


def test_a_repository_without_an_index(project: Project) -> None:
    project.lay({"a.py": "a"}, add=False)
    with all_added(str(project.root)):
        assert git(str(project.root), "ls-files") == b"a.py\n"
    assert git(str(project.root), "ls-files") == b""


def test_variables_come_back(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.lay({"a.py": "a"})
    other = project.root / "other.index"
    (project.root / ".git/index").rename(other)
    monkeypatch.setenv("GIT_INDEX_FILE", "other.index")
    project.lay({"b.py": "b"}, add=False)
    with all_added(str(project.root)):
        assert git(str(project.root), "ls-files") == b"a.py\nb.py\nother.index\n"
    assert os.environ["GIT_INDEX_FILE"] == "other.index"
    assert git(str(project.root), "ls-files") == b"a.py\n"


def test_what_cannot_be_added_is_left_out(project: Project) -> None:
    project.lay({"a.py": "a", "b.py": "b"}, add=False)
    (project.root / "a.py").chmod(0)
    readable = os.access(project.root / "a.py", os.R_OK)
    with all_added(str(project.root)):
        assert git(str(project.root), "ls-files") == (b"a.py\nb.py\n" if readable else b"b.py\n")
