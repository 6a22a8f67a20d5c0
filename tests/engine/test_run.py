"""The loop over files and rules: what is judged, in which order, and what comes of it."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run
from tests.revision import CLEAN, HASH, PATH, SLUG

from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.run import find, measure
from definition_of_done.project.settings import open_project


def test_shuffled_files_give_the_same_report(project: Project, run: Run) -> None:
    names = [f"alembic/versions/{letter}.py" for letter in "cab"]
    project.lay(dict.fromkeys(names, HASH))
    assert run(SLUG, *names) == run(SLUG, *sorted(names), names[0])


def test_what_a_run_says_of_itself(project: Project) -> None:
    project.lay({PATH: HASH, "app/x.py": "x = 1\n", "alembic/versions/b.py": "def (\n"})
    rules = [load_rule(id) for id in (SLUG, "alembic-single-head", "docs-links-resolve")]
    outcome = find(open_project(str(project.root)), rules, None)
    assert (outcome.whole, outcome.deleted) == (False, [])
    assert outcome.over_files == {SLUG}
    assert outcome.in_files == {(SLUG, PATH), ("unreadable", "alembic/versions/b.py")}
    assert set(outcome.stopped) == {SLUG}
    assert {finding.rule for finding in outcome.findings} == {SLUG, "unreadable"}


def test_the_present_state_is_measured_whole(project: Project) -> None:
    project.lay({PATH: HASH, "pyproject.toml": "[tool.definition-of-done]\n"})
    project.git("commit", "-qm", "legacy")
    project.lay({PATH.replace("add_x", "add_y"): CLEAN})
    session = open_project(str(project.root))
    outcome = measure(session, [load_rule(SLUG), load_rule("docs-links-resolve")])
    assert (outcome.whole, outcome.judged >= 2) == (True, True)
    assert [finding.spot.path for finding in outcome.findings] == [PATH]
    assert session.branch.base is None


@pytest.mark.parametrize(
    "path",
    [
        "docs/feature/2026-05-24-vendor-credits.md",
        "app/graphql/vendor_credits/queries.py",
        "app/graphql/vendor_credits/services/vendor_credit_service.py",
    ],
)
def test_a_file_that_is_deleted_in_the_work_tree_alone(
    path: str, sample: Project, run: Run
) -> None:
    (sample.root / path).unlink()
    code, out, error = run("definition-of-done", "check")
    advice = "stage that with git rm, or restore it with git checkout"
    told = f"definition-of-done: error: {path} is deleted in the work tree alone: {advice}\n"
    assert (code, out, error) == (2, "", told)
    sample.git("rm", "--quiet", "--", path)
    assert run("definition-of-done", "check")[0] != 2


def test_a_file_that_is_clear_is_judged_without_a_verdict(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.lay({"app/x.py": "x = 1\n", "app/y.py": "def (\n"})
    asked: list[str] = []
    monkeypatch.setattr(
        "definition_of_done.engine.verdicts.Verdicts.key",
        lambda _, subject, path: asked.append(f"{subject.name}: {path}"),
    )
    rules = [load_rule("no-inline-ddl"), load_rule("suppressions-need-codes")]
    session = open_project(str(project.root))
    outcome = find(session, rules, ["app/x.py", "app/y.py", "app/gone.py"])
    assert (outcome.judged, outcome.findings) == (2, [])
    assert outcome.in_files == {(rule.id, f"app/{name}.py") for rule in rules for name in "xy"}
    # Whoever reads the file finds that it is gone.
    assert {words.rpartition(": ")[2] for words in asked} == {"app/gone.py"}
