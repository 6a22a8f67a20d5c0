"""plan-never-deleted: exact findings, and what it must leave alone."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

ID = "plan-never-deleted"
LATER = "docs/feature/2026-06-01-vendor-credits.md"
HELP = "    help: restore it; where the feature changes or ends, say so on the page\n"


def _report(became: str, path: str = PATH) -> str:
    message = f"the page stands on the base, and is {became}"
    return f"{path}:1:1: {ID}: {message}\n{HELP}1 finding in 1 file\n"


@pytest.mark.parametrize(
    ("files", "became"),
    [
        ({PATH: None}, "deleted"),
        ({PATH: None, LATER: f"{PLAN}\nmore\n"}, f"renamed to {LATER}"),
        ({PATH: None, "docs/old/credits.md": PLAN}, "renamed to docs/old/credits.md"),
        ({PATH: None, "docs/feature/2026-06-01-refunds.md": "another"}, "deleted"),
    ],
)
def test_finding(files: dict[str, str | None], became: str, branch: Project, run: Run) -> None:
    branch.lay(files)
    report = (1, _report(became), "")
    assert run(ID) == report
    branch.git("commit", "-qm", "feature")
    assert run(ID) == report
    assert run(ID, "--base", "main") == report


@pytest.mark.parametrize(
    "files",
    [
        {PATH: f"{PLAN}\nmore\n"},
        {LATER: PLAN},
        {"app/x.py": None},
    ],
)
def test_left_alone(files: dict[str, str | None], branch: Project, run: Run) -> None:
    branch.lay(files)
    assert run(ID)[::2] == (0, "")


def test_wrong_name_may_be_mended(branch: Project, run: Run) -> None:
    wrong = "docs/feature/Vendor_Refunds.md"
    branch.git("checkout", "-q", "main")
    branch.lay({wrong: PLAN, "docs/feature/index.md": "x"})
    branch.git("commit", "-qm", "legacy")
    branch.git("checkout", "-qB", "feature")
    branch.lay({wrong: None, "docs/feature/2026-05-24-vendor-refunds.md": PLAN})
    branch.lay({"docs/feature/index.md": None})
    assert run(ID)[::2] == (0, "")
    branch.lay({"docs/feature/2026-05-24-vendor-refunds.md": None})
    assert run(ID)[1] == _report("deleted", wrong)


def test_page_of_the_branch_may_go(branch: Project, run: Run) -> None:
    branch.lay({LATER: PLAN})
    branch.git("commit", "-qm", "a plan")
    branch.lay({LATER: None})
    assert run(ID)[::2] == (0, "")


def test_moved_folder_of_the_setting(branch: Project, run: Run) -> None:
    branch.lay({PATH: None, "docs/plans/2026-05-24-vendor-credits.md": PLAN})
    assert run(ID)[0] == 1
    assert run(ID, "--features", "docs/plans")[::2] == (0, "")
