"""`--format json`: the whole document, and what was fixed."""

from __future__ import annotations

import json

import pytest
from tests.repository import Project, Run
from tests.revision import HASH, PATH, SLUG, SUITE

from definition_of_done.engine import registry

MESSAGE = "revision '3f2a91bc04de' is a hash, not a slug"
HELP = "name what the migration does, e.g. revision = 'add_x'"


def test_json_document(project: Project, run: Run) -> None:
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    config = f"[tool.definition-of-done]\nselect = ['{SLUG}', 'model-needs-migration']\n"
    project.lay({"pyproject.toml": config})
    project.git("commit", "-qm", "legacy")
    # No main branch is left to compare the models with.
    project.git("branch", "-m", "feature")
    code, out, err = run(SUITE, "check", "--format", "json", "--statistics")
    assert code == 1
    document = json.loads(out)
    notes = document.pop("notes")
    assert [note["rule"] for note in notes] == ["model-needs-migration"]
    assert err == "".join(f"{note['rule']}: not evaluated: {note['message']}\n" for note in notes)
    assert document == {
        "findings": [
            {
                "rule": SLUG,
                "contract": "3.5",
                "path": PATH,
                "line": 2,
                "column": 12,
                "end": {"line": 2, "column": 26},
                "severity": "error",
                "message": MESSAGE,
                "help": HELP,
                "symbol": "3f2a91bc04de",
                "fixable": False,
            },
            {
                "rule": "unreadable",
                "contract": None,
                "path": "alembic/versions/broken.py",
                "line": 1,
                "column": 7,
                "end": None,
                "severity": "error",
                "message": "not Python: invalid syntax",
                "help": "",
                "symbol": "alembic/versions/broken.py",
                "fixable": False,
            },
        ],
        "fixed": [],
        "judged": 2,
        "accepted": 0,
        "statistics": [
            {"rule": SLUG, "count": 1, "fixable": 0},
            {"rule": "unreadable", "count": 1, "fixable": 0},
        ],
    }


def test_findings_link_to_the_pages_of_their_rules(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SITE_URL", "https://example.com/dod/")
    project.lay({PATH: HASH, "alembic/versions/broken.py": "def x(:\n"})
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    links = {finding["rule"]: finding.get("url") for finding in found}
    assert links.pop("unreadable") is None
    assert links == {id: f"https://example.com/dod/hooks/{id}/" for id in links}
    assert SLUG in links


def test_json_says_what_was_fixed(project: Project, run: Run) -> None:
    project.lay({PATH: HASH + "    # ### end Alembic commands ###\n"})
    code, out, _ = run("no-autogenerate-noise", "--fix", "--format", "json", PATH)
    document = json.loads(out)
    assert (code, document["findings"]) == (1, [])
    assert [(fixed["line"], fixed["fixable"]) for fixed in document["fixed"]] == [(7, True)]
    assert "statistics" not in document
