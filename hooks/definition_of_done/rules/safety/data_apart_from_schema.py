"""data-apart-from-schema: rows are not changed under the lock of a change of the schema."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_ADD = """op.add_column(
        "vendor_credits",
        sa.Column("credit_limit", sa.Integer(), comment="Highest open credit in cents"),
    )"""
_FILL = 'op.execute("UPDATE vendor_credits SET credit_limit = 0 WHERE amount > 0")'


@rule(
    id="data-apart-from-schema",
    contract=BEYOND,
    summary="rows are changed apart from the schema of their table, and in batches",
    why="A lock lasts to the end of its transaction: ADD COLUMN takes a millisecond, and with"
    " the UPDATE behind it nobody reads the table until the last row is written.",
    subject=DEPLOYMENT,
    good=deployed(_ADD),
    bad=deployed(f"{_ADD}\n    {_FILL}"),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.rows import slow_changes

    yield from slow_changes(deployment)
