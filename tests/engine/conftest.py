"""Migrations counted as they are parsed."""

from __future__ import annotations

import pytest

from definition_of_done.project.migrations.files import migration as facts


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the migrations that were parsed."""
    paths = []
    read = facts.read_migration

    def count(path: str, data: bytes) -> facts.Migration:
        paths.append(path)
        return read(path, data)

    monkeypatch.setattr(facts, "read_migration", count)
    return paths
