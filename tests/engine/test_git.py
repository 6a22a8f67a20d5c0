"""git is run without subprocess where it can be, and a failure of it is never silent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.repository import Project, Run

from definition_of_done.base.errors import UsageError
from definition_of_done.engine import git as module
from definition_of_done.engine.git import (
    Objects,
    checked_out,
    git,
    is_merging,
    is_shallow,
    may_list,
    names,
    objects_of,
)

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
        "from definition_of_done.engine.git import Objects, names\n"
        "found = names('.', 'ls-files', '-z'), Objects('.').blob(':a.txt')\n"
        "open('said', 'w').write(repr(found))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (project.root / "said").read_text() == "(['a.txt'], b'a\\n')"


@pytest.fixture(params=["spawned", "subprocess"])
def objects(
    request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Objects]:
    if request.param == "subprocess":
        monkeypatch.delattr(os, "posix_spawnp", raising=False)
    found = Objects(str(project.root))
    yield found
    found.close()


def test_objects(objects: Objects, project: Project) -> None:
    project.lay({"a.txt": "a\n", "b\nc.txt": "b\n", "empty": "", "large.txt": LARGE})
    project.git("commit", "-qm", "a")
    assert objects.commit("main") == project.git("rev-parse", "HEAD").strip()
    assert objects.commit("nowhere") is objects.commit("HEAD:./a.txt") is None
    assert objects.blob("HEAD:./large.txt") == LARGE.encode()
    assert objects.blob("HEAD:./empty") == b""
    assert objects.blob("HEAD:./b\nc.txt") == b"b\n"
    assert objects.blob("HEAD:./gone") is objects.blob("HEAD") is None
    assert [objects.has(f"HEAD:./{path}") for path in ("a.txt", "empty", "", "b\nc.txt")] == [
        True
    ] * 4
    assert [objects.has(f"HEAD:./{path}") for path in ("gone", "b\nd.txt")] == [False] * 2
    found = {}
    for path, data in objects.blobs(objects_of(str(project.root), "HEAD"), ["large.txt", "gone"]):
        # Whoever takes one may ask for another before the rest is read.
        found[path] = data, objects.blob("HEAD:./a.txt")
    assert found == {"large.txt": (LARGE.encode(), b"a\n")}


def test_thousands_of_large_blobs(objects: Objects, project: Project) -> None:
    # No pipe holds what git says before it has read all that it is asked.
    project.lay({"large.txt": LARGE})
    project.git("commit", "-qm", "large")
    paths = [str(number) for number in range(5_000)]
    named = dict.fromkeys(paths, project.git("rev-parse", "HEAD:large.txt").strip())
    sizes = [(path, len(data)) for path, data in objects.blobs(named, paths[:200])]
    assert sizes == [(path, len(LARGE)) for path in paths[:200]]
    small = dict.fromkeys(paths, project.git("hash-object", "-w", "--stdin").strip())
    assert [path for path, _ in objects.blobs(small, paths)] == paths


def test_an_object_that_git_lacks(objects: Objects, project: Project) -> None:
    project.lay({"a.txt": "a\n", "b.txt": "b\n"})
    project.git("commit", "-qm", "a")
    named = {**objects_of(str(project.root), "HEAD"), "b.txt": "1" * 40}
    with pytest.raises(UsageError) as raised:
        list(objects.blobs(named, ["a.txt", "b.txt"]))
    assert str(raised.value).startswith("git cannot read the content of b.txt: fetch it")
    assert objects.blob("HEAD:./a.txt") == b"a\n"


def test_a_process_that_ends(objects: Objects, project: Project) -> None:
    project.lay({"a.txt": "a\n"})
    project.git("commit", "-qm", "a")
    named = objects_of(str(project.root), "HEAD")
    (project.root / ".git").rename(project.root / "away")
    with pytest.raises(UsageError, match=r"git cannot read the content of a\.txt"):
        list(objects.blobs(named, ["a.txt"]))
    with pytest.raises(UsageError, match="not a git repository"):
        objects.blob("HEAD:./a.txt")
    (project.root / "away").rename(project.root / ".git")
    assert objects.blob("HEAD:./a.txt") == b"a\n"


def test_objects_without_git(
    objects: Objects, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(project.root))
    with pytest.raises(UsageError, match="git is not on PATH"):
        objects.commit("HEAD")


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_the_index_may_list(version: str, project: Project) -> None:
    root = str(project.root)
    project.git("config", "index.version", version)
    project.lay({"a/one.toml": "", "two.toml": ""})
    assert may_list(root, ["/one.toml"])
    # The fourth version shortens names, and nothing is told without git.
    assert may_list(root, ["/two.toml"]) is (version == "4")
    project.git("update-index", "--split-index")
    assert may_list(root, ["/two.toml"])


def test_the_branch_and_a_shallow_clone(project: Project) -> None:
    root, linked = str(project.root), str(project.root / "linked")
    assert checked_out(root) == "main"
    project.lay({"a.txt": "a\n"})
    project.git("commit", "-qm", "first")
    project.git("worktree", "add", "-q", "-b", "a/side", linked)
    assert (checked_out(root), checked_out(linked)) == ("main", "a/side")
    assert [is_shallow(root), is_shallow(linked)] == [False, False]
    # Where refs are no files, HEAD names none, and git is asked.
    head = project.root / ".git/HEAD"
    head.write_text("ref: refs/heads/.invalid\n")
    assert checked_out(root) is None
    head.write_text("ref: refs/heads/main\n")
    (project.root / ".git/shallow").write_text(project.git("rev-parse", "HEAD"))
    assert [is_shallow(root), is_shallow(linked)] == [True, True]
    project.git("checkout", "-q", "--detach")
    assert checked_out(root) is None
