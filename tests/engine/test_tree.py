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
    assert found.ignored(["../x", "made/y", 'made/"z"']) == {"made/y", 'made/"z"'}


@pytest.mark.parametrize(
    ("paths", "ignored", "asked"),
    [
        (["made/a", "b", "made/c"], ["made/a", "made/c"], [["b", "made/a", "made/c"]]),
        # What can be no file is not asked for, and does not end the search.
        (["made\0", "z/made"], ["z/made"], [["z/made"]]),
        (["a" * 1_001, "a" * 1_000], [], [["a" * 1_000]]),
        # What git quotes is asked for alone, before the rest.
        (
            ['"made', "\\made", "\tmade", "a made", "b made"],
            ["\tmade", '"made', "\\made", "a made", "b made"],
            [["\tmade"], ['"made'], ["\\made"], ["a made", "b made"]],
        ),
        # A list that git does not judge is halved until it does.
        (
            ["made/a", "made/b", "made/c", "link/x"],
            ["made/a", "made/b", "made/c"],
            [
                ["link/x", "made/a", "made/b", "made/c"],
                ["link/x", "made/a"],
                ["link/x"],
                ["made/a"],
                ["made/b", "made/c"],
            ],
        ),
        # Long lists are asked for in parts.
        (
            [f"{at:03}" for at in range(101)],
            [],
            [[f"{at:03}" for at in range(100)], ["100"]],
        ),
    ],
)
def test_what_git_is_asked_for(
    paths: list[str],
    ignored: list[str],
    asked: list[list[str]],
    files: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions: list[list[str]] = []

    def answer(_: str, *command: str, ok: tuple[int, ...] = (0,)) -> bytes | None:
        some = [*command[command.index("--") + 1 :]]
        questions.append(some)
        made = [path for path in some if "made" in path]
        if ok == (0,):
            return b"" if made else None
        return None if "link/x" in some else "\n".join(made).encode()

    monkeypatch.setattr("definition_of_done.engine.tree.git", answer)
    found = tree(files)
    assert found.ignored(paths) == set(ignored)
    assert questions == asked
    # Nothing is asked for twice.
    assert found.ignored(paths) == set(ignored)
    assert questions == asked


def test_a_sparse_checkout(files: Project) -> None:
    files.git("checkout", "-q", "--", "b.txt")
    files.git("sparse-checkout", "set", "--no-cone", "/b.txt")
    found = tree(files)
    assert set(found.sparse) == {".gitignore", "a/c.py"}
    assert found.exists("a/c.py") is True
    assert found.read("a/c.py").startswith(b"# coding")
    assert dict(found.read_each(["a/c.py", "b.txt"])).keys() == {"a/c.py", "b.txt"}
