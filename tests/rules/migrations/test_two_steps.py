"""model-needs-migration: what one release unmaps and a later one drops is not forgotten."""

from __future__ import annotations

import pytest
from tests.repository import Files, Run
from tests.rules.migrations.model_files import users
from tests.rules.migrations.test_model_needs_migration import ID, NAME, PATH, Branch, branch

__all__ = ["branch"]


@pytest.mark.parametrize(
    ("files", "is_left"),
    [
        ({"docs/feature/2026-06-01-name.md": "- The column `name` is dropped later.\n"}, True),
        ({"docs/changelog/1.3.0.md": "The next release drops `name` from `users`.\n"}, True),
        ({"pyproject.toml": '[tool.definition-of-done]\nextend-select = ["safety"]\n'}, True),
        ({"pyproject.toml": '[tool.definition-of-done]\nselect = ["drop-still-mapped"]\n'}, True),
        ({"docs/feature/2026-06-01-name.md": "The column `name` is dropped.\n"}, False),
        ({"docs/feature/2026-06-01-name.md": "`name` is read after that; `x` goes.\n"}, False),
        ({"docs/feature/2026-06-01-name.md": "`first_name` is dropped later.\n"}, False),
        ({"docs/notes.md": "The column `name` is dropped later.\n"}, False),
    ],
)
def test_a_column_that_is_dropped_in_a_later_release(
    files: Files, is_left: bool, branch: Branch, run: Run
) -> None:
    project = branch({PATH: users(NAME)})
    project.lay({PATH: users(), **files})
    code, out, _ = run(ID)
    assert (code, "column users.name is gone" in out) == (1 - is_left, not is_left)
