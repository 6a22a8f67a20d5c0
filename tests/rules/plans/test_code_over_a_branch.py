"""A page against the branch's code: amended, split, renamed, moved, merged and shallow."""

from __future__ import annotations

import subprocess

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import shallow_clone

from definition_of_done.engine.registry import load_rule

IDS = ["deltas-enumerated", "graphql-surface-documented", "worker-tasks-documented"]
PAGE = "docs/feature/2026-05-24-vendor-credits.md"
NO_BASE = "not evaluated: no base; fetch the main branch, or name it with --base\n"
pytestmark = pytest.mark.parametrize("id", IDS)


def _parts(id: str, example: str) -> tuple[dict[str, str], dict[str, str]]:
    """An example's code and its page."""
    files = getattr(load_rule(id), example)
    return {k: v for k, v in files.items() if k != PAGE}, {PAGE: files[PAGE]}


def test_split_over_commits(id: str, sample: Project, run: Run) -> None:
    code, page = _parts(id, "bad")
    sample.lay(code)
    # Without a page of the branch it is plan-before-code that speaks.
    assert run(id)[::2] == (0, "")
    sample.git("commit", "-qm", "code")
    sample.lay(page)
    found = run(id)
    assert found[0] == 1
    sample.git("commit", "-qm", "page")
    assert run(id) == found
    assert run(id, "--base", "main") == found
    sample.lay(_parts(id, "good")[1])
    assert run(id)[::2] == (0, "")


def test_amended(id: str, sample: Project, run: Run) -> None:
    sample.lay(load_rule(id).bad)
    sample.git("commit", "-qm", "bad")
    sample.lay(_parts(id, "good")[1])
    # The hook runs before the commit is amended, and sees a small commit on top of a bad one.
    assert run(id)[::2] == (0, "")
    sample.git("commit", "-q", "--amend", "--no-edit")
    assert run(id)[::2] == (0, "")


def test_renamed_page(id: str, sample: Project, run: Run) -> None:
    code, page = _parts(id, "bad")
    sample.lay(code)
    new = PAGE.replace("2026-05-24", "2026-05-25")
    sample.git("mv", PAGE, new)
    sample.lay({new: page[PAGE]})
    code_, out, err = run(id)
    assert (code_, err) == (1, "")
    assert out.startswith(f"{new}:")


def test_moved_code_adds_nothing(id: str, sample: Project, run: Run) -> None:
    sample.lay({PAGE: (sample.root / PAGE).read_text() + "\nMoved.\n"})
    sample.git("mv", "app/graphql/vendor_credits", "app/graphql/credits")
    # A moved file is no other name for GraphQL or the worker, and its old name leads there.
    assert run(id)[::2] == (0, "")


def test_merge_of_main(id: str, sample: Project, run: Run) -> None:
    sample.lay({PAGE: (sample.root / PAGE).read_text() + "\nMore.\n"})
    sample.git("commit", "-qm", "the branch's own")
    sample.git("checkout", "-q", "main")
    sample.lay(_parts(id, "bad")[0])
    sample.git("commit", "-qm", "what others did")
    sample.git("checkout", "-q", "feature")
    sample.git("merge", "--no-commit", "--no-ff", "main")
    # What main brings is not the branch's to document.
    assert run(id)[::2] == (0, "")
    sample.git("commit", "-qm", "merge")
    assert run(id)[::2] == (0, "")


def test_shallow_clone(
    id: str,
    sample: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample.lay(load_rule(id).bad)
    sample.git("commit", "-qm", "bad")
    monkeypatch.chdir(shallow_clone(sample, tmp_path_factory.mktemp("clone")))
    assert run(id) == (0, "no findings (0 files judged)\n", f"{id}: {NO_BASE}")
    assert run(id, "--require-base")[0] == 2
    subprocess.run(["git", "fetch", "-q", "--depth", "1", "origin", "main:main"], check=True)
    assert run(id, "--base", "main")[0] == 1
