"""index-drop-alone: an index is removed in a migration of its own. Contract 3.12."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION_WITH_REVISION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.files.migration import Migration


@rule(
    id="index-drop-alone",
    contract="3.12",
    summary="an index is dropped in a migration that does nothing else",
    why="A query that turns slow after the deploy is cured by bringing the index back; that must"
    " not take the feature's columns along.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    good=example(),
    bad=example(
        more='op.drop_index("ix_credits", "vendor_credits")',
        downgrade='op.create_index("ix_credits", "vendor_credits", ["amount", "vendor_id"])\n'
        '    op.drop_column("vendor_credits", "credit_limit")',
    ),
)
def check(migration: Migration) -> Iterator[Finding]:
    from definition_of_done.project.migrations.tables.dropped_indexes import dropped_alone

    for operation, neighbour in dropped_alone(migration):
        name = f"index {operation.target}" if operation.target else "an index"
        beside = (
            f"{neighbour.name} of {neighbour.full_table}" if neighbour.table else neighbour.name
        )
        message = f"{name} is dropped beside {beside}"
        advice = "drop it in a migration of its own"
        yield Finding(operation.spot, message, advice, symbol=operation.target or "index")
