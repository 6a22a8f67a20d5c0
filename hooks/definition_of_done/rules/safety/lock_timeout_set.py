"""lock-timeout-set: a statement that locks out everybody does not wait for its lock for long."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed, without_timeout
from definition_of_done.rules.safety.subjects import TIMED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_SET = "op.execute(\"SET LOCAL lock_timeout = '4s'\")\n    "
_ADD = """op.add_column(
        "vendor_credits",
        sa.Column("credit_limit", sa.Integer(), comment="Highest open credit in cents"),
    )"""


@rule(
    id="lock-timeout-set",
    contract=BEYOND,
    summary="a statement that takes an ACCESS EXCLUSIVE lock does so with a lock_timeout",
    why="It waits behind the longest query that runs, and all others wait behind it: an ALTER TABLE"
    " of a millisecond stops the product for minutes.",
    subject=TIMED,
    good={**deployed(f"{_SET}{_ADD}"), **without_timeout()},
    bad={**deployed(_ADD), **without_timeout()},
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.timeouts import endless_waits

    yield from endless_waits(deployment)
