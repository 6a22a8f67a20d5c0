"""model-needs-migration: what SQL of the history hides, and what it does not."""

from __future__ import annotations

import pytest
from tests.repository import Run
from tests.rules.migrations.model_files import KEY, MIGRATION, MORE, UPGRADE, users
from tests.rules.migrations.test_model_needs_migration import (
    FIRST,
    HELP,
    ID,
    PATH,
    SECOND,
    Branch,
    branch,
)

__all__ = ["branch"]


@pytest.mark.parametrize(
    ("type_", "differs"), [("sa.String(80)", True), ("sa.String(length=8)", False)]
)
def test_a_type_after_a_history_with_sql(
    type_: str, differs: bool, branch: Branch, run: Run
) -> None:
    """What SQL did before the branch says nothing of the column that the branch adds."""
    made = UPGRADE.format(MIGRATION[FIRST], f"op.create_table('users', {KEY})\n    op.execute(SQL)")
    adds = UPGRADE.format(MORE[SECOND], f"op.add_column('users', sa.Column('name', {type_}))")
    project = branch({PATH: users(), FIRST: made})
    project.lay({PATH: users("name: Mapped[str | None] = mapped_column(sa.String(8))")})
    project.lay({SECOND: adds})
    what = "type of column users.name differs from the branch's migrations"
    found = f"{PATH}:10:11: {ID}: {what}\n{HELP}1 finding in 1 file\n"
    assert run(ID) == ((1, found, "") if differs else (0, "no findings (2 files judged)\n", ""))
