"""migration-one-concern: a migration changes one table or one tied group. Contract 3.9."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import CONCERNS
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.tables.concerns import Concerns


@rule(
    id="migration-one-concern",
    contract="3.9",
    summary="a migration changes one table, or tables that its foreign keys tie together",
    why="What is deployed together is rolled back together: three unrelated columns in one file"
    " cannot be taken back one by one.",
    subject=CONCERNS,
    box=boxes.MIGRATION,
    good=example(),
    bad=example(
        more='op.alter_column("vendors", "title", nullable=False)',
        downgrade='op.alter_column("vendors", "title", nullable=True)\n'
        '    op.drop_column("vendor_credits", "credit_limit")',
    ),
)
def check(concerns: Concerns) -> Iterator[Finding]:
    groups = concerns.groups
    if len(groups) > 1:
        listed = "; ".join(", ".join(tables) for tables, _ in groups)
        kind = "unrelated groups" if concerns.are_unrelated else "groups"
        yield Finding(
            groups[1][1].spot,
            f"upgrade changes {len(groups)} {kind} of tables: {listed}",
            "give each group a migration of its own",
            symbol="concerns",
        )
