"""Finds the indexes that lock out writes while they are built or dropped."""

from __future__ import annotations

from definition_of_done.engine.finding import Finding
from definition_of_done.project.migrations.safety import advice
from definition_of_done.project.migrations.safety.statements import (
    CONCURRENTLY,
    CREATE_INDEX,
    DROP_INDEX,
    UNSEEN,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from definition_of_done.project.migrations.safety.deployment import Deployment


def locking_indexes(deployment: Deployment) -> Iterator[Finding]:
    """Yield the indexes that are not built or dropped CONCURRENTLY, or that cannot be."""
    for statement in deployment.judged(CREATE_INDEX, DROP_INDEX):
        if UNSEEN in statement.options:
            continue
        is_built = statement.kind == CREATE_INDEX
        verb = "built" if is_built else "dropped"
        name = f"index {statement.name}" if statement.name else "an index"
        symbol = statement.name or f"{statement.table}.{','.join(statement.on or ())}"
        if CONCURRENTLY not in statement.options:
            waiting = advice.waiting(statement)
            does = f"so that {waiting} wait until it is built"
            if not is_built:
                does = f"and while that waits for running queries, {waiting} wait"
            message = (
                f"{name} is {verb} without CONCURRENTLY: it takes {advice.under(statement)}, {does}"
            )
        elif not deployment.is_alone(statement):
            message = f"{name} is {verb} CONCURRENTLY in a transaction, which PostgreSQL refuses"
        else:
            continue
        help = advice.in_autocommit(advice.concurrently(deployment, statement))
        yield Finding(statement.spot, message, help, symbol=symbol)
