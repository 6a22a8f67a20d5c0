"""downgrade-mirrors-upgrade: what one direction does, the other undoes. Contract 3.8."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import REVERSIBLE
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.undoing.reversible import Reversible


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
    from definition_of_done.project.migrations.operations.operations import (
        early_drops,
        left_things,
        left_types,
    )
    from definition_of_done.project.migrations.undoing.mirror import mirrored
    from definition_of_done.project.migrations.undoing.restored import changed_columns

    mirror = mirrored(reversible.migration)
    if mirror is None:
        return
    residues = list(mirror.residues())
    lacking = [
        left.effect.operation.spot for left in residues if left.effect.direction == "upgrade"
    ]
    for left in residues:
        spot, help, rewrite = left.effect.operation.spot, left.advice, None
        if left.effect.direction == "upgrade":
            help, rewrite = reversible.filler.add(spot, lacking, help)
        yield Finding(spot, left.message, help, symbol=left.effect.label, rewrite=rewrite)
    yield from mirror.disorders()
    yield from mirror.column_disorders()
    for made in left_things(*mirror.steps.values()):
        message = f"upgrade creates {made.kind} {made.name} by SQL, downgrade never drops it"
        help = f'drop it in downgrade: op.execute("{made.drop}")'
        yield Finding(made.spot, message, help, symbol=made.name)
    yield from changed_columns(mirror.steps, reversible.ancestors)
    for early in early_drops(mirror.steps) if reversible.is_on_postgresql else ():
        yield Finding(early.spot, early.message, "drop the enum type last", symbol=early.name)
    for created in left_types(*mirror.steps.values()):
        name = created.name or ""
        if reversible.is_on_postgresql and not reversible.may_share_type(name):
            message = f"upgrade creates enum type {name}, downgrade never drops it"
            help = f'drop it in downgrade: sa.Enum(name="{name}").drop(op.get_bind())'
            yield Finding(created.spot, message, help, symbol=name)
