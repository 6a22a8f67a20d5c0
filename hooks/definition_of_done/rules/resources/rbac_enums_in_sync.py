"""rbac-enums-in-sync: Path and Resource have the same members. Contract 3.13 and 4.3."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes, without
from definition_of_done.rules.resources.examples import MEMBERS, backfill, enums
from definition_of_done.rules.resources.subjects import RBAC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.api.rbac import Differences


@rule(
    id="rbac-enums-in-sync",
    contract="3.13",
    summary="the enums Path and Resource have the same members",
    why="A path without its resource shows a menu entry that leads to a refusal; a resource without"
    " its path can be granted to nobody.",
    subject=RBAC,
    part=without.RBAC,
    box=boxes.RBAC,
    proves=True,
    due=DONE,
    good={**enums(), **backfill(*MEMBERS)},
    bad={**enums(MEMBERS[:1]), **backfill(*MEMBERS)},
)
def check(differences: Differences) -> Iterator[Finding]:
    for enum, member, other in differences.missing:
        there = f"{member.spot.path}:{member.spot.line}"
        message = f"{enum.name} lacks {member.name}, which {other} has at {there}"
        advice = f"add it to {enum.name}, or name it in `rbac-exempt` with the reason"
        begun = Begun(member.spot.path, member.name)
        yield Finding(enum.spot, message, advice, symbol=f"{enum.name}.{member.name}", begun=begun)
    for stale in differences.stale:
        who = "both Path and Resource have it" if stale.is_in_both else "no enum has it"
        message = f"rbac-exempt names {stale.name}, but {who}"
        yield Finding(stale.spot, message, "take it out of rbac-exempt", symbol=stale.name)
    if differences.unjudged:
        raise NotEvaluated(differences.unjudged)
