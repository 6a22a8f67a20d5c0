"""downgrade-mirrors-upgrade: what one direction does, the other undoes. Contract 3.8."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import REVERSIBLE
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.reversible import Reversible


@rule(
    id="downgrade-mirrors-upgrade",
    contract="3.8",
    summary="downgrade undoes the operations of upgrade, in an order that works",
    why="What a rollback leaves behind makes the next upgrade fail: the column is already there.",
    subject=REVERSIBLE,
    box=boxes.MIGRATION,
    proves=True,
    fixes=True,
    good=example(),
    bad=example(more='op.create_index("ix_credits", "vendor_credits", ["amount", "vendor_id"])'),
)
def check(reversible: Reversible) -> Iterator[Finding]:
    from definition_of_done.project.migrations.mirror import mirrored

    mirror = mirrored(reversible.migration)
    if mirror is None:
        return
    residues = list(mirror.residues())
    lacking = [left.effect.operation.spot for left in residues if left.opposite == "downgrade"]
    for left in residues:
        message = f"{left.done}, {left.opposite} never {left.undo}"
        spot, help, rewrite = left.effect.operation.spot, f"undo it in {left.opposite}", None
        if left.opposite == "downgrade":
            help, rewrite = reversible.filler.add(spot, lacking, help)
        yield Finding(spot, message, help, symbol=left.symbol, rewrite=rewrite)
    for late in mirror.disorders():
        thing = f"{late.label}, which refers to it" if late.refers else f"{late.label} on it"
        message = f"{late.direction} drops table {late.table} before {thing}"
        yield Finding(late.spot, message, "drop the table last", symbol=late.label)
