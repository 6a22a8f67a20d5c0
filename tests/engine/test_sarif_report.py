"""`--format sarif`: valid by OASIS's own schema, with places, rules and fingerprints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tests.reports import finding, report, sarif
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG, SUITE
from tests.snapshot import ARGS

from definition_of_done import __version__
from definition_of_done.base.spots import Spot
from definition_of_done.engine import registry
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.registry import all_rules, known_ids, load_rule
from definition_of_done.engine.rendering import render
from definition_of_done.engine.report import Note

MESSAGE = "revision '3f2a91bc04de' is a hash, not a slug"
HELP = "name what the migration does, e.g. revision = 'add_x'"
# What the first finding of a bad example marks; None: its end is not known.
MARKED = {
    "alembic-header-sync": "add_vendors",
    "changelog-added-links": "- Vendor credits",
    "changelog-shape": "# 1.3.0",
    "column-comment-required": 'sa.Column("credit_limit", sa.Integer(), nullable=True)',
    "downgrade-not-pass": None,
    "mkdocs-nav-entry": "nav",
    "no-autogenerate-noise": "# ### end Alembic commands ###",
    "semver-level": '"1.2.1"',
    "suppressions-need-codes": "# noqa",
}


@pytest.mark.parametrize("id", list(known_ids()))
def test_every_bad_example_is_valid_sarif(
    id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # alembic-roundtrip asks for the team's Alembic.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    sample.lay(load_rule(id).good)
    sample.lay(load_rule(id).bad)
    code, out, _ = run(id, *ARGS.get(id, ()), "--format", "sarif", "--statistics")
    assert code == 1
    log = sarif(out)
    described = log["tool"]["driver"]["rules"]
    assert log["results"]
    for result in log["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"] == id
        assert described[result["ruleIndex"]]["help"]["text"].startswith(load_rule(id).why)
        assert result["message"]["text"]
        assert result["partialFingerprints"]
    assert log["properties"]["statistics"][0]["rule"] == id
    if id in MARKED:
        place = log["results"][0]["locations"][0]["physicalLocation"]
        region = place["region"]
        lines = (sample.root / place["artifactLocation"]["uri"]).read_text().split("\n")
        line = lines[region["startLine"] - 1]
        start, end = region["startColumn"] - 1, region.get("endColumn", 0) - 1
        assert (line[start:end] if end >= 0 else None) == MARKED[id]


def test_sarif_of_the_suite(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    log = sarif(run(SUITE, "check", "--format", "sarif")[1])
    assert log["columnKind"] == "unicodeCodePoints"
    driver = log["tool"]["driver"]
    assert driver["version"] == __version__
    ids = [rule["id"] for rule in driver["rules"]]
    usual = {rule.id for rule in all_rules() if not (rule.stages or rule.is_beyond)}
    assert usual <= set(ids)
    found = {result["ruleId"]: result for result in log["results"]}
    assert driver["rules"][found["unreadable"]["ruleIndex"]]["id"] == "unreadable"
    slug = found[SLUG]
    assert slug["level"] == "error"
    assert slug["message"] == {"text": f"{MESSAGE}\n{HELP}"}
    assert slug["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": PATH, "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 26},
            }
        }
    ]
    (rule,) = (rule for rule in driver["rules"] if rule["id"] == SLUG)
    assert (
        rule["shortDescription"]["text"] == "The revision is a short snake_case slug, not a hash."
    )
    assert "helpUri" not in rule
    assert rule["properties"]["contract"] == "3.5"
    assert rule["properties"]["tags"] == ["migrations"]


@pytest.mark.parametrize("site", ["https://example.com/dod", "https://example.com/dod/"])
def test_rules_link_to_their_pages(
    site: str, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SITE_URL", site)
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    rules = sarif(run(SUITE, "check", "--format", "sarif")[1])["tool"]["driver"]["rules"]
    links = {rule["id"]: rule.get("helpUri") for rule in rules}
    assert links.pop("unreadable") is None
    assert links == {id: f"https://example.com/dod/hooks/{id}/" for id in links}
    assert SLUG in links


def test_a_fingerprint_stays_when_lines_move() -> None:
    def prints(*findings: Finding) -> list[str]:
        log = sarif(render("sarif", report(*findings)))
        return [result["partialFingerprints"]["ruleAndSymbol/v1"] for result in log["results"]]

    (before,) = prints(finding(symbol="vendors.amount"))
    assert prints(finding(symbol="vendors.amount", spot=Spot("a.py", 90, 1))) == [before]
    assert prints(finding(symbol="vendors.amount", message="said better")) == [before]
    twice = finding(symbol="vendors.amount", spot=Spot("a.py", 90, 1))
    others = (
        finding(symbol="vendors.total"),
        finding("b.py", symbol="vendors.amount"),
        finding(symbol="vendors.amount", rule="file-length"),
    )
    first, *rest = prints(finding(symbol="vendors.amount"), twice)
    assert first == before
    assert len({before, *rest, *(prints(other)[0] for other in others)}) == 5


def test_notes_of_what_was_not_evaluated() -> None:
    rules = [load_rule("semver-level")]
    notes = [Note("semver-level", "no base {0} [x](http://example.com)")]
    said = "semver-level: not evaluated: no base {{0}} \\[x](http://example.com)"
    log = sarif(render("sarif", report(rules=rules, notes=notes)))
    assert log["results"] == []
    assert log["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "note",
            "message": {"text": said},
            "associatedRule": {"id": "semver-level", "index": 0},
        }
    ]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.py", "a%20b.py"),
        ("a:b/c.py", "a%3Ab/c.py"),
        ("caf\u00e9.py", "caf%C3%A9.py"),
        ("100%.py", "100%25.py"),
        ("a\udcff.py", "a%FF.py"),
    ],
)
def test_uris_are_the_files_bytes(path: str, uri: str) -> None:
    log = sarif(render("sarif", report(finding(path), folder="back end/")))
    (result,) = log["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == f"back%20end/{uri}"
