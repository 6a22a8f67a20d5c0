"""One thing that is taken out of a finished feature is one finding."""

from __future__ import annotations

import re

import pytest
from tests.branch import (
    BEFORE,
    CHANGELOG,
    ENTRY,
    EXPORTS,
    MIGRATION,
    PAGE,
    RBAC,
    SCHEMA,
    VERSION,
    start_branch,
)
from tests.repository import Files, Project, Run
from tests.revision import SUITE
from tests.sample import SAMPLE

HOME = "app/graphql/vendor_credits"
TESTS = "tests/graphql/vendor_credits"
MODULES = [path for path in SAMPLE if path.startswith(f"{HOME}/") and "/tasks/" not in path]


def _as_before(*paths: str) -> Files:
    return {path: BEFORE.get(path) for path in paths}


def _without(path: str, start: str, end: str) -> Files:
    """The file without what stands from `start` to `end`."""
    before, start_found, rest = SAMPLE[path].partition(start)
    _, end_found, after = rest.partition(end)
    assert start_found
    assert end_found
    return {path: f"{before}{end if end.startswith('#') else ''}{after}"}


REMOVALS: list[tuple[Files, str]] = [
    *((_as_before(path), "resource-full-chain") for path in MODULES),
    (_as_before(MIGRATION), "resource-full-chain"),
    (_as_before(RBAC[0]), "resource-full-chain"),
    (_as_before(*RBAC), "resource-full-chain"),
    (_as_before(f"{HOME}/tasks/expire_credits.py"), "deltas-enumerated"),
    (_as_before(f"{TESTS}/test_vendor_credit_service.py"), "resource-full-chain"),
    (_as_before(f"{TESTS}/test_expire_credits.py"), "tests-with-code"),
    (_as_before(*EXPORTS), "schema-export-fresh"),
    (_as_before(EXPORTS[0]), "schema-export-fresh"),
    (_as_before(CHANGELOG), "version-sync"),
    (_as_before(VERSION[0]), "version-sync"),
    (_as_before(VERSION[1]), "version-sync"),
    (
        {
            **_as_before(CHANGELOG, *VERSION),
            "mkdocs.yml": SAMPLE["mkdocs.yml"].replace(ENTRY, ""),
        },
        "semver-level",
    ),
    (_without(PAGE, "- Mutations", "\n"), "graphql-surface-documented"),
    (_without(PAGE, "- Types and inputs", "\n"), "deltas-enumerated"),
    (_without(PAGE, "## What shipped", "## Future additions"), "feature-page-final"),
    (_without(PAGE, "## Data model", "## GraphQL surface"), "feature-plan-shape"),
    (_without(CHANGELOG, "## Migrations", "## Frontend impact"), "changelog-shape"),
]


@pytest.mark.parametrize(("files", "rule"), REMOVALS)
def test_one_finding(files: Files, rule: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay(files)
    project.git("commit", "-qm", "without it")
    out = run(SUITE, "check", "--base", "main")[1]
    assert re.findall(r"^\S+:\d+: (\S+): ", out, re.M) == [rule], out


def test_what_is_not_mounted_is_not_exported(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay(_as_before(SCHEMA, *EXPORTS))
    project.git("commit", "-qm", "without it")
    out = run(SUITE, "check", "--base", "main")[1]
    assert re.findall(r"^\S+:\d+: (\S+): ", out, re.M) == ["schema-mounted"] * 2


@pytest.mark.parametrize("rule", ["resource-full-chain", "model-needs-migration"])
def test_each_rule_alone_tells_of_the_migration(rule: str, project: Project, run: Run) -> None:
    start_branch(project)
    project.lay(_as_before(MIGRATION))
    project.git("commit", "-qm", "without it")
    code, out, _ = run(rule, "--base", "main")
    assert (code, out.count(f": {rule}: ")) == (1, 1)


def test_the_fix_does_not_undo_a_bump(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay(_as_before(VERSION[0]))
    out = run("version-sync", "--fix", "--base", "main")[1]
    advice = "set app/version.py to 1.2.0: docs/changelog/1.2.0.md is of that version"
    assert out == (
        "pyproject.toml:3:11: version-sync: version is 1.2.0, but app/version.py says 1.1.0\n"
        f"    help: {advice}\n1 finding in 1 file\n"
    )


ADVICE: list[tuple[Files, str]] = [
    (
        _without(PAGE, "## Data model", "## GraphQL surface"),
        'add "## Data model changes"; name each revision, table, column, foreign key'
        " and index, or say None",
    ),
    (
        _without(PAGE, "## What shipped", "## Future additions"),
        'add "## What shipped"; list what came of What\'s being implemented',
    ),
    (
        _without(CHANGELOG, "## Highlights", "## Added"),
        'add "## Highlights"; say in 1 to 3 bullets what a non-engineer gets',
    ),
    (
        _without(CHANGELOG, "## Migrations", "## Frontend impact"),
        'add "## Migrations"; list each revision of the release and each script to run,'
        " or say None",
    ),
    (
        _without(PAGE, "- Backfill", "\n"),
        "name there the new members, their place in the menu, and the backfill script",
    ),
    (
        {f"{TESTS}/test_vendor_credit_repository.py": "# Still to be written.\n"},
        f"add it to {TESTS}/test_vendor_credit_repository.py, or set waive = {{"
        ' repository-test = "the reason" } in [tool.definition-of-done.resources.vendor_credits]',
    ),
]


@pytest.mark.parametrize(("files", "help"), ADVICE)
def test_the_help_leads_to_no_other_finding(
    files: Files, help: str, project: Project, run: Run
) -> None:
    start_branch(project)
    project.lay(files)
    project.git("commit", "-qm", "without it")
    out = run(SUITE, "check", "--base", "main")[1]
    assert re.findall(r"^    help: (.+)$", out, re.M) == [help], out


def test_the_page_of_another_feature_is_not_proposed(project: Project, run: Run) -> None:
    start_branch(project)
    project.lay(_as_before(PAGE))
    project.git("commit", "-qm", "without it")
    assert "did you mean" not in run(SUITE, "check", "--base", "main")[1]
