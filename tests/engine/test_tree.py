"""The files that are judged: of the work tree, or of a commit that is pushed."""

from __future__ import annotations

import pytest
from tests.repository import Project

from definition_of_done.base.errors import Unreadable
from definition_of_done.engine.branch import Branch
from definition_of_done.engine.git import Objects
from definition_of_done.engine.tree import Tree


@pytest.fixture
def files(project: Project) -> Project:
    project.lay({"b.txt": "b", "a/c.py": "# coding: latin-1\n'\u00e9'\n".encode("latin-1")})
    project.lay({".gitignore": "made/\n*.log\n"})
    project.git("commit", "-qm", "base")
    project.lay({"b.txt": "changed", "new.txt": "n"}, add=False)
    return project


def tree(project: Project) -> Tree:
    objects = Objects(str(project.root))
    return Tree(objects, Branch(objects))


def test_the_work_tree(files: Project) -> None:
    found = tree(files)
    assert found.commit is None
    assert found.tracked == [".gitignore", "a/c.py", "b.txt"]
    assert found.tracked_set == set(found.tracked)
    assert [found.exists(path) for path in ("b.txt", "new.txt", "a", "none")] == [
        True,
        True,
        False,
        False,
    ]
    assert found.read("b.txt") == b"changed"
    assert found.stale(["b.txt"]) == []
    with pytest.raises(FileNotFoundError):
        found.read("none")


def test_a_commit(files: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    found = tree(files)
    assert found.commit == files.git("rev-parse", "HEAD").strip()
    assert found.read("b.txt") == b"b"
    assert found.read_checked_out("b.txt") == b"changed"
    assert found.exists("new.txt") is False
    assert found.stale(["a/c.py", "b.txt"]) == ["b.txt"]
    assert dict(found.read_each(["b.txt", "none"])) == {"b.txt": b"b"}


def test_each_is_read_once(files: Project) -> None:
    found = tree(files)
    assert found.read("b.txt") == found.read_checked_out("b.txt") == b"changed"
    files.lay({"b.txt": "later"}, add=False)
    assert found.read("b.txt") == b"changed"
    assert dict(found.read_each(["b.txt", "none", "new.txt"])) == {
        "b.txt": b"changed",
        "new.txt": b"n",
    }
    # What is looked at once is not kept.
    assert found.paths_read == {"b.txt"}
    found.forget("b.txt")
    found.forget("none")
    assert found.read("b.txt") == b"later"
    files.lay({"b.txt": "last"}, add=False)
    found.rewritten()
    assert found.read("b.txt") == found.read_checked_out("b.txt") == b"last"


def test_bytes_that_are_handed_over(files: Project) -> None:
    found = tree(files)
    found.hand_over("body.md", b"text")
    assert found.read("body.md") == b"text"
    assert found.paths_read == {"body.md"}


def test_text(files: Project) -> None:
    found = tree(files)
    assert found.text("a/c.py").text.splitlines()[1] == "'\u00e9'"
    found.hand_over("a.md", b"\xe9")
    with pytest.raises(Unreadable, match="not utf-8 text: byte 0xe9"):
        found.text("a.md")


def test_what_git_ignores(files: Project) -> None:
    found = tree(files)
    assert [found.is_ignored(path) for path in ("made/x", "a.log", "b.txt")] == [True, True, False]
    assert found.ignored(["made/x", "a.log", "b.txt"]) == {"made/x", "a.log"}
    assert found.ignored(["b.txt"]) == set()
    # Git refuses to judge what lies outside.
    assert found.ignored(["../x"]) is None


def test_a_sparse_checkout(files: Project) -> None:
    files.git("checkout", "-q", "--", "b.txt")
    files.git("sparse-checkout", "set", "--no-cone", "/b.txt")
    found = tree(files)
    assert set(found.sparse) == {".gitignore", "a/c.py"}
    assert found.exists("a/c.py") is True
    assert found.read("a/c.py").startswith(b"# coding")
    assert dict(found.read_each(["a/c.py", "b.txt"])).keys() == {"a/c.py", "b.txt"}
