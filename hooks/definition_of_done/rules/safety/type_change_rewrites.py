"""type-change-rewrites: no change of a column rewrites a table in use, or narrows."""

from __future__ import annotations

from definition_of_done.engine.rule import BEYOND, rule
from definition_of_done.rules.safety.examples import deployed
from definition_of_done.rules.safety.subjects import DEPLOYMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding
    from definition_of_done.project.migrations.safety.deployment import Deployment

_TOKEN = """op.add_column(
        "vendor_credits",
        sa.Column(
            "token",
            sa.UUID(),
            nullable=True,{}
            comment="Token that outsiders know the credit by",
        ),
    )"""
_DEFAULT = 'server_default=sa.text("gen_random_uuid()")'
_LATER = f'{_TOKEN.format("")}\n    op.alter_column("vendor_credits", "token", {_DEFAULT})'
_DROP = 'op.drop_column("vendor_credits", "token")'


@rule(
    id="type-change-rewrites",
    contract=BEYOND,
    summary="no column of a table in use changes so that PostgreSQL rewrites the table, or narrows",
    why="PostgreSQL writes each row and each index again while nobody reads or writes the"
    " table, which takes minutes for a large one; a row that does not fit a narrower type"
    " stops the deploy.",
    subject=DEPLOYMENT,
    good=deployed(_LATER, _DROP),
    bad=deployed(_TOKEN.format(f"\n            {_DEFAULT},"), _DROP),
)
def check(deployment: Deployment) -> Iterator[Finding]:
    from definition_of_done.project.migrations.safety.rewrites import rewriting_changes

    yield from rewriting_changes(deployment)
