"""downgrade-mirrors-upgrade: what one direction does, the other undoes. Contract 3.8."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION_WITH_REVISION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.migration import Migration


@rule(
    id="downgrade-mirrors-upgrade",
    contract="3.8",
    summary="downgrade undoes the operations of upgrade, in an order that works",
    why="What a rollback leaves behind makes the next upgrade fail: the column is already there.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    proves=True,
    good=example(),
    bad=example(more='op.create_index("ix_credits", "vendor_credits", ["amount", "vendor_id"])'),
)
def check(migration: Migration) -> Iterator[Finding]:
    from definition_of_done.project.migrations.mirror import mirrored

    mirror = mirrored(migration)
    if mirror is None:
        return
    for left in mirror.residues():
        message = f"{left.done}, {left.opposite} never {left.undo}"
        advice = f"undo it in {left.opposite}"
        yield Finding(left.effect.operation.spot, message, advice, symbol=left.symbol)
    for late in mirror.disorders():
        thing = f"{late.label}, which refers to it" if late.refers else f"{late.label} on it"
        message = f"{late.direction} drops table {late.table} before {thing}"
        yield Finding(late.spot, message, "drop the table last", symbol=late.label)
