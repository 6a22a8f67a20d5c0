"""The branch: what is changed, and since when."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG

from definition_of_done.base.errors import NotEvaluated, UsageError
from definition_of_done.engine.branch import NO_BASE, Branch, touched_in_files
from definition_of_done.engine.git import Objects


@pytest.fixture
def feature(project: Project) -> Project:
    """A branch that changes, deletes and adds a file, and has another one staged."""
    project.lay({"old.txt": "1\n2\n", "gone.txt": "x", "same.txt": "x"})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    project.lay({"old.txt": "1\nnew\n2\nend\n", "gone.txt": None, "new.txt": "x"})
    project.git("commit", "-qm", "feature")
    project.lay({"staged.txt": "x"})
    return project


def branch(project: Project, named: str | None = None, configured: str | None = None) -> Branch:
    return Branch(Objects(str(project.root)), named, configured)


def test_a_commit_on_a_branch(feature: Project) -> None:
    found = branch(feature)
    assert found.change.touched == {"staged.txt": "A"}
    assert found.base == found.relied_on == feature.git("rev-parse", "main").strip()
    assert found.changed == {
        "gone.txt": "D",
        "new.txt": "A",
        "old.txt": "M",
        "staged.txt": "A",
    }
    assert found.changed_or_nothing() == found.changed_if_known() == found.changed
    # Nothing that stood is touched by this commit.
    assert found.changed_on_base() == {}
    assert (found.is_commit, found.is_main, found.has_commits, found.new_side) == (
        True,
        False,
        True,
        None,
    )
    assert found.lines_added("old.txt") == {2, 4}


def test_a_named_base(feature: Project) -> None:
    found = branch(feature, "main")
    assert found.change.touched == found.changed
    assert found.changed_on_base() == {"gone.txt": "D", "old.txt": "M"}
    assert found.is_commit is False
    found.require_base()


def test_the_present_state_alone(feature: Project) -> None:
    found = branch(feature)
    found.mark_whole()
    assert (found.change.whole, found.base, found.relied_on) == (True, None, None)
    assert found.changed_or_nothing() == found.changed_on_base() == {}


def test_main_itself(feature: Project) -> None:
    feature.git("commit", "-qm", "staged")
    feature.git("checkout", "-q", "main")
    feature.git("branch", "-qD", "feature")
    found = branch(feature)
    # It is a branch that holds nothing, of itself.
    assert found.base == feature.git("rev-parse", "HEAD").strip()
    assert (found.is_main, found.change.whole) == (True, True)
    assert found.changed_or_nothing() == found.changed_on_base() == {}


def test_without_a_base(feature: Project) -> None:
    feature.git("commit", "-qm", "staged")
    feature.git("branch", "-m", "main", "elsewhere")
    found = branch(feature)
    assert (found.base, found.is_main) == (None, False)
    for asked in (found.changed_or_nothing, found.changed_on_base):
        with pytest.raises(NotEvaluated) as caught:
            asked()
        assert str(caught.value) == NO_BASE
    assert found.changed_if_known() == {}
    with pytest.raises(UsageError, match=r"^no base: fetch the main branch"):
        found.require_base()
    # The team's own word for main is one.
    configured = branch(feature, configured="elsewhere")
    assert configured.changed_on_base() == {"gone.txt": "D", "old.txt": "M"}


def test_no_commit_yet(project: Project) -> None:
    project.lay({"a.txt": "x"})
    found = branch(project)
    assert (found.has_commits, found.base, found.is_main) == (False, None, True)
    assert found.changed == {"a.txt": "A"}


def test_what_is_pushed(feature: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    tip = feature.git("rev-parse", "HEAD").strip()
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")
    found = branch(feature)
    assert (found.new_side, found.is_commit) == (tip, False)
    # What is staged is not pushed.
    assert found.changed == {"gone.txt": "D", "new.txt": "A", "old.txt": "M"}


def test_bytes_in_a_commit(feature: Project) -> None:
    found = branch(feature)
    assert found.read_at("main", "gone.txt") == b"x"
    for path in ("gone.txt", "staged.txt", "none/at/all"):
        with pytest.raises(FileNotFoundError):
            found.read_at("HEAD", path)


def test_a_change_that_is_told(feature: Project) -> None:
    found = branch(feature)
    base = found.base
    found.mark_changed({"old.txt": "M", "other.txt": "A"})
    assert found.base == base
    assert found.changed_or_nothing() == {"old.txt": "M", "other.txt": "A"}
    assert found.read_before("old.txt") == b"1\n2\n"


def test_a_change_that_is_told_before_the_first_commit(project: Project) -> None:
    found = branch(project)
    found.mark_changed({"a.txt": "A"})
    assert (found.base, found.changed_or_nothing()) == (None, {"a.txt": "A"})


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
