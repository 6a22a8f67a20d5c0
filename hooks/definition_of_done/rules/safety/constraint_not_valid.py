"""constraint-not-valid: a constraint of a table in use is validated apart from its lock."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_CHECK = 'op.create_check_constraint("ck_amount", "vendor_credits", "amount > 0"{})'
_DROP = 'op.drop_constraint("ck_amount", "vendor_credits", type_="check")'


@rule(
    id="constraint-not-valid",
    contract=BEYOND,
    summary="a constraint of a table in use is added NOT VALID and validated later, a unique one by"
    " an index",
    why="A constraint is checked against all rows, and a unique one builds its index, while"
    " writes or even reads of the table wait; NOT VALID and USING INDEX take their locks for"
    " an instant.",
    subject=DEPLOYMENT,
    good=deployed(_CHECK.format(", postgresql_not_valid=True"), _DROP),
    bad=deployed(_CHECK.format(""), _DROP),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.constraints import locking_constraints

    yield from locking_constraints(deployment)
