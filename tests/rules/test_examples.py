"""The examples of every rule, laid over the sample backend."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.snapshot import ARGS

from definition_of_done.engine.registry import all_rules, known_ids


@pytest.mark.parametrize("id", list(known_ids()))
def test_examples(id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {rule.id: rule for rule in all_rules()}[id]
    assert rule.id == id
    # alembic-roundtrip asks for the team's Alembic.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    sample.lay(rule.good)
    assert run(SUITE, "check")[1].startswith("no findings (")
    sample.lay(rule.bad)
    found = json.loads(run(SUITE, "check", "--format", "json")[1])["findings"]
    if rule.stages:
        # The suite leaves it to those who ask for it.
        assert found == []
        args = ARGS.get(id, ())
        found = json.loads(run(id, *args, "--format", "json")[1])["findings"]
        sample.lay(rule.good)
        assert run(id, *args)[0] == 0
    others = [
        (other["rule"], other["path"], other["message"]) for other in found if other["rule"] != id
    ]
    assert others == []
    assert found
    assert all(finding["contract"] == rule.contract for finding in found)
