"""suppressions-need-codes: a comment that silences a checker names the rule. Contract 5.1."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.gates.examples import suppressed
from definition_of_done.rules.gates.subjects import BLANKETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.gates.suppressions import Blanket


@rule(
    id="suppressions-need-codes",
    contract="5.1",
    summary="a comment that silences a linter or a type checker names the rule",
    why="A comment that silences everything also hides the fault that comes with the next change.",
    subject=BLANKETS,
    box=boxes.TASK_ALL,
    good=suppressed("# noqa: TC002"),
    bad=suppressed("# noqa"),
)
def check(blankets: list[Blanket]) -> Iterator[Finding]:
    for blanket in blankets:
        message = f"{blanket.text!r} silences every rule of the {blanket.where}"
        advice = f"name the rule, e.g. {blanket.coded}"
        yield Finding(blanket.spot, message, advice, symbol=blanket.text)
