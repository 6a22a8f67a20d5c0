"""feature-plan-shape: exact findings, what it must leave alone, and the sections of a setting."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

ID = "feature-plan-shape"
CLEAN = (0, "no findings (1 file judged)\n", "")
LEAVES = "list what the feature leaves out"
PARAGRAPH = "say in one paragraph what is wrong today and for whom"
NONE = "where there is nothing to say, it says None"
PROBLEM = "Accounting keeps the credits in a spreadsheet."


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help"),
    [
        (
            "# Vendor credits\n",
            "",
            "1:1",
            "the page has no level-1 title",
            'title the page "# Vendor credits"',
        ),
        (
            "# Vendor credits",
            "# Credits of a vendor",
            "1:1",
            "the title 'Credits of a vendor' lacks words of the filename: vendor credits",
            "name the feature in the title as in the filename",
        ),
        (
            "Date: 2026-05-24\n",
            "",
            "1:1",
            "the page names no date",
            "write Date: 2026-05-24 below the title",
        ),
        (
            "Date: 2026-05-24",
            "- **Date**: 2026-05-23",
            "3:11",
            "the page is dated 2026-05-23, its filename 2026-05-24",
            "write Date: 2026-05-24",
        ),
        (
            "## RBAC\n\nNone\n\n",
            "",
            "1:1",
            "section RBAC is missing",
            f'add "## RBAC"; {NONE}',
        ),
        (
            "## Out of scope\n\n- Apply it to a bill\n\n",
            "",
            "1:1",
            "section Out of scope is missing",
            f'add "## Out of scope"; {LEAVES}',
        ),
        (
            "## Data model changes",
            "## Data model change",
            "1:1",
            "section Data model changes is missing; did you mean 'Data model change'?",
            f'add "## Data model changes"; {NONE}',
        ),
        (
            "## Problem / motivation",
            "### Problem / motivation",
            "5:1",
            "section Problem / motivation has a heading of level 3, not 2",
            'write it as "## Problem / motivation"',
        ),
        (
            "## RBAC",
            "### RBAC",
            "25:1",
            "section RBAC has a heading of level 3, not 2",
            'write it as "## RBAC"',
        ),
        (
            "## RBAC",
            "# RBAC",
            "25:1",
            "section RBAC has a heading of level 1, not 2",
            'write it as "## RBAC"',
        ),
        (
            "## GraphQL surface",
            "## rbac\n\nNone\n\n## GraphQL surface",
            "29:1",
            "section RBAC stands twice, first on line 21",
            "merge the two",
        ),
        (
            "## RBAC\n\nNone",
            "## RBAC\n\n<!-- None -->",
            "25:1",
            "section RBAC is empty",
            NONE,
        ),
        (
            "- `add_credits`",
            "- `x` <name of the revision>: TBD. `add_credits`",
            "19:7",
            "section Data model changes holds the stub '<name of the revision>'",
            "write what it stands for",
        ),
        (
            PROBLEM,
            "*None.*",
            "5:1",
            "section Problem / motivation says None",
            PARAGRAPH,
        ),
        (
            PROBLEM,
            f"{PROBLEM}\n\nAnd more.",
            "5:1",
            "section Problem / motivation is one paragraph, here 2 paragraphs",
            PARAGRAPH,
        ),
        (
            PROBLEM,
            f"{PROBLEM}\n\n- And more.",
            "5:1",
            "section Problem / motivation is one paragraph, here another kind of text",
            PARAGRAPH,
        ),
        (
            PROBLEM,
            f"- {PROBLEM}",
            "5:1",
            "section Problem / motivation is one paragraph, here another kind of text",
            PARAGRAPH,
        ),
        (
            "- Apply it to a bill",
            "Apply it to a bill",
            "13:1",
            "section Out of scope is not a list",
            LEAVES,
        ),
        (
            "- Record a credit",
            "None",
            "9:1",
            "section In scope says None",
            "list what the feature does",
        ),
        (
            "- Apply it to a bill",
            "- None",
            "13:1",
            "section Out of scope says None",
            LEAVES,
        ),
    ],
)
def test_finding(
    old: str, new: str, place: str, message: str, help: str, project: Project, run: Run
) -> None:
    assert old in PLAN
    project.lay({PATH: PLAN.replace(old, new)})
    code, out, err = run(ID, PATH)
    assert (code, err) == (1, "")
    first = f"{PATH}:{place}: {ID}: {message}\n    help: {help}\n"
    assert out.startswith(first)
    more = [line for line in out.removeprefix(first).splitlines() if "stub 'TBD'" not in line]
    assert more in (["1 finding in 1 file"], ["    help: write what it stands for", more[-1]])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("# Vendor credits", "# Plan: Vendors' **Vendor** and their `Credits`"),
        ("# Vendor credits", "Vendor-Cr\u00e9dits\n=============="),
        ("# Vendor credits", "# VendorCredits <!-- c -->"),
        ("# Vendor credits\n\nDate: 2026-05-24", "---\ndate: 2026-05-24\n---\n# Vendor credits"),
        ("Date: 2026-05-24", "| Author | Ann |\n|---|---|\n| **Date** | 2026-05-24 |"),
        ("Date: 2026-05-24", "Status: shipped  \n*Date*: 2026-05-24"),
        ("What's", "What\u2019s"),
        ("## Problem / motivation", "## 1. Motivation"),
        ("Background tasks / cron", "Cron"),
        ("Frontend contract", "Frontend impact"),
        (PROBLEM, f"{PROBLEM}\nA second line.\n\n<!-- a note -->"),
        ("- Record a credit", "These:\n\n1. Record a credit\n2. TODO_LIST.md is read"),
        ("## In scope\n\n", "## Scope\n\n### In scope\n\n"),
        ("## RBAC\n\nNone", "## RBAC\n\nNone, as nothing is new: see `TODO` and List<int>"),
        ("## RBAC", "## Rollout\n\nAt night.\n\n## RBAC"),
        ("\n", "\r\n"),
    ],
)
def test_left_alone(old: str, new: str, project: Project, run: Run) -> None:
    source = PLAN.replace(old, new)
    if "## Scope" in source:
        source = source.replace("## Out of", "### Out of")
    project.lay({PATH: source})
    assert run(ID, PATH) == CLEAN


def test_a_section_above_the_title(project: Project, run: Run) -> None:
    project.lay({PATH: "### RBAC\n\nNone\n\n" + PLAN.replace("## RBAC\n\nNone\n\n", "")})
    assert run(ID)[1] == (
        f"{PATH}:1:1: {ID}: section RBAC has a heading of level 3, not 2\n"
        '    help: write it as "## RBAC"\n1 finding in 1 file\n'
    )


def test_sections_of_a_setting(project: Project, run: Run) -> None:
    table = "[tool.definition-of-done.feature-sections]\nRollout = ['Deploy']\nrbac = ['Access']\n"
    project.lay({PATH: PLAN.replace("## RBAC", "## Access"), "pyproject.toml": table})
    assert run(ID, PATH)[1] == (
        f"{PATH}:1:1: {ID}: section Rollout is missing\n"
        f'    help: add "## Rollout"; {NONE}\n1 finding in 1 file\n'
    )
    project.lay({PATH: PLAN.replace("## RBAC", "## Deploy\n\nAt night\n\n## Access")})
    assert run(ID, PATH) == CLEAN


def test_undated_filename_is_anothers_finding(project: Project, run: Run) -> None:
    project.lay({"docs/feature/vendor-credits.md": PLAN})
    assert run(ID) == CLEAN


def test_not_utf8(project: Project, run: Run) -> None:
    project.lay({PATH: b"# x\n\n\xe9\n"})
    assert run(ID, PATH)[1].startswith(f"{PATH}:3:1: unreadable: not utf-8 text: byte 0xe9\n")
