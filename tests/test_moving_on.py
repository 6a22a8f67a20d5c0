"""Reverts, hotfixes and backports: honest ones are accepted, with the branch that they go to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.branch import MIGRATION, PAGE, start_branch
from tests.repository import Project, Run
from tests.sample import SAMPLE

SUITE = "definition-of-done"
CLEAN = "no findings"


def _merged(project: Project, *flags: str) -> None:
    """Main with a feature that was merged into it, and `release/1.1` from before."""
    start_branch(project)
    project.git("checkout", "-q", "main")
    project.git("tag", "v1.1.0")
    project.git("branch", "release/1.1")
    project.git("merge", "-q", *flags, "feature")
    if "--squash" in flags:
        project.git("commit", "-qm", "vendor credits")


def revert_of_a_merge(project: Project) -> str:
    _merged(project, "--no-ff", "-m", "merge")
    project.git("checkout", "-qb", "revert")
    project.git("revert", "--no-edit", "-m", "1", "HEAD")
    return "main"


def revert_of_a_commit(project: Project) -> str:
    _merged(project, "--squash")
    project.git("checkout", "-qb", "revert")
    project.git("revert", "--no-edit", "HEAD")
    return "main"


def revert_that_is_being_made(project: Project) -> str:
    _merged(project, "--squash")
    project.git("checkout", "-qb", "revert")
    project.git("revert", "--no-commit", "HEAD")
    return "main"


def _patch(project: Project) -> None:
    page = SAMPLE["docs/changelog/1.2.0.md"].replace("1.2.0", "1.1.1")
    page = page.replace("- [Vendor credits](../feature/2026-05-24-vendor-credits.md)", "None")
    page = page.replace("- `add_vendor_credits`\n", "None\n").replace("minor", "patch")
    page = page.replace("- `scripts/backfill_new_path_permissions.py` after the deploy\n", "")
    page = page.replace("Credit notes of vendors can be recorded", "The list of vendors is sorted")
    page = page.replace("The vendor page lists the open credits.", "None")
    page = page.replace("## Fixed\n\nNone", "## Fixed\n\n- The list of vendors is sorted")
    nav = (project.root / "mkdocs.yml").read_text()
    entry = "      - 1.1.0: changelog/1.1.0.md\n"
    path = "app/graphql/vendors/repositories/vendor_repository.py"
    test = next(name for name in SAMPLE if name.startswith("tests/graphql/vendors/test_vendor_rep"))
    project.lay(
        {
            "docs/changelog/1.1.1.md": page,
            "mkdocs.yml": nav.replace(entry, entry.replace("1.1.0", "1.1.1") + entry),
            "app/version.py": '__version__ = "1.1.1"\n',
            "pyproject.toml": (project.root / "pyproject.toml")
            .read_text()
            .replace('"1.1.0"', '"1.1.1"'),
            path: (project.root / path).read_text() + "\n# sorted\n",
            test: (project.root / test).read_text() + "\n# sorted\n",
        }
    )
    project.git("commit", "-qm", "fix")


def hotfix_from_a_tag(project: Project) -> str:
    _merged(project, "--squash")
    project.git("checkout", "-qb", "hotfix", "v1.1.0")
    _patch(project)
    return "v1.1.0"


def hotfix_into_a_release_branch(project: Project) -> str:
    hotfix_from_a_tag(project)
    return "release/1.1"


def backport(project: Project) -> str:
    _merged(project, "--squash")
    project.git("checkout", "-qb", "backport", "release/1.1")
    project.git("cherry-pick", "main")
    return "release/1.1"


def revert_of_a_revert(project: Project) -> str:
    revert_of_a_commit(project)
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--ff-only", "revert")
    project.git("checkout", "-qb", "again")
    project.git("revert", "--no-edit", "HEAD")
    return "main"


@pytest.mark.parametrize(
    "arrange",
    [
        revert_of_a_merge,
        revert_of_a_commit,
        revert_that_is_being_made,
        hotfix_from_a_tag,
        hotfix_into_a_release_branch,
        backport,
        revert_of_a_revert,
    ],
)
def test_honest(arrange: Callable[[Project], str], project: Project, run: Run) -> None:
    base = arrange(project)
    code, out, err = run(SUITE, "check", "--base", base)
    assert (code, out.partition(" (")[0], err) == (0, CLEAN, ""), out


def deleted_by_hand(project: Project) -> None:
    _merged(project, "--squash")
    project.git("checkout", "-qb", "by-hand")
    project.git("rm", "-q", MIGRATION, PAGE)
    project.git("commit", "-qm", "gone")


def released(project: Project) -> None:
    revert_of_a_commit(project)
    project.git("tag", "v1.2.0", "main")


def of_another_commit(project: Project) -> None:
    deleted_by_hand(project)
    project.git("commit", "-q", "--amend", "-m", "Gone\n\nThis reverts commit 0123456789abcdef.")


@pytest.mark.parametrize("arrange", [deleted_by_hand, released, of_another_commit])
def test_what_is_no_honest_revert(
    arrange: Callable[[Project], None], project: Project, run: Run
) -> None:
    arrange(project)
    for id, path in {"plan-never-deleted": PAGE, "revision-immutable": MIGRATION}.items():
        code, out, _ = run(id, "--base", "main")
        assert (code, out.partition(":")[0]) == (1, path)
