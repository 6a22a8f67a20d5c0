"""not-null-needs-default: NOT NULL comes with a default or after a validated check."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_COLUMN = """op.add_column(
        "vendor_credits",
        sa.Column(
            "credit_limit",
            sa.Integer(),
            nullable=False,{}
            comment="Highest open credit in cents",
        ),
    )"""


@rule(
    id="not-null-needs-default",
    contract=BEYOND,
    summary="a NOT NULL column of a table in use has a default or a validated check",
    why="PostgreSQL refuses a NOT NULL column without a default as soon as there is a row,"
    " which no test on empty tables shows; SET NOT NULL reads all rows while nobody else"
    " reads or writes one.",
    subject=DEPLOYMENT,
    good=deployed(_COLUMN.format('\n            server_default="0",')),
    bad=deployed(_COLUMN.format("")),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.nulls import missing_values

    yield from missing_values(deployment)
