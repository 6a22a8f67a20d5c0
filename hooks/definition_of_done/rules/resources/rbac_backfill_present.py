"""rbac-backfill-present: a script gives existing tenants each member. Contract 3.13 and 4.3."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.resources.examples import MEMBERS, backfill, enums
from definition_of_done.rules.resources.subjects import BACKFILL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.releases.backfill import Backfill


@rule(
    id="rbac-backfill-present",
    contract="3.13",
    summary="a backfill script handles every member, and page and changelog name it for a new one",
    why="A tenant that exists has no permission row for a new path: until the script has run,"
    " nobody there sees the feature.",
    subject=BACKFILL,
    part=without.RBAC,
    box=boxes.RBAC,
    proves=True,
    due=DONE,
    good={**enums(), **backfill(*MEMBERS)},
    bad={**enums(), **backfill(*MEMBERS[:1])},
)
def check(facts: Backfill) -> Iterator[Finding]:
    advice = "or name the script that does in `backfill-scripts`"
    if facts.missing:
        enum, path = facts.missing
        message = f"{enum.name} has members, and {path} does not exist"
        begun = Begun(enum.spot.path)
        yield Finding(enum.spot, message, f"create it, {advice}", symbol=path, begun=begun)
    for member in facts.unhandled:
        message = f"no backfill script handles {member.name}"
        help = f"give existing tenants its row in one, {advice}"
        begun = Begun(member.spot.path, member.name)
        yield Finding(member.spot, message, help, symbol=member.name, begun=begun)
    for unnamed in facts.unnamed:
        members, scripts = listed(unnamed.members), " or ".join(unnamed.scripts)
        message = f"the branch adds {members}, and {unnamed.where} does not name {scripts}"
        help = "name the script there: it is to be run after the deploy"
        symbol, follows = " ".join(unnamed.members), unnamed.follows
        yield Finding(unnamed.spot, message, help, symbol=symbol, follows=follows)
    for spot, names, fault, absent in facts.said:
        start = f"the branch adds {listed(names)}, and " if names else ""
        help = "name there the new members, their place in the menu, and the backfill script"
        box = "" if names else boxes.RBAC
        told = [("resource-full-chain", "", f"{name.lower()}.rbac") for name in absent]
        message, symbol = f"{start}RBAC {fault}", f"RBAC {fault}"
        yield Finding(spot, message, help, symbol=symbol, awaits=box, follows=told)
    if facts.unjudged:
        raise NotEvaluated(facts.unjudged)
