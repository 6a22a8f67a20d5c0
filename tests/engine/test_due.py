"""When a rule is due: what a commit leaves open, and who is told of it."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.sample import SAMPLE

from definition_of_done.engine.registry import all_rules

SUITE = "definition-of-done"
NEW = "app/graphql/bills"
MODELS = {f"{NEW}/models/bill.py": '"""Bills."""\n'}
CHAIN = "resource-full-chain"
SELECT = f'\n[tool.{SUITE}]\nselect = ["{CHAIN}", "suppressions-need-codes"]\n'
CHOSEN = {**MODELS, "pyproject.toml": SAMPLE["pyproject.toml"] + SELECT}
OWED = "1 thing is due before the push: definition-of-done status\n"
# Whoever adds a rule says here when it is due.
DONE = """
    changelog-migrations-order deltas-enumerated feature-page-final frontend-impact-repeated
    graphql-surface-documented model-needs-migration plan-names-revisions rbac-backfill-present
    rbac-enums-in-sync resource-full-chain schema-export-fresh schema-mounted semver-level
    tests-with-code
    worker-tasks-documented worker-tasks-registered
""".split()


def test_each_rule_has_its_time() -> None:
    assert sorted(rule.id for rule in all_rules() if rule.due == "done") == DONE
    assert {rule.due for rule in all_rules()} == {"commit", "done"}


@pytest.fixture
def as_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that pre-commit and prek set for their hooks."""
    monkeypatch.setenv("PRE_COMMIT", "1")


def _is_reported(result: tuple[int, str, str]) -> bool:
    code, out, _ = result
    found = f"{NEW}:1:1: {CHAIN}: resource bills has no " in out
    assert found == bool(code), out
    return found


@pytest.mark.usefixtures("as_runner")
def test_a_single_hook_in_a_runner(sample: Project, run: Run) -> None:
    sample.lay(MODELS)
    assert not _is_reported(run(CHAIN))
    sample.git("commit", "-qm", "begun")
    sample.lay({f"{NEW}/types.py": '"""Types."""\n'})
    assert not _is_reported(run(CHAIN))
    # What is named, what is whole and what is pushed is no commit.
    assert _is_reported(run(CHAIN, "--base", "main"))
    sample.git("commit", "-qm", "more")
    assert _is_reported(run(CHAIN))


@pytest.mark.usefixtures("as_runner")
def test_a_push(sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.lay(MODELS)
    sample.git("commit", "-qm", "begun")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert _is_reported(run(CHAIN))


def test_by_hand(sample: Project, run: Run) -> None:
    sample.lay(CHOSEN)
    code, out, _ = run(SUITE, "check")
    assert code == 1
    assert out.endswith(f"1 finding in 1 file\n{OWED}")
    assert "due before" not in run(SUITE, "check", "--format", "json")[1]


def test_the_suite_in_a_runner(sample: Project, run: Run) -> None:
    sample.lay(CHOSEN)
    code, out, _ = run(SUITE, "check", "--from-runner", *MODELS)
    assert (code, out.partition(" (")[0]) == (0, "no findings")
    sample.lay({"app/clock.py": "x = 1  # noqa\n"})
    code, out, _ = run(SUITE, "check", "--from-runner", *MODELS, "app/clock.py")
    assert (code, CHAIN in out) == (1, False)
    assert out.endswith(f"1 finding in 1 file\n{OWED}")


def test_a_team_that_wants_all_at_once(sample: Project, run: Run) -> None:
    text = SAMPLE["pyproject.toml"] + "\n[tool.definition-of-done]\ncomplete-at-commit = true\n"
    sample.lay({**MODELS, "pyproject.toml": text})
    assert _is_reported(run(SUITE, "check", "--from-runner", *MODELS))


def test_what_stood_before_is_due(sample: Project, run: Run) -> None:
    gone = "app/graphql/vendors/services/vendor_service.py"
    sample.lay({gone: None, "tests/graphql/vendors/test_vendor_service.py": None})
    code, out, _ = run(SUITE, "check", "--from-runner")
    assert code == 1
    assert f"app/graphql/vendors:1:1: {CHAIN}: resource vendors has no services or test of" in out


def test_a_commit_on_main(sample: Project, run: Run) -> None:
    sample.git("checkout", "-q", "main")
    sample.lay(MODELS)
    sample.git("commit", "-qm", "begun")
    sample.lay({f"{NEW}/types.py": '"""Types."""\n'})
    code, out, _ = run(SUITE, "check", "--from-runner", f"{NEW}/types.py")
    assert (code, out.partition(" (")[0]) == (0, "no findings")
    sample.git("commit", "-qm", "more")
    assert _is_reported(run(SUITE, "check"))


def test_the_first_commit(project: Project, run: Run) -> None:
    project.lay({**SAMPLE, **MODELS})
    code, out, _ = run(SUITE, "check", "--from-runner", *SAMPLE)
    assert (code, out.partition(" (")[0]) == (0, "no findings")


def test_each_layer_is_accepted_by_itself(sample: Project, run: Run) -> None:
    types = "import strawberry\n\n\n@strawberry.type\nclass BillType:\n    id: int\n"
    sample.lay({**MODELS, f"{NEW}/types.py": types})
    sample.git("commit", "-qm", "legacy")
    assert run(SUITE, "baseline")[0] == 0
    sample.git("add", ".")
    assert run(SUITE, "check")[0] == 0
    sample.git("rm", "-q", f"{NEW}/types.py")
    code, out, _ = run(SUITE, "check")
    # Without a base, nobody saw that the resource is new: its member was not accepted.
    lacks = "resource bills has no member of Path and Resource or types"
    assert (code, out.splitlines()[0]) == (1, f"{NEW}:1:1: {CHAIN}: {lacks}")


def test_explain(run: Run) -> None:
    due = "Due: when the feature is done; a commit may leave open what its branch has begun\n"
    assert due in run(SUITE, "explain", CHAIN)[1]
    assert "Due: at every commit\n" in run(SUITE, "explain", "version-sync")[1]
