"""`definition-of-done lsp`: without its extra it says so, and no other command loads it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.repository import Project, Run
from tests.revision import SUITE

from definition_of_done.commands import main


def test_without_the_extra(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    monkeypatch.delitem(sys.modules, f"{main.__package__}._lsp_server", raising=False)
    said = 'pygls is not installed, or too old: pip install "definition-of-done[lsp]"'
    assert run(SUITE, "lsp") == (2, "", f"{SUITE}: error: {said}\n")


def test_nothing_else_loads_it() -> None:
    script = (
        "import sys; from definition_of_done.commands.main import main, parser_of_all\n"
        "parser_of_all()\n"
        "assert not {'pygls', 'lsprotocol'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_it_ends_when_it_is_told(project: Project) -> None:
    asked: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}) for message in asked]
    script = "import sys; from definition_of_done.commands.main import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", script, "lsp"],
        input="".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies).encode(),
        capture_output=True,
        timeout=60,
    )
    assert ran.returncode == 0
    assert b'"hoverProvider"' in ran.stdout
