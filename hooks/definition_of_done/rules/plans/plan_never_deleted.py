"""plan-never-deleted: a feature page of the base stays where it is. Contract 1.11."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.plans.subjects import GONE
from definition_of_done.rules.sample import PLAN, nav, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.gone_pages import Gone


@rule(
    id="plan-never-deleted",
    contract="1.11",
    summary="a feature page of the base is not deleted or renamed",
    why="Changelogs, migrations and other pages link to it, and it is the only place that says why"
    " the feature is as it is.",
    subject=GONE,
    box=boxes.PLAN,
    good=plan("None\n\n## Frontend contract", "None so far\n\n## Frontend contract"),
    bad={PLAN: None, **nav()},
)
def check(gone: list[Gone]) -> Iterator[Finding]:
    for one in gone:
        became = f"renamed to {one.path}" if one.path else "deleted"
        message = f"the page stands on the base, and is {became}"
        advice = "restore it; where the feature changes or ends, say so on the page"
        yield Finding(one.spot, message, advice, symbol=one.spot.path)
