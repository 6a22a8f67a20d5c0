"""feature-plan-shape: exact findings, what it must leave alone, and the sections of a setting."""

from __future__ import annotations

import re

import pytest
from tests.repository import Project, Run
from tests.rules.plans.conftest import PATH, PLAN

ID = "feature-plan-shape"
CLEAN = (0, "no findings (1 file judged)\n", "")
LEAVES = "list what the feature leaves out"
PARAGRAPH = "say in one paragraph what is wrong today and for whom"
MEMBERS = "name the new members, the menu and the backfill, or say None"
SURFACE = "name each new query, mutation, type, input and enum, or say None"
MODEL = "name each revision, table, column, foreign key and index, or say None"
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
            f'add "## RBAC"; {MEMBERS}',
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
            "## Data modle changes",
            "1:1",
            "section Data model changes is missing; did you mean 'Data modle changes'?",
            f'add "## Data model changes"; {MODEL}',
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
            MEMBERS,
        ),
        (
            "## RBAC\n\nNone",
            "## RBAC\n\n-\n-",
            "25:1",
            "section RBAC is empty",
            MEMBERS,
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
        (
            "# Vendor credits\n\nDate: 2026-05-24",
            '---\ntitle: "Vendor credits"\ndate: 2026-05-24\n---',
        ),
        ("## RBAC", "## RBAC { #rbac }"),
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


def _with(name: str, heading: str) -> str:
    assert f"## {name}\n" in PLAN
    return PLAN.replace(f"## {name}\n", f"## {heading}\n")


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        (
            "Problem / motivation",
            "Why; Why?; Background; Problem statement; Motivation / problem; Background and"
            " motivation; The problem; Problem & motivation; 1. Why; Context; Problem (today);"
            " Why we need this; Why are we doing this?; Why this matters; Pain points;"
            " What problem are we solving?",
        ),
        ("In scope", "Scope; In-scope; IN SCOPE; In scope (v1); Goals; What's in scope; Included"),
        (
            "Out of scope",
            "Not in scope; Out-of-scope; Non-goals; Out of scope: later; What's out of scope;"
            " Explicitly out of scope; Scope (out); Beyond scope; Not included; Exclusions;"
            " What we won't do; What we will not do; What we're not doing",
        ),
        (
            "Data model changes",
            "Data model; Schema changes; Database changes; Migrations; Schema; Datamodel;"
            " Tables, columns and indexes; Database design; IV. Data model; D) Data model;"
            " Step 4: Data model",
        ),
        (
            "GraphQL surface",
            "GraphQL; GraphQL API; GraphQL surface (final); GraphQL Surface; API changes;"
            " The GraphQL surface; GQL surface; \xa75 GraphQL surface;"
            " Queries & mutations; API endpoints",
        ),
        (
            "RBAC",
            "Permissions; RBAC / permissions; Access control; RBAC \u2013 none;"
            " Role-based access control; Roles and permissions; RBAC, menu wiring and backfill",
        ),
        (
            "Background tasks / cron",
            "Background jobs; Worker tasks; Cron jobs; Cron / background tasks; Background tasks;"
            " Taskiq; Scheduled work; Scheduler",
        ),
        (
            "Frontend contract",
            "Frontend; Frontend handoff; Frontend contract / impact; Frontend impact;"
            " Front-end contract; Frontend contract (for the team); Front end;"
            " What the frontend has to wire up; Contract for the frontend;"
            " Contract with the frontend",
        ),
        (
            "Open questions",
            "Questions; Open question(s); Open questions:; Open questions?; Q&A;"
            " Open questions and answers; Unresolved; Still open; Open items",
        ),
        (
            "What's being implemented",
            "Detail of what is getting done; Implementation; Implementation details; Whats being"
            " implemented; What is being implemented; Details; 2. Detail of what is getting done;"
            " What will be implemented; What's being built; Technical details; Files changed;"
            " What we\u2019re implementing; What\u02bcs being implemented",
        ),
    ],
)
def test_other_words(name: str, headings: str, project: Project, run: Run) -> None:
    for heading in headings.split("; "):
        heading = heading.replace("question(s)", "questions")
        project.lay({PATH: _with(name, heading)})
        assert run(ID, PATH) == CLEAN, heading


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("Problem / motivation", "Problems; Rollback; Problem and open questions; Why RBAC"),
        ("In scope", "No longer in scope; In scope creep"),
        ("RBAC", "Rollout; Backfill; Users & permissions; Access logs"),
        ("GraphQL surface", "REST; Surface; Running the app (web + API); API keys"),
        ("Frontend contract", "Contract; Impact; Backend impact"),
        ("Open questions", "Answered; Open questions and risks"),
        (
            "What's being implemented",
            "What we think about; What shipped; What was built; Files we love",
        ),
    ],
)
def test_near_misses(name: str, headings: str, project: Project, run: Run) -> None:
    for heading in headings.split("; "):
        project.lay({PATH: _with(name, heading)})
        assert f"{PATH}:1:1: {ID}: section {name} is missing" in run(ID, PATH)[1], heading


@pytest.mark.parametrize(
    "more",
    [
        "## Frontend impact\n\nA button.\n",
        "## Cron\n\nNone\n",
        "## Detail of what is getting done\n\nSee above.\n",
        "## GraphQL surface\n\n- `credits`\n",
        "## Implementation\n\nIn two steps.\n\nThe first one is small.\n",
        "## Background\n\nOne.\n\nTwo.\n",
        "## Why\n",
        "## Frontend\n\nOf another kind.\n",
        "## Scope\n\nSmall.\n",
        "## Questions\n\nNone\n",
        "## Future work\n\n- More: later\n",
    ],
)
def test_may_stand_beside_the_contracts_words(more: str, project: Project, run: Run) -> None:
    project.lay({PATH: f"{PLAN}\n{more}"})
    assert run(ID, PATH) == CLEAN


@pytest.mark.parametrize(
    "page",
    [
        PLAN.replace("## ", "### ").replace("### Problem", "## Plan\n\n### Problem"),
        PLAN.replace("## ", "### "),
        PLAN.replace("## ", "### ").replace("### What's", "## Build\n\n### What's"),
        re.sub("## (.*)", r"**\1**", PLAN),
        re.sub("## (.*)", r"**\1:**", PLAN),
        # What stands below a heading of the plan is a part of it.
        PLAN + "\n### RBAC\n\nAs above.\n\n## Rollout\n\n### Open questions\n\n",
    ],
)
def test_sections_of_another_level(page: str, project: Project, run: Run) -> None:
    project.lay({PATH: page})
    assert run(ID, PATH) == CLEAN


def test_parts_of_a_plan_are_judged(project: Project, run: Run) -> None:
    page = PLAN.replace("## ", "### ").replace("### Problem", "## Plan\n\n### Problem")
    project.lay(
        {PATH: page.replace("### RBAC\n\nNone", "### RBAC").replace("### GraphQL", "### G")}
    )
    assert run(ID, PATH)[1] == (
        f"{PATH}:1:1: {ID}: section GraphQL surface is missing\n"
        f'    help: add "## GraphQL surface"; {SURFACE}\n'
        f"{PATH}:27:1: {ID}: section RBAC is empty\n    help: {MEMBERS}\n2 findings in 1 file\n"
    )


def test_frontend_contract_stands_twice(project: Project, run: Run) -> None:
    project.lay({PATH: f"{PLAN}\n## Frontend contract\n\nNone\n"})
    assert run(ID, PATH)[1].startswith(
        f"{PATH}:45:1: {ID}: section Frontend contract stands twice, first on line 33\n"
    )


def test_own_words_are_no_slip_of_the_pen(project: Project, run: Run) -> None:
    words = (
        "Why\nBackground\nImplementation\nFrontend handoff\nIn scope / out of scope\nFuture work"
    )
    more = "".join(f"## {word}\n\nSome.\n\n" for word in words.split("\n"))
    project.lay({PATH: f"# Vendor credits\n\nDate: 2026-05-24\n\n{more}"})
    out = run(ID, PATH)[1]
    assert "did you mean" not in out
    assert out.count(" is missing") == 7


SCOPES = "## In scope\n\n- Record a credit\n\n## Out of scope\n\n- Apply it to a bill\n"


@pytest.mark.parametrize(
    "scope",
    [
        "- In scope: record a credit\n- Out of scope: apply it",
        "- **In scope:** record a credit\n- **Out of scope:** apply it",
        "- *In scope* \u2013 record a credit\n- *Out of scope* \u2013 apply it",
        "- In scope\n  - record a credit\n- Out of scope\n  - apply it",
        "- In: record a credit\n- Out: apply it\n- Out: delete it",
        "- **In scope**\n- record a credit\n- **Out of scope**\n- apply it",
        "In scope:\n\n- record a credit\n\nOut of scope:\n\n- apply it",
        "**In scope**\n\n**First** of all:\n\n- record\n\n**Out of scope**\n\n- apply it",
        "| In scope | Out of scope |\n|---|---|\n| record | apply it |\n| change | |",
        "In scope | Out of scope\n---|---\nrecord | apply it",
        "| | |\n|---|---|\n| **In scope** | record |\n| **Out of scope** | apply it |",
        "| Scope | What |\n|---|---|\n| In | record |\n| Out | apply it |",
        "### In scope\n\n| What | Who |\n|---|---|\n| record | Ann |\n\n### Out of scope\n\n- x",
        "#### In scope\n\n- record\n\n#### Out of scope\n\n- apply it",
        "In scope\n:   record\n:   change\n\nOut of scope\n:   apply it",
        '!!! success "In scope"\n    - record\n\n??? failure "Out of scope"\n\n    - apply it',
        '=== "In scope"\n\n    - record\n\n=== "Out of scope"\n\n    - apply it',
        "> **In scope**\n>\n> - record\n\n> **Out of scope**\n>\n> - apply it",
        "In scope:\n\n\u2022 record\n\u2022 change\n\nOut of scope:\n\n\u2013 apply it",
        "In scope:\n\na) record\nb) change\n\nOut of scope:\n\n(a) apply it",
        "In this release:\n\n- record\n\nNot in this release:\n\n- apply it",
        "### What we do\n\n- record\n\n### What we do not do\n\n- apply it",
        "We will:\n\n- record\n\nWe won't:\n\n- apply it",
        "In: \n\n- record\n\nOut:\n\na. apply it\nb. print it",
        "In:\n\n- record\n\nOut:\n\n- Nothing",
        "- [x] record\n- [ ] apply it",
        "- \u2705 record\n- \u274c apply it",
        "| What | In scope? |\n|---|---|\n| record | yes |\n| apply it | no |",
        "| What | In scope | Out of scope |\n|---|:-:|:-:|\n| record | x | |\n| apply it | | x |",
        "| # | In scope | Out of scope |\n|---|---|---|\n| 1 | record | \u2013 |\n| 2 | | apply |",
    ],
)
@pytest.mark.parametrize("heading", ["Scope", "In scope / out of scope"])
def test_both_scopes(heading: str, scope: str, project: Project, run: Run) -> None:
    assert SCOPES in PLAN
    project.lay({PATH: PLAN.replace(SCOPES, f"## {heading}\n\n{scope}\n")})
    assert run(ID, PATH) == CLEAN


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ("- In scope: record a credit", "section Out of scope is missing"),
        ("- In scope: x\n- Out of scope:", "section Out of scope is empty"),
        ("- In scope: x\n- Out of scope: None", "section Out of scope says None"),
        ("- In scope: x\n- Out of scope: TODO", "section Out of scope holds the stub 'TODO'"),
        ("**In scope:** x\n\n**Out of scope:**\n\n- x", "section In scope is not a list"),
        (
            "| In scope | Out of scope |\n|---|---|\n| a | |",
            "section Out of scope is empty",
        ),
        ("| In scope | More |\n|---|---|\n| a | b |", "section Out of scope is empty"),
        ("| More | In scope? |\n|---|---|\n| a | yes |", "section Out of scope is empty"),
        ("- [x] record\n- [x] apply it", "section Out of scope is missing"),
        ("- [ ] record\n- [ ] apply it", "section Out of scope is missing"),
        ("- [x] record\n- apply it", "section Out of scope is missing"),
    ],
)
def test_scopes_with_a_fault(scope: str, message: str, project: Project, run: Run) -> None:
    project.lay({PATH: PLAN.replace(SCOPES, f"## Scope\n\n{scope}\n")})
    out = run(ID, PATH)[1]
    assert f": {ID}: {message}\n" in out
    assert out.endswith("1 finding in 1 file\n"), out


DATES = [
    "Date: 2026\u201305\u201324",
    "Date: 24\u201105\u20112026",
    "Date:\xa024\xa0May\xa02026",
    "*2026-05-24*",
    "24 May 2026",
    "**24th of May 2026**",
    "May 24, 2026",
    "Date: May 24th, 2026",
    "Date: Sunday, 24 May 2026",
    "Planned on 2026-05-24 by Ann.",
    "Written by Ann on May 24, 2026; shipped later.",
    "Created: 2026-05-24",
    "Date: 2026/05/24",
    "Date: 24.05.2026",
    "Date: 05/24/2026",
    "Date: 2026-05-24T10:00:00Z",
    "| Date | Owner |\n|---|---|\n| 2026-05-24 | Ann |",
    "| Owner | Date |\n|---|---|\n| Ann | 24 May 2026 |",
    "| Date | 2026-05-24 |\n|---|---|\n| Owner | Ann |",
    "| Owner | Ann |\n|---|---|\n| Date: | 2026-05-24 |",
    "> 2026-05-24",
    "## Title and date\n\nVendor credits, 2026-05-24",
]


@pytest.mark.parametrize("date", DATES)
def test_dates(date: str, project: Project, run: Run) -> None:
    project.lay({PATH: PLAN.replace("Date: 2026-05-24", date)})
    assert run(ID, PATH) == CLEAN


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("*2026-05-23*", "the page is dated 2026-05-23, its filename 2026-05-24"),
        ("23 May 2026", "the page is dated 23 May 2026, its filename 2026-05-24"),
        ("Date: May 23, 2026", "the page is dated May 23, 2026, its filename 2026-05-24"),
        (
            "| Date | Owner |\n|---|---|\n| 2026-05-23 | Ann |",
            "the page is dated 2026-05-23, its filename 2026-05-24",
        ),
        ("| Date | Owner |\n|---|---|\n| | Ann |", "the page names no date"),
        ("Follows the audit of 2026-05-23.", "the page names no date"),
        ("Updated: 2026-05-24", "the page names no date"),
        ("Date: 2026-05-23, after 2026-05-22", "the page is dated 2026-05-23, after 2026-05-22,"),
        ("May 2026", "the page names no date"),
        ("Date: 2026-02-30", "the page is dated 2026-02-30, its filename 2026-05-24"),
    ],
)
def test_other_dates(date: str, message: str, project: Project, run: Run) -> None:
    project.lay({PATH: PLAN.replace("Date: 2026-05-24", date)})
    out = run(ID, PATH)[1]
    assert f": {ID}: {message}" in out
    assert out.endswith("1 finding in 1 file\n")


@pytest.mark.parametrize(
    "title", ["Vendor credits (2026-05-24)", "Feature: vendor credits, May 24, 2026"]
)
def test_a_date_in_the_title(title: str, project: Project, run: Run) -> None:
    project.lay({PATH: PLAN.replace("# Vendor credits\n\nDate: 2026-05-24", f"# {title}")})
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
        '    help: add "## Rollout"; write what it asks for, or None\n1 finding in 1 file\n'
    )
    project.lay({PATH: PLAN.replace("## RBAC", "## Deploy\n\nAt night\n\n## Access")})
    assert run(ID, PATH) == CLEAN


def test_undated_filename_is_anothers_finding(project: Project, run: Run) -> None:
    project.lay({"docs/feature/vendor-credits.md": PLAN})
    assert run(ID) == CLEAN


def test_not_utf8(project: Project, run: Run) -> None:
    project.lay({PATH: b"# x\n\n\xe9\n"})
    assert run(ID, PATH)[1].startswith(f"{PATH}:3:1: unreadable: not utf-8 text: byte 0xe9\n")
