"""Every rule names what it finds in a way that outlives an edit elsewhere in the file."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.repository import Project, Run
from tests.snapshot import ARGS

from definition_of_done.engine.registry import known_ids, load_rule


@pytest.mark.parametrize("id", list(known_ids()))
def test_symbol(id: str, sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = load_rule(id)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    sample.lay(rule.bad)

    def found() -> list[dict[str, Any]]:
        findings: list[dict[str, Any]] = json.loads(
            run(id, *ARGS.get(id, ()), "--format", "json")[1]
        )["findings"]
        return findings

    def keys(findings: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
        return Counter(
            (finding["rule"], finding["path"], finding["symbol"]) for finding in findings
        )

    before = found()
    assert before
    for finding in before:
        assert finding["symbol"].strip()
        assert not re.search(r":\d+|\bline \d+", finding["symbol"])
        assert "\n" not in finding["symbol"]
    for path in {finding["path"] for finding in before}:
        full = sample.root / path
        if full.is_file():
            sample.lay({path: b"\n\n\n" + full.read_bytes()})
    after = found()
    assert keys(after) == keys(before)
    moved = [finding["line"] for finding in after]
    assert moved != [finding["line"] for finding in before] or set(moved) == {1}
