"""Finds columns that `upgrade` drops and `downgrade` brings back as something else."""

from __future__ import annotations

import ast

from definition_of_done.base.errors import Refused
from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.operations import schema
from definition_of_done.project.migrations.source.spelling import Spelling, contradict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from definition_of_done.base.spots import Spot
    from definition_of_done.project.migrations.ancestry.past import Past
    from definition_of_done.project.migrations.operations.operations import (
        Column,
        Operation,
        Steps,
    )

_BARE = Spelling(ast.Module([], []))


def changed_columns(directions: Mapping[str, Steps], past: Callable[[], Past]) -> Iterator[Finding]:
    """Yield the columns that come back with another type, or take NULL no more.

    One that was NOT NULL without a default may take NULL: its rows have no value. What the
    ancestors made of a column is only asked where both directions name it once.
    """
    upgrade, downgrade = directions["upgrade"], directions["downgrade"]
    if all(operation.name != "drop_column" for operation in upgrade.operations):
        return
    on_columns: dict[tuple[str | None, str | None], list[Operation]] = {}
    for operation in (*upgrade.operations, *downgrade.operations):
        for name in (*(column.name for column in operation.columns), operation.target):
            on_columns.setdefault((operation.full_table, name), []).append(operation)
    for (table, name), found in on_columns.items():
        if [operation.name for operation in found] != ["drop_column", "add_column"]:
            continue
        dropped, added = found
        if not (table and name) or dropped not in upgrade.operations:
            continue
        if any(
            thing.explains([name], table)
            for steps in (upgrade, downgrade)
            for thing in steps.opaque
        ):
            continue
        try:
            before = past().table((dropped.schema or "", dropped.table or ""))
            yield from _compared(added, added.columns[0], before, before.column(name))
        except Refused:
            continue


def _compared(
    added: Operation, column: Column, table: schema.Table, before: schema.Column
) -> Iterator[Finding]:
    if column.call is None:
        return
    keywords = {keyword.arg or "": keyword.value for keyword in column.call.keywords}
    after = schema.Column(before.name, column.call.args[1:], keywords)
    if before.type and after.type:
        told = [_BARE.plain(type_) for type_ in (before.type, after.type)]
        if contradict(told[0], None, told[1]):
            yield _restored(added.spot, column.label, told[1], told[0])
    if "" in keywords:
        return
    is_open, was_open = after.is_nullable, table.takes_null(before)
    if is_open != was_open and (was_open or "server_default" in before.keywords):
        now, then = ("NULL", "NOT NULL") if is_open else ("NOT NULL", "NULL")
        yield _restored(added.spot, column.label, now, then)


def _restored(spot: Spot, label: str, now: str, before: str) -> Finding:
    message = f"downgrade adds column {label} as {now}, and it was {before}"
    return Finding(spot, message, "bring it back as it was", symbol=label)
