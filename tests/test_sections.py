"""A section that is missing, empty or a stub is one finding of the whole suite, on either page."""

from __future__ import annotations

import re

import pytest
from tests.branch import CHANGELOG, PAGE, start_branch
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.sample import SAMPLE

FINAL = ("What shipped", "Future additions")
SHAPES = {PAGE: "feature-plan-shape", CHANGELOG: "changelog-shape"}
# What a section must hold is no finding beside a stub.
STUBS = {
    PAGE: ("In scope", "Data model changes", "RBAC", "Frontend contract"),
    CHANGELOG: ("Highlights", "Migrations", "Frontend impact", "Versioning notes"),
}


def planted(path: str, name: str, body: str | None) -> str:
    """The page with another text in a section, or without it."""
    section = "" if body is None else f"## {name}\n\n{body}\n\n"
    pattern = rf"^## {re.escape(name)}\n.*?(?=^## |\Z)"
    text, count = re.subn(pattern, section, SAMPLE[path], flags=re.M | re.S)
    assert count == 1
    return text


def told(run: Run) -> list[str]:
    out = run(SUITE, "check", "--base", "main")[1]
    return [line for line in out.splitlines() if re.match(r"[^ ]+:\d+:\d+: ", line)]


@pytest.mark.parametrize(("path", "rule"), SHAPES.items())
def test_one_finding(path: str, rule: str, project: Project, run: Run) -> None:
    start_branch(project)
    text = SAMPLE[path]
    for name in re.findall("^## (.*)", text, re.M):
        line = text.partition(f"## {name}\n")[0].count("\n") + 1
        missing = f"{path}:1:1: {rule}: section {name} is missing"
        if name in FINAL:
            missing = missing.replace(rule, "feature-page-final")
            missing += f", and {CHANGELOG} links to the page"
        expected = {None: missing, "": f"{path}:{line}:1: {rule}: section {name} is empty"}
        if name in STUBS[path]:
            stub = f"{path}:{line + 2}:1: {rule}: section {name} holds the stub 'TODO'"
            expected["TODO: write this"] = stub
        for body, finding in expected.items():
            project.lay({path: planted(path, name, body)})
            assert told(run) == [finding]


@pytest.mark.parametrize(
    ("path", "name", "body", "rules"),
    [
        # What is written and wrong is told by the rule that reads it.
        (PAGE, "Data model changes", "None", ["plan-names-revisions"]),
        (PAGE, "Data model changes", "TODO: the indexes of `x`", ["plan-names-revisions", "shape"]),
        (PAGE, "Background tasks / cron", "None", ["worker-tasks-documented"]),
        (CHANGELOG, "Frontend impact", "None", ["frontend-impact-repeated"]),
        (CHANGELOG, "Migrations", "None", ["changelog-migrations-order", "rbac-backfill-present"]),
        (
            CHANGELOG,
            "Migrations",
            "- `scripts/backfill_new_path_permissions.py` TODO: when",
            ["changelog-migrations-order", "shape"],
        ),
    ],
)
def test_left_to_its_rule(
    path: str, name: str, body: str, rules: list[str], project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay({path: planted(path, name, body)})
    assert [line.split(": ")[1].rpartition("-")[2] for line in told(run)] == [
        rule.rpartition("-")[2] for rule in rules
    ]


def test_a_rule_of_its_own_tells_what_follows(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({PAGE: planted(PAGE, "Data model changes", None)})
    assert "is named on no feature page\n" in run("plan-names-revisions")[1]
    project.lay({PAGE: planted(PAGE, "Frontend contract", None)})
    assert "section Frontend contract is missing, and" in run("feature-page-final")[1]


def test_the_fix_of_what_follows_is_kept(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay({CHANGELOG: planted(CHANGELOG, "Frontend impact", "")})
    out = run(SUITE, "check", "--base", "main", "--fix")[1]
    assert out.startswith(f"fixed: {CHANGELOG}: changelog-shape: section Frontend impact is empty")
    assert "The vendor page lists the open credits.\n" in (project.root / CHANGELOG).read_text()
    assert told(run) == []


def test_a_script_that_is_named_nowhere_is_told_once_a_page(project: Project, run: Run) -> None:
    script, old = "scripts/backfill_credits.py", "scripts/backfill_new_path_permissions.py"
    start_branch(project)
    project.lay({script: SAMPLE[old], old: SAMPLE[old].replace("VENDOR_CREDITS", "VENDORS")})
    assert [line.split(": ")[1] for line in told(run)] == [
        "deltas-enumerated",
        "changelog-migrations-order",
    ]


def test_a_revision_follows_its_own_page_alone(project: Project, run: Run) -> None:
    start_branch(project)
    other = "docs/feature/2026-04-10-vendors.md"
    project.lay({PAGE: SAMPLE[PAGE].replace("add_vendor_credits", "a revision")})
    project.lay({other: re.sub("(?s)## Data model.*?(?=## G)", "", SAMPLE[other])})
    project.git("commit", "-qm", "both")
    project.git("branch", "-f", "main")
    out = run(SUITE, "check")[1]
    assert f"{other}:1:1: feature-plan-shape: section Data model changes is missing" in out
    assert "plan-names-revisions: revision 'add_vendor_credits' is named on no" in out
    assert "plan-names-revisions: revision 'add_vendors' is named on no" not in out
