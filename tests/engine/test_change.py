"""What changed: a named base, the refs of the runner, what is staged, the branch."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG

from definition_of_done.engine.change import touched_in_files


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


def test_files_of_the_work_tree(project: Project) -> None:
    project.lay({"docs/a.md": "a", "docs/b.md": "b", "docs/c.md": "c", "d.md": "d", "[x]/a": ""})
    project.git("commit", "-qm", "one")
    project.lay({"docs/a.md": "aa", "docs/new.md": "n", "d.md": "dd", "docs/b.md": None})
    project.lay({"docs/c.md": "cc", "docs/untracked.md": "u", "[x]/a": "x"}, add=False)
    root = str(project.root)
    assert touched_in_files(root, "HEAD", "docs") == {
        "docs/a.md": "M",
        "docs/b.md": "D",
        "docs/c.md": "M",
        "docs/new.md": "A",
    }
    assert touched_in_files(root, "HEAD", "[x]") == {"[x]/a": "M"}
    assert touched_in_files(root, "HEAD", "nowhere") == {}
