"""enum-value-alone: a value of an enum is added in no transaction that uses it."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import block, deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_ADD = "op.execute(\"ALTER TYPE credit_state ADD VALUE 'settled'\")"
_USE = "op.execute(\"UPDATE vendor_credits SET state = 'settled' WHERE amount = 0\")"
_UNDO = "op.execute(\"UPDATE vendor_credits SET state = 'open' WHERE state = 'settled'\")"


@rule(
    id="enum-value-alone",
    contract=BEYOND,
    summary="a value of an enum is added in no transaction that uses it",
    why="PostgreSQL refuses to use a value in the transaction that adds it, and the deploy"
    " stops half-way; tests that make the schema from the models never see it.",
    subject=DEPLOYMENT,
    good=deployed(f"{block(_ADD)}\n    {_USE}", _UNDO),
    bad=deployed(f"{_ADD}\n    {_USE}", _UNDO),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.enum_values import unusable_values

    yield from unusable_values(deployment)
