"""A migration that would keep a hook busy for long is refused, or judged as far as it was seen.

`python -m tests.fuzz.sizes` measures what the largest files of each kind take.
"""

from __future__ import annotations

import pytest
from tests.repository import Project, Run

MIGRATION = "alembic/versions/20260524_add_x.py"
HEAD = "revision = 'add_x'\n\n\ndef upgrade():\n"


def test_operations(project: Project, run: Run) -> None:
    project.lay({MIGRATION: HEAD + "    op.drop_column('a', 'b')\n" * 3_001})
    said = "upgrade has 3001 operations: more than 3000 are not judged"
    code, out, err = run("downgrade-mirrors-upgrade")
    assert (code, out.splitlines()[0], err) == (1, f"{MIGRATION}:4:1: unreadable: {said}", "")


def test_a_table_of_what_cannot_be_seen(project: Project, run: Run) -> None:
    # Nothing is known of the name: neither how often the loop runs, nor over what.
    body = "    for one in given():\n        pass\n    op.create_table('a', one)\n"
    down = "\n\ndef downgrade():\n    op.drop_table('a')\n"
    project.lay({MIGRATION: f"from alembic import op\n{HEAD}{body}{down}"})
    assert run("downgrade-mirrors-upgrade") == (0, "no findings (1 file judged)\n", "")


def test_a_walk_that_ends_early(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Wherever the budget runs out, nothing is said of what was not seen.
    columns = "".join(f"sa.Column('c{n}', sa.Integer(), comment='c')," for n in range(9))
    body = f"    op.create_table('a', {columns})\n    op.create_index('i', 'a', ['c1'])\n"
    down = "\n\ndef downgrade():\n    op.drop_index('i', 'a')\n    op.drop_table('a')\n"
    for steps in range(120):
        monkeypatch.setattr(
            "definition_of_done.project.migrations.source.evaluator._LEAST_STEPS", steps
        )
        monkeypatch.setattr(
            "definition_of_done.project.migrations.source.evaluator._STEPS_PER_BYTE", 0
        )
        head = f"import sqlalchemy as sa\nfrom alembic import op\n# {steps}\n{HEAD}"
        project.lay({MIGRATION: f"{head}{body}{down}"}, add=not steps)
        assert run("downgrade-mirrors-upgrade", MIGRATION)[::2] == (0, ""), steps
