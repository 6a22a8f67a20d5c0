"""index-drop-alone: an index is removed in a migration of its own. Contract 3.12."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project.gates import boxes
from definition_of_done.rules.migrations.subjects import MIGRATION
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.migration import Migration


@rule(
    id="index-drop-alone",
    contract="3.12",
    summary="an index is dropped in a migration that does nothing else",
    why="A query that turns slow after the deploy is cured by bringing the index back; that must"
    " not take the feature's columns along.",
    subject=MIGRATION,
    box=boxes.MIGRATION,
    good=example(),
    bad=example(
        more='op.drop_index("ix_credits", "vendor_credits")',
        downgrade='op.create_index("ix_credits", "vendor_credits", ["amount", "vendor_id"])\n'
        '    op.drop_column("vendor_credits", "credit_limit")',
    ),
)
def check(migration: Migration) -> Iterator[Finding]:
    if migration.revision is None:
        return
    changes = list(migration.upgrade.schema_changes)
    others = [one for one in changes if one.name != "drop_index"]
    excusing = [one for one in others if one.name in _EXCUSING]
    for one in changes:
        if one.name != "drop_index" or not others:
            continue
        # A table that is not named may be the one that is dropped or indexed anew.
        if any(
            one.table is None or other.table is None or one.full_table == other.full_table
            for other in excusing
        ):
            continue
        hidden = migration.upgrade.steps.opaque
        if any(other.may_index(one.full_table or "") for other in hidden):
            continue
        name = f"index {one.target}" if one.target else "an index"
        other = others[0]
        beside = f"{other.name} of {other.full_table}" if other.table else other.name
        message = f"{name} is dropped beside {beside}"
        advice = "drop it in a migration of its own"
        yield Finding(one.spot, message, advice, symbol=one.target or "index")


# What takes the index along, and what makes another one of it.
_EXCUSING = ("drop_table", "drop_column", "create_index", "create_unique_constraint")
