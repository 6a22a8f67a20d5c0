"""deltas-enumerated: the page lists what the branch changes. Contract 2.1 and 2.2."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import DONE, rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.plans.examples import task
from definition_of_done.rules.plans.subjects import BRANCH_DELTAS
from definition_of_done.rules.sample import shipped_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.deltas import Deltas


@rule(
    id="deltas-enumerated",
    contract="2.1",
    summary="the branch's models, services, resolvers, tasks and scripts are listed on its page",
    why="A reviewer navigates the diff from that list alone; what it leaves out is not reviewed.",
    subject=BRANCH_DELTAS,
    box=boxes.DELTAS,
    proves=True,
    due=DONE,
    good={**shipped_page("every night", "each night"), **task()},
    bad={
        **shipped_page("- Task: @tasks/expire_credits.py, `expire_credits` at `0 3 * * *`\n"),
        **task(),
    },
)
def check(deltas: Deltas) -> Iterator[Finding]:
    section = "What's being implemented"
    for delta in deltas.unlisted:
        message = f"{delta.description}, and {section} does not name it"
        yield Finding(delta.spot, message, f"{delta.advice} there", symbol=delta.symbol)
    for path, spot in deltas.gone:
        message = f"{section} names {path}, which does not exist"
        advice = "correct the path, or move what did not ship to Future additions"
        yield Finding(spot, message, advice, symbol=path)
