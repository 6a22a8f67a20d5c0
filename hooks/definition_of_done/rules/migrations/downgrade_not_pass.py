"""downgrade-not-pass: both directions of a migration do something. Contract 3.8."""

from __future__ import annotations

from definition_of_done.base.errors import NotEvaluated
from definition_of_done.engine.finding import Finding
from definition_of_done.engine.rule import rule
from definition_of_done.project import boxes
from definition_of_done.rules.migrations.subjects import REVERSIBLE
from definition_of_done.rules.sample import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.undoing.reversible import Reversible

_ADVICE = {
    "missing": "define {name}()",
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
    subject=REVERSIBLE,
    box=boxes.MIGRATION,
    proves=True,
    fixes=True,
    good=example(),
    bad=example(downgrade="pass"),
)
def check(reversible: Reversible) -> Iterator[Finding]:
    from definition_of_done.project.migrations.operations.operations import only_validates

    migration = reversible.migration
    if migration.is_empty and (migration.is_merge or migration.opens_branch):
        return
    unseen = list[str]()
    for direction in (migration.upgrade, migration.downgrade):
        name, kind = direction.name, direction.emptiness.value
        if direction.is_unseen:
            unseen.append(f"nobody sees what {name} does in {migration.path}")
            continue
        if direction.is_defined and not direction.does_nothing:
            continue
        is_downgrade = direction is migration.downgrade
        if kind == "pass" and is_downgrade and only_validates(migration.upgrade):
            continue
        spot, message = direction.spot, f"{name} does nothing"
        if not direction.is_defined:
            message, kind = f"{name} is missing", "missing"
        elif kind == "raise":
            message = f"{name} only raises"
        help, rewrite = _ADVICE[kind].format(name=name), None
        if is_downgrade:
            help, rewrite = reversible.filler.fill(help, may_write=kind in ("pass", "missing"))
        yield Finding(spot, message, help, symbol=name, rewrite=rewrite)
    if unseen:
        raise NotEvaluated("; ".join(unseen))
