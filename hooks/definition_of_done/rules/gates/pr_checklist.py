"""pr-checklist: the checklist stands in the pull request, ticked and true. Contract 8."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.base.words import few, listed
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.rules.gates.examples import pull_request
from definition_of_done.rules.gates.subjects import BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.gates.body import Marks


@rule(
    id="pr-checklist",
    contract="8",
    summary="the pull request ticks every box of the checklist, and no rule proves one wrong",
    why="If a box is unchecked, the feature is not done; one that is ticked from habit hides that"
    " better than one that is open.",
    subject=BODY,
    stages=("manual",),
    good=pull_request("x"),
    bad=pull_request(" "),
)
def check(marks: Marks) -> Iterator[Finding]:
    for mark in marks.wrong:
        box = f"the box {mark.title!r}"
        if mark.is_missing:
            advice = f"add - [ ] {mark.title}"
            yield Finding(mark.spot, f"{box} is missing", advice, symbol=mark.title)
        elif mark.against:
            message = f"{box} is ticked against {listed(few(mark.against, 1))}"
            advice = "mend what definition-of-done status finds, or untick it"
            yield Finding(mark.spot, message, advice, symbol=mark.title)
        else:
            advice = "tick it once it holds; definition-of-done status says what is left"
            yield Finding(mark.spot, f"{box} is not ticked", advice, symbol=mark.title)
    if marks.unjudged:
        raise NotEvaluated(marks.unjudged)
