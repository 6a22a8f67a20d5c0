"""The code quality report: GitLab's documented keys, and fingerprints that stay."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft7Validator
from tests.reports import finding, report
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG, SUITE

from definition_of_done.base.spots import Spot
from definition_of_done.engine.rendering import render

# What GitLab documents of each entry.
KEYS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 32},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def entries(text: str) -> list[dict[str, Any]]:
    document: list[dict[str, Any]] = json.loads(text)
    Draft7Validator(KEYS).validate(document)
    return document


def test_an_entry(project: Project, run: Run) -> None:
    project.lay({PATH: HASH})
    code, out, err = run(SLUG, "--format", "gitlab", "--statistics")
    assert (code, err) == (1, f"1  {SLUG}\n")
    assert out.isascii()
    [entry] = entries(out)
    assert len(entry.pop("fingerprint")) == 34
    assert entry == {
        "description": "revision '3f2a91bc04de' is a hash, not a slug",
        "check_name": SLUG,
        "severity": "major",
        "location": {"path": PATH, "lines": {"begin": 2}},
    }


def test_the_suite_prints_nothing_else(sample: Project, run: Run) -> None:
    assert run(SUITE, "check", "--format", "gitlab") == (0, "[]\n", "")
    sample.lay({PATH: HASH})
    assert len(entries(run(SUITE, "check", "--format", "gitlab")[1])) > 3


def test_fingerprints() -> None:
    several = [finding(symbol="x", spot=Spot("a.py", line, 1)) for line in (1, 2)]
    others = [finding(symbol="y"), finding("b.py", symbol="x"), finding(rule="file-length")]
    prints = [
        entry["fingerprint"] for entry in entries(render("gitlab", report(*several, *others)))
    ]
    assert len(set(prints)) == 5
    moved = finding(symbol="x", spot=Spot("a.py", 9, 1))
    assert entries(render("gitlab", report(moved)))[0]["fingerprint"] in prints
    below = entries(render("gitlab", report(moved, folder="api/")))[0]
    assert below["fingerprint"] not in prints
    assert below["location"]["path"] == "api/a.py"


def test_a_warning_is_minor(project: Project, run: Run) -> None:
    table = f"[tool.definition-of-done.severity]\n{SLUG} = 'warning'\n"
    project.lay({PATH: HASH, "pyproject.toml": table})
    code, out, _ = run(SLUG, "--format", "gitlab")
    assert (code, [entry["severity"] for entry in entries(out)]) == (0, ["minor"])
