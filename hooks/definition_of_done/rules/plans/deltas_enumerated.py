"""deltas-enumerated: the page lists what the branch changes. Contract 2.1 and 2.2."""

from __future__ import annotations

from definition_of_done.engine.finding import AT_ONCE, Finding, Lack
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.examples import task
from definition_of_done.rules.plans.subjects import BRANCH_DELTAS
from definition_of_done.rules.sample import link, shipped_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.deltas import Deltas

_BOTH = "both in scope and out of scope"


@rule(
    id="deltas-enumerated",
    contract="2.1",
    summary="what the branch adds is listed on its page by links, and in its scope",
    why="A reviewer navigates the diff from that list alone; what it leaves out is not reviewed.",
    subject=BRANCH_DELTAS,
    box=boxes.DELTAS,
    proves=True,
    due=DONE,
    fixes=True,
    good={**shipped_page("every night", "each night"), **task()},
    bad={
        **shipped_page(
            link("tasks/expire_credits.py"), "app/graphql/vendor_credits/tasks/expire_credits.py"
        ),
        **task(),
    },
)
def check(deltas: Deltas) -> Iterator[Finding]:
    from definition_of_done.project.api.resources import links_told

    section = "What's being implemented"
    for delta in deltas.unlisted:
        message = f"{delta.description}, and {section} does not name it"
        advice = f"{delta.advice} there"
        lack = Lack(f"{section} does not name", delta.symbol, advice.replace("it", "each"))
        yield Finding(delta.spot, message, advice, symbol=delta.symbol, lack=lack)
    for spot, path, edits in deltas.bare:
        message = f"{section} names {path} without a link"
        yield Finding(spot, message, "link to it", symbol=f"link {path}", edits=edits)
    for spot, label, target in deltas.misleading:
        message = f"the link says {label}, and leads to {target}"
        yield Finding(spot, message, "let both name one file", symbol=f"label {label}")
    for gone in deltas.gone:
        is_open = gone.is_empty or gone.is_kept
        mend = "write it" if is_open else f"correct the {'path' if gone.is_path else 'name'}"
        advice = f"{mend}, or move what did not ship to Future additions"
        message, box = f"{gone.section} names {gone.name}, {gone.absent}", boxes.CHAIN
        follows = links_told(gone.name) if gone.is_path else []
        if gone.is_migration:
            box, follows = boxes.MIGRATION, [("model-needs-migration", "", "")]
        # What is to be written by its name comes first.
        symbol = "unbegun" if gone.is_kept else gone.name
        yield Finding(gone.spot, message, advice, symbol=symbol, awaits=box, follows=follows)
    for spot, item, added in deltas.contradictions:
        fate = f"out of scope, and the branch adds the {added}" if added else _BOTH
        advice = "keep it out of the branch, or plan it: take it from that list"
        yield Finding(spot, f"{item!r} is {fate}", advice, symbol=item, begun=AT_ONCE)
