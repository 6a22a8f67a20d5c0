"""Several projects in one report; tests/commands/test_monorepo.py shows the rest."""

from __future__ import annotations

from tests.repository import Project

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.spots import Edit, Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.merging import merged
from definition_of_done.engine.registry import load_rule
from definition_of_done.engine.report import Judged, Outcome
from definition_of_done.engine.session import Projects
from definition_of_done.project.settings import SETTINGS

TABLE = "[tool.definition-of-done]\n"
RULE = load_rule("version-sync")


def test_merged(project: Project) -> None:
    project.lay(
        {"pyproject.toml": TABLE, "z.py": "outer", "a/pyproject.toml": TABLE, "a/z.py": "a"}
    )
    projects = Projects(str(project.root), SETTINGS)
    several = []
    for session in projects.all():
        outcome = Outcome([RULE])
        edit = Edit("z.py", 0, 0, "x")
        spot = Spot("z.py", 2, 3, (2, 4))
        outcome.only([Finding(spot, "m", "h", symbol="s", edits=[edit], rule=RULE.id)])
        outcome.judged, outcome.accepted = 2, 1
        outcome.note(RULE, NotEvaluated("no base"))
        several.append(Judged(session, [RULE], outcome, outcome.findings, {}, session.tree.text))
    whole = merged(projects.outer, several)
    first, second = whole.outcome.findings
    assert [repr(finding) for finding in (first, second)] == [
        "<a/z.py:2:3: version-sync: m>",
        "<z.py:2:3: version-sync: m>",
    ]
    assert (first.spot.end, first.help, first.symbol) == ((2, 4), "h", "s")
    assert [edit.path for edit in first.edits] == ["a/z.py"]
    assert [finding.spot.path for finding in whole.fixed] == ["z.py", "a/z.py"]
    assert (whole.outcome.judged, whole.outcome.accepted, whole.rules) == (4, 2, [RULE])
    assert [str(note) for note in whole.outcome.notes] == [
        "version-sync: not evaluated: no base",
        "a: version-sync: not evaluated: no base",
    ]
    assert [whole.text(path).text for path in ("z.py", "a/z.py")] == ["outer", "a"]
