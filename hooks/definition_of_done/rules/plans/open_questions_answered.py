"""open-questions-answered: no code before the plan's questions have answers. Contract 1.10."""

from __future__ import annotations

from definition_of_done.base.words import few, listed
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.plans.subjects import OPEN_QUESTIONS
from definition_of_done.rules.sample import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.docs.questions import OpenQuestion

_CODE = {"tests/graphql/vendor_credits/test_credit_limit.py": '"""The limit of a vendor."""\n'}
_SECTION = "## Open questions\n\n"


@rule(
    id="open-questions-answered",
    contract="1.10",
    summary="code comes after the answers to the open questions of its feature page",
    why="Code that guesses the answer is written twice, and the second time is a migration on top"
    " of data that the first one made.",
    subject=OPEN_QUESTIONS,
    box=boxes.PLAN,
    good={**_CODE, **plan(f"{_SECTION}None", f"{_SECTION}- In cents? \u2192 Yes, as the credits")},
    bad={**_CODE, **plan(f"{_SECTION}None", f"{_SECTION}- Is the limit in cents?")},
)
def check(questions: list[OpenQuestion]) -> Iterator[Finding]:
    for question, code in questions:
        text = question.text
        short = text if len(text) <= 60 else text[:57].rstrip() + "..."
        message = f"question {short!r} is open"
        if code:
            message += f", and the branch changes {listed(few(code, 1))}"
        advice = (
            "write Answer: below it, tick it or strike it out; until then change documents only"
        )
        yield Finding(question.spot, message, advice, symbol=text)
