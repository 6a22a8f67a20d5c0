"""suppressions-need-codes: a comment that silences a checker names the rule. Contract 5.1."""

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.gates import BLANKETS
from definition_of_done.gates._examples import suppressed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.gates.suppression_facts import Blanket


@rule(
    id="suppressions-need-codes",
    contract="5.1",
    summary="a comment that silences a linter or a type checker names the rule",
    why="A comment that silences everything also hides the fault that comes with the next change.",
    subject=BLANKETS,
    good=suppressed("# noqa: TC002"),
    bad=suppressed("# noqa"),
)
def check(blankets: "list[Blanket]") -> "Iterator[Finding]":
    for one in blankets:
        message = f"{one.text!r} silences every rule of the {one.where}"
        yield Finding(one.spot, message, f"name the rule: {one.coded}", symbol=one.text)
