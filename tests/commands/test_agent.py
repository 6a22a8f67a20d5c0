"""`definition-of-done agent`: its words, and the commands of the settings run as a host does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.agents import Host, stop, write
from tests.repository import Project, Run
from tests.revision import SUITE
from tests.snapshot import environment

MIGRATION = "alembic/versions/20260601_add_refunds.py"
ADDS = 'revision = "add_refunds"\ndown_revision = "add_vendor_credits"\n'
PLAN = "# Refunds\n\nDate: 2026-06-01\n\nIt comes with `add_refunds`.\n"


def commands(project: Project) -> dict[str, str]:
    """The command of each event in the settings that `init` wrote."""
    settings = json.loads((project.root / ".claude/settings.json").read_bytes())
    return {
        event: hook["command"]
        for event, groups in settings["hooks"].items()
        for group in groups
        for hook in group["hooks"]
    }


def call(command: str, event: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a hook's command as the host does: by a shell, in some folder of the session."""
    return subprocess.run(
        command,
        shell=True,
        input=json.dumps(event),
        cwd=folder,
        env=environment() | {"CLAUDE_PROJECT_DIR": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the host's shell is another one there")
def test_the_commands_that_init_writes(sample: Project, run: Run) -> None:
    assert run(SUITE, "init", "--agent", "claude")[0] == 0
    hooks = commands(sample)
    assert hooks == {
        "PreToolUse": "definition-of-done agent before-edit",
        "Stop": "definition-of-done agent stop",
    }
    event = write(sample, MIGRATION, ADDS)
    refused = call(hooks["PreToolUse"], event, sample.root)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"{MIGRATION} is not to be edited yet:\n")
    assert refused.stderr.endswith("\nwhat comes first: definition-of-done next\n")
    (sample.root / MIGRATION).write_text(ADDS)
    held = call(hooks["Stop"], stop(sample), sample.root)
    assert (held.returncode, held.stdout) == (2, "")
    assert held.stderr.startswith("not done yet:\n- Plan before code\n")
    sample.lay({"docs/feature/2026-06-01-refunds.md": PLAN}, add=False)
    passed = call(hooks["PreToolUse"], event, sample.root)
    assert (passed.returncode, passed.stdout, passed.stderr) == (0, "", "")


def test_an_event_that_is_unknown(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(SUITE, "agent", "before")
    assert capsys.readouterr().err == (
        "definition-of-done agent: error: argument EVENT: invalid choice: 'before' (choose from"
        " 'before-edit', 'stop')\n"
    )


def test_by_hand(sample: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # There is no host whose event could be read.
    monkeypatch.setattr(sys, "stdin", None)
    assert run(SUITE, "agent", "before-edit") == (0, "", "")
    assert run(SUITE, "agent", "stop") == (0, "", "")


def test_an_error_of_ours_stops_no_edit(
    sample: Project, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("wrong")

    monkeypatch.setattr("definition_of_done.commands._agent_edit.mark_edited", fail)
    code, out, err = host("before-edit", write(sample, MIGRATION, ADDS))
    assert (code, out) == (0, "")
    assert err.startswith("definition-of-done agent: error: internal error: ValueError: wrong")
