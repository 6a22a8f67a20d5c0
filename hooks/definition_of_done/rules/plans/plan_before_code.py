"""plan-before-code: a new revision, resource or table has a feature page. Contract 1.1, 4.7."""

from __future__ import annotations

from definition_of_done.base.words import few, listed
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.examples import with_table
from definition_of_done.rules.plans.subjects import UNPLANNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.plans import Addition


@rule(
    id="plan-before-code",
    contract="1.1",
    summary="a branch that adds a migration, a resource or a table has a feature page",
    why="A plan costs an hour to change, and a migration that others ran costs another migration.",
    subject=UNPLANNED,
    box=boxes.PLAN,
    proves=True,
    good=with_table("to `vendor_credits`.", "to `vendor_credits`, and the table `refunds`."),
    bad=with_table(),
)
def check(added: list[Addition]) -> Iterator[Finding]:
    if not added:
        return
    names = [f"{addition.kind} {addition.name!r}" for addition in added]
    message = f"the branch adds {listed(few(names, 2, 3))}, and no feature page plans it"
    advice = 'write the plan first: definition-of-done new plan "the feature"'
    yield Finding(added[0].spot, message, advice, symbol=added[0].name)
