"""plan-never-deleted: a feature page of the base stays where it is. Contract 1.11."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.subjects import GONE_PAGES
from definition_of_done.rules.sample import PLAN, nav, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.gone_pages import GonePage


@rule(
    id="plan-never-deleted",
    contract="1.11",
    summary="a feature page of the base is not deleted or renamed",
    why="Changelogs, migrations and other pages link to it, and it is the only place that says why"
    " the feature is as it is.",
    subject=GONE_PAGES,
    box=boxes.PLAN,
    good=plan("None\n\n## Frontend contract", "None so far\n\n## Frontend contract"),
    bad={PLAN: None, **nav()},
)
def check(gone: list[GonePage]) -> Iterator[Finding]:
    for spot, new_path in gone:
        fate = f"renamed to {new_path}" if new_path else "deleted"
        message = f"the page stands on the base, and is {fate}"
        advice = "restore it; where the feature changes or ends, say so on the page"
        yield Finding(spot, message, advice, symbol=spot.path)
