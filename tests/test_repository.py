"""What the tests write and tell of a repository is what git writes and tells."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests import answers
from tests.repository import Files, Project
from tests.sample import SAMPLE

from definition_of_done.engine.git import Objects

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


STAGED = "diff --name-status --no-renames --no-ext-diff -z --relative --cached"
COMMANDS = [
    "ls-files -z",
    f"{STAGED} --",
    f"{STAGED} HEAD --",
    f"{STAGED} main --",
    "diff --cached --quiet --no-ext-diff",
    "merge-base main HEAD",
    "for-each-ref --format=%(refname:strip=2) refs/tags",
    "ls-tree -r -z HEAD",
    "ls-tree -r -z main",
]
NAMES = [
    *(f"{ref}^{{commit}}" for ref in ("HEAD", "main", "master", "origin/main", "feature")),
    *(f"{ref}:./{path}" for ref in ("HEAD", "main") for path in ("a.py", "b/c.py", "b-d", "no")),
    *("HEAD:./b", "HEAD:./b/", "HEAD:./b/../b-d", ":./a.py", "HEAD~1^{commit}", "nobody:./a.py"),
]


def spawned(project: Project, command: str) -> tuple[bytes, int]:
    answer = answers._spawned(
        ("git", "--no-optional-locks", "-C", str(project.root), *command.split())
    )
    assert answer
    return answer


def same(project: Project, names: Sequence[str] = NAMES) -> list[str]:
    """See that git says what is told, and return the commands that are not left to git."""
    told = {command: answers.told(str(project.root), command.split()) for command in COMMANDS}
    for command, answer in told.items():
        assert answer in (None, spawned(project, command))
    quick, slow = answers.Answers(str(project.root)), answers._Process(str(project.root))
    for each in (quick, slow):
        each.write("".join(f"{name}\n" for name in names))
    assert [quick.read() for _ in names] == [slow.read() for _ in names]
    quick.close()
    slow.close()
    return [command for command, answer in told.items() if answer]


@pytest.fixture
def told(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(answers, "asked", False)
    return branch(project, BRANCH)


def test_what_is_told(told: Project) -> None:
    assert same(told) == COMMANDS
    told.lay({"a.py": "3\n", "b-d": None, "c/new": ""})
    assert same(told) == COMMANDS
    commit = told.git("rev-parse", "HEAD").strip()
    blob = told.git("rev-parse", "HEAD:a.py").strip()
    same(told, [*NAMES, commit, f"{commit}^{{commit}}", f"{commit}:./z", blob, "0" * 40])


def test_where_branches_part(told: Project) -> None:
    told.git("checkout", "-q", "main")
    told.git("checkout", "-qb", "other")
    told.lay({"other": ""})
    told.git("commit", "-qm", "another")
    for names in ("feature other", "other feature", "other main", "main other", "other HEAD"):
        answer = answers.told(str(told.root), ["merge-base", *names.split()])
        assert answer == spawned(told, f"merge-base {names}")


def test_what_is_told_before_the_first_commit(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "asked", False)
    assert same(project) == ["ls-files -z", COMMANDS[6]]
    project.lay({"a.py": ""})
    assert same(project) == ["ls-files -z", COMMANDS[6]]


def test_nothing_is_started(told: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_Process", None)
    objects = Objects(str(told.root))
    assert objects.commit("HEAD") == told.git("rev-parse", "HEAD").strip()
    assert objects.blob("main:./b/c.py") == b"\xff\0"
    assert not objects.has("main:./no")
    objects.close()


@pytest.mark.parametrize(
    "state",
    [
        "config core.ignorecase true",
        "tag one",
        "rm -q --cached a.py",
        "update-index --assume-unchanged a.py",
        "update-index --chmod=+x a.py",
        "update-index --split-index",
        "update-index --index-version 4",
        "replace HEAD HEAD~1",
        "pack-refs --all",
        "checkout -q --detach",
        "add --intent-to-add untracked",
        "commit -q --allow-empty -m two",
        "merge -q --no-ff --no-commit other",
        "sparse-checkout set b",
    ],
)
def test_any_state(state: str, told: Project) -> None:
    told.git("checkout", "-q", "main")
    told.git("checkout", "-qb", "other")
    told.lay({"other": ""})
    told.git("commit", "-qm", "another")
    told.git("checkout", "-q", "feature")
    (told.root / "untracked").write_text("")
    told.git(*state.split())
    same(told)
    told.lay({"later": ""})
    same(told)


@pytest.mark.parametrize("name", ["PATH", "GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT"])
def test_any_variable(name: str, told: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "0")
    assert not any(answers.told(str(told.root), command.split()) for command in COMMANDS)
