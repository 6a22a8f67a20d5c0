"""no-speculative-fk-index: no index that only doubles a foreign key. Contract 3.11."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION_WITH_REVISION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.migration import Migration

_KEY = 'op.create_foreign_key("fk_credit", "vendor_credits", "vendors", ["{}"], ["id"])'
_INDEX = 'op.create_index("ix_credit", "vendor_credits", ["{}"])'
_BAD = "\n    ".join(line.format("credit_limit") for line in (_KEY, _INDEX))
_UNDO = (
    'op.drop_index("ix_credit", "vendor_credits")\n'
    '    op.drop_constraint("fk_credit", "vendor_credits")\n'
    '    op.drop_column("vendor_credits", "credit_limit")'
)


@rule(
    id="no-speculative-fk-index",
    contract="3.11",
    summary="no index on exactly the column of a foreign key of the same migration",
    why="Every index slows every write: one that no query of the feature needs is paid for and"
    " never used.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    good=example(),
    bad=example(more=_BAD, downgrade=_UNDO),
)
def check(migration: Migration) -> Iterator[Finding]:
    changes = list(migration.upgrade.schema_changes)
    advice = "leave it out, or silence this line with the query that needs the index"
    keys = {
        (operation.full_table, key.column)
        for operation in changes
        for key in operation.foreign_keys
        if key.column
    }
    for operation in changes:
        for column in operation.columns:
            if column.referents and column.is_indexed and not column.is_unique:
                message = f"column {column.label} has an index that only doubles its foreign key"
                yield Finding(column.spot, message, advice, symbol=column.label)
        plain = operation.name == "create_index" and not operation.options - _PLAIN
        if (
            plain
            and operation.on
            and len(operation.on) == 1
            and (operation.full_table, operation.on[0]) in keys
        ):
            label = f"{operation.full_table}.{operation.on[0]}"
            name = f"index {operation.target}" if operation.target else "an index"
            message = f"{name} on {label} only doubles the foreign key"
            yield Finding(operation.spot, message, advice, symbol=label)


# With any other option (unique, a dialect's where, include or using) it is an index of its own.
_PLAIN = {"index_name", "table_name", "columns", "schema", "if_not_exists"}
