"""schema-mounted: the schema has the queries and mutations of every resource. Contract 4.2."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.resources.examples import schema
from definition_of_done.rules.resources.subjects import UNMOUNTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.mounts import Unmounted


@rule(
    id="schema-mounted",
    contract="4.2",
    summary="the query and mutation classes of every resource are mounted in the schema module",
    why="What the schema does not mount, the frontend cannot call, though all its tests pass.",
    subject=UNMOUNTED,
    part=without.GRAPHQL,
    box=boxes.CHAIN,
    proves=True,
    due=DONE,
    good=schema("VendorMutations, VendorCreditMutations"),
    bad=schema("VendorMutations"),
)
def check(unmounted: list[Unmounted]) -> Iterator[Finding]:
    for found in unmounted:
        label = found.declaration.label
        message = f"class {label} of resource {found.resource} is not mounted in {found.schema}"
        help = (
            f"import it there, and name it among the bases of class {found.operation.capitalize()},"
            " in its merge_types, or as a field"
        )
        spot = found.declaration.spot
        symbol, begun = f"{found.resource}.{label}", Begun(spot.path, label.rpartition(".")[2])
        yield Finding(spot, message, help, symbol=symbol, begun=begun)
