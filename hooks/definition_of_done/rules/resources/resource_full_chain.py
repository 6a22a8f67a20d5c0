"""resource-full-chain: a resource is wired through every layer. Contract 4.1 and 4.4 to 4.8."""

from __future__ import annotations

from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Begun, Finding, Lack
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.resources.examples import waiver, without_test
from definition_of_done.rules.resources.subjects import CHAINS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.chain import Chains


# Why a schema does not show what the code has, and why a link is gone.
_UNSHOWN = [("schema-mounted", "", ""), ("schema-export-fresh", "", "")]
_GONE = {"feature-page": [("plan-never-deleted", "", "")]}


@rule(
    id="resource-full-chain",
    contract="4.1",
    summary="every resource has its modules, migration, tests, feature page and root fields",
    why="A resource that lacks one layer works until somebody needs it: the table on the next"
    " database, the mutation in the frontend, the test of the day that it breaks.",
    subject=CHAINS,
    box=boxes.CHAIN,
    proves=True,
    due=DONE,
    good={
        **without_test("service"),
        **waiver("service-test", "the resolvers' test goes through it"),
    },
    bad=without_test("repository"),
)
def check(chains: Chains) -> Iterator[Finding]:
    for folder, resource, link, begun in chains.missing:
        table = f"[tool.definition-of-done.resources.{resource}]"
        owner = f"resource {resource}"
        help = f'{link.advice}, or set waive = {{ {link.name} = "the reason" }} in {table}'
        yield Finding(
            Spot(folder),
            f"{owner} has no {link.noun}",
            help,
            symbol=f"{resource}.{link.name}",
            begun=Begun(*begun),
            lack=Lack(
                *(f"{owner} has no", link.noun, link.advice),
                instead=f"waive each with its reason in {table}",
            ),
            follows=_UNSHOWN if link.is_written else _GONE.get(link.name, ()),
        )
    for stale in chains.stale:
        why = "it has that" if stale.is_resource else f"{stale.resource} is no resource"
        message = f"waive names {stale.link} of {stale.resource}, but {why}"
        symbol = f"{stale.resource}.{stale.link}"
        yield Finding(stale.spot, message, "take it out of waive", symbol=symbol)
