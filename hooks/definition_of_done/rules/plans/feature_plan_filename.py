"""feature-plan-filename: a feature page is YYYY-MM-DD-<kebab-case>.md. Contract 1.1."""

from __future__ import annotations

from definition_of_done.base.spots import Spot
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.subjects import FEATURE_NAME
from definition_of_done.rules.sample import PLAN, nav, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BAD = PLAN.replace("credit-limit", "Credit_Limit")


@rule(
    id="feature-plan-filename",
    contract="1.1",
    summary="a feature page's filename is its date and a kebab-case name",
    why="The folder then lists the features in the order in which they were planned, and the"
    " address of each on the docs site says what it is.",
    subject=FEATURE_NAME,
    box=boxes.PLAN,
    good=plan(),
    bad={**plan(path=_BAD), **nav(PLAN, _BAD)},
)
def check(path: str) -> Iterator[Finding]:
    from definition_of_done.project.page_names import better_filename, filename_fault

    name = path.rpartition("/")[2]
    fault = filename_fault(name)
    if fault:
        yield Finding(Spot(path), fault, f"git mv it to {better_filename(name)}", symbol=name)
