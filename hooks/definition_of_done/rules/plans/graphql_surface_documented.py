"""graphql-surface-documented: the page names what GraphQL shows anew. Contract 1.6 and 6.3."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding, Lack
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.plans.examples import query
from definition_of_done.rules.plans.subjects import BRANCH_SURFACE
from definition_of_done.rules.sample import release, shipped_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.surface import Surface


@rule(
    id="graphql-surface-documented",
    contract="1.6",
    summary="new queries, mutations, types, inputs and enums are named under GraphQL surface, and"
    " the frontend is told of them",
    why="The frontend is written from that section: a name that it lacks is found by chance, and"
    " one that does not exist fails at run time.",
    subject=BRANCH_SURFACE,
    part=without.GRAPHQL,
    box=boxes.DELTAS,
    due=DONE,
    good={
        **shipped_page("Query: `vendorCredits`", "Queries: `vendorCredits`, `vendorCreditCount`"),
        **query(),
        **release(),
    },
    bad={
        **shipped_page("Query: `vendorCredits`", "The query `vendorCredits`"),
        **query(),
        **release(),
    },
)
def check(surface: Surface) -> Iterator[Finding]:
    for spot, description, name, python_name in surface.undocumented:
        message = f"{description} is new, and GraphQL surface does not name it"
        advice = f"name `{name}` there"
        if python_name:
            advice = f"write `{name}` for {python_name}: GraphQL shows it in camelCase"
        each = advice if python_name else "name each there"
        lack = Lack("GraphQL surface does not name", description, each)
        yield Finding(spot, message, advice, symbol=name, lack=lack)
    for spot, described in surface.unsaid:
        message = f"Frontend contract says None, and the branch adds {described}"
        yield Finding(spot, message, "say what the frontend wires up", symbol="Frontend contract")
    for section, ghosts in (
        ("GraphQL surface", surface.ghosts),
        ("Frontend contract", surface.frontend_ghosts),
    ):
        for ghost in ghosts:
            message = f"{section} names {ghost.name}, which neither code nor schema has"
            advice = "correct the name, or take out what did not ship"
            yield Finding(ghost.spot, message, advice, symbol=ghost.name, awaits=boxes.CHAIN)
