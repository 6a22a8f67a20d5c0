"""What all formats share: the last line, and the statistics."""

from __future__ import annotations

from tests.reports import finding, report
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Edit
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.rendering import render
from definition_of_done.engine.report import Note, Outcome


def test_statistics(project: Project, run: Run) -> None:
    mended = Edit("a.py", 0, 1, "")
    findings = [
        finding(message=f"wrong {number}", rule="file-length", edits=[mended])
        for number in range(11)
    ]
    findings += [finding(rule="version-sync"), finding(rule="alembic-filename")]
    assert render("text", report(*findings, statistics=True)).splitlines()[-4:] == [
        "11  file-length       11 fixable",
        " 1  alembic-filename",
        " 1  version-sync",
        "13 findings in 1 file (11 fixable with --fix)",
    ]
    assert render("text", report(statistics=True)) == "no findings (1 file judged)\n"
    project.lay({PATH: HASH})
    assert run(SLUG, "--statistics")[1].splitlines()[-2:] == [f"1  {SLUG}", "1 finding in 1 file"]
    # What GitHub reads stays free of it.
    _, out, err = run(SLUG, "--statistics", "--format", "github")
    assert err == f"1  {SLUG}\n"
    assert out.splitlines()[1:] == ["1 finding in 1 file"]


def test_each_finding_once_and_in_order() -> None:
    first, second = finding("a.py"), finding("b.py")
    outcome = Outcome(())
    assert outcome.only([second, finding("a.py"), first]) is outcome
    assert [found.spot.path for found in outcome.findings] == ["a.py", "b.py"]


def test_what_was_evaluated() -> None:
    rules = [load_rule(id) for id in ("alembic-filename", "semver-level", "version-sync")]
    outcome = Outcome(rules)
    outcome.in_files.add(("alembic-filename", "a.py"))
    outcome.over_tree.add("version-sync")
    outcome.note(rules[1], NotEvaluated("no base"))
    assert outcome.ran == {"alembic-filename", "semver-level", "version-sync"}
    assert outcome.evaluated == {"alembic-filename", "version-sync"}
    assert outcome.not_evaluated == {"semver-level"}
    assert [str(note) for note in outcome.notes] == ["semver-level: not evaluated: no base"]
    assert str(Note("x", "y")) == "x: not evaluated: y"


def test_what_a_broken_file_stops() -> None:
    rules = [load_rule(id) for id in ("alembic-filename", "version-sync")]
    outcome = Outcome(rules)
    broken, other = finding("a.py"), finding("b.py")
    assert outcome.stop(rules, broken) is broken
    outcome.stop(rules[:1], other)
    assert outcome.stopped == {
        "alembic-filename": [broken.key, other.key],
        "version-sync": [broken.key],
    }
    assert outcome.findings == []
