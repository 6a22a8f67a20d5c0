"""downgrade-not-pass: both directions of a migration do something. Contract 3.8."""

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

_ADVICE = {
    "raise": "state the data loss in the docstring and still write the drop",
    "pass": "write the operations that this direction needs",
    "talk": "write the operations; a message alone changes nothing",
}


@rule(
    id="downgrade-not-pass",
    contract="3.8",
    summary="upgrade and downgrade both do something",
    why="A deploy that goes wrong at night is rolled back by downgrade;"
    " one that passes leaves the schema ahead of the code.",
    subject=MIGRATION_WITH_REVISION,
    box=boxes.MIGRATION,
    proves=True,
    good=example(),
    bad=example(downgrade="pass"),
)
def check(migration: Migration) -> Iterator[Finding]:
    if migration.is_merge and migration.is_empty:
        return
    for direction in (migration.upgrade, migration.downgrade):
        name = direction.name
        if direction.is_elsewhere:
            continue
        if not direction.is_defined:
            yield Finding(migration.start, f"{name} is missing", f"define {name}()", symbol=name)
        elif direction.does_nothing:
            kind = direction.emptiness.value
            message = f"{name} only raises" if kind == "raise" else f"{name} does nothing"
            yield Finding(direction.spot, message, _ADVICE[kind], symbol=name)
