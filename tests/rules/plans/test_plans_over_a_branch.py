"""The rules over a diff: amended, split, renamed, merged, pushed, shallow and first commits."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN, shallow_clone

FIRST = "plan-before-code"
STAYS = "plan-never-deleted"
ASKS = "open-questions-answered"
MIGRATION = {"alembic/versions/20260601_a.py": "revision = 'add_refunds'\ndown_revision = None\n"}
PAGE = "docs/feature/2026-06-01-refunds.md"
OPEN = PLAN.replace("questions\n\nNone", "questions\n\n- Who?")
NO_BASE = "not evaluated: no base; fetch the main branch, or name it with --base\n"


def _commit(project: Project, files: Mapping[str, str | None], *args: str) -> None:
    project.lay(files)
    project.git("commit", "-qm", "x", *args)


def _codes(run: Run) -> dict[str, int]:
    return {id: run(id)[0] for id in (FIRST, STAYS, ASKS)}


def test_amended_commit_is_judged_whole(branch: Project, run: Run) -> None:
    _commit(branch, {**MIGRATION, PATH: None})
    branch.lay({PAGE: OPEN})
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 1}
    # The hook runs before the commit is amended: nothing tells it from a commit on top.
    _commit(branch, {}, "--amend")
    assert _codes(run) == {FIRST: 0, STAYS: 1, ASKS: 1}
    _commit(branch, {PAGE: None, PATH: PLAN}, "--amend")
    assert _codes(run) == {FIRST: 1, STAYS: 0, ASKS: 0}


def test_plan_in_a_commit_before_the_code(branch: Project, run: Run) -> None:
    _commit(branch, {PAGE: OPEN})
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 0}
    branch.lay(MIGRATION)
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 1}
    _commit(branch, {})
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 1}
    branch.lay({PAGE: f"{PLAN}\n"})
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 0}


def test_page_deleted_in_one_commit_and_back_in_the_next(branch: Project, run: Run) -> None:
    _commit(branch, {PATH: None})
    assert run(STAYS)[0] == 1
    branch.lay({PATH: f"{PLAN}\n"})
    assert run(STAYS)[0] == 0


def test_code_that_the_branch_takes_back(branch: Project, run: Run) -> None:
    _commit(branch, MIGRATION)
    branch.lay(dict.fromkeys(MIGRATION))
    assert run(FIRST)[0] == 0


def test_git_mv(branch: Project, run: Run) -> None:
    branch.git("mv", PATH, PAGE)
    branch.git("mv", "app/x.py", "app/y.py")
    assert _codes(run) == {FIRST: 0, STAYS: 1, ASKS: 0}
    assert f"is renamed to {PAGE}\n" in run(STAYS)[1]


def test_merge_of_main(branch: Project, run: Run) -> None:
    _commit(branch, {"app/y.py": ""})
    branch.git("checkout", "-q", "main")
    _commit(branch, {**MIGRATION, PATH: None, PAGE: None, "app/x.py": "x = 1\n"})
    branch.git("checkout", "-q", "feature")
    branch.git("merge", "--no-commit", "--no-ff", "main")
    # What main did is not the branch's: not the migration, and not the page that is gone.
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 0}
    branch.lay({"alembic/versions/20260602_b.py": "revision = 'b'\ndown_revision = None\n"})
    assert "the branch adds revision 'b', and" in run(FIRST)[1]
    branch.git("commit", "-qm", "merge")
    assert "the branch adds revision 'b', and" in run(FIRST)[1]
    assert run(STAYS)[0] == 0


def test_merge_into_main(branch: Project, run: Run) -> None:
    _commit(branch, {**MIGRATION, PAGE: OPEN})
    branch.git("checkout", "-q", "main")
    _commit(branch, {"app/z.py": ""})
    branch.git("merge", "--no-commit", "--no-ff", "feature")
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 0}


def test_first_commit(project: Project, run: Run) -> None:
    project.lay(MIGRATION)
    assert _codes(run) == {FIRST: 1, STAYS: 0, ASKS: 0}
    project.lay({PAGE: OPEN})
    assert _codes(run) == {FIRST: 0, STAYS: 0, ASKS: 1}


def test_main_itself(project: Project, run: Run) -> None:
    project.lay({**MIGRATION, PATH: OPEN})
    project.git("commit", "-qm", "one")
    assert [run(id)[::2] for id in (FIRST, STAYS, ASKS)] == [(0, "")] * 3
    project.lay({"alembic/versions/20260602_b.py": "revision = 'b'\ndown_revision = None\n"})
    assert run(FIRST)[0] == 1


def test_pushed_refs(branch: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(branch, {PAGE: OPEN})
    _commit(branch, {**MIGRATION, PATH: None})
    _commit(branch, {PATH: PLAN, PAGE: None})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    for ref, codes in (
        ("HEAD~2", {FIRST: 0, STAYS: 0, ASKS: 0}),
        ("HEAD~1", {FIRST: 0, STAYS: 1, ASKS: 1}),
        ("HEAD", {FIRST: 1, STAYS: 0, ASKS: 0}),
    ):
        monkeypatch.setenv("PRE_COMMIT_TO_REF", ref)
        assert _codes(run) == codes, ref
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    # What was pushed before stands there.
    assert _codes(run) == {FIRST: 0, STAYS: 1, ASKS: 0}


@pytest.mark.parametrize("id", [FIRST, STAYS, ASKS])
def test_team_without_pages_needs_no_base(id: str, project: Project, run: Run) -> None:
    project.git("checkout", "-qb", "only")
    _commit(project, MIGRATION)
    assert run(id)[2] == f"{id}: {NO_BASE}"
    assert run(id, "--features", "")[::2] == (0, "")


@pytest.mark.parametrize("id", [FIRST, STAYS, ASKS])
def test_shallow_clone(
    id: str,
    branch: Project,
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _commit(branch, {**MIGRATION, PATH: OPEN, "app/x.py": "x = 1\n"})
    monkeypatch.chdir(shallow_clone(branch, tmp_path_factory.mktemp("clone")))
    assert run(id) == (0, "no findings (0 files judged)\n", f"{id}: {NO_BASE}")
    assert run(id, "--require-base")[0] == 2
    subprocess.run(["git", "fetch", "-q", "--depth", "1", "origin", "main:main"], check=True)
    assert run(id, "--base", "main")[0] == (1 if id == ASKS else 0)
