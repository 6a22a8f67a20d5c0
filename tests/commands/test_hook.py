"""The command of a single hook: its help, and when it leaves at once."""

from __future__ import annotations

import pytest
from tests.repository import Project, Run


def test_help_explains(project: Project, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("downgrade-not-pass", "--help")
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "Why: A deploy that goes wrong at night" in out
    assert "--versions PATH" in out
