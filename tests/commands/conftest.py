"""A fixture that calls the hooks of a coding agent as its host does."""

from __future__ import annotations

import io
import json
import sys

import pytest
from tests.agents import Given, Host
from tests.repository import Run
from tests.revision import SUITE


@pytest.fixture
def host(run: Run, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.delenv("CLAUDE_PROJECT_DIR", raising=False)

    def call(event: str, told: Given | bytes) -> tuple[int, str, str]:
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return run(SUITE, "agent", event)

    return call
