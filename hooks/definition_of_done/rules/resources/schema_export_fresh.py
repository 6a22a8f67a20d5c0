"""schema-export-fresh: the exported schemas hold what the code defines. Contract 5.3."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding, Lack
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.resources.examples import vendor_type
from definition_of_done.rules.resources.subjects import EXPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.exports import ExportDifference


@rule(
    id="schema-export-fresh",
    contract="5.3",
    summary="the exported schemas hold what the code defines, and nothing that it no longer has",
    why="The frontend builds its types from the export: what is not in it cannot be called, and"
    " what is only in it fails at run time.",
    subject=EXPORTS,
    part=without.GRAPHQL,
    box=boxes.TASK_ALL,
    due=DONE,
    good=vendor_type("title"),
    bad=vendor_type("title", "tax_id"),
)
def check(differences: list[ExportDifference]) -> Iterator[Finding]:
    help = "export the schema again (`task gql`, `task gql-admin`) and commit it"
    for difference in differences:
        spot, noun, lacking = difference.spot, difference.noun, difference.lacking
        # An export is made as a whole; what it has too much stands in it.
        group = lacking if spot.path.endswith(".py") else spot.path
        lack = Lack(f"{lacking} has no", noun, help, group=group) if lacking else None
        message = f"{noun} {difference.differs}"
        yield Finding(spot, message, help, symbol=difference.symbol, lack=lack)
