"""no-inline-ddl: the schema is changed by migrations, with Alembic's operations. Contract 3.3."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import CODE
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.source.ddl import Code


@rule(
    id="no-inline-ddl",
    contract="3.3",
    summary="no DDL in application code, and none in SQL where Alembic has an operation",
    why="A table that code alters on its own is on no migration's way: no downgrade knows of it,"
    " and the next database does not get it.",
    subject=CODE,
    box=boxes.MIGRATION,
    good=example(),
    bad=example(
        more='op.execute("ALTER TABLE vendor_credits RENAME COLUMN memo TO note")',
        downgrade='op.execute("ALTER TABLE vendor_credits RENAME COLUMN note TO memo")\n'
        '    op.drop_column("vendor_credits", "credit_limit")',
    ),
)
def check(code: Code) -> Iterator[Finding]:
    for statement in code.statements:
        if not code.is_migration:
            message = f"{statement.words} in application code"
            yield Finding(
                statement.spot, message, "write a migration for it", symbol=statement.words
            )
        elif statement.operation:
            message = f"{statement.words} is written as SQL"
            yield Finding(
                statement.spot, message, f"use op.{statement.operation}", symbol=statement.words
            )
