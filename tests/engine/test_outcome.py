"""What a run ends in."""

from __future__ import annotations

from tests.reports import finding

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.outcome import Note, Outcome
from definition_of_done.engine.registry import load_rule


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
