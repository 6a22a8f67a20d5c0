"""drop-still-mapped: what is dropped or renamed is not mapped by the code that runs."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import REMOVALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.releases.removals import Removals

_COLUMN = 'sa.Column("{}", sa.Integer(), nullable=True, comment="Open credit in cents")'
_DROP = 'op.drop_column("vendor_credits", "{}")'
_ADD = f'op.add_column("vendor_credits", {_COLUMN})'


@rule(
    id="drop-still-mapped",
    contract=BEYOND,
    summary="a column or table is dropped or renamed once no release maps it",
    why="The old code runs until the last of its processes is gone; its models name each column"
    " in each query, so that from the drop on all of them fail.",
    subject=REMOVALS,
    good=deployed(_DROP.format("legacy_amount"), _ADD.format("legacy_amount")),
    bad=deployed(_DROP.format("amount"), _ADD.format("amount")),
)
def check(removals: Removals) -> Iterator[Finding]:
    from definition_of_done.project.releases.removals import mapped_removals

    yield from mapped_removals(removals)
