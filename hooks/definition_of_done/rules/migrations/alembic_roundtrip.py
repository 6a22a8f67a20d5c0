"""alembic-roundtrip: migrations apply from empty, and a downgrade really undoes. Contract 3.14."""

from __future__ import annotations

from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import ROUNDTRIP
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.engine.finding import Finding


@rule(
    id="alembic-roundtrip",
    contract="3.14",
    summary="the migrations run on an empty database, and a downgrade leaves what was there before",
    why="A downgrade that nobody ever ran is run for the first time on the night when it is needed."
    " This is the one hook that runs the team's code: with the team's own Alembic, on a database"
    " that is thrown away.",
    subject=ROUNDTRIP,
    box=boxes.MIGRATION,
    stages=("pre-push", "manual"),
    good=example(),
    bad=example(
        more='with op.batch_alter_table("vendor_credits") as batch:\n'
        '        batch.alter_column("amount", type_=sa.BigInteger())',
        downgrade='with op.batch_alter_table("vendor_credits") as batch:\n'
        '        batch.drop_column("credit_limit")\n'
        '        batch.alter_column("amount", type_=sa.SmallInteger())',
    ),
)
def check(findings: list[Finding]) -> Iterator[Finding]:
    yield from findings
