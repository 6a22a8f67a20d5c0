"""A feature in small commits, in three orders: what each commit, and each push, says of it."""

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
)
from tests.repository import Files, Project, Run
from tests.revision import SUITE
from tests.sample import GROWTH, SAMPLE, SHOP_BASE, SHOP_FEATURE

HOME = "app/graphql/vendor_credits"
TESTS = "tests/graphql/vendor_credits"
PLAN = SAMPLE[PAGE].partition("## What shipped")[0].rstrip() + "\n"


def _whole(*parts: str) -> Files:
    return {path: text for path, text in SAMPLE.items() if path.startswith(parts)}


STEPS: dict[str, Files] = {
    "plan": {PAGE: PLAN, "mkdocs.yml": SAMPLE["mkdocs.yml"].replace(ENTRY, "")},
    "model": _whole(f"{HOME}/models"),
    "migration": _whole(MIGRATION),
    "repository": _whole(f"{HOME}/repositories", f"{TESTS}/test_vendor_credit_repository"),
    "service": _whole(f"{HOME}/services", f"{TESTS}/test_vendor_credit_service"),
    "types": _whole(f"{HOME}/types"),
    "inputs": _whole(f"{HOME}/inputs"),
    "queries": _whole(f"{HOME}/queries"),
    "mutations": _whole(f"{HOME}/mutations", f"{TESTS}/test_vendor_credit_resolvers"),
    "mount": _whole(SCHEMA),
    "exports": _whole(*EXPORTS),
    "members": _whole(RBAC[0]),
    "backfill": _whole(RBAC[1]),
    "task": _whole(f"{HOME}/tasks", f"{TESTS}/test_expire"),
    "page": _whole(PAGE),
    "bump": _whole(CHANGELOG, "mkdocs.yml", *VERSION),
}
IN_ORDER = tuple(STEPS)
ORDERS = (
    IN_ORDER,
    # The plan comes first and the bump last; what lies between is the team's affair.
    ("plan", *IN_ORDER[-2:0:-1], "bump"),
    (
        *("plan", "bump", "exports", "mount", "queries", "mutations", "task", "service"),
        *("migration", "backfill", "members", "types", "inputs", "repository", "page", "model"),
    ),
)


def judged(project: Project, run: Run) -> tuple[int, str]:
    """Judge what is staged, as a runner does."""
    paths = project.git("diff", "--cached", "--name-only", "--diff-filter=d").split()
    code, out, _ = run(SUITE, "check", "--from-runner", *paths)
    return code, out


@pytest.fixture
def replay(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    project.lay(BEFORE)
    project.git("commit", "-qm", "before the feature")
    project.git("checkout", "-qb", "feature")
    return project


@pytest.mark.parametrize("order", ORDERS, ids=["in order", "backwards", "at random"])
def test_each_commit_is_taken_and_the_last_push(
    order: tuple[str, ...], replay: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sorted(order) == sorted(STEPS)
    for name in order:
        if name == order[-1]:
            assert pushed(replay, run, monkeypatch)[0] == 1
        replay.lay(STEPS[name])
        code, out = judged(replay, run)
        assert (code, out.partition(" (")[0]) == (0, "no findings"), name + out
        replay.git("commit", "-qm", name)
    code, out = pushed(replay, run, monkeypatch)
    assert (code, out.partition(" (")[0]) == (0, "no findings"), out


GROWN = {
    path: text.replace("- A weekly reminder\n", "- A weekly reminder\n- Export of vendor credits\n")
    for path, text in GROWTH.items()
}
BUMPED = ("docs/changelog", "app/version", "pyproject", "mkdocs")
# The plan, its models, their migrations, and the rest of the code.
STAGES = (("docs/feature", "docs/roadmap"), (f"{HOME}/models",), ("alembic",), ("",))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 3, 2, 1)], ids=["in order", "at random"])
def test_a_resource_that_stands_grows_in_small_commits(
    order: tuple[int, ...], project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay(SAMPLE)
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qb", "feature")
    parts: list[dict[str, str]] = [{}, {}, {}, {}]
    for path, text in GROWN.items():
        stage = next(at for at, starts in enumerate(STAGES) if path.startswith(starts))
        parts[stage] |= {} if path.startswith(BUMPED) else {path: text}
    parts[0]["mkdocs.yml"] = GROWN["mkdocs.yml"].replace("- 1.3.0: changelog/1.3.0.md\n      ", "")
    for stage in order:
        project.lay(parts[stage])
        code, out = judged(project, run)
        assert code == 0, out
        project.git("commit", "-qm", "a stage")
    project.lay(GROWN)
    project.git("commit", "-qm", "bump")
    _, out = pushed(project, run, monkeypatch)
    assert (
        ": resource-full-chain: resource vendor_credits has no query or mutation to export" in out
    )
    assert "\n1 finding in 1 file\n" in out


def test_a_plan_links_to_what_is_still_to_be_written(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "handbook/feature/2026-08-01-shipments.md"
    project.lay(SHOP_BASE)
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qb", "feature")
    plan = SHOP_FEATURE[page].partition("## What shipped")[0]
    site = SHOP_FEATURE["site.yml"].replace('      - "3.5.0": changelog/3.5.0.md\n', "")
    project.lay({page: plan, "site.yml": site})
    code, out = judged(project, run)
    assert (code, out.partition(" (")[0]) == (0, "no findings"), out
    project.git("commit", "-qm", "plan")
    dead = "docs-links-resolve: link to https://github.com/shop/shop/blob/main/src/shop/api"
    assert dead in pushed(project, run, monkeypatch)[1]
    # A page that a link misses is missing now.
    project.lay({page: f"{plan}\n[more](https://github.com/shop/shop/blob/main/handbook/no.md)\n"})
    assert judged(project, run)[1].count(": docs-links-resolve: ") == 1


def test_a_resource_that_stands_loses_nothing_in_a_small_commit(project: Project, run: Run) -> None:
    project.lay(SAMPLE)
    project.git("commit", "-qm", "before")
    project.git("checkout", "-qb", "feature")
    model = GROWTH[f"{HOME}/models/credit_approval.py"]
    service = f"{HOME}/services/vendor_credit_service.py"
    project.lay({f"{HOME}/models/credit_approval.py": model, service: None})
    _, out = judged(project, run)
    assert ": resource-full-chain: resource vendor_credits has no services\n" in out
    assert "no migration" not in out


def pushed(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Judge the push of the branch."""
    with monkeypatch.context() as patch:
        patch.setenv("PRE_COMMIT_FROM_REF", "main")
        patch.setenv("PRE_COMMIT_TO_REF", "HEAD")
        paths = project.git("diff", "--name-only", "main", "HEAD").split()
        code, out, _ = run(SUITE, "check", "--from-runner", *paths)
    return code, out


def _with(path: str, old: str, new: str) -> Files:
    text = PLAN if path == PAGE and old in PLAN else SAMPLE[path]
    assert old in text
    return {path: text.replace(old, new, 1)}


def _end(path: str, line: str) -> Files:
    return {path: f"{SAMPLE[path]}{line}\n"}


DDL = 'def grow(db): db.execute("ALTER TABLE vendor_credits ADD COLUMN note TEXT")'
# What is wrong now, and will not get better: a fault in each step.
FAULTS: list[tuple[str, Files, str]] = [
    ("plan", _with(PAGE, "Date: 2026-05-24", "Date: 2026-05-23"), "feature-plan-shape"),
    ("plan", _with(PAGE, "## Open questions\n\nNone", "## Open questions\n"), "feature-plan-shape"),
    ("model", _end(f"{HOME}/models/vendor_credit.py", DDL), "no-inline-ddl"),
    ("migration", _with(MIGRATION, "comment=", "doc="), "column-comment-required"),
    (
        "migration",
        _with(MIGRATION, "    op.drop_table", "    pass  # op.drop_table"),
        "downgrade-not-pass",
    ),
    (
        "repository",
        _end(f"{HOME}/repositories/vendor_credit_repository.py", "x = 1  # noqa"),
        "suppressions-need-codes",
    ),
    ("service", _end(f"{HOME}/services/vendor_credit_service.py", DDL), "no-inline-ddl"),
    ("types", _end(f"{HOME}/types.py", "x = 1  # type: ignore"), "suppressions-need-codes"),
    ("inputs", _end(f"{HOME}/inputs.py", "x = 1  # type: ignore"), "suppressions-need-codes"),
    ("queries", _end(f"{HOME}/queries.py", "def ("), "unreadable"),
    ("mutations", _end(f"{HOME}/mutations.py", "x = 1  # noqa"), "suppressions-need-codes"),
    ("mount", _end(SCHEMA, "x = 1  # noqa"), "suppressions-need-codes"),
    ("exports", _end(EXPORTS[0], "type {"), "unreadable"),
    ("members", _with(RBAC[0], '    VENDORS = "vendors"\n', ""), "rbac-enums-in-sync"),
    (
        "backfill",
        _with(RBAC[1], "    (Path.VENDORS, Resource.VENDORS),\n", ""),
        "rbac-backfill-present",
    ),
    ("task", _end(f"{HOME}/tasks/expire_credits.py", DDL), "no-inline-ddl"),
    ("page", _end(PAGE, "\n[more](nowhere.md)"), "docs-links-resolve"),
    ("page", {PAGE: None}, "mkdocs-nav-entry"),
    ("bump", _with("pyproject.toml", '"1.2.0"', '"1.1.0"'), "version-sync"),
    ("bump", _with(CHANGELOG, "## Fixed", "## Mended"), "changelog-shape"),
]


@pytest.mark.parametrize(("name", "files", "rule"), FAULTS)
def test_a_fault_is_refused_at_once(
    name: str, files: Files, rule: str, replay: Project, run: Run
) -> None:
    for step in IN_ORDER[: IN_ORDER.index(name)]:
        replay.lay(STEPS[step])
    replay.git("commit", "--allow-empty", "-qm", "earlier steps")
    replay.lay({**STEPS[name], **files})
    code, out = judged(replay, run)
    told = {
        found[1] for line in out.splitlines() if (found := re.match(r"[^ ]+:\d+: (\S+): ", line))
    }
    assert (code, told) == (1, {rule}), out
