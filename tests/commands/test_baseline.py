"""`definition-of-done baseline`: what it writes, and that `--update` only shrinks it."""

from __future__ import annotations

import pytest
from tests.legacy import BASELINE, LEGACY, LINKS, ONE, PAGE, PASS, TWO, baseline
from tests.repository import Project, Run
from tests.revision import SLUG, SUITE
from tests.sample import start_feature

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.finding import BASELINE_FILE
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.report import Outcome
from definition_of_done.engine.rule import Rule
from definition_of_done.engine.session import Session


def test_what_is_written(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    assert run(SUITE, "check")[1].endswith("7 findings in 3 files\n")
    said = f"{BASELINE_FILE}: 7 findings of 3 hooks accepted\n"
    assert run(SUITE, "baseline") == (0, said, "")
    assert sorted(baseline(project).split("\n\n")) == sorted(BASELINE.split("\n\n"))
    clean = "no findings (4 files judged, 7 accepted by the baseline)\n"
    assert run(SUITE, "check") == (0, clean, "")
    before = baseline(project)
    run(SUITE, "baseline")
    assert baseline(project) == before


def test_dry_run_writes_nothing(project: Project, run: Run) -> None:
    project.lay(LEGACY)
    out = run(SUITE, "baseline", "--dry-run")[1]
    assert out.startswith(f"--- /dev/null\n+++ b/{BASELINE_FILE}\n")
    assert "+4f2a91bc04de = 1\n" in out
    assert not (project.root / BASELINE_FILE).exists()


def test_update_only_shrinks(legacy: Project, run: Run) -> None:
    legacy.lay({PAGE: "# Home\n\n[away](away.md)\n", ONE: "def (\n"})
    before = baseline(legacy)
    assert run(SUITE, "baseline", "--update")[0] == 0
    # A file that is broken may have its findings still.
    assert baseline(legacy) == before.replace(f'[{LINKS}."{PAGE}"]\n"gone.md" = 1\n\n', "")
    assert "unreadable" in run(SUITE, "check")[1]


def test_update_keeps_what_is_left_out(legacy: Project, run: Run) -> None:
    legacy.lay({"pyproject.toml": f"[tool.definition-of-done]\nselect = ['{SLUG}']\n", TWO: None})
    run(SUITE, "baseline", "--update")
    kept = [head.split("\n")[0] for head in baseline(legacy).split("\n\n")[1:]]
    assert kept == [
        f'[{SLUG}."{ONE}"]',
        f'[{LINKS}."{PAGE}"]',
        f'[{PASS}."{ONE}"]',
        f'[{PASS}."{TWO}"]',
    ]
    run(SUITE, "baseline")
    assert [head.split("\n")[0] for head in baseline(legacy).split("\n\n")[1:]] == kept[:1]


def test_no_finding_is_no_baseline(legacy: Project, run: Run) -> None:
    legacy.lay({ONE: None, TWO: None, PAGE: "# Home\n"})
    said = f"{BASELINE_FILE}: 0 findings of 0 hooks accepted\n"
    assert run(SUITE, "baseline") == (0, said, "")
    assert not (legacy.root / BASELINE_FILE).exists()


def test_a_branch_is_not_accepted(project: Project, run: Run) -> None:
    rule = load_rule("plan-before-code")
    start_feature(project, {PAGE: LEGACY[PAGE]})
    project.lay(rule.bad)
    project.git("commit", "-qm", "feature")
    assert run(rule.id)[0] == 1
    run(SUITE, "baseline")
    assert rule.id not in (project.root / BASELINE_FILE).read_text()
    assert run(rule.id)[0] == 1


def test_what_was_not_evaluated_stays_accepted(
    legacy: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(session: Session, rules: list[Rule], files: None) -> Outcome:
        outcome = Outcome(rules)
        outcome.note(load_rule(LINKS), NotEvaluated("no base"))
        return outcome

    monkeypatch.setattr("definition_of_done.engine.run.find", find)
    kept = f'[{LINKS}."{PAGE}"]\n"gone.md" = 1\n'
    for flags in ((), ("--update",)):
        assert run(SUITE, "baseline", *flags)[0] == 0
        assert baseline(legacy).split("\n\n", 1)[1] == kept
