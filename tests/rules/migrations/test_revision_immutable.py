"""revision-immutable: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

ID = "revision-immutable"
A = "alembic/versions/20260101_a.py"
B = "alembic/versions/20260102_b.py"
SOURCE = "revision = 'b'\ndown_revision = 'a'\n\n\ndef upgrade():\n    x()\n"
RESTORE = "    help: restore it, and write a new migration for what has to change\n"
CLEAN = (0, "")


@pytest.fixture
def branch(project: Project) -> Project:
    project.lay({A: "revision = 'a'\ndown_revision = None\n", B: SOURCE})
    project.git("commit", "-qm", "base")
    project.git("checkout", "-qb", "feature")
    return project


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            SOURCE.replace("'b'", "'c'"),
            f"{B}:1:12: {ID}: revision 'c' is 'b' on the base\n",
        ),
        (
            SOURCE.replace("'a'", "('a', 'z')"),
            f"{B}:2:17: {ID}: down_revision of 'b' is a, z here and a on the base\n",
        ),
        (
            SOURCE.replace("'a'", "None"),
            f"{B}:2:17: {ID}: down_revision of 'b' is None here and a on the base\n",
        ),
        (None, f"{B}:1:1: {ID}: revision 'b' stands on the base, and its migration is deleted\n"),
    ],
)
def test_finding(source: str | None, expected: str, branch: Project, run: Run) -> None:
    branch.lay({B: source})
    report = (1, f"{expected}{RESTORE}1 finding in 1 file\n", "")
    assert run(ID) == report
    branch.git("commit", "-qm", "feature")
    assert run(ID) == report
    assert run(ID, "--base", "main") == report


def test_body(branch: Project, run: Run) -> None:
    branch.lay({B: SOURCE.replace("x()", "y()")})
    assert run(ID)[::2] == CLEAN
    message = f"{B}:1:12: {ID}: the code of 'b' differs from the base's\n"
    assert run(ID, "--immutable-body") == (1, f"{message}{RESTORE}1 finding in 1 file\n", "")
    branch.lay({B: f'"""b"""\n# why\n{SOURCE}'})
    assert run(ID, "--immutable-body")[::2] == CLEAN


@pytest.mark.parametrize(
    "files",
    [
        {"alembic/versions/20260103_c.py": "revision = 'c'\ndown_revision = 'b'\n"},
        {B: None, "alembic/versions/20260102_better_name.py": SOURCE},
        {B: f"'''Revises: a'''\n{SOURCE}"},
        {B: SOURCE.replace("x()", "y()")},
        {"app/x.py": "revision = 'x'\n"},
    ],
)
def test_left_alone(files: dict[str, str | None], branch: Project, run: Run) -> None:
    branch.lay(files)
    assert run(ID)[::2] == CLEAN


def test_own_migration_of_the_branch_may_change(branch: Project, run: Run) -> None:
    new = "alembic/versions/20260103_c.py"
    branch.lay({new: "revision = 'c'\ndown_revision = 'b'\n"})
    branch.git("commit", "-qm", "feature")
    branch.lay({new: "revision = 'd'\ndown_revision = 'a'\n"})
    assert run(ID)[::2] == CLEAN


def test_what_is_excluded_may_change(branch: Project, run: Run) -> None:
    branch.lay({"pyproject.toml": "[tool.definition-of-done]\nexclude = ['*_b.py']\n", B: None})
    assert run(ID)[::2] == CLEAN


def test_no_parent_may_be_written_in_two_ways(branch: Project, run: Run) -> None:
    branch.lay({A: "revision = 'a'\ndown_revision = ''\n"})
    assert run(ID)[::2] == CLEAN


def test_no_base_is_said(project: Project, run: Run) -> None:
    project.git("checkout", "-qb", "only")
    project.lay({B: SOURCE})
    project.git("commit", "-qm", "one")
    project.lay({B: SOURCE.replace("'b'", "'c'")})
    note = f"{ID}: not evaluated: no base; fetch the main branch, or name it with --base\n"
    assert run(ID) == (0, "no findings (0 files judged)\n", note)
    assert run(ID, "--require-base")[0] == 2


def test_remote_branch_at_the_same_commit_stands(project: Project, run: Run) -> None:
    project.lay({B: SOURCE})
    project.git("commit", "-qm", "base")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.lay({B: SOURCE.replace("'b'", "'c'")})
    assert run(ID)[0] == 1


def test_a_local_main_stands_at_its_head(project: Project, run: Run) -> None:
    project.lay({B: SOURCE})
    # Nothing stands at the first commit.
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    project.git("commit", "-qm", "one")
    assert run(ID) == (0, "no findings (0 files judged)\n", "")
    project.lay({B: SOURCE.replace("'b'", "'c'")})
    assert run(ID)[0] == 1
    project.git("commit", "-qm", "two")
    assert run(ID)[::2] == (0, "")


@pytest.mark.parametrize("branch", ["main", "trunk"])
def test_a_first_commit_needs_no_base(branch: str, project: Project, run: Run) -> None:
    project.git("checkout", "-q", "--orphan", branch)
    assert run(ID)[::2] == (0, "")
    project.lay({B: SOURCE})
    assert run(ID)[::2] == (0, "")
