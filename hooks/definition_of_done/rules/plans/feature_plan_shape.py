"""feature-plan-shape: a feature page has its title, date and sections. Contract 1.2 to 1.5, 1.9."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.project.without import left_out
from definition_of_done.rules.plans.subjects import FEATURE_PAGE
from definition_of_done.rules.sample import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.config import Config
    from definition_of_done.project.docs.feature_page import FeaturePage


@rule(
    id="feature-plan-shape",
    contract="1.2",
    summary="a feature page has a title, a date and the sections of a plan, filled in",
    why="What a plan does not ask about is asked in the review, when the code stands: who may see"
    " it, what the frontend wires up, what is left out.",
    subject=FEATURE_PAGE,
    box=boxes.PLAN,
    proves=True,
    settings=("feature-sections", "without", "resources", "rbac-models"),
    good=plan(),
    bad=plan("## RBAC\n\nNone\n\n"),
)
def check(page: FeaturePage, settings: Config) -> Iterator[Finding]:
    from definition_of_done.project.docs.plan_shape import (
        date_faults,
        missing_faults,
        section_faults,
        title_faults,
    )

    yield from title_faults(page)
    yield from date_faults(page)
    yield from missing_faults(page, settings["feature-sections"], left_out(settings))
    for section in page.sections:
        if section.name:
            yield from section_faults(section)
