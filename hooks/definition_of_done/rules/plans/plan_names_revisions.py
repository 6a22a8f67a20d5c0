"""plan-names-revisions: every revision is named on a feature page. Contract 1.5."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.words import listed
from definition_of_done.engine.finding import Begun, Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.subjects import NAMED_REVISIONS
from definition_of_done.rules.sample import example, plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.planned_schema import NamedRevisions

_KEY = ", a foreign key as such or with its table"
# They ask for another name, and for the page.
_EARLIER = ("alembic-revision-slug", "plan-before-code")


@rule(
    id="plan-names-revisions",
    contract="1.5",
    summary="every revision is named on a feature page, with the tables and columns that it adds",
    why="Whoever asks in a year why a column is there finds the migration by its blame, and the"
    " reason by the revision's name.",
    subject=NAMED_REVISIONS,
    box=boxes.PLAN,
    due=DONE,
    good={**example(), **plan()},
    bad={**example(), **plan("add_credit_limit", "A revision")},
)
def check(named: NamedRevisions) -> Iterator[Finding]:
    from definition_of_done.project.docs.sections import DATA_MODEL

    for revision in named.unnamed:
        message = f"revision {revision.name!r} is named on no feature page"
        advice = "name it under Data model changes of its feature's page"
        begun = Begun(revision.spot.path)
        words = revision.name.split("_")
        tails = ["_".join(words[at:]) for at in range(len(words))]
        follows = [
            *(("feature-plan-shape", page, DATA_MODEL) for page in revision.pages),
            *((rule, revision.spot.path, revision.name) for rule in _EARLIER),
            *(("resource-full-chain", "", f"{tail}.feature-page") for tail in tails),
        ]
        yield Finding(
            revision.spot, message, advice, symbol=revision.name, begun=begun, follows=follows
        )
    for spot, revision_name, is_named, things in named.incomplete:
        of = f" of revision {revision_name!r}" if is_named else ""
        missing = listed([*([] if is_named else [f"revision {revision_name!r}"]), *things])
        message = f"{DATA_MODEL} does not name {missing}{of}"
        has_key = any(thing.startswith("foreign key") for thing in things)
        advice = f"name it there{_KEY if has_key else ''}"
        yield Finding(spot, message, advice, symbol=f"{revision_name} {missing}")
    for spot, name in named.never_landed:
        message = f"{DATA_MODEL} names revision {name!r}, which does not exist"
        advice = "correct the name, or move what did not ship to Future additions"
        follows = [("model-needs-migration", "", "")]
        yield Finding(spot, message, advice, symbol=name, awaits=boxes.MIGRATION, follows=follows)
    if named.unjudged:
        raise NotEvaluated(named.unjudged)
