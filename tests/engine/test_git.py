"""git is run without subprocess where it can be, and a failure of it is never silent."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.project import Project, Run

from definition_of_done.base.errors import UsageError
from definition_of_done.engine import git as module
from definition_of_done.engine.git import git, is_merging, names

LARGE = "".join(f"{number}\n" for number in range(200_000))


@pytest.fixture(params=["spawned", "subprocess"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "subprocess":
        monkeypatch.setattr(module, "_spawned", lambda _: None)
    elif not hasattr(os, "posix_spawnp"):
        pytest.skip("this system has no posix_spawnp")
    return str(request.param)


def test_answers(way: str, project: Project) -> None:
    root = str(project.root)
    project.lay({"a.txt": "a\n", "folder/ä b.txt": "b\n", "large.txt": LARGE})
    assert names(root, "ls-files", "-z") == ["a.txt", "folder/ä b.txt", "large.txt"]
    assert names(root + "/folder", "ls-files", "-z") == ["ä b.txt"]
    assert git(root, "cat-file", "blob", ":large.txt") == LARGE.encode()
    assert git(root, "rev-parse", "-q", "--verify", "HEAD") is None
    assert git(root, "diff", "--no-index", "--quiet", "a.txt", "large.txt") is None
    assert git(root, "diff", "--no-index", "--quiet", "a.txt", "large.txt", ok=(0, 1)) == b""
    assert git(root, "no-such-command") is None


def test_a_merge_that_waits(project: Project) -> None:
    project.lay({"a.txt": "a\n"})
    project.git("commit", "-qm", "a")
    project.git("checkout", "-qb", "side")
    project.lay({"b.txt": "b\n"})
    project.git("commit", "-qm", "b")
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--no-ff", "--no-commit", "side")
    project.git("worktree", "add", "-q", "linked", "side")
    assert is_merging(str(project.root))
    assert not is_merging(str(project.root / "linked"))


@pytest.mark.parametrize("hook", ["version-sync", "column-comment-required", "suite"])
def test_an_index_that_git_cannot_read(hook: str, way: str, project: Project, run: Run) -> None:
    project.lay({"alembic/versions/a.py": "revision = 'a'\n"})
    (project.root / ".git/index").write_bytes(b"DIRC, but no index")
    command = ("definition-of-done", "check") if hook == "suite" else (hook,)
    said = "error: git diff failed: .git/index: index file smaller than expected"
    assert run(*command) == (2, "", f"{command[0]}: {said}\n")


def test_no_git(way: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project.root))
    with pytest.raises(UsageError) as raised:
        git(str(project.root), "status")
    assert str(raised.value) == "git is not on PATH: install git or add it to PATH"


def test_a_repository_of_somebody_else(
    way: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError) as raised:
        git(str(project.root), "status")
    assert str(raised.value).startswith("git: detected dubious ownership in repository at ")


@pytest.mark.skipif(os.name != "posix", reason="closes its own standard streams")
@pytest.mark.parametrize("closed", ["0", "1", "2", "0,1,2"])
def test_closed_standard_streams(closed: str, project: Project) -> None:
    project.lay({"a.txt": "a\n"})
    code = (
        f"import os\nfor one in ({closed},): os.close(one)\n"
        "from definition_of_done.engine.git import names\n"
        "open('said', 'w').write(repr(names('.', 'ls-files', '-z')))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (project.root / "said").read_text() == "['a.txt']"
