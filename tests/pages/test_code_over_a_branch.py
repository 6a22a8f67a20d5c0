"""A page against the branch's code: amended, split, renamed, moved, merged and shallow."""

import subprocess

import pytest
from tests.pages.conftest import shallow_clone
from tests.project import Project, Run
from tests.snapshot import SAMPLE

from definition_of_done.engine.registry import load_rule

IDS = ["deltas-enumerated", "graphql-surface-documented", "worker-tasks-documented"]
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
NO_BASE = "not evaluated: no base; fetch the main branch, or name it with --base\n"
pytestmark = pytest.mark.parametrize("id", IDS)


@pytest.fixture
def branch(project: Project) -> Project:
    """The sample backend on main, and a branch of it checked out."""
    project.lay({
        path.relative_to(SAMPLE).as_posix(): path.read_bytes()
        for path in SAMPLE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    })  # fmt: skip
    project.git("commit", "-qm", "sample")
    project.git("checkout", "-qb", "feature")
    return project


def _parts(id: str, example: str) -> tuple[dict[str, str], dict[str, str]]:
    """An example's code and its page."""
    files = getattr(load_rule(id), example)
    return {k: v for k, v in files.items() if k != PAGE}, {PAGE: files[PAGE]}


def test_split_over_commits(id: str, branch: Project, run: Run) -> None:
    code, page = _parts(id, "bad")
    branch.lay(code)
    # Without a page of the branch it is plan-before-code that speaks.
    assert run(id)[::2] == (0, "")
    branch.git("commit", "-qm", "code")
    branch.lay(page)
    found = run(id)
    assert found[0] == 1
    branch.git("commit", "-qm", "page")
    assert run(id) == found
    assert run(id, "--base", "main") == found
    branch.lay(_parts(id, "good")[1])
    assert run(id)[::2] == (0, "")


def test_amended(id: str, branch: Project, run: Run) -> None:
    branch.lay(load_rule(id).bad)
    branch.git("commit", "-qm", "bad")
    branch.lay(_parts(id, "good")[1])
    # The hook runs before the commit is amended, and sees a small commit on top of a bad one.
    assert run(id)[::2] == (0, "")
    branch.git("commit", "-q", "--amend", "--no-edit")
    assert run(id)[::2] == (0, "")


def test_renamed_page(id: str, branch: Project, run: Run) -> None:
    code, page = _parts(id, "bad")
    branch.lay(code)
    new = PAGE.replace("2026-05-24", "2026-05-25")
    branch.git("mv", PAGE, new)
    branch.lay({new: page[PAGE]})
    code_, out, err = run(id)
    assert (code_, err) == (1, "")
    assert out.startswith(f"{new}:")


def test_moved_code_adds_nothing(id: str, branch: Project, run: Run) -> None:
    branch.lay({PAGE: (branch.root / PAGE).read_text() + "\nMoved.\n"})
    branch.git("mv", "app/graphql/vendor_credits", "app/graphql/credits")
    found = run(id)
    # A moved file is another path to navigate to, but no other name for GraphQL or the worker.
    assert found[0] == (1 if id == "deltas-enumerated" else 0)
    assert ("app/graphql/credits/services" in found[1]) == (id == "deltas-enumerated")
    assert "is exposed by a new service" not in found[1]


def test_merge_of_main(id: str, branch: Project, run: Run) -> None:
    branch.lay({PAGE: (branch.root / PAGE).read_text() + "\nMore.\n"})
    branch.git("commit", "-qm", "the branch's own")
    branch.git("checkout", "-q", "main")
    branch.lay(_parts(id, "bad")[0])
    branch.git("commit", "-qm", "what others did")
    branch.git("checkout", "-q", "feature")
    branch.git("merge", "--no-commit", "--no-ff", "main")
    # What main brings is not the branch's to document.
    assert run(id)[::2] == (0, "")
    branch.git("commit", "-qm", "merge")
    assert run(id)[::2] == (0, "")


def test_shallow_clone(
    id: str,
    branch: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    branch.lay(load_rule(id).bad)
    branch.git("commit", "-qm", "bad")
    monkeypatch.chdir(shallow_clone(branch, tmp_path_factory.mktemp("clone")))
    assert run(id) == (0, "no findings (0 files judged)\n", f"{id}: {NO_BASE}")
    assert run(id, "--require-base")[0] == 2
    subprocess.run(["git", "fetch", "-q", "--depth", "1", "origin", "main:main"], check=True)
    assert run(id, "--base", "main")[0] == 1
