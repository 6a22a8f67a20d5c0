"""plan-names-revisions: every revision is named on a feature page. Contract 1.5."""

from __future__ import annotations

from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.plans.subjects import UNNAMED_REVISIONS
from definition_of_done.rules.sample import example, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.plans import Addition


# They ask for another name, and for the page.
_EARLIER = ("alembic-revision-slug", "plan-before-code")


@rule(
    id="plan-names-revisions",
    contract="1.5",
    summary="every revision is named on a feature page",
    why="Whoever asks in a year why a column is there finds the migration by its blame, and the"
    " reason by the revision's name.",
    subject=UNNAMED_REVISIONS,
    box=boxes.PLAN,
    due=DONE,
    good={**example(), **plan()},
    bad={**example(), **plan("add_credit_limit", "A revision")},
)
def check(unnamed: list[Addition]) -> Iterator[Finding]:
    from definition_of_done.project.docs.section_names import DATA_MODEL

    for revision in unnamed:
        message = f"revision {revision.name!r} is named on no feature page"
        advice = "name it under Data model changes of its feature's page"
        begun = Begun(revision.spot.path)
        follows = [
            *(("feature-plan-shape", page, DATA_MODEL) for page in revision.pages),
            *((rule, revision.spot.path, revision.name) for rule in _EARLIER),
        ]
        yield Finding(
            revision.spot, message, advice, symbol=revision.name, begun=begun, follows=follows
        )
