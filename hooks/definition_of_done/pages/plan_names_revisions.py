"""plan-names-revisions: every revision is named on a feature page. Contract 1.5."""

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.pages import UNNAMED
from definition_of_done.pages._examples import plan, with_migration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.pages.plan_facts import Addition


@rule(
    id="plan-names-revisions",
    contract="1.5",
    summary="every revision is named on a feature page",
    why="Whoever asks in a year why a column is there finds the migration by its blame, and the"
    " reason by the revision's name.",
    subject=UNNAMED,
    good={**with_migration(), **plan()},
    bad={**with_migration(), **plan("add_credit_limit", "A revision")},
)
def check(unnamed: "list[Addition]") -> "Iterator[Finding]":
    for one in unnamed:
        message = f"revision {one.name!r} is named on no feature page"
        advice = "name it under Data model changes of its feature's page"
        yield Finding(one.spot, message, advice, symbol=one.name)
