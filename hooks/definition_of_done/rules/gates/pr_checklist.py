"""pr-checklist: the checklist stands in the pull request, ticked and true. Contract 8."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.rules.gates.examples import pull_request
from definition_of_done.rules.gates.subjects import BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.gates.body import Mark


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
def check(marks: list[Mark]) -> Iterator[Finding]:
    for one in marks:
        box = f"the box {one.title!r}"
        if one.is_missing:
            yield Finding(one.spot, f"{box} is missing", f"add - [ ] {one.title}", symbol=one.title)
        elif one.findings:
            wrong = one.findings[0]
            path, line, _ = wrong.spot.key
            more = f" and {len(one.findings) - 1} more" if len(one.findings) > 1 else ""
            message = f"{box} is ticked against {path}:{line}: {wrong.rule}: {wrong.message}{more}"
            advice = "mend what definition-of-done status finds, or untick it"
            yield Finding(one.spot, message, advice, symbol=one.title)
        else:
            advice = "tick it once it holds; definition-of-done status says what is left"
            yield Finding(one.spot, f"{box} is not ticked", advice, symbol=one.title)
